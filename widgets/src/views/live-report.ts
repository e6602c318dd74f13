/** Tells the kernel what is drawn: at most once a second, the latest only, and never more than it takes in. */
import { annotationToWire } from '../engine/annotation.js';
import type { SavedSet, SaveRequest } from '../engine/backend.js';
import type { Editor } from '../engine/editor.js';
import type { Messages } from './comm-backend.js';

interface Drawn {
  readonly image_id: number;
  readonly state: string;
  readonly annotations: readonly unknown[];
  /** Ids of proposals that nobody has judged yet. */
  readonly waiting: readonly string[];
  /** Set when it was saved without the kernel. */
  readonly revision?: number;
}

const EVERY = 1000;
/** Milliseconds after which a kernel that heard nothing is told again: it may have been restarted. */
const FORGOTTEN = 30_000;

export class LiveReport {
  readonly #model: Messages;
  readonly #editor: Editor;
  readonly #next = new Map<number, Drawn>();
  #seen: unknown;
  #told = -Infinity;
  #waits = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #ends: (() => void)[];

  constructor(model: Messages, editor: Editor) {
    this.#model = model;
    this.#editor = editor;
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
    const before = this.#next.get(Number(imageId));
    const waiting = before?.waiting ?? this.#waiting(imageId);
    this.#put({ image_id: Number(imageId), state, annotations: before?.annotations ?? annotations, waiting, revision });
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const end of this.#ends) end();
  }

  #look = (): void => {
    const { document, imageId, imageState: state } = this.#editor.state;
    if (document === this.#seen || imageId === undefined) return;
    this.#seen = document;
    const annotations = document.filter(({ proposal }) => proposal === undefined).map(annotationToWire);
    const id = Number(imageId);
    // What was saved and not yet told stays told as saved, now with what came after.
    const { revision } = this.#next.get(id) ?? {};
    const saved = revision === undefined ? {} : { revision };
    this.#put({ image_id: id, state, annotations, waiting: this.#waiting(imageId), ...saved });
  };

  #waiting(imageId: string): string[] {
    const { document, imageId: shown } = this.#editor.state;
    if (shown !== imageId) return [];
    return document.filter(({ proposal }) => proposal !== undefined).map(({ id }) => id);
  }

  #put(drawn: Drawn): void {
    this.#next.set(drawn.image_id, drawn);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#next.size === 0) return;
    const since = Date.now() - this.#told;
    this.#timer = setTimeout(this.#tell, Math.max(0, (this.#waits ? FORGOTTEN : EVERY) - since));
  }

  #tell = (): void => {
    this.#timer = undefined;
    const [drawn] = this.#next.values();
    if (drawn === undefined) return;
    this.#next.delete(drawn.image_id);
    this.#told = Date.now();
    this.#waits = true;
    try {
      this.#model.send({ type: 'drawn', ...drawn });
    } catch {
      // The kernel has ended: nobody is there to be told.
    }
    this.#schedule();
  };

  #hear = (message: unknown): void => {
    if ((message as { type?: unknown } | null)?.type !== 'heard') return;
    this.#waits = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule();
  };
}
