/** What lies where: an index of bounds that follows the document, and what a pointer means by a place. */
import RBush from 'rbush';
import type { Annotation } from './annotation.js';
import type { Document } from './document.js';
import { areaOf, boundsOf, distanceTo, handlesOf, isEditable, pathOf } from './shapes/index.js';
import type { Bounds, Subpath, XY } from './shapes/shape.js';

/** An annotation in the index. `z` is its place in the document. */
export interface Entry {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly annotation: Annotation;
  readonly path: readonly Subpath[];
  z: number;
}

export class SpatialIndex {
  readonly #tree = new RBush<Entry>();
  #entries = new Map<string, Entry>();
  #order: readonly Entry[] = [];
  #document: Document | undefined;

  /** Every annotation in z-order, those without a place included. */
  get entries(): readonly Entry[] {
    return this.#order;
  }

  /** Follow the document: only what differs is touched. */
  update(document: Document): void {
    if (document === this.#document) return;
    this.#document = document;
    const before = this.#entries;
    const fresh: Entry[] = [];
    this.#entries = new Map();
    this.#order = document.map((annotation, z) => {
      const known = before.get(annotation.id);
      const entry = known?.annotation === annotation ? known : entryOf(annotation);
      entry.z = z;
      if (entry !== known) fresh.push(entry);
      else before.delete(annotation.id);
      this.#entries.set(annotation.id, entry);
      return entry;
    });
    this.#swap(
      [...before.values()],
      fresh.filter((entry) => entry.minX <= entry.maxX),
    );
  }

  #swap(stale: readonly Entry[], fresh: readonly Entry[]): void {
    if (stale.length + fresh.length > this.#order.length / 4 + 20) {
      this.#tree.clear().load(this.#order.filter((entry) => entry.minX <= entry.maxX));
      return;
    }
    for (const entry of stale) this.#tree.remove(entry);
    for (const entry of fresh) this.#tree.insert(entry);
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** What touches some bounds, in z-order. */
  within({ x0, y0, x1, y1 }: Bounds): Entry[] {
    return this.#tree.search({ minX: x0, minY: y0, maxX: x1, maxY: y1 }).sort(byHeight);
  }
}

function byHeight(a: Entry, b: Entry): number {
  return a.z - b.z;
}

function entryOf(annotation: Annotation): Entry {
  const { x0, y0, x1, y1 } = boundsOf(annotation.shape);
  return { minX: x0, minY: y0, maxX: x1, maxY: y1, annotation, path: pathOf(annotation.shape), z: 0 };
}

export interface Hit {
  readonly id: string;
  /** The handle of the shape, when one is meant. */
  readonly handle?: number;
  readonly cursor?: string;
}

export interface HitOptions {
  /** How near counts as on it, in image pixels. */
  readonly margin: number;
  /** Those whose handles are shown. */
  readonly selection: readonly string[];
  readonly isHidden: (annotation: Annotation) => boolean;
}

/**
 * What is meant by a place: a handle of what is selected, else the smallest shape around it (so that a box inside a
 * box stays reachable), else the nearest outline within the margin; of equals the topmost.
 */
export function hitTest(index: SpatialIndex, at: XY, options: HitOptions): Hit | undefined {
  return handleAt(index, at, options) ?? shapeAt(index, at, options);
}

function handleAt(index: SpatialIndex, at: XY, { margin, selection, isHidden }: HitOptions): Hit | undefined {
  let best: Hit | undefined;
  let reach = margin;
  for (const id of selection) {
    const annotation = index.get(id)?.annotation;
    if (!annotation || isHidden(annotation) || !hasHandles(annotation)) continue;
    for (const handle of handlesOf(annotation.shape)) {
      const distance = Math.hypot(handle.x - at.x, handle.y - at.y);
      if (distance > reach) continue;
      reach = distance;
      best = { id, handle: handle.index, cursor: handle.cursor };
    }
  }
  return best;
}

/** Whether a selected annotation shows handles: it can be reshaped by hand. */
export function hasHandles({ locked, proposal, shape }: Annotation): boolean {
  return !locked && proposal === undefined && isEditable(shape);
}

function shapeAt(index: SpatialIndex, at: XY, { margin, isHidden }: HitOptions): Hit | undefined {
  let best: { id: string; rank: number } | undefined;
  const around = { x0: at.x - margin, y0: at.y - margin, x1: at.x + margin, y1: at.y + margin };
  for (const { annotation } of index.within(around)) {
    if (isHidden(annotation)) continue;
    const distance = distanceTo(annotation.shape, at);
    if (distance > margin) continue;
    // Shapes without an area are met at their margin: they come before all that is around them.
    const area = areaOf(annotation.shape);
    const rank = distance <= 0 || area === 0 ? area : Number.MAX_VALUE / 2 + distance * 1e290;
    if (best === undefined || rank <= best.rank) best = { id: annotation.id, rank };
  }
  return best && { id: best.id };
}
