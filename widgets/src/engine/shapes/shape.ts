/**
 * What a shape kind is: how one sort of geometry is measured, grabbed, moved, drawn and written.
 *
 * Coordinates are pixels of the upright image, origin at its top-left edge, x to the right, y down.
 */
export interface XY {
  readonly x: number;
  readonly y: number;
}

/** An axis-aligned box between two corners, in pixels. */
export interface Bounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A closed outline as flat pixels, x1, y1, x2, y2, …; the first point is not repeated at the end. */
export type Ring = readonly number[];

/** A line to draw: flat pixels. `rect` says that it is the outline of its own bounds. */
export interface Subpath {
  readonly points: Ring;
  readonly closed: boolean;
  readonly rect?: true;
}

/** A place to grab. `index` is what `moveHandle` takes; `cursor` is a CSS cursor. */
export interface Handle extends XY {
  readonly index: number;
  readonly cursor: string;
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Geometry as it goes over the wire. */
export interface WireShape {
  readonly shape_type: string;
  readonly geometry: JsonObject;
}

export interface ShapeKind<S extends { readonly kind: string }> {
  /** The name in the document; for all but `unknown` also the one on the wire. */
  readonly kind: S['kind'];
  /** What people call it. */
  readonly title: string;
  /** Whether it may be moved and reshaped; what is not is shown and kept. */
  readonly editable: boolean;
  bounds(shape: S): Bounds;
  /** Pixels from the outline: negative inside, positive outside. */
  distance(shape: S, at: XY): number;
  handles(shape: S): readonly Handle[];
  /** The shape with one handle at another place; a shape that cannot be so stays as it is. */
  moveHandle(shape: S, index: number, to: XY): S;
  translate(shape: S, dx: number, dy: number): S;
  path(shape: S): readonly Subpath[];
  /** What of the shape lies within the picture: none, one or several shapes. */
  clip(shape: S, size: Size): readonly S[];
  /** Square pixels; 0 for a point. */
  area(shape: S): number;
  /** Whether it is big enough to be meant: `minimum` is the least side in pixels. */
  isUsable(shape: S, minimum: number): boolean;
  toWire(shape: S): WireShape;
  /** The shape, or undefined when the wire holds something that this kind cannot keep unchanged. */
  fromWire(wire: WireShape): S | undefined;
}
