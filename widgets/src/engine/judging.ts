/** What became of proposals: a person took them over, did away with them, or has not looked yet. */
import type { Annotation } from './annotation.js';

import { documentOf, type Document, type Ids } from './document.js';

export interface Judged {
  readonly accepted: Ids;
  readonly rejected: Ids;
}

export function judged(proposed: Ids, document: Document): Judged {
  if (proposed.length === 0) return { accepted: [], rejected: [] };
  const here = new Map(document.map((annotation) => [annotation.id, annotation]));
  const accepted = proposed.filter((id) => here.has(id) && here.get(id)?.proposal === undefined);
  return { accepted, rejected: proposed.filter((id) => !here.has(id)) };
}

/** A set with what is proposed on top, but for what was judged before. */
export function withProposals(
  document: Document,
  proposals: readonly Annotation[],
  before: ReadonlySet<string>,
): Document {
  const here = new Set(document.map(({ id }) => id));
  return documentOf([...document, ...proposals.filter(({ id }) => !here.has(id) && !before.has(id))]);
}

/** A set without the proposals among some ids. */
export function withoutProposals(document: Document, ids: ReadonlySet<string>): Document {
  return documentOf(document.filter(({ id, proposal }) => proposal === undefined || !ids.has(id)));
}
