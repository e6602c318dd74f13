/** The annotations being edited: a frozen list in z-order, the last on top. Every edit is a pure function. */
import { changed, type Annotation, type JsonObject } from './annotation.js';
import type { Said } from './said.js';
import { boundsOf, clip, translate } from './shapes/index.js';
import type { Size } from './shapes/shape.js';

export type Document = readonly Annotation[];

/** One undoable change: its name for people and what it does. */
export interface Edit {
  readonly name: Said;
  readonly edit: (document: Document) => Document;
  /** Edits in a row with the same `merge` are one undo step. */
  readonly merge?: string;
}

export type Ids = readonly string[];

export const EMPTY: Document = Object.freeze([]);

export function documentOf(annotations: Iterable<Annotation>): Document {
  return Object.freeze([...annotations]);
}

export function find(document: Document, id: string): Annotation | undefined {
  return document.find((annotation) => annotation.id === id);
}

/** The annotations with these ids, in z-order. */
export function pickFrom(document: Document, ids: Ids): Annotation[] {
  const wanted = new Set(ids);
  return document.filter((annotation) => wanted.has(annotation.id));
}

/** With more annotations on top. */
export function add(document: Document, ...annotations: readonly Annotation[]): Document {
  return documentOf([...document, ...annotations]);
}

/** With annotations in the place of those with the same ids. */
export function replace(document: Document, ...annotations: readonly Annotation[]): Document {
  const by = new Map(annotations.map((annotation) => [annotation.id, annotation]));
  return documentOf(document.map((annotation) => by.get(annotation.id) ?? annotation));
}

/** With several annotations where one was: the pieces of a split. */
export function replaceBy(document: Document, id: string, pieces: readonly Annotation[]): Document {
  return documentOf(document.flatMap((annotation) => (annotation.id === id ? pieces : [annotation])));
}

export function remove(document: Document, ids: Ids): Document {
  const gone = new Set(ids);
  return documentOf(document.filter((annotation) => !gone.has(annotation.id)));
}

/** With some fields of some annotations changed; the same document when nothing differs. */
export function update(
  document: Document,
  ids: Ids,
  fields: Partial<Pick<Annotation, 'label' | 'hidden' | 'locked' | 'attributes' | 'shape'>>,
): Document {
  const wanted = new Set(ids);
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const differs = (annotation: Annotation): boolean => names.some((name) => annotation[name] !== fields[name]);
  const next = document.map((each) => (wanted.has(each.id) && differs(each) ? changed(each, fields) : each));
  return next.some((annotation, i) => annotation !== document[i]) ? documentOf(next) : document;
}

export function relabel(document: Document, ids: Ids, label: string): Document {
  return update(document, ids, { label });
}

export function setFlags(document: Document, ids: Ids, flags: { hidden?: boolean; locked?: boolean }): Document {
  return update(document, ids, flags);
}

export function setAttributes(document: Document, id: string, attributes: JsonObject): Document {
  return update(document, [id], { attributes });
}

export type Order = 'front' | 'back' | 'forward' | 'backward';

/** With some annotations at another height; among themselves they keep their order. */
export function reorder(document: Document, ids: Ids, to: Order): Document {
  const moving = new Set(ids);
  const [moved, rest] = [document.filter((a) => moving.has(a.id)), document.filter((a) => !moving.has(a.id))];
  if (to === 'front') return documentOf([...rest, ...moved]);
  if (to === 'back') return documentOf([...moved, ...rest]);
  if (to === 'forward') return stepUp(document, moving);
  return documentOf([...stepUp([...document].reverse(), moving)].reverse());
}

function stepUp(document: Document, moving: ReadonlySet<string>): Document {
  const next = [...document];
  for (let i = next.length - 2; i >= 0; i--) {
    const [low, high] = [next[i], next[i + 1]];
    if (low && high && moving.has(low.id) && !moving.has(high.id)) next.splice(i, 2, high, low);
  }
  return documentOf(next);
}

/** Copies on top, moved by an offset where the picture has room for it, else as far as it has. */
export function paste(
  document: Document,
  copies: readonly Annotation[],
  offset: number,
  size: Size,
  newId: () => string,
): { document: Document; pasted: readonly Annotation[] } {
  const pasted = copies.flatMap((copy) => placed(copy, offset, size, newId));
  return { document: pasted.length > 0 ? add(document, ...pasted) : document, pasted };
}

function placed(copy: Annotation, offset: number, size: Size, newId: () => string): Annotation[] {
  const { x0, y0, x1, y1 } = boundsOf(copy.shape);
  const shape = translate(copy.shape, room(x0, x1, size.width, offset), room(y0, y1, size.height, offset));
  return clip(shape, size).map((clipped) => {
    return changed({ ...copy, id: newId() }, { shape: clipped, hidden: false, locked: false });
  });
}

/** How far something from `low` to `high` may move: by the offset, else the other way, else not at all. */
function room(low: number, high: number, end: number, offset: number): number {
  if (high + offset <= end) return offset;
  return low - offset >= 0 ? -offset : 0;
}
