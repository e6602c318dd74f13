import { annotationCount, progress, type DatasetSummary, type LabelCount } from '../engine/index.js';
import { annotations, useWords } from './words.js';

/** The dataset's name, how far people have got with it, and what its labels count. */
export function DatasetCard({ summary }: { summary: DatasetSummary }) {
  const trans = useWords();
  const images = trans._n('%2 image', '%2 images', summary.images, summary.images.toLocaleString('en-US'));
  return (
    <section className="rf-card" aria-label={trans.__('Dataset %1', summary.name)}>
      <h3 className="rf-card-title">{summary.name}</h3>
      <p className="rf-card-counts">
        {images}, {annotations(trans, annotationCount(summary))}
      </p>
      <progress className="rf-card-progress" value={progress(summary)} aria-label={trans.__('Images looked at')} />
      <ul className="rf-card-labels">
        {summary.labels.map((label) => (
          <LabelRow key={label.name} label={label} />
        ))}
      </ul>
    </section>
  );
}

function LabelRow({ label }: { label: LabelCount }) {
  return (
    <li>
      <span className="rf-swatch" style={{ backgroundColor: label.color }} aria-hidden="true" />
      {label.name} <span className="rf-count">{label.count.toLocaleString('en-US')}</span>
    </li>
  );
}
