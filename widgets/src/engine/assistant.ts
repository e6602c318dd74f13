/** Whoever sees the photo and finds outlines and edges in it: OpenCV in the Backend, or a model in its place. */
import type { Ring, WireShape, XY } from './shapes/shape.js';

/** What a person points at an object with; pixels of the upright image. The Python twin is `assist/prompt.py`. */
export interface Prompt {
  /** `[x, y, width, height]` around the object. */
  readonly box?: readonly number[];
  /** Strokes on the object. */
  readonly include: readonly Ring[];
  /** Strokes beside it. */
  readonly exclude: readonly Ring[];
  /** How wide the strokes are. */
  readonly brush: number;
}

/** What a tool wants to know: the same object until it is answered or no longer wanted. */
export type Question = OutlineQuestion | PathQuestion;

export interface OutlineQuestion {
  readonly kind: 'outline';
  readonly prompt: Prompt;
}

/** An edge of the photo to follow from one place to another. */
export interface PathQuestion {
  readonly kind: 'path';
  readonly from: XY;
  readonly to: XY;
}

export type Answer =
  /** The likeliest first; none when nothing was found. */
  | { readonly kind: 'outline'; readonly question: OutlineQuestion; readonly shapes: readonly WireShape[] }
  /** Flat pixels, both ends included. */
  | { readonly kind: 'path'; readonly question: PathQuestion; readonly points: Ring }
  /** Why there is no answer, for people. */
  | { readonly kind: 'none'; readonly question: Question; readonly reason: string };

/** Every call may reject with a `BackendError`; what is aborted is waited for no longer. */
export interface Assistant {
  outline(imageId: string, prompt: Prompt, signal: AbortSignal): Promise<readonly WireShape[]>;
  path(imageId: string, from: XY, to: XY, signal: AbortSignal): Promise<Ring>;
}
