import { countOf, type Selection } from './selection.js';
import type { Where } from './where.js';

/** The selected images as the server finds them, and how many they are: when it finds others, it does nothing. */
export interface Chosen {
  readonly where: Where;
  readonly expected: number;
}

export function chosenOf(selection: Selection, where: Where, total: number): Chosen {
  const ids = [...selection.ids];
  if (!selection.everything) return { where: { ids }, expected: ids.length };
  const before = where.exclude_ids;
  const but = [...(Array.isArray(before) ? (before as readonly number[]) : []), ...ids];
  return { where: but.length > 0 ? { ...where, exclude_ids: but } : where, expected: countOf(selection, total) };
}
