/** Whoever holds the data. Hosts hand one in: REST in JupyterLab, messages to the kernel in a notebook elsewhere. */
import type { WireAnnotation, WireProposal } from './annotation.js';
import type { Assistant } from './assistant.js';
import type { ImageState } from './editor-state.js';
import type { Changes } from './merge.js';

export interface Backend {
  /** Whether the other side answers; never throws. */
  health(): Promise<Health>;
}

export type Health = { readonly state: 'live' } | { readonly state: 'unreachable'; readonly reason: string };

/** A Backend as an annotating session needs it. Every call may reject with a `BackendError`. */
export interface AnnotationBackend {
  /** The images to go through, in order. */
  images(): Promise<readonly ImageRef[] | ImageList>;
  load(imageId: string): Promise<AnnotationSet>;
  /** Save the whole set that was loaded at `revision`; a stale one rejects with a `BackendError` of kind `conflict`. */
  save(imageId: string, request: SaveRequest): Promise<SavedSet>;
  /** The bytes of the photo: of the original, or of anything smaller with the same view. */
  picture(imageId: string): Promise<Blob>;
  /** Who finds outlines and edges, where there is somebody. */
  readonly assistant?: Assistant;
}

export interface ImageRef {
  readonly id: string;
  readonly filename: string;
  /** Of the upright image, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Images in an order, too many to be known all at once. Places count from 0. */
export interface ImageList {
  readonly count: number;
  at(position: number): Promise<ImageRef>;
  positionOf(imageId: string): Promise<number | undefined>;
}

/** All annotations of one image in z-order, the last on top. */
export interface AnnotationSet {
  readonly revision: number;
  readonly state: ImageState;
  readonly annotations: readonly WireAnnotation[];
  /** Annotations that somebody or something proposes; they are not in the set until they are accepted. */
  readonly proposals?: readonly WireProposal[];
  /** Those that come when the image is shown already, because whoever proposes is busy. */
  readonly later?: Promise<readonly WireProposal[]>;
}

export interface SaveRequest {
  /** The one that was loaded. */
  readonly revision: number;
  readonly state: ImageState;
  /** What it was at `revision`. */
  readonly stateBefore: ImageState;
  readonly annotations: readonly WireAnnotation[];
  /** What differs from the set at `revision`, for a Backend that can say less than the whole set. */
  readonly changes: Changes;
  /** Ids of proposals that were accepted (they are in `annotations`) and that were rejected. */
  readonly judged: { readonly accepted: readonly string[]; readonly rejected: readonly string[] };
}

/** What the Backend has after a save. Without annotations: exactly what was sent. */
export interface SavedSet {
  readonly revision: number;
  readonly state: ImageState;
  readonly annotations?: readonly WireAnnotation[];
}

/** Somebody saved in between · nobody answers, try again · the other side said no, and will again. */
export type BackendErrorKind = 'conflict' | 'unavailable' | 'refused';

export class BackendError extends Error {
  readonly kind: BackendErrorKind;
  /** The other side's stable code, such as `unknown_label`. */
  readonly code: string;

  constructor(kind: BackendErrorKind, message: string, code: string = kind) {
    super(message);
    this.name = 'BackendError';
    this.kind = kind;
    this.code = code;
  }
}
