/** Rings and lines of flat coordinates: bounds, area, distance, inside or not. */
import type { Bounds, Ring, XY } from '../shape.js';

/** Bounds that hold nothing. */
export const NOWHERE: Bounds = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };

/** A number of a list; 0 beyond its ends, where nobody looks. */
export function valueAt(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}

export function ringBounds(ring: Ring): Bounds {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const x = valueAt(ring, i);
    const y = valueAt(ring, i + 1);
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return { x0, y0, x1, y1 };
}

export function unite(a: Bounds, b: Bounds): Bounds {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

export function overlap(a: Bounds, b: Bounds): boolean {
  return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
}

export function contains(outer: Bounds, inner: Bounds): boolean {
  return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1;
}

/** Shoelace area, positive when the ring runs clockwise on the screen; relative to the first point to keep digits. */
export function signedArea(ring: Ring): number {
  const x0 = valueAt(ring, 0);
  const y0 = valueAt(ring, 1);
  let sum = 0;
  for (let i = 2; i + 3 < ring.length; i += 2) {
    const ax = valueAt(ring, i) - x0;
    const ay = valueAt(ring, i + 1) - y0;
    const bx = valueAt(ring, i + 2) - x0;
    const by = valueAt(ring, i + 3) - y0;
    sum += ax * by - bx * ay;
  }
  return sum / 2;
}

/** Whether a point lies within a ring, by the even-odd rule. */
export function isInside(ring: Ring, at: XY): boolean {
  let inside = false;
  let px = valueAt(ring, ring.length - 2);
  let py = valueAt(ring, ring.length - 1);
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const x = valueAt(ring, i);
    const y = valueAt(ring, i + 1);
    if (y > at.y !== py > at.y && at.x < ((px - x) * (at.y - y)) / (py - y) + x) inside = !inside;
    px = x;
    py = y;
  }
  return inside;
}

export function segmentDistance(at: XY, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - ax) * dx + (at.y - ay) * dy) / length2));
  return Math.hypot(at.x - ax - along * dx, at.y - ay - along * dy);
}

/** The distance to a line of flat points and the vertex at which its nearest edge begins. */
export function nearestEdge(ring: Ring, at: XY, closed: boolean): { distance: number; vertex: number } {
  const count = ring.length / 2;
  let best = { distance: Infinity, vertex: 0 };
  if (count === 1) best = { distance: Math.hypot(at.x - valueAt(ring, 0), at.y - valueAt(ring, 1)), vertex: 0 };
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const j = (i + 1) % count;
    const distance = segmentDistance(
      at,
      valueAt(ring, 2 * i),
      valueAt(ring, 2 * i + 1),
      valueAt(ring, 2 * j),
      valueAt(ring, 2 * j + 1),
    );
    if (distance < best.distance) best = { distance, vertex: i };
  }
  return best;
}

export function shiftRing(ring: Ring, dx: number, dy: number): Ring {
  return ring.map((value, i) => value + (i % 2 === 0 ? dx : dy));
}

/** The ring without repeated neighbours and without a closing point. */
export function cleanRing(ring: Ring): Ring {
  const kept: number[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const x = valueAt(ring, i);
    const y = valueAt(ring, i + 1);
    if (kept.length === 0 || x !== kept[kept.length - 2] || y !== kept[kept.length - 1]) kept.push(x, y);
  }
  while (kept.length > 2 && kept[0] === kept[kept.length - 2] && kept[1] === kept[kept.length - 1]) kept.length -= 2;
  return kept;
}

/** Whether flat numbers are three points or more, x and y in pairs, all finite. */
export function isRing(ring: Ring): boolean {
  return ring.length >= 6 && ring.length % 2 === 0 && ring.every(Number.isFinite);
}
