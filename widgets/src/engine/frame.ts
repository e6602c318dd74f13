/** What of the last frame can be shown again: nothing changed, moved by whole pixels, stretched, or drawn anew. */
import type { Camera } from './camera.js';
import type { Document } from './document.js';
import { unite } from './shapes/geometry/rings.js';
import { boundsOf } from './shapes/index.js';
import type { Bounds, Size } from './shapes/shape.js';

/** What a frame of the lower layer (photo and resting shapes) shows. */
export interface Frame {
  readonly camera: Camera;
  /** CSS pixels. */
  readonly viewport: Size;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  readonly document: Document;
  /** Ids that are left out, for the upper layer draws them in motion. */
  readonly moving: ReadonlySet<string>;
  /** All else that matters, compared by identity. */
  readonly look: readonly unknown[];
}

export type Plan =
  | { readonly kind: 'all' }
  /** Stretch the last whole frame: good enough while the zoom changes. */
  | { readonly kind: 'stretch' }
  /** Move by whole device pixels, then draw these regions (CSS pixels). No regions and no move: nothing to do. */
  | { readonly kind: 'move'; readonly dx: number; readonly dy: number; readonly regions: readonly Bounds[] };

/** CSS pixels that a shape's line, point or shadow may lie outside its bounds. */
export const BLEED = 8;
const MANY = 24;

/** The camera moved to whole device pixels, so that a moved frame is exactly the frame drawn anew. */
export function snapped({ x, y, zoom }: Camera, ratio: number): Camera {
  const whole = (value: number): number => Math.round(value * zoom * ratio) / (zoom * ratio);
  return { x: whole(x), y: whole(y), zoom };
}

export function planFrame(last: Frame | undefined, next: Frame, zooming: boolean): Plan {
  if (last === undefined || !sameLook(last, next)) return { kind: 'all' };
  if (last.camera.zoom !== next.camera.zoom) return { kind: zooming ? 'stretch' : 'all' };
  const device = next.camera.zoom * next.ratio;
  const dx = Math.round((last.camera.x - next.camera.x) * device);
  const dy = Math.round((last.camera.y - next.camera.y) * device);
  const { width, height } = next.viewport;
  if (Math.abs(dx) >= width * next.ratio || Math.abs(dy) >= height * next.ratio) return { kind: 'all' };
  const changed = changedShapes(last, next);
  if (changed === undefined) return { kind: 'all' };
  const regions = [...uncovered(dx / next.ratio, dy / next.ratio, next.viewport), ...changed];
  return { kind: 'move', dx, dy, regions };
}

function sameLook(last: Frame, next: Frame): boolean {
  if (last.ratio !== next.ratio || last.look.some((part, i) => part !== next.look[i])) return false;
  return last.viewport.width === next.viewport.width && last.viewport.height === next.viewport.height;
}

/** The strips at the edges that a move leaves empty. */
function uncovered(dx: number, dy: number, { width, height }: Size): Bounds[] {
  const strips: Bounds[] = [];
  if (dx > 0) strips.push({ x0: 0, y0: 0, x1: dx, y1: height });
  if (dx < 0) strips.push({ x0: width + dx, y0: 0, x1: width, y1: height });
  if (dy > 0) strips.push({ x0: 0, y0: 0, x1: width, y1: dy });
  if (dy < 0) strips.push({ x0: 0, y0: height + dy, x1: width, y1: height });
  return strips;
}

/** Where shapes came, went or changed; undefined when they are so many that all is drawn sooner. */
function changedShapes(last: Frame, next: Frame): Bounds[] | undefined {
  const places = new Map<string, Bounds>();
  const touch = (id: string, bounds: Bounds): void => {
    const before = places.get(id);
    places.set(id, before ? unite(before, bounds) : bounds);
  };
  if (last.document !== next.document) compare(last.document, next.document, touch);
  if (last.moving !== next.moving) {
    for (const { id, shape } of next.document)
      if (last.moving.has(id) !== next.moving.has(id)) touch(id, boundsOf(shape));
  }
  if (places.size > MANY) return undefined;
  return [...places.values()].flatMap((bounds) => onScreen(bounds, next));
}

function compare(last: Document, next: Document, touch: (id: string, bounds: Bounds) => void): void {
  // What is the same from the beginning and from the end needs no second look; as a rule that is all but one.
  let start = 0;
  while (start < last.length && start < next.length && last[start] === next[start]) start++;
  let end = 0;
  while (end < Math.min(last.length, next.length) - start && last.at(-1 - end) === next.at(-1 - end)) end++;
  for (const { id, shape } of last.slice(start, last.length - end)) touch(id, boundsOf(shape));
  for (const { id, shape } of next.slice(start, next.length - end)) touch(id, boundsOf(shape));
}

function onScreen({ x0, y0, x1, y1 }: Bounds, { camera, viewport }: Frame): Bounds[] {
  const region = {
    x0: Math.max(0, Math.floor((x0 - camera.x) * camera.zoom) - BLEED),
    y0: Math.max(0, Math.floor((y0 - camera.y) * camera.zoom) - BLEED),
    x1: Math.min(viewport.width, Math.ceil((x1 - camera.x) * camera.zoom) + BLEED),
    y1: Math.min(viewport.height, Math.ceil((y1 - camera.y) * camera.zoom) + BLEED),
  };
  return region.x0 < region.x1 && region.y0 < region.y1 ? [region] : [];
}
