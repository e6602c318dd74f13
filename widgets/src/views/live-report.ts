/** Tells the kernel what is drawn: at most once a second, the latest only, and never more than it takes in. */
import { annotationToWire, type WireAnnotation } from '../engine/annotation.js';
import type { SavedSet, SaveRequest } from '../engine/backend.js';
import type { Document } from '../engine/document.js';
import type { Editor } from '../engine/editor.js';
import { changesBetween } from '../engine/merge.js';
import type { Messages } from './comm-backend.js';

export interface LiveReportOptions {
  /** Whether the kernel has proposals: then it always wants to know of every annotation. */
  readonly proposes?: boolean;
  /** What the Backend has of an image, as far as is known. */
  readonly stored?: (imageId: string) => Document | undefined;
  /** Whether the Backend has every edit of an image. */
  readonly isSaved?: (imageId: string) => boolean;
}

/** What is to be told of an image. */
interface Drawn {
  readonly state: string;
  /** Unless it is known to be what the kernel was told last. */
  readonly document?: Document;
  readonly annotations?: readonly WireAnnotation[];
  /** Set when it was saved without the kernel. */
  readonly revision?: number;
}

const EVERY = 1000;
/** Milliseconds after which something new is told: what people wait for, the picture and the save, comes first. */
const CALM = 150;
/** Milliseconds after which a kernel that heard nothing is told again: it may have been restarted. */
const FORGOTTEN = 30_000;
/** Annotations from which on only changes are told: the kernel reads what it lacks where they are kept. */
const MANY = 100;

export class LiveReport {
  readonly #model: Messages;
  readonly #editor: Editor;
  readonly #options: LiveReportOptions;
  readonly #next = new Map<string, Drawn>();
  /** Of large sets: what the kernel knows, or finds where they are kept. */
  readonly #known = new Map<string, Document>();
  #seen: unknown;
  #image: string | undefined;
  #told = -Infinity;
  #waits = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;
  readonly #ends: (() => void)[];

  constructor(model: Messages, editor: Editor, options: LiveReportOptions = {}) {
    this.#model = model;
    this.#editor = editor;
    this.#options = options;
    this.#seen = editor.state.document;
    model.on('msg:custom', this.#hear);
    this.#ends = [
      editor.subscribe(this.#look),
      () => {
        model.off('msg:custom', this.#hear);
      },
    ];
  }

  /** A set was saved without the kernel. */
  saved(imageId: string, { annotations: sent }: SaveRequest, { revision, state, annotations = sent }: SavedSet): void {
    const before = this.#next.get(imageId);
    const isLarge = this.#known.has(imageId);
    this.#put(imageId, { ...(isLarge ? {} : { annotations }), ...before, state, revision });
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#opening);
    for (const end of this.#ends) end();
  }

  #look = (): void => {
    const { document, imageId, imageState: state } = this.#editor.state;
    if (document === this.#seen || imageId === undefined) return;
    const before = this.#image;
    this.#seen = document;
    this.#image = imageId;
    if (before !== imageId && this.#isKept(imageId, document)) {
      // Which image comes after it the kernel is told by its id, and looks then.
      if (before === undefined)
        this.#opening = setTimeout(this.#send, CALM, { type: 'opened', image_id: Number(imageId) });
      return;
    }
    const { revision } = this.#next.get(imageId) ?? {};
    // What was saved and not yet told stays told as saved, now with what came after.
    this.#put(imageId, { state, document, ...(revision === undefined ? {} : { revision }) });
  };

  /** Whether a set is large and all of it where the kernel finds it: then it has not to be told. */
  #isKept(imageId: string, document: Document): boolean {
    const stored = this.#options.stored?.(imageId);
    if (stored === undefined || stored.length < MANY || this.#options.proposes === true) return false;
    this.#known.set(imageId, stored);
    return stored.length === document.length && document.every((annotation, i) => annotation === stored[i]);
  }

  #waiting(imageId: string): string[] {
    const { document, imageId: shown } = this.#editor.state;
    if (shown !== imageId) return [];
    return document.filter(({ proposal }) => proposal !== undefined).map(({ id }) => id);
  }

  #put(imageId: string, drawn: Drawn): void {
    this.#next.set(imageId, drawn);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#next.size === 0) return;
    const since = Date.now() - this.#told;
    this.#timer = setTimeout(this.#tell, Math.max(CALM, (this.#waits ? FORGOTTEN : EVERY) - since));
  }

  #tell = (): void => {
    this.#timer = undefined;
    const [next] = this.#next;
    if (next === undefined) return;
    const [imageId, { state, revision, ...drawn }] = next;
    this.#next.delete(imageId);
    this.#told = Date.now();
    this.#waits = true;
    const named = { type: 'drawn', image_id: Number(imageId), state, waiting: this.#waiting(imageId) };
    const saved = revision === undefined ? {} : { revision };
    this.#send({ ...named, ...saved, ...this.#content(imageId, drawn) });
    if (imageId !== this.#image) this.#known.delete(imageId);
    this.#schedule();
  };

  /** All annotations, or of many those that differ from what the kernel knows. */
  #content(imageId: string, { document, annotations = [] }: Omit<Drawn, 'state'>): object {
    const drawn = document?.filter(({ proposal }) => proposal === undefined);
    const known = this.#known.get(imageId);
    if (known === undefined) return { annotations: drawn?.map(annotationToWire) ?? annotations };
    const { touched, order } = changesBetween(known, drawn ?? known, annotationToWire);
    if (drawn) this.#known.set(imageId, drawn);
    const unsaved = this.#options.isSaved?.(imageId) !== true;
    return { touched: touched.map(({ id, after }) => ({ id, after })), unsaved, ...(order && { order }) };
  }

  #send = (message: object): void => {
    try {
      this.#model.send(message);
    } catch {
      // The kernel has ended: nobody is there to be told.
    }
  };

  #hear = (message: unknown): void => {
    if ((message as { type?: unknown } | null)?.type !== 'heard') return;
    this.#waits = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule();
  };
}
