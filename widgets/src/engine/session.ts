/** Load and save around an editor: images one after another, edits to the journal and the Backend, nothing lost. */
import { makeAnnotationId } from './annotation.js';
import { answerQuestions } from './asking.js';
import type { AnnotationBackend, ImageRef } from './backend.js';
import { SYSTEM_CLOCK, type Clock } from './clock.js';
import type { Document } from './document.js';
import { Editor } from './editor.js';
import type { Page } from './editor-state.js';
import { ImageRefs } from './image-refs.js';
import type { Journal } from './journal.js';
import type { Resolution } from './merge.js';
import type { Picture } from './picture.js';
import { Prefetch } from './prefetch.js';
import type { Said } from './said.js';
import { Saver, type Conflict, type SaveState } from './saver.js';

export interface SessionState {
  /** All images, where they were given at once. */
  readonly images: readonly ImageRef[];
  readonly count: number;
  /** Place of the image shown or being loaded, from 0. */
  readonly position: number;
  /** The image shown or being loaded. */
  readonly current: ImageRef | undefined;
  readonly status: 'starting' | 'loading' | 'ready' | 'failed';
  /** Why the list of images or the image's annotations could not be loaded. */
  readonly problem: string | undefined;
  readonly picture: Picture | undefined;
  /** Why the photo cannot be shown; its annotations can. */
  readonly pictureProblem: Said | undefined;
  /** The worst of all images. */
  readonly saving: SaveState;
  /** Images whose edits the Backend has not. */
  readonly unsaved: number;
  readonly saveProblem: Said | undefined;
  /** What has to be chosen for the image shown. */
  readonly conflict: Conflict | undefined;
}

export interface SessionOptions {
  readonly backend: AnnotationBackend;
  readonly journal: Journal;
  /** Bytes to a photo; the page's is `decode` of `canvas.ts`. */
  readonly decode: (bytes: Blob) => Promise<Picture>;
  readonly closePicture?: (picture: Picture) => void;
  /** Resolves when what was changed is on the screen: what can wait is asked for then. */
  readonly settled?: () => Promise<void>;
  readonly editor?: Editor;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly newId?: () => string;
}

const WORST: readonly SaveState[] = ['conflict', 'offline', 'unsaved', 'saving', 'saved'];
/** How many images on either side are loaded ahead. */
const AHEAD = 3;
/** Milliseconds that shapes wait for their photo: drawn twice, thousands of them would take longer. */
const PATIENCE = 250;
/** Pixels of photos that are kept decoded. */
const PIXELS = 120e6;

