import { annotationCount, counted, progress, type DatasetSummary, type LabelCount } from '../engine/index.js';

/** The dataset's name, how far people have got with it, and what its labels count. */
export function DatasetCard({ summary }: { summary: DatasetSummary }) {
  return (
    <section className="rf-card" aria-label={`Dataset ${summary.name}`}>
      <h3 className="rf-card-title">{summary.name}</h3>
      <p className="rf-card-counts">
        {counted(summary.images, 'image')}, {counted(annotationCount(summary), 'annotation')}
      </p>
      <progress className="rf-card-progress" value={progress(summary)} aria-label="Images looked at" />
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
