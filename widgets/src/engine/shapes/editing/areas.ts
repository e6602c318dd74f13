/** Polygons joined, cut and split. */
import { boundsOf, type Shape } from '../index.js';
import { difference, intersection, union } from '../geometry/combine.js';
import { polygonOf, type Part, type Polygon } from '../polygon.js';
import { ringBounds, unite, valueAt } from '../geometry/rings.js';
import type { Ring, XY } from '../shape.js';

/** The area that a shape covers as a polygon: a box becomes one with four corners. Undefined for what covers none. */
export function asPolygon(shape: Shape): Polygon | undefined {
  if (shape.kind === 'polygon') return shape;
  if (shape.kind !== 'bbox') return undefined;
  const { x0, y0, x1, y1 } = boundsOf(shape);
  return polygonOf([x0, y0, x1, y0, x1, y1, x0, y1]);
}

/** One polygon over all areas, in as many parts as they are apart. */
export function join(shapes: readonly Polygon[]): Polygon | undefined {
  return ofParts(
    union(
      shapes.flatMap((shape) => shape.parts),
      [],
    ),
  );
}

/** The polygon without what a ring encloses: a hole, a bite, or undefined when nothing is left or nothing changes. */
export function cut(shape: Polygon, ring: Ring): Polygon | undefined {
  const knife = union([{ points: ring }], []);
  if (intersection(shape.parts, knife).length === 0) return undefined;
  return ofParts(difference(shape.parts, knife));
}

/** The connected pieces on either side of a line, which goes on straight beyond its ends. One piece: it missed. */
export function split(shape: Polygon, line: Ring): readonly Polygon[] {
  const side = sideOf(line, shape);
  if (side === undefined) return [shape];
  const pieces = [...intersection(shape.parts, side), ...difference(shape.parts, side)];
  return pieces.length > shape.parts.length ? pieces.map((part) => ({ kind: 'polygon', parts: [part] })) : [shape];
}

function ofParts(parts: readonly Part[]): Polygon | undefined {
  return parts.length > 0 ? { kind: 'polygon', parts } : undefined;
}

/** Everything on one side of a line, as far as matters for a shape. */
function sideOf(line: Ring, shape: Polygon): readonly Part[] | undefined {
  const { x0, y0, x1, y1 } = [...shape.parts.map((part) => part.points), line].map(ringBounds).reduce(unite);
  const reach = 4 * (x1 - x0 + y1 - y0);
  const start = beyond(pointAt(line, 2), pointAt(line, 0), reach);
  const end = beyond(pointAt(line, line.length - 4), pointAt(line, line.length - 2), reach);
  if (start === undefined || end === undefined) return undefined;
  // From the far end round the right-hand side, well clear of the shape, back to the far start.
  const [nx, ny] = [start.y - end.y, end.x - start.x];
  const wide = (3 * reach) / Math.hypot(nx, ny);
  const [dx, dy] = [nx * wide, ny * wide];
  const around = [end.x, end.y, end.x + dx, end.y + dy, start.x + dx, start.y + dy];
  return [{ points: [start.x, start.y, ...line, ...around] }];
}

function pointAt(line: Ring, index: number): XY {
  return { x: valueAt(line, index), y: valueAt(line, index + 1) };
}

/** The place `reach` pixels past `to`, coming from `from`. */
function beyond(from: XY, to: XY, reach: number): XY | undefined {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return undefined;
  return { x: to.x + ((to.x - from.x) / length) * reach, y: to.y + ((to.y - from.y) / length) * reach };
}