export class Session {
  readonly editor: Editor;
  readonly #options: SessionOptions;
  readonly #savers = new Map<string, Saver>();
  readonly #sets: Prefetch<Saver>;
  readonly #pictures: Prefetch<Picture>;
  readonly #listeners = new Set<() => void>();
  readonly #endEditor: () => void;
  readonly #endAnswers: (() => void) | undefined;
  #state: SessionState = {
    images: [],
    count: 0,
    position: 0,
    current: undefined,
    status: 'starting',
    problem: undefined,
    picture: undefined,
    pictureProblem: undefined,
    saving: 'saved',
    unsaved: 0,
    saveProblem: undefined,
    conflict: undefined,
  };
  #seen: Page | undefined;
  #refs = new ImageRefs([]);
  /** The image whose set was just asked for, beside the list of images. */
  #fresh: string | undefined;
  /** The place asked for last: only that is shown. */
  #wanted = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.editor = options.editor ?? new Editor(options.newId);
    this.#sets = new Prefetch((id) => this.#loadSet(id), this.#dropSet);
    this.#pictures = new Prefetch(
      async (id) => options.decode(await options.backend.picture(id)),
      (_, picture) => options.closePicture?.(picture),
    );
    this.#endEditor = this.editor.subscribe(this.#edited);
    const { assistant } = options.backend;
    this.#endAnswers = assistant && answerQuestions(this.editor, assistant, options.clock ?? SYSTEM_CLOCK);
    this.editor.onAsk((ask) => {
      if (ask === 'image-next') void this.next();
      if (ask === 'image-previous') void this.previous();
    });
  }

  /** A snapshot: the same object until something changes. */
  get state(): SessionState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Load the list of images, take up what an earlier page left unsaved, and show an image. */
  async start(imageId?: string): Promise<void> {
    if (imageId !== undefined) this.#fetchFirst(imageId);
    try {
      const images = await this.#options.backend.images();
      this.#refs = new ImageRefs(images);
      this.#set({ images: 'positionOf' in images ? [] : images, count: this.#refs.count });
      const first = imageId ?? (await this.#refs.at(0))?.id;
      if (first === undefined) this.#set({ status: 'ready' });
      else await this.open(first);
    } catch (error) {
      this.#set({ status: 'failed', problem: reason(error) });
    }
    await this.#recover();
  }

  /** Show an image. What is edited on the one before goes on being saved. */
  async open(imageId: string): Promise<void> {
    const position = this.#refs.placeOf(imageId) ?? (await this.#refs.find(imageId));
    if (position === undefined) throw new RangeError(`There is no image ${imageId} in this session.`);
    await this.openAt(position);
  }

  /** Show the image at a place, from 0; beyond the ends nothing changes. */
  async openAt(position: number): Promise<void> {
    this.#wanted = position;
    const current = this.#refs.known(position) ?? (await this.#refs.at(position));
    if (current === undefined || this.#wanted !== position) return;
    const isOther = this.#state.current !== undefined && this.#state.current !== current;
    const previous = this.#seen?.document.filter((annotation) => annotation.proposal === undefined);
    if (isOther && previous) this.editor.set({ previous });
    this.#set({
      current,
      position,
      status: 'loading',
      problem: undefined,
      picture: undefined,
      pictureProblem: undefined,
    });
    const cached = this.#sets.ready(current.id);
    // Nothing may be drawn on what is no longer there.
    if (isOther && !cached) this.editor.close();
    const pictured = this.#showPicture(current.id);
    await Promise.all([this.#showSet(current, cached, pictured), pictured]);
    void this.#afterwards(current, cached);
  }

  next(): Promise<void> {
    return this.#step(1);
  }

  previous(): Promise<void> {
    return this.#step(-1);
  }

  /** Choose between one's own annotations and those of somebody who saved in between. */
  resolve(resolution: Resolution): void {
    this.#saver()?.resolve(resolution);
  }

  /** Try to save again now. */
  retry(): void {
    for (const saver of this.#savers.values()) saver.retry();
  }

  /** Resolves when the journal has all edits so far: then the page may be closed. */
  async journaled(): Promise<void> {
    await Promise.all([...this.#savers.values()].map((saver) => saver.journaled()));
  }

  /** What the Backend has of an image that is at hand, as far as is known. */
  stored = (imageId: string): Document | undefined => this.#savers.get(imageId)?.stored;

  /** Whether the Backend has every edit of an image. */
  isSaved = (imageId: string): boolean => (this.#savers.get(imageId)?.state ?? 'saved') === 'saved';

  close(): void {
    this.#endEditor();
    this.#endAnswers?.();
    for (const saver of this.#savers.values()) saver.close();
    this.#pictures.clear();
    this.#listeners.clear();
  }

  /** What is shown first need not wait for the list. */
  #fetchFirst(imageId: string): void {
    this.#fresh = imageId;
    // The photo takes longest.
    for (const ahead of [this.#pictures, this.#sets]) void ahead.get(imageId).catch(() => undefined);
  }

  async #step(by: number): Promise<void> {
    const { current, position, count } = this.#state;
    const next = position + by;
    if (current !== undefined && next >= 0 && next < count) await this.openAt(next);
  }

  #show(image: ImageRef, saver: Saver): void {
    const { document, imageState } = saver.page;
    this.#seen = saver.page;
    const { id: imageId, width, height } = image;
    this.editor.open({ imageId, size: { width, height }, annotations: document, imageState });
    this.#set({ status: 'ready' });
    this.#seen = pageOf(this.editor);
    this.#saved();
  }

  async #showSet(image: ImageRef, cached: Saver | undefined, pictured: Promise<void>): Promise<void> {
    try {
      const saver = cached ?? (await this.#sets.get(image.id));
      if (!cached) await this.#briefly(pictured);
      if (this.#state.current === image) this.#show(image, saver);
    } catch (error) {
      if (this.#state.current === image) this.#set({ status: 'failed', problem: reason(error) });
    }
  }

  /** Shapes come with their photo, unless that takes its time. */
  #briefly(pictured: Promise<void>): Promise<unknown> {
    const { clock = SYSTEM_CLOCK } = this.#options;
    let callOff: (() => void) | undefined;
    const late = new Promise<void>((resolve) => {
      callOff = clock.after(PATIENCE, resolve);
    });
    return Promise.race([pictured, late]).finally(callOff);
  }

  /** What must not keep an image from being shown. */
  async #afterwards(image: ImageRef, cached: Saver | undefined): Promise<void> {
    await this.#options.settled?.();
    if (this.#state.current !== image) return;
    void this.#ahead();
    const isFresh = this.#fresh === image.id;
    this.#fresh = undefined;
    // What was loaded ahead may be old by now.
    if (cached && !isFresh) await this.#refresh(cached);
  }

  async #showPicture(imageId: string): Promise<void> {
    const shown = (change: Partial<SessionState>): void => {
      if (this.#state.current?.id === imageId) this.#set(change);
    };
    const ready = this.#pictures.ready(imageId);
    if (ready) {
      shown({ picture: ready });
      return;
    }
    try {
      shown({ picture: await this.#pictures.get(imageId) });
    } catch (error) {
      shown({ pictureProblem: ['This photo cannot be shown: %1', reason(error)] });
    }
  }

  /** Load what is near, nearest first, and let go of what is far. */
  async #ahead(): Promise<void> {
    const { position } = this.#state;
    const places = [0, ...Array.from({ length: AHEAD }, (_, i) => [i + 1, -i - 1]).flat()].map((by) => position + by);
    const here = (place: number): boolean => place >= 0 && place < this.#refs.count;
    const asked = places.filter((place) => here(place) && !this.#refs.known(place));
    // What is near and not known yet is loaded ahead the next time.
    if (asked.length > 0) await Promise.all(asked.map((place) => this.#refs.at(place))).catch(() => undefined);
    if (this.#state.position !== position) return;
    const near = places.flatMap((place) => this.#refs.known(place) ?? []);
    let pixels = 0;
    const decoded = near.filter(({ width, height }, i) => (pixels += width * height) <= PIXELS || i === 0);
    this.#sets.keep(near.map(({ id }) => id));
    this.#pictures.keep(decoded.map(({ id }) => id));
  }

  async #loadSet(imageId: string): Promise<Saver> {
    const known = this.#savers.get(imageId);
    if (known) return known;
    const { backend, journal, clock = SYSTEM_CLOCK, random = Math.random, newId = makeAnnotationId } = this.#options;
    const [set, entry] = await Promise.all([backend.load(imageId), journal.get(imageId).catch(() => undefined)]);
    const raced = this.#savers.get(imageId);
    if (raced) return raced;
    const saver: Saver = new Saver(imageId, set, {
      ...{ backend, journal, clock, random, newId },
      changed: () => {
        this.#saved();
      },
      rewritten: (page, rewrite) => {
        this.#rewritten(saver, page, rewrite);
      },
    });
    this.#savers.set(imageId, saver);
    if (entry) saver.recover(entry);
    return saver;
  }

  /** Only what is saved may be forgotten. */
  #dropSet = (imageId: string, saver: Saver): boolean => {
    if (saver.state !== 'saved' || this.#state.current?.id === imageId) return false;
    saver.close();
    this.#savers.delete(imageId);
    return true;
  };

  async #refresh(saver: Saver): Promise<void> {
    try {
      saver.refresh(await this.#options.backend.load(saver.imageId));
    } catch {
      // The set that is shown is good until the next save says otherwise.
    }
  }

  async #recover(): Promise<void> {
    const entries = await this.#options.journal.all().catch(() => []);
    for (const { imageId } of entries) {
      const place = await this.#refs.find(imageId).catch(() => undefined);
      if (place !== undefined) await this.#sets.get(imageId).catch(() => undefined);
    }
  }

  #edited = (): void => {
    const { imageId, document, imageState } = this.editor.state;
    if (document === this.#seen?.document && imageState === this.#seen.imageState) return;
    if (imageId === undefined || imageId !== this.#state.current?.id || this.#state.status !== 'ready') return;
    this.#seen = { document, imageState };
    this.#saver()?.edit(this.#seen);
  };

  #rewritten(saver: Saver, page: Page, rewrite: (document: Page['document']) => Page['document']): void {
    if (saver !== this.#saver() || this.#state.status !== 'ready') return;
    this.#seen = page;
    this.editor.rewrite(rewrite, page);
  }

  #saver(): Saver | undefined {
    return this.#state.current && this.#savers.get(this.#state.current.id);
  }

  #saved(): void {
    const savers = [...this.#savers.values()];
    const saving = WORST.find((state) => savers.some((saver) => saver.state === state)) ?? 'saved';
    const unsaved = savers.filter((saver) => saver.state !== 'saved').length;
    const saveProblem = savers.find((saver) => saver.error !== undefined)?.error;
    this.#set({ saving, unsaved, saveProblem, conflict: this.#saver()?.conflict });
  }

  #set(change: Partial<SessionState>): void {
    const before = this.#state;
    const differs = (Object.keys(change) as (keyof SessionState)[]).some((key) => change[key] !== before[key]);
    if (!differs) return;
    this.#state = { ...before, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function pageOf({ state: { document, imageState } }: Editor): Page {
  return { document, imageState };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
