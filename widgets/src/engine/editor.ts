/** The shell around the pure parts: holds the state, turns input into steps and steps into a new state. */
import { makeAnnotationId, type Annotation } from './annotation.js';
import type { Answer } from './assistant.js';
import { fit, pinched, wheeled, type Camera } from './camera.js';
import { acceptAbove, COMMANDS, labelled, type Ask, type Change } from './commands.js';
import { documentOf, type Document, type Edit, type Ids } from './document.js';
import {
  INITIAL,
  isHidden,
  pageWith,
  type EditorState,
  type ImageState,
  type Label,
  type OpenImage,
  type Page,
} from './editor-state.js';
import { hitTest, SpatialIndex } from './hit-test.js';
import { begin, record, redo, rewrite, settle, undo } from './history.js';
import { NO_MODIFIERS, type BlurInput, type Input, type KeyInput, type PointerInput } from './input.js';
import { actionOf, chordOf, type ActionId } from './keys.js';
import type { Said } from './said.js';
import type { Size } from './shapes/shape.js';
import { TOOLS, toolOf, type ToolId } from './tools/index.js';
import type { PanState } from './tools/pan.js';
import type { Step, ToolAction, ToolInput, World } from './tools/tool.js';

/** CSS pixels around a thing that mean it. */
const MARGIN = { mouse: 6, pen: 8, touch: 16 };

/** What a person may set without a history step. */
export type Settings = Partial<
  Pick<EditorState, 'labels' | 'keymap' | 'previous' | 'readOnly' | 'camera' | 'notice' | 'assists'>
> & {
  readonly view?: Partial<EditorState['view']>;
};

export class Editor {
  #state: EditorState = INITIAL;
  readonly #index = new SpatialIndex();
  readonly #listeners = new Set<() => void>();
  readonly #askers = new Set<(ask: Ask) => void>();
  readonly #newId: () => string;
  #depth = 0;
  #changed = false;
  #pan: PanState = TOOLS.pan.idle;
  #pointerKind: PointerInput['pointer'] = 'mouse';

  constructor(newId: () => string = makeAnnotationId) {
    this.#newId = newId;
  }

  /** A snapshot: the same object until something changes. */
  get state(): EditorState {
    return this.#state;
  }

  /** Where things are, always in step with `state.document`. */
  get index(): SpatialIndex {
    this.#index.update(this.#state.document);
    return this.#index;
  }

  /** Call on every change; the answer ends it. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Call when the host has something to do: another image, the list of keys. */
  onAsk(listener: (ask: Ask) => void): () => void {
    this.#askers.add(listener);
    return () => this.#askers.delete(listener);
  }

