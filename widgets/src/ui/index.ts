export { About } from './About.js';
export { DatasetCard } from './DatasetCard.js';
