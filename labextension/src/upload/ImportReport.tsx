import type { TranslationBundle } from '@jupyterlab/translation';
import { FORMAT_TITLES } from '../parts/formats.js';
import { Losses } from '../parts/Losses.js';
import type { ImportPreview } from '../wire.js';

interface ReportProps {
  readonly preview: ImportPreview;
  readonly trans: TranslationBundle;
}

/** What an import would read, and what would be lost, before anything is written. */
export function ImportReport({ preview, trans }: ReportProps) {
  const { format, counts, labels, losses, complete } = preview;
  const number = (name: string) => {
    const value = counts[name];
    return typeof value === 'number' ? value.toLocaleString() : '–';
  };
  return (
    <div className="jp-rf-ImportReport">
      <dl className="jp-rf-Facts">
        <dt>{trans.__('Format')}</dt>
        <dd>{FORMAT_TITLES[format] ?? format}</dd>
        <dt>{trans.__('Images')}</dt>
        <dd>{number('images')}</dd>
        <dt>{trans.__('Annotations')}</dt>
        <dd>{number('annotations')}</dd>
        <dt>{trans.__('Labels')}</dt>
        <dd>{labels.length > 0 ? <bdi>{labels.join(', ')}</bdi> : trans.__('none')}</dd>
      </dl>
      {!complete && <p>{trans.__('There is more in it than was looked at: the numbers are at least these.')}</p>}
      <Losses losses={losses} trans={trans} none={trans.__('Nothing gets lost.')} />
    </div>
  );
}
