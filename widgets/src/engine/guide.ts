/** What is drawn over everything to help the hand. */
import type { Bounds, Ring } from './shapes/shape.js';

/** Lines that help the hand and are no annotation. */
export type Guide =
  | { readonly kind: 'band'; readonly bounds: Bounds }
  | { readonly kind: 'line'; readonly points: Ring }
  /** `anchors`: the vertices that were placed, where these are not all points. */
  | { readonly kind: 'outline'; readonly points: Ring; readonly closes: boolean; readonly anchors?: Ring }
  | { readonly kind: 'prompt'; readonly boxes: readonly Bounds[]; readonly strokes: readonly StrokeGuide[] };

export interface StrokeGuide {
  readonly points: Ring;
  /** How wide it is, in image pixels. */
  readonly brush: number;
  readonly adds: boolean;
}
