/** Brings one image's edits to the journal and to the Backend, whatever fails on the way. */
import { annotationFromWire, annotationToWire, proposalFromWire, sameJson, type Annotation } from './annotation.js';
import { BackendError, type AnnotationBackend, type AnnotationSet, type SavedSet } from './backend.js';
import type { Clock } from './clock.js';
import { documentOf, type Document } from './document.js';
import type { ImageState, Page } from './editor-state.js';
import { judged, withoutProposals, withProposals } from './judging.js';
import type { Journal, JournalEntry } from './journal.js';
import {
  changesBetween,
  follow,
  isNothing,
  merge,
  rebased,
  type Changes,
  type MergeOptions,
  type Resolution,
} from './merge.js';
import type { Said } from './said.js';

/**
 * Nothing waits · on its way · waits to be sent, or was refused (`error` says why) · both changed the same annotation ·
 * nobody answers, it is tried again.
 */
export type SaveState = 'saved' | 'saving' | 'unsaved' | 'conflict' | 'offline';

export interface Conflict {
  /** Annotations that both changed. */
  readonly ids: readonly string[];
  readonly mine: Document;
  readonly theirs: Document;
}

export interface SaverOptions {
  readonly backend: AnnotationBackend;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  /** Called on every change of `state`, `conflict`, `error`. */
  readonly changed: () => void;
  /** Others' changes have come in: `rewrite` brings them into any earlier snapshot, `page` is how it is now. */
  readonly rewritten: (page: Page, rewrite: (document: Document) => Document) => void;
}

/** First wait before trying again, ms; doubled each time up to the longest, and spread by half either way. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** How many unanswered saves are remembered. */
const SENT = 20;

export class Saver {
  readonly imageId: string;
  readonly #options: SaverOptions;
  /** What the Backend has, as far as is known. */
  #base: Page;
  #revision: number;
  #page: Page;
  #proposed: readonly string[];
  /** Proposals that were rejected on an earlier page. */
  #rejected: ReadonlySet<string> = new Set();
  /** What was sent since `#base` and may have arrived. */
  #sent: readonly Changes[] = [];
  #state: SaveState = 'saved';
  #conflict: Conflict | undefined;
  #error: Said | undefined;
  #tries = 0;
  #busy = false;
  #callOff: (() => void) | undefined;
  #journaling: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(imageId: string, set: AnnotationSet, options: SaverOptions) {
    this.imageId = imageId;
    this.#options = options;
    this.#base = { document: documentOf(set.annotations.map(annotationFromWire)), imageState: set.state };
    this.#revision = set.revision;
    const proposals = (set.proposals ?? []).map(proposalFromWire);
    this.#proposed = proposals.map(({ id }) => id);
    this.#page = { ...this.#base, document: documentOf([...this.#base.document, ...proposals]) };
    void set.later?.then(this.#propose);
  }

  get state(): SaveState {
    return this.#state;
  }

  get conflict(): Conflict | undefined {
    return this.#conflict;
  }

  /** Why the last try failed, for people. */
  get error(): Said | undefined {
    return this.#error;
  }

  /** How the image is now, edits and proposals included. */
  get page(): Page {
    return this.#page;
  }

  /** What the Backend has, as far as is known. */
  get stored(): Document {
    return this.#base.document;
  }

