/** A shape of a kind that this engine does not know, or that it could not write back unchanged: shown, kept, not edited. */
import { nearestEdge, NOWHERE, ringBounds, unite } from './geometry/rings.js';
import { isNumbers, isObject } from './geometry/wire.js';
import type { Bounds, Json, JsonObject, ShapeKind, Subpath } from './shape.js';

export interface Unknown {
  readonly kind: 'unknown';
  /** Its name on the wire. */
  readonly type: string;
  /** Its geometry as it came: it goes back the same. */
  readonly geometry: JsonObject;
}

export const unknown: ShapeKind<Unknown> = {
  kind: 'unknown',
  title: 'Other shape',
  editable: false,
  bounds,
  distance: (shape, at) =>
    Math.min(Infinity, ...outlines(shape).map((line) => nearestEdge(line.points, at, line.closed).distance)),
  handles: () => [],
  moveHandle: (shape) => shape,
  translate: (shape) => shape,
  path: outlines,
  clip: (shape) => [shape],

  area(shape) {
    const { x0, y0, x1, y1 } = bounds(shape);
    return x1 > x0 ? (x1 - x0) * (y1 - y0) : 0;
  },

  isUsable: () => true,
  toWire: ({ type, geometry }) => ({ shape_type: type, geometry }),
  fromWire: ({ shape_type, geometry }) => ({ kind: 'unknown', type: shape_type, geometry }),
};

function bounds(shape: Unknown): Bounds {
  return outlines(shape).reduce((all, line) => unite(all, ringBounds(line.points)), NOWHERE);
}

/** A best guess at what to draw: boxes, and every list of coordinates however deep it lies. */
function outlines({ geometry }: Unknown): readonly Subpath[] {
  return Object.entries(geometry).flatMap(([field, value]) => lines(field, value));
}

function lines(field: string, value: Json): Subpath[] {
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => lines(key, inner));
  if (!Array.isArray(value)) return [];
  const list: readonly Json[] = value;
  if (isNumbers(list)) return lineOf(field, list);
  const pairs = list.filter((pair): pair is readonly number[] => isNumbers(pair) && pair.length === 2);
  if (pairs.length > 0 && pairs.length === list.length) return [{ points: pairs.flat(), closed: false }];
  return list.flatMap((inner) => lines(field, inner));
}

function lineOf(field: string, values: readonly number[]): Subpath[] {
  if (values.length < 2 || values.length % 2 !== 0) return [];
  if (field !== 'bbox' || values.length !== 4) return [{ points: values, closed: false }];
  const [x = 0, y = 0, width = 0, height = 0] = values;
  return [{ points: [x, y, x + width, y, x + width, y + height, x, y + height], closed: true }];
}
