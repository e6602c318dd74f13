import type { TranslationBundle } from '@jupyterlab/translation';
import { serverText } from '../server-texts/server-text.js';
import type { Json } from '../wire.js';
import { isNote, lossLines, lossWord, lostCount, type LossLine } from './losses.js';

interface LossesProps {
  readonly losses: readonly Json[];
  readonly trans: TranslationBundle;
  /** What to say when there are none. */
  readonly none?: string;
}

/** Every kind of shape or image that is changed, split or dropped: why, how often, and the first of them. */
export function Losses({ losses, trans, none }: LossesProps) {
  if (losses.length === 0) return none === undefined ? null : <p>{none}</p>;
  const lines = lossLines(losses);
  const lost = lostCount(lines);
  const title =
    lost > 0
      ? trans._n('%2 thing gets lost or changed', '%2 things get lost or changed', lost, lost.toLocaleString())
      : trans.__('Nothing gets lost. Notes:');
  return (
    <details className={`jp-rf-Losses${lost > 0 ? ' jp-rf-mod-lost' : ''}`} open={lost > 0 && lines.length <= 5}>
      <summary>{title}</summary>
      <ul>
        {lines.map((line, index) => (
          <Line key={index} line={line} trans={trans} />
        ))}
      </ul>
    </details>
  );
}

function Line({ line, trans }: { readonly line: LossLine; readonly trans: TranslationBundle }) {
  const { what, count, examples } = line;
  const why = serverText(trans, line.why);
  const places = [...new Set(examples)];
  const more = count - examples.length;
  return (
    <li>
      {isNote(line) ? why : `${lossWord(what, trans)} – ${why}`}{' '}
      <span className="jp-rf-Badge">{count.toLocaleString()}</span>
      {examples.length > 0 && (
        <div className="jp-rf-Dim">
          <bdi>{places.slice(0, 3).join(' · ')}</bdi>
          {(more > 0 || places.length > 3) && ' …'}
        </div>
      )}
    </li>
  );
}