  /** Take up what a journal kept from an earlier page. */
  recover(entry: JournalEntry): void {
    const { changes, rejected = [] } = entry;
    this.#rejected = new Set(rejected);
    const before = new Set([...rejected, ...changes.touched.map(({ id }) => id)]);
    const theirs = withoutProposals(this.#page.document, before);
    const mine = rebased(changes, entry.sent, theirs, annotationFromWire);
    const { document, conflicts } = merge(theirs, mine, this.#merging());
    const imageState = entry.state === entry.stateBefore ? this.#stateFor(document) : entry.state;
    this.#page = { document, imageState };
    if (conflicts.length > 0) {
      const kept = merge(theirs, mine, this.#merging('mine')).document;
      this.#page = { document: kept, imageState };
      this.#stop({ ids: conflicts, mine: annotationsOf(kept), theirs: this.#base.document });
    } else this.#go();
    this.#keep();
  }

  /** What the Backend has now, seen in passing: others' changes come in. */
  refresh(set: AnnotationSet): void {
    if (set.revision !== this.#revision && !this.#busy && this.#conflict === undefined && !this.#closed)
      this.#takeTheirs(set);
  }

  /** The person has edited: into the journal at once, then to the Backend. */
  edit(page: Page): void {
    const isNew = page.document !== this.#page.document || page.imageState !== this.#page.imageState;
    this.#page = page;
    if (!isNew) return;
    this.#error = undefined;
    this.#keep();
    if (this.#conflict === undefined) this.#go();
  }

  /** Where both changed the same annotation: what holds. */
  resolve(resolution: Resolution): void {
    if (this.#conflict === undefined) return;
    const theirs = documentOf([...this.#base.document, ...this.#open()]);
    const wanted = changesBetween(this.#base.document, annotationsOf(this.#page.document), annotationToWire);
    const ids = new Set(this.#conflict.ids);
    const clashing = wanted.touched.filter(({ id }) => ids.has(id));
    const rest = { ...wanted, touched: wanted.touched.filter(({ id }) => !ids.has(id)) };
    const settled = merge(theirs, rest, this.#merging('mine')).document;
    const document = this.#settled(settled, clashing, resolution);
    this.#conflict = undefined;
    const changes = changesBetween(this.#page.document, document, annotationToWire);
    this.#become(document, (snapshot) => merge(snapshot, changes, this.#merging('mine')).document);
    this.#keep();
    this.#go();
  }

  /** Try now, whatever the wait. */
  retry(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    if (this.#conflict === undefined) this.#go();
  }

  /** Resolves when the journal has all edits so far. */
  journaled(): Promise<void> {
    return this.#journaling;
  }

  close(): void {
    this.#closed = true;
    this.#callOff?.();
  }

  /** Proposals that come late, beside what was drawn in the meantime. */
  #propose = (late: NonNullable<AnnotationSet['proposals']>): void => {
    if (this.#closed || late.length === 0) return;
    const proposals = late.map(proposalFromWire);
    this.#proposed = [...this.#proposed, ...proposals.map(({ id }) => id)];
    const beside = (document: Document) => withProposals(document, proposals, this.#rejected);
    this.#become(beside(this.#page.document), beside);
  };

  #settled(document: Document, clashing: Changes['touched'], resolution: Resolution): Document {
    if (resolution === 'theirs') return document;
    const theirs = new Map(this.#base.document.map((annotation) => [annotation.id, annotation]));
    // As if they had not touched it: then mine goes in, in its place or beside theirs.
    const changes = clashing.map(({ id, after }) => {
      const isBeside = resolution === 'both' && after !== undefined && theirs.has(id);
      if (!isBeside) return { id, ...(after && { after }) };
      const key = this.#options.newId();
      return { id: key, after: { ...after, id: key } };
    });
    const kept = resolution === 'both' ? changes.filter(({ after }) => after !== undefined) : changes;
    return merge(document, { touched: kept }, this.#merging('mine')).document;
  }

  #go(): void {
    if (this.#busy || this.#closed || this.#callOff) {
      this.#set(this.#busy ? this.#state : this.#waiting());
      return;
    }
    if (this.#isSaved()) {
      this.#set('saved');
      return;
    }
    this.#busy = true;
    this.#set('saving');
    void this.#send();
  }

  #waiting(): SaveState {
    return this.#isSaved() ? 'saved' : this.#state === 'saved' ? 'unsaved' : this.#state;
  }

  async #send(): Promise<void> {
    const { backend } = this.#options;
    const sent = this.#page;
    const drawn = annotationsOf(sent.document);
    const changes = changesBetween(this.#base.document, drawn, annotationToWire);
    const annotations = drawn.map(annotationToWire);
    const verdicts = judged(this.#proposed, sent.document);
    if (!this.#sent.some((before) => sameJson(before, changes))) this.#sent = [...this.#sent, changes].slice(-SENT);
    this.#keep();
    const states = { state: sent.imageState, stateBefore: this.#base.imageState };
    const request = { revision: this.#revision, ...states, annotations, changes, judged: verdicts };
    try {
      const saved = await backend.save(this.imageId, request);
      this.#busy = false;
      this.#took(saved, sent);
    } catch (error) {
      this.#busy = false;
      await this.#failed(error, sent);
    }
  }

  #took(saved: SavedSet, sent: Page): void {
    if (this.#closed) return;
    this.#tries = 0;
    this.#error = undefined;
    this.#revision = saved.revision;
    this.#sent = [];
    this.#proposed = this.#proposed.filter((id) => sent.document.some((each) => each.id === id && each.proposal));
    const drawn = annotationsOf(sent.document);
    this.#base = { document: drawn, imageState: saved.state };
    if (saved.annotations) this.#adopt({ ...saved, annotations: saved.annotations }, drawn);
    if (sent.imageState !== saved.state && this.#page.imageState === sent.imageState) {
      this.#become(this.#page.document, (document) => document, saved.state);
    }
    this.#keep();
    this.#go();
  }

  /** The Backend may have written something a little otherwise (new ids, points left out): that is how it is then. */
  #adopt(saved: Pick<AnnotationSet, 'annotations'>, sent: Document): void {
    const theirs = documentOf(saved.annotations.map(annotationFromWire));
    this.#base = { ...this.#base, document: theirs };
    const changes = changesBetween(sent, theirs, annotationToWire);
    if (!isNothing(changes)) this.#become(follow(this.#page.document, changes, annotationFromWire), follower(changes));
  }

  async #failed(error: unknown, sent: Page): Promise<void> {
    const known = error instanceof BackendError ? error : new BackendError('unavailable', String(error));
    this.#error = known.message;
    if (known.kind === 'conflict') return this.#mergeTheirs();
    if (known.kind === 'unavailable') this.#later();
    else this.#refused(sent);
  }

  /** Nothing of it has arrived. What was edited since may be what was asked for. */
  #refused(sent: Page): void {
    this.#sent = this.#sent.slice(0, -1);
    if (this.#page === sent) this.#set('unsaved');
    else this.#go();
  }

  /** Somebody else saved: theirs come in, mine stay in, and only what both changed needs the person. */
  async #mergeTheirs(): Promise<void> {
    this.#busy = true;
    let set: AnnotationSet;
    try {
      set = await this.#options.backend.load(this.imageId);
    } catch (error) {
      this.#busy = false;
      this.#error = error instanceof Error ? error.message : String(error);
      this.#later();
      return;
    }
    this.#busy = false;
    if (!this.#closed) this.#takeTheirs(set);
  }

  #takeTheirs(set: AnnotationSet): void {
    const theirs = documentOf(set.annotations.map(annotationFromWire));
    const wanted = changesBetween(this.#base.document, annotationsOf(this.#page.document), annotationToWire);
    const mine = rebased(wanted, this.#sent, theirs, annotationFromWire);
    const others = changesBetween(this.#base.document, theirs, annotationToWire);
    const { document, conflicts } = merge(theirs, mine, this.#merging());
    const stateIsMine = this.#page.imageState !== this.#base.imageState;
    this.#base = { document: theirs, imageState: set.state };
    this.#revision = set.revision;
    this.#sent = [];
    this.#error = undefined;
    const mineBefore = annotationsOf(this.#page.document);
    if (conflicts.length > 0) {
      // All else is merged; what clashes stays as the person has it until they choose.
      const kept = merge(theirs, mine, this.#merging('mine')).document;
      this.#become(documentOf([...kept, ...this.#open()]), follower(others));
      this.#keep();
      this.#stop({ ids: conflicts, mine: mineBefore, theirs });
      return;
    }
    const state =
      stateIsMine && document.length > 0 === mineBefore.length > 0 ? this.#page.imageState : this.#stateFor(document);
    this.#become(documentOf([...document, ...this.#open()]), follower(others), state);
    this.#keep();
    this.#go();
  }

  #later(): void {
    const { clock, random } = this.#options;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries++) * (0.5 + random());
    this.#callOff = clock.after(wait, () => {
      this.#callOff = undefined;
      this.#go();
    });
    this.#set('offline');
  }

  #stop(conflict: Conflict): void {
    this.#conflict = conflict;
    this.#set('conflict');
  }

  #become(document: Document, rewrite: (document: Document) => Document, imageState = this.#page.imageState): void {
    this.#page = { document, imageState };
    this.#options.rewritten(this.#page, rewrite);
  }

  /** Write to the journal what the Backend has not, or take it out; one after the other. */
  #keep(): void {
    const { journal, clock } = this.#options;
    const changes = changesBetween(this.#base.document, annotationsOf(this.#page.document), annotationToWire);
    const [state, stateBefore] = [this.#page.imageState, this.#base.imageState];
    const { rejected } = judged(this.#proposed, this.#page.document);
    const kept = { imageId: this.imageId, revision: this.#revision, changes, sent: this.#sent, rejected };
    const entry = { ...kept, state, stateBefore, at: clock.now() };
    const isDone = isNothing(changes) && state === stateBefore && rejected.length + this.#sent.length === 0;
    this.#journaling = this.#journaling
      .then(() => (isDone ? journal.delete(this.imageId) : journal.put(entry)))
      .catch((error: unknown) => {
        // Without a journal the edit is still on its way to the Backend: say so and go on.
        this.#error = ['This browser cannot keep a copy: %1', String(error)];
        this.#options.changed();
      });
  }

  #isSaved(): boolean {
    const changes = changesBetween(this.#base.document, annotationsOf(this.#page.document), annotationToWire);
    const { accepted, rejected } = judged(this.#proposed, this.#page.document);
    const judges = accepted.length + rejected.length > 0;
    // While it is not known what has arrived, the Backend is asked, by saving again.
    const known = this.#sent.length === 0;
    return known && isNothing(changes) && !judges && this.#page.imageState === this.#base.imageState;
  }

  /** Proposals nobody has judged yet. */
  #open(): readonly Annotation[] {
    return this.#page.document.filter((annotation) => annotation.proposal !== undefined);
  }

  #stateFor(document: Document): ImageState {
    const { imageState } = this.#base;
    if (imageState === 'reviewed') return imageState;
    const drawn = annotationsOf(document).length > 0;
    if (drawn) return 'labeled';
    return imageState === 'empty' ? 'empty' : 'unlabeled';
  }

  #merging(resolution?: Resolution): MergeOptions {
    const { newId } = this.#options;
    return { fromWire: annotationFromWire, newId, ...(resolution && { resolution }) };
  }

  #set(state: SaveState): void {
    if (this.#closed) return;
    this.#state = state;
    this.#options.changed();
  }
}

function annotationsOf(document: Document): Document {
  return document.some(({ proposal }) => proposal)
    ? documentOf(document.filter(({ proposal }) => !proposal))
    : document;
}

function follower(changes: Changes): (document: Document) => Document {
  return (document) => follow(document, changes, annotationFromWire);
}
