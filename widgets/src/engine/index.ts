export { describeHealth, type Backend, type Health } from './backend.js';
export { annotationCount, counted, progress, type DatasetSummary, type LabelCount } from './summary.js';