  /** Show an image from its beginning: no history, nothing selected, all of it in view. */
  open({ imageId, size, annotations, imageState }: OpenImage): void {
    const page: Page = { document: documentOf(annotations), imageState };
    const { viewport } = this.#state;
    this.#pan = TOOLS.pan.idle;
    this.#set({
      ...this.#resting(),
      ...page,
      imageId,
      image: size,
      history: begin(page),
      selection: [],
      hover: undefined,
      camera: fit(size, viewport),
      panning: false,
      notice: undefined,
    });
  }

  /** Show no image until the next is opened. */
  close(): void {
    const page: Page = { document: documentOf([]), imageState: 'unlabeled' };
    this.#set({
      ...this.#resting(),
      ...page,
      imageId: undefined,
      history: begin(page),
      selection: [],
      hover: undefined,
    });
  }

  /** Whether the input meant something here: then the page must not act on it as well. */
  dispatch(input: Input): boolean {
    return this.#atOnce(() => (input.type === 'blur' ? this.#endPanning() : this.#handle(input)));
  }

  #handle(input: Exclude<Input, BlurInput>): boolean {
    const { camera, image, viewport } = this.#state;
    switch (input.type) {
      case 'key':
        return this.#press(input);
      case 'keyup':
        return this.#release(input);
      case 'wheel':
        return this.#look(wheeled(camera, input, image, viewport));
      case 'pinch':
        return this.#look(pinched(camera, input, image, viewport));
      case 'leave':
        this.#set({ pointer: undefined, hover: undefined });
        return this.#step(input);
      case 'cancel':
        this.#pan = TOOLS.pan.idle;
        return this.#step(input);
      case 'down':
      case 'move':
      case 'up':
        return this.#point(input);
    }
  }

  /** What was found of what the tool asked; of an earlier question it means nothing. */
  answer(answer: Answer): void {
    this.#atOnce(() => {
      const { tool, toolState } = this.#state;
      const step = toolOf(tool).answer?.(toolState, answer, this.#world());
      if (step) this.#take(step);
    });
  }

  /** Do what an action's key does. */
  run(action: ActionId): boolean {
    return this.#atOnce(() => this.#run(action));
  }

  #run(action: ActionId): boolean {
    const asked = this.#toolAction(action);
    if (asked !== undefined && this.#step({ type: 'action', action: asked })) return true;
    const change = COMMANDS[action](this.#state, this.#newId);
    if (change === undefined) return false;
    this.#apply(change);
    return true;
  }

  /** One undoable change. */
  edit(edit: Edit): void {
    this.#apply({ commit: edit });
  }

  select(ids: Ids): void {
    this.#apply({ select: ids });
  }

  setTool(tool: ToolId): void {
    this.#apply({ tool });
  }

  /** Draw with this label; while selecting, what is selected gets it. */
  setLabel(name: string): void {
    this.#apply(labelled(this.#state, name));
  }

  setLabels(labels: readonly Label[]): void {
    const { label } = this.#state;
    const known = labels.some(({ name }) => name === label);
    this.#set({ labels, label: known ? label : labels[0]?.name });
  }

  setImageState(imageState: ImageState): void {
    this.#apply({ mark: { name: `Mark ${imageState}`, imageState } });
  }

  acceptAbove(score: number): void {
    this.#apply(acceptAbove(this.#state, score) ?? {});
  }

  set({ view, ...rest }: Settings): void {
    this.#set(view ? { ...rest, view: { ...this.#state.view, ...view } } : rest);
  }

  setViewport(viewport: Size): void {
    const { camera, image, viewport: before } = this.#state;
    if (viewport.width === before.width && viewport.height === before.height) return;
    const whole = fit(image, before);
    const wasWhole = camera.zoom === whole.zoom && camera.x === whole.x && camera.y === whole.y;
    this.#set({ viewport, camera: wasWhole ? fit(image, viewport) : camera });
  }

  /**
   * Change every snapshot: for what others saved meanwhile, so that undoing never undoes their work. `present` is how
   * it is now, when that is known better.
   */
  rewrite(change: (document: Document) => Document, present?: Page): void {
    const history = rewrite(this.#state.history, (page) => pageWith(page, change(page.document)));
    this.#atOnce(() => {
      const now = present ?? history.present;
      this.#set({ history: { ...history, present: now }, ...now });
      this.#keepSelection();
    });
  }

  #press(input: KeyInput): boolean {
    const action = actionOf(this.#state.keymap, input, this.#state.selection.length > 0);
    if (action === undefined) return false;
    if (action !== 'hold-pan') return this.run(action);
    if (!this.#state.panning) this.#set({ panning: true, cursor: TOOLS.pan.cursor });
    return true;
  }

  #release(input: KeyInput): boolean {
    // Whatever is held beside it: it may have been pressed later.
    const { key, code } = input;
    const alone = chordOf({ type: 'key', key, ...NO_MODIFIERS, ...(code !== undefined && { code }) });
    const held = this.#state.keymap['hold-pan'].map((chord) => chord.replace(/^(?:(?:Mod|Alt|Shift)\+)+(?=.)/, ''));
    return held.some((chord) => chord.toLowerCase() === alone.toLowerCase()) && this.#endPanning();
  }

  #endPanning(): boolean {
    if (!this.#state.panning) return false;
    this.#set({ panning: false, cursor: toolOf(this.#state.tool).cursor });
    return true;
  }

  /** What a key asks of a gesture in progress. Undoing in the middle of a shape takes back its last vertex. */
  #toolAction(action: ActionId): ToolAction | undefined {
    const { tool, toolState } = this.#state;
    if (action === 'finish' || action === 'cancel' || action === 'delete') return action;
    const drawing = toolState.in !== 'idle' && tool !== 'select';
    if (action !== 'undo' || !drawing) return undefined;
    return tool === 'polygon' || tool === 'hole' || tool === 'wire' ? 'delete' : 'cancel';
  }

  #look(camera: Camera): boolean {
    this.#set({ camera });
    return true;
  }

  #point(input: PointerInput): boolean {
    this.#pointerKind = input.pointer;
    this.#set({ pointer: { x: input.x, y: input.y } });
    if (this.#pan.in !== 'idle' || (input.type === 'down' && (this.#state.panning || input.button === 'middle'))) {
      return this.#panBy(input);
    }
    if (input.button === 'secondary') return false;
    const { tool, label, imageId } = this.#state;
    if (imageId === undefined) return false;
    if (input.type === 'down' && toolOf(tool).draws && label === undefined) {
      this.#set({ notice: 'Add a label first: what is drawn needs one.' });
      return true;
    }
    return this.#step(input);
  }

  #panBy(input: PointerInput): boolean {
    const step = TOOLS.pan.step(this.#pan, input, this.#world());
    if (step === undefined) return false;
    this.#pan = step.state;
    const resting = this.#state.panning ? TOOLS.pan.cursor : toolOf(this.#state.tool).cursor;
    this.#set({ camera: step.camera ?? this.#state.camera, cursor: step.cursor ?? resting });
    return true;
  }

  #step(input: ToolInput): boolean {
    const { tool, toolState } = this.#state;
    const step = toolOf(tool).step(toolState, input, this.#world());
    if (step === undefined) return false;
    this.#take(step);
    return true;
  }

  #take(step: Step): void {
    const { tool, camera, readOnly } = this.#state;
    this.#set({
      toolState: step.state,
      draft: readOnly ? [] : (step.draft ?? []),
      guide: step.guide,
      question: readOnly ? undefined : step.question,
      cursor: step.cursor ?? toolOf(tool).cursor,
      hover: step.hover,
      camera: step.camera ?? camera,
    });
    const { commit, select, notice } = step;
    this.#apply({ ...(commit && { commit }), ...(select && { select }), ...(notice !== undefined && { notice }) });
  }

  #apply(change: Change): void {
    this.#atOnce(() => {
      this.#applySettings(change);
      const { commit, mark, select, history, ask } = change;
      if (commit) this.#record(commit.name, (page) => pageWith(page, commit.edit(page.document)), commit.merge);
      if (mark) this.#record(mark.name, (page) => ({ ...page, imageState: mark.imageState }));
      if (select) this.#selectThese(select);
      if (history) this.#travel(history);
      if (ask) for (const asker of this.#askers) asker(ask);
    });
  }

  #applySettings({ tool, view, camera, clipboard, notice, label }: Change): void {
    if (tool !== undefined && tool !== this.#state.tool) this.#set(this.#resting(tool));
    if (view) this.set({ view });
    if (camera) this.#set({ camera });
    if (clipboard) this.#set({ clipboard });
    if (notice !== undefined) this.#set({ notice });
    if (label !== undefined) this.#useLabel(label);
  }

  #useLabel(label: string): void {
    const { label: before, lastLabel } = this.#state;
    this.#set({ label, lastLabel: before === label ? lastLabel : before });
  }

  #record(name: Said, change: (page: Page) => Page, merge?: string): void {
    if (this.#state.readOnly) return;
    const history = record(this.#state.history, name, change(this.#state.history.present), merge);
    this.#set({ history, ...history.present });
    this.#keepSelection();
  }

  #travel(way: 'undo' | 'redo'): void {
    const history = (way === 'undo' ? undo : redo)(this.#state.history);
    this.#set({ ...this.#resting(), history, ...history.present });
    this.#keepSelection();
  }

  #selectThese(ids: Ids): void {
    const same = ids.length === this.#state.selection.length && ids.every((id, i) => id === this.#state.selection[i]);
    if (!same) this.#set({ selection: ids, history: settle(this.#state.history) });
    this.#keepSelection();
  }

  /** What is gone is not selected. */
  #keepSelection(): void {
    const { selection, hover } = this.#state;
    const index = this.index;
    const kept = selection.filter((id) => index.get(id) !== undefined);
    if (kept.length < selection.length) this.#set({ selection: kept });
    if (hover !== undefined && index.get(hover) === undefined) this.#set({ hover: undefined });
  }

  /** The state with no gesture in progress. */
  #resting(tool: ToolId = this.#state.tool): Partial<EditorState> {
    const { idle, cursor } = toolOf(tool);
    return { tool, toolState: idle, cursor, draft: [], guide: undefined, question: undefined };
  }

  #world(): World {
    const { document, selection, camera, viewport, image, label = '', view } = this.#state;
    const index = this.index;
    const margin = MARGIN[this.#pointerKind] / camera.zoom;
    const hidden = (annotation: Annotation): boolean => isHidden(annotation, view);
    return {
      ...{ document, selection, camera, viewport, image, label, margin, pointing: view.pointing },
      newId: this.#newId,
      hit: (at) => hitTest(index, at, { margin, selection, isHidden: hidden }),
      within: (bounds) => index.within(bounds).flatMap(({ annotation }) => (hidden(annotation) ? [] : [annotation])),
      find: (id) => index.get(id)?.annotation,
    };
  }

  #set(change: Partial<EditorState>): void {
    const before = this.#state;
    const differs = (Object.keys(change) as (keyof EditorState)[]).some((key) => change[key] !== before[key]);
    if (!differs) return;
    this.#state = { ...before, ...change };
    this.#changed = true;
    if (this.#depth === 0) this.#tell();
  }

  /** Listeners hear once of all that happens within. */
  #atOnce<T>(act: () => T): T {
    this.#depth++;
    try {
      return act();
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#tell();
    }
  }

  #tell(): void {
    if (!this.#changed) return;
    this.#changed = false;
    for (const listener of this.#listeners) listener();
  }
}
