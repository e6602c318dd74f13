/** A Backend in memory that can be made to fail in every way a real one does, and a clock that stands still. */
import { sameJson, type WireAnnotation, type WireProposal } from '../annotation.js';
import {
  BackendError,
  type AnnotationBackend,
  type AnnotationSet,
  type ImageList,
  type ImageRef,
  type SavedSet,
  type SaveRequest,
} from '../backend.js';
import type { Clock } from '../clock.js';

/** `lost`: saved, but the answer never comes. */
export type Mode = 'up' | 'down' | 'lost' | 'refusing';

export class FakeBackend implements AnnotationBackend {
  mode: Mode = 'up';
  readonly sets = new Map<string, AnnotationSet>();
  readonly requests: SaveRequest[] = [];
  readonly loads: string[] = [];
  readonly pictures: string[] = [];
  /** Places that were asked for, where images are given by places. */
  readonly places: number[] = [];
  /** Images are given by places, as where they are many. */
  byPlaces = false;
  readonly #images: readonly ImageRef[];

  constructor(count = 1) {
    const ids = Array.from({ length: count }, (_, i) => String(i + 1));
    this.#images = ids.map((id) => ({ id, filename: `${id}.jpg`, width: 200, height: 100 }));
    for (const id of ids) this.sets.set(id, { revision: 0, state: 'unlabeled', annotations: [] });
  }

  async images(): Promise<readonly ImageRef[] | ImageList> {
    await this.#reach();
    return this.byPlaces ? this.#list() : this.#images;
  }

  #list(): ImageList {
    return {
      count: this.#images.length,
      at: async (position) => {
        this.places.push(position);
        await this.#reach();
        const image = this.#images[position];
        if (image === undefined) throw new BackendError('refused', 'There is no such image.');
        return image;
      },
      positionOf: (id) =>
        Promise.resolve(this.#images.findIndex((image) => image.id === id)).then((i) => (i < 0 ? undefined : i)),
    };
  }

  async load(imageId: string): Promise<AnnotationSet> {
    this.loads.push(imageId);
    await this.#reach();
    return this.set(imageId);
  }

  async save(imageId: string, request: SaveRequest): Promise<SavedSet> {
    this.requests.push(request);
    const { mode } = this;
    if (mode === 'down') throw new BackendError('unavailable', 'Nobody answers.');
    await Promise.resolve();
    if (mode === 'refusing') throw new BackendError('refused', 'There is no such label.', 'unknown_label');
    const { revision } = this.set(imageId);
    if (revision !== request.revision) throw new BackendError('conflict', 'Somebody saved in between.');
    const { proposals = [] } = this.set(imageId);
    const judged = [...request.judged.accepted, ...request.judged.rejected];
    const open = proposals.filter(({ id }) => !judged.includes(id));
    const saved = { revision: revision + 1, state: request.state, annotations: request.annotations };
    this.sets.set(imageId, { ...saved, proposals: open });
    if (mode === 'lost') throw new BackendError('unavailable', 'The answer never came.');
    return { revision: saved.revision, state: saved.state };
  }

  async picture(imageId: string): Promise<Blob> {
    this.pictures.push(imageId);
    await this.#reach();
    return new Blob([imageId]);
  }

  set(imageId: string): AnnotationSet {
    const set = this.sets.get(imageId);
    if (set === undefined) throw new BackendError('refused', `There is no image ${imageId}.`, 'not_found');
    return set;
  }

  /** What somebody else does. */
  elsewhere(imageId: string, change: (annotations: readonly WireAnnotation[]) => readonly WireAnnotation[]): void {
    const set = this.set(imageId);
    const annotations = change(set.annotations);
    if (sameJson(annotations, set.annotations)) return;
    this.sets.set(imageId, {
      ...set,
      revision: set.revision + 1,
      state: annotations.length > 0 ? 'labeled' : 'unlabeled',
      annotations,
    });
  }

  propose(imageId: string, proposals: readonly WireProposal[]): void {
    this.sets.set(imageId, { ...this.set(imageId), proposals });
  }

  async #reach(): Promise<void> {
    await Promise.resolve();
    if (this.mode === 'down') throw new BackendError('unavailable', 'Nobody answers.');
  }
}

export class FakeClock implements Clock {
  #now = 0;
  #waiting: { at: number; act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, act: () => void): () => void {
    const entry = { at: this.#now + milliseconds, act };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** How long until the next thing happens, ms. */
  get next(): number | undefined {
    const times = this.#waiting.map(({ at }) => at - this.#now);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { act } of due) act();
  }
}
