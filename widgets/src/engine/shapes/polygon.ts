/** An outline with optional holes, in one or several parts. */
import { intersection, type Area } from './geometry/combine.js';
import {
  contains,
  isInside,
  isRing,
  nearestEdge,
  NOWHERE,
  ringBounds,
  shiftRing,
  signedArea,
  unite,
} from './geometry/rings.js';
import { hasOnly, isNumbers, isObject } from './geometry/wire.js';
import type { Bounds, Handle, Json, JsonObject, Ring, ShapeKind, XY } from './shape.js';

/** One connected piece: an outer ring and the rings cut out of it. */
export type Part = Area;

export interface Polygon {
  readonly kind: 'polygon';
  readonly parts: readonly Part[];
}

/** A polygon in one part from flat points. */
export function polygonOf(points: Ring): Polygon {
  return { kind: 'polygon', parts: [{ points }] };
}

/** Every ring, outer ones before their holes: the order in which handles are counted. */
export function ringsOf({ parts }: Polygon): readonly Ring[] {
  return parts.flatMap((part) => [part.points, ...(part.holes ?? [])]);
}

/** The polygon with every ring put through `change`. */
export function mapRings({ parts }: Polygon, change: (ring: Ring) => Ring): Polygon {
  const mapped = parts.map((part) => {
    return part.holes
      ? { points: change(part.points), holes: part.holes.map(change) }
      : { points: change(part.points) };
  });
  return { kind: 'polygon', parts: mapped };
}

export const polygon: ShapeKind<Polygon> = {
  kind: 'polygon',
  title: 'Polygon',
  editable: true,
  bounds,

  distance(shape, at) {
    const away = Math.min(...ringsOf(shape).map((ring) => nearestEdge(ring, at, true).distance));
    return shape.parts.some((part) => covers(part, at)) ? -away : away;
  },

  handles(shape) {
    const handles: Handle[] = [];
    for (const ring of ringsOf(shape)) {
      for (let i = 0; i + 1 < ring.length; i += 2) {
        handles.push({ index: handles.length, cursor: 'move', x: ring[i] ?? 0, y: ring[i + 1] ?? 0 });
      }
    }
    return handles;
  },

  moveHandle(shape, index, to) {
    let first = 0;
    return mapRings(shape, (ring) => {
      const place = 2 * (index - first);
      first += ring.length / 2;
      if (place < 0 || place >= ring.length) return ring;
      return ring.map((value, i) => (i === place ? to.x : i === place + 1 ? to.y : value));
    });
  },

  translate: (shape, dx, dy) => mapRings(shape, (ring) => shiftRing(ring, dx, dy)),
  path: (shape) => ringsOf(shape).map((points) => ({ points, closed: true })),

  clip(shape, { width, height }) {
    const frame = { x0: 0, y0: 0, x1: width, y1: height };
    if (contains(frame, bounds(shape))) return [shape];
    const parts = intersection(shape.parts, [{ points: [0, 0, width, 0, width, height, 0, height] }]);
    if (parts.length === 0) return [];
    // A polygon in one part falls apart into shapes; an object that already had several parts stays one object.
    if (shape.parts.length > 1) return [{ kind: 'polygon', parts }];
    return parts.map((part) => ({ kind: 'polygon', parts: [part] }));
  },

  area: ({ parts }) => parts.reduce((sum, part) => sum + partArea(part), 0),

  isUsable(shape, minimum) {
    const { x0, y0, x1, y1 } = bounds(shape);
    return x1 - x0 >= minimum && y1 - y0 >= minimum && polygon.area(shape) >= (minimum * minimum) / 2;
  },

  toWire({ parts }) {
    const [only] = parts;
    const geometry = parts.length === 1 && only ? partJson(only) : { parts: parts.map(partJson) };
    return { shape_type: 'polygon', geometry: { ...geometry, coords_unit: 'px' } };
  },

  fromWire({ geometry }) {
    const listed = geometry.parts;
    if (!hasOnly(geometry, listed === undefined ? ['points', 'holes'] : ['parts'])) return undefined;
    const parts = listed === undefined ? [partFrom(geometry)] : Array.isArray(listed) ? listed.map(partFrom) : [];
    const sound = parts.filter((part) => part !== undefined);
    return sound.length > 0 && sound.length === parts.length ? { kind: 'polygon', parts: sound } : undefined;
  },
};

function bounds({ parts }: Polygon): Bounds {
  return parts.reduce((all, part) => unite(all, ringBounds(part.points)), NOWHERE);
}

function covers({ points, holes }: Part, at: XY): boolean {
  return isInside(points, at) && !(holes ?? []).some((hole) => isInside(hole, at));
}

function partArea({ points, holes }: Part): number {
  const cut = (holes ?? []).reduce((sum, hole) => sum + Math.abs(signedArea(hole)), 0);
  return Math.abs(signedArea(points)) - cut;
}

function partJson({ points, holes }: Part): JsonObject {
  return holes?.length ? { points, holes } : { points };
}

function partFrom(value: Json): Part | undefined {
  if (!isObject(value) || !hasOnly(value, ['points', 'holes'])) return undefined;
  const { points, holes = [] } = value;
  if (!isNumbers(points) || !isRing(points) || !Array.isArray(holes)) return undefined;
  const rings = holes.filter((hole: Json): hole is Ring => isNumbers(hole) && isRing(hole));
  if (rings.length !== holes.length) return undefined;
  return rings.length > 0 ? { points, holes: rings } : { points };
}
