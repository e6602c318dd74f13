export { About } from './About.js';
export { Annotator } from './annotator/Annotator.js';
export { SessionSitting, type SessionSittingOptions } from './annotator/session-sitting.js';
export type { Choice, Saving, Sitting, SittingState } from './annotator/sitting.js';
export { DatasetCard } from './DatasetCard.js';
export { WordsContext, type Words } from './words.js';
