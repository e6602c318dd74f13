/** What two sets of annotations differ in, and one person's changes brought into what another has saved. */
import { sameContent, type Annotation, type WireAnnotation } from './annotation.js';
import { documentOf, type Document } from './document.js';

/** One annotation that came (no `before`), went (no `after`) or changed. Plain data: it goes into the journal. */
export interface ChangeOf<T> {
  readonly id: string;
  readonly before?: T | undefined;
  readonly after?: T | undefined;
}

export interface Changes {
  readonly touched: readonly ChangeOf<WireAnnotation>[];
  /** All ids from the lowest to the highest, when annotations changed places among themselves. */
  readonly order?: readonly string[];
}

export const NOTHING: Changes = { touched: [] };

export function isNothing({ touched, order }: Changes): boolean {
  return touched.length === 0 && order === undefined;
}

/** What turns `before` into `after`, by id. What is the same object is never looked into. */
export function changesBetween(before: Document, after: Document, toWire: (a: Annotation) => WireAnnotation): Changes {
  const old = new Map(before.map((annotation) => [annotation.id, annotation]));
  const touched: ChangeOf<WireAnnotation>[] = [];
  for (const annotation of after) {
    const was = old.get(annotation.id);
    old.delete(annotation.id);
    if (was === undefined) touched.push({ id: annotation.id, after: toWire(annotation) });
    else if (!sameContent(was, annotation))
      touched.push({ id: annotation.id, before: toWire(was), after: toWire(annotation) });
  }
  for (const gone of old.values()) touched.push({ id: gone.id, before: toWire(gone) });
  return isReordered(before, after) ? { touched, order: after.map(({ id }) => id) } : { touched };
}

function isReordered(before: Document, after: Document): boolean {
  const [had, has] = [new Set(before.map(({ id }) => id)), new Set(after.map(({ id }) => id))];
  const left = before.filter(({ id }) => has.has(id));
  // Newcomers belong on top: one below something old is an order of its own.
  return after.slice(0, left.length).some(({ id }, i) => id !== left[i]?.id || !had.has(id));
}

export interface Merged {
  readonly document: Document;
  /** Ids that both changed, each in another way: there `theirs` stands. */
  readonly conflicts: readonly string[];
}

/** What to do where both changed the same annotation. */
export type Resolution = 'mine' | 'theirs' | 'both';

export interface MergeOptions {
  readonly fromWire: (wire: WireAnnotation) => Annotation;
  readonly resolution?: Resolution;
  readonly newId: () => string;
}

/** Their set with my changes in it. Where both touched the same annotation theirs stands, unless told otherwise. */
export function merge(theirs: Document, mine: Changes, options: MergeOptions): Merged {
  const by = new Map(theirs.map((annotation) => [annotation.id, annotation]));
  const conflicts: string[] = [];
  for (const change of mine.touched) {
    if (clashes(by.get(change.id), change, options)) {
      conflicts.push(change.id);
      settle(by, change, options);
    } else put(by, change.id, change.after && options.fromWire(change.after), by.get(change.id));
  }
  return { document: ordered([...by.values()], mine.order), conflicts };
}

/** Whether they did something else to it than I did. */
function clashes(
  theirs: Annotation | undefined,
  { before, after }: ChangeOf<WireAnnotation>,
  { fromWire }: MergeOptions,
): boolean {
  const is = (wire: WireAnnotation | undefined): boolean =>
    wire === undefined || theirs === undefined ? wire === theirs : sameContent(fromWire(wire), theirs);
  return !is(before) && !is(after);
}

function settle(by: Map<string, Annotation>, { id, after }: ChangeOf<WireAnnotation>, options: MergeOptions): void {
  const { resolution = 'theirs', fromWire, newId } = options;
  if (resolution === 'mine') put(by, id, after && fromWire(after));
  if (resolution !== 'both' || after === undefined) return;
  // Beside theirs under a new id; where they deleted it, mine simply is there again.
  const key = by.has(id) ? newId() : id;
  put(by, key, fromWire({ ...after, id: key }));
}

/** Hidden and locked are of this page: they stay with the annotation. */
function put(by: Map<string, Annotation>, id: string, annotation: Annotation | undefined, was?: Annotation): void {
  if (annotation === undefined) by.delete(id);
  else by.set(id, was ? Object.freeze({ ...annotation, hidden: was.hidden, locked: was.locked }) : annotation);
}

function ordered(annotations: readonly Annotation[], order: readonly string[] | undefined): Document {
  if (order === undefined) return documentOf(annotations);
  const place = new Map(order.map((id, i) => [id, i]));
  return documentOf(
    [...annotations].sort((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length)),
  );
}

/** A snapshot with others' changes in it, wherever it does not hold something else of one's own. */
export function follow(document: Document, theirs: Changes, fromWire: (wire: WireAnnotation) => Annotation): Document {
  const by = new Map(document.map((annotation) => [annotation.id, annotation]));
  let changed = false;
  for (const { id, before, after } of theirs.touched) {
    const here = by.get(id);
    const untouched =
      before === undefined ? here === undefined : here !== undefined && sameContent(fromWire(before), here);
    if (!untouched) continue;
    put(by, id, after && fromWire(after), here);
    changed = true;
  }
  if (theirs.order === undefined) return changed ? documentOf([...by.values()]) : document;
  return ordered([...by.values()], theirs.order);
}

/**
 * My changes after a save whose answer never came: where they have what was sent, that is what mine start from. Without
 * this, one's own save would look like somebody else's.
 */
export function rebased(
  mine: Changes,
  sent: readonly Changes[],
  theirs: Document,
  fromWire: MergeOptions['fromWire'],
): Changes {
  if (sent.length === 0) return mine;
  const there = new Map(theirs.map((annotation) => [annotation.id, annotation]));
  const by = new Map(mine.touched.map((change) => [change.id, change]));
  for (const { id, before, after } of sent.flatMap((changes) => changes.touched)) {
    const here = there.get(id);
    const arrived = after === undefined ? here === undefined : here !== undefined && sameContent(fromWire(after), here);
    if (!arrived) continue;
    // Not among mine: it was taken back since.
    const own = by.get(id);
    by.set(id, { id, before: after, after: own ? own.after : before });
  }
  return { ...mine, touched: [...by.values()] };
}
