import type { TranslationBundle } from '@jupyterlab/translation';
import type { Json } from '../wire.js';

interface LossesProps {
  readonly losses: readonly Json[];
  readonly trans: TranslationBundle;
  /** What to say when there are none. */
  readonly none?: string;
}

/** Every shape that was changed, split or dropped, and why. */
export function Losses({ losses, trans, none }: LossesProps) {
  if (losses.length === 0) return none === undefined ? null : <p>{none}</p>;
  return (
    <details className="jp-rf-Losses" open={losses.length <= 5}>
      <summary>
        {trans._n(
          '%1 thing gets lost or changed',
          '%1 things get lost or changed',
          losses.length,
          losses.length.toLocaleString(),
        )}
      </summary>
      <ul>
        {losses.slice(0, 200).map((loss, index) => (
          <li key={index}>{textOf(loss)}</li>
        ))}
      </ul>
    </details>
  );
}

function textOf(loss: Json): string {
  const text = (name: string) => {
    const value = loss[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const where = [text('image'), text('label')].filter(Boolean).join(', ');
  const what = [text('kind') || text('what'), text('reason') || text('message')].filter(Boolean).join(': ');
  return [where, what].filter(Boolean).join(' – ') || JSON.stringify(loss);
}
