/** What a dataset holds, in numbers; the Python twin is `jupyter_roboflow.widgets.DatasetCard`. */
export interface DatasetSummary {
  readonly name: string;
  readonly images: number;
  /** Images somebody has looked at: labeled, reviewed, or empty on purpose. */
  readonly seen: number;
  readonly labels: readonly LabelCount[];
}

export interface LabelCount {
  readonly name: string;
  /** CSS colour, `#rrggbb`. */
  readonly color: string;
  readonly count: number;
}

/** All annotations of the dataset. */
export function annotationCount(summary: DatasetSummary): number {
  return summary.labels.reduce((sum, label) => sum + label.count, 0);
}

/** How much of the dataset somebody has looked at, 0 to 1; an empty dataset is not begun. */
export function progress(summary: DatasetSummary): number {
  return summary.images === 0 ? 0 : Math.min(1, summary.seen / summary.images);
}
