/** The shape kinds, and what can be asked of any shape. */
import { bbox, type BBox } from './bbox.js';
import { point, type Point } from './point.js';
import { polygon, type Polygon } from './polygon.js';
import type { Bounds, Handle, ShapeKind, Size, Subpath, WireShape, XY } from './shape.js';
import { unknown, type Unknown } from './unknown.js';

export type Shape = BBox | Polygon | Point | Unknown;

/** Every kind; `unknown` takes what no other kind does and stands last. */
export const SHAPES = { bbox, polygon, point, unknown } as const;

/** The kind of a shape, as something that takes any shape: each kind is only ever handed its own. */
export function kindOf(shape: Shape): ShapeKind<Shape> {
  return SHAPES[shape.kind];
}

/** What never changes about a shape, worked out once. */
interface Measures {
  readonly bounds: Bounds;
  readonly area: number;
  readonly path: readonly Subpath[];
}

const measures = new WeakMap<Shape, Measures>();

function measure(shape: Shape): Measures {
  let known = measures.get(shape);
  if (known === undefined) {
    const kind = kindOf(shape);
    measures.set(shape, (known = { bounds: kind.bounds(shape), area: kind.area(shape), path: kind.path(shape) }));
  }
  return known;
}

export const boundsOf = (shape: Shape): Bounds => measure(shape).bounds;
export const areaOf = (shape: Shape): number => measure(shape).area;
export const pathOf = (shape: Shape): readonly Subpath[] => measure(shape).path;
export const distanceTo = (shape: Shape, at: XY): number => kindOf(shape).distance(shape, at);
export const handlesOf = (shape: Shape): readonly Handle[] => kindOf(shape).handles(shape);
export const moveHandle = (shape: Shape, index: number, to: XY): Shape => kindOf(shape).moveHandle(shape, index, to);
export const translate = (shape: Shape, dx: number, dy: number): Shape => kindOf(shape).translate(shape, dx, dy);
export const clip = (shape: Shape, size: Size): readonly Shape[] => kindOf(shape).clip(shape, size);
export const isUsable = (shape: Shape, minimum: number): boolean => kindOf(shape).isUsable(shape, minimum);
export const isEditable = (shape: Shape): boolean => kindOf(shape).editable;
export const toWire = (shape: Shape): WireShape => kindOf(shape).toWire(shape);

/** The shape that the wire holds; what no kind can keep unchanged is kept as `unknown`. */
export function fromWire(wire: WireShape): Shape {
  const { shape_type: type } = wire;
  const kind = type === 'bbox' || type === 'polygon' || type === 'point' ? SHAPES[type] : undefined;
  return kind?.fromWire(wire) ?? { kind: 'unknown', type, geometry: wire.geometry };
}
