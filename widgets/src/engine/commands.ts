/** Every action as a pure function from how things are to what is to change. */
import { accepted, sameContent, type Annotation } from './annotation.js';
import { actualSize, fit, fitBounds, zoomAt, type Camera } from './camera.js';
import {
  documentOf,
  paste,
  pickFrom,
  relabel,
  remove,
  reorder,
  replace,
  setFlags,
  type Document,
  type Edit,
  type Ids,
} from './document.js';
import { isHidden, type EditorState, type ImageState, type View } from './editor-state.js';
import type { ActionId, Digit } from './keys.js';
import type { Said } from './said.js';
import { asPolygon, join } from './shapes/editing/areas.js';
import { simplify } from './shapes/editing/vertices.js';
import { contains, unite } from './shapes/geometry/rings.js';
import { boundsOf, translate } from './shapes/index.js';
import type { ToolId } from './tools/index.js';
import { isFree } from './tools/tool.js';

/** What the host has to do. */
export type Ask = 'image-next' | 'image-previous' | 'help';

/** What is to change. Nothing given, nothing changed. */
export interface Change {
  readonly commit?: Edit;
  readonly select?: Ids;
  readonly camera?: Camera;
  readonly view?: Partial<View>;
  readonly tool?: ToolId;
  readonly label?: string;
  readonly clipboard?: readonly Annotation[];
  readonly mark?: { readonly name: Said; readonly imageState: ImageState };
  readonly history?: 'undo' | 'redo';
  readonly ask?: Ask;
  readonly notice?: Said;
}

/** Undefined: there is nothing to do, and the key means what it means to the page. */
export type Command = (state: EditorState, newId: () => string) => Change | undefined;

/** CSS pixels that a copy is moved by. */
const ASIDE = 12;
const ZOOM = 1.25;
/** CSS pixels of error that simplifying may leave. */
const TOLERANCE = 1.5;

const tool =
  (id: ToolId): Command =>
  () => ({ tool: id });
/** Tools that need somebody who finds outlines. */
const asking =
  (id: ToolId): Command =>
  ({ assists }) =>
    assists ? { tool: id } : { notice: 'Nobody here finds outlines: the polygon tool draws them by hand.' };
const ask =
  (what: Ask): Command =>
  () => ({ ask: what });

const LABELS = Object.fromEntries(
  Array.from({ length: 9 }, (_, i) => [`label-${String(i + 1)}`, (state: EditorState) => labelAt(state, i)]),
) as unknown as Record<`label-${Digit}`, Command>;

export const COMMANDS: Readonly<Record<ActionId, Command>> = {
  'tool-select': tool('select'),
  'tool-box': tool('box'),
  'tool-polygon': tool('polygon'),
  'tool-smart': asking('smart'),
  'tool-wire': asking('wire'),
  'tool-point': tool('point'),
  'tool-hole': tool('hole'),
  'tool-split': tool('split'),
  'tool-pan': tool('pan'),
  'hold-pan': () => undefined,
  finish: () => undefined,
  cancel: ({ selection, tool: current }) =>
    selection.length > 0 ? { select: [] } : current === 'select' ? undefined : { tool: 'select' },
  ...LABELS,
  'label-next': (state) => labelBeside(state, 1),
  'label-previous': (state) => labelBeside(state, -1),
  'label-repeat': (state) => (state.lastLabel === undefined ? undefined : labelled(state, state.lastLabel)),
  delete: deleteSelected,
  hide: (state) => flag(state, 'hidden', ['Hide', 'Show']),
  lock: (state) => flag(state, 'locked', ['Lock', 'Unlock']),
  'select-next': (state) => cycle(state, 1),
  'select-previous': (state) => cycle(state, -1),
  'nudge-left': nudge(-1, 0),
  'nudge-right': nudge(1, 0),
  'nudge-up': nudge(0, -1),
  'nudge-down': nudge(0, 1),
  'nudge-left-far': nudge(-10, 0),
  'nudge-right-far': nudge(10, 0),
  'nudge-up-far': nudge(0, -10),
  'nudge-down-far': nudge(0, 10),
  'to-front': (state) => edit(state, 'To the front', (document, ids) => reorder(document, ids, 'front')),
  'to-back': (state) => edit(state, 'To the back', (document, ids) => reorder(document, ids, 'back')),
  join: joinSelected,
  simplify: simplifySelected,
  accept: acceptProposals,
  reject: rejectProposals,
  undo: () => ({ history: 'undo' }),
  redo: () => ({ history: 'redo' }),
  copy: (state) => ({ clipboard: pickFrom(state.document, state.selection) }),
  paste: (state, newId) => copies(state, 'Paste', state.clipboard, ASIDE / state.camera.zoom, newId),
  duplicate: (state, newId) =>
    copies(state, 'Duplicate', pickFrom(state.document, state.selection), ASIDE / state.camera.zoom, newId),
  'select-all': (state) => ({ select: shown(state).map((annotation) => annotation.id), tool: 'select' }),
  'zoom-in': (state) => ({ camera: zoomed(state, ZOOM) }),
  'zoom-out': (state) => ({ camera: zoomed(state, 1 / ZOOM) }),
  'zoom-fit': ({ image, viewport }) => ({ camera: fit(image, viewport) }),
  'zoom-actual': ({ camera, viewport }) => ({ camera: actualSize(camera, viewport) }),
  'zoom-selection': zoomToSelection,
  crosshair: ({ view }) => ({ view: { crosshair: !view.crosshair } }),
  'hide-all': ({ view }) => ({ view: { hideAll: !view.hideAll } }),
  'image-previous': ask('image-previous'),
  'image-next': ask('image-next'),
  'image-previous-arrow': ask('image-previous'),
  'image-next-arrow': ask('image-next'),
  'repeat-previous': repeatPrevious,
  'mark-empty': markEmpty,
  help: ask('help'),
};

/** The current label changes; while selecting, what is selected gets it too. */
export function labelled(state: EditorState, name: string): Change {
  const ids = state.tool === 'select' ? state.selection : [];
  const change = edit(state, ['Label as %1', name], (document, free) => relabel(document, free, name), ids);
  return { ...change, label: name };
}

/** All proposals with at least a score become annotations. */
export function acceptAbove(state: EditorState, score: number): Change | undefined {
  return accepting(state.document.filter(({ proposal }) => proposal !== undefined && proposal.score >= score));
}

function labelAt(state: EditorState, place: number): Change | undefined {
  const label = state.labels[place];
  return label ? labelled(state, label.name) : undefined;
}

function labelBeside(state: EditorState, by: number): Change | undefined {
  const { labels, label } = state;
  const here = labels.findIndex(({ name }) => name === label);
  const beside = labels[(here + by + labels.length) % labels.length];
  return beside ? labelled(state, beside.name) : undefined;
}

/** An edit of what is selected and may be changed; nothing when that changes nothing. */
function edit(
  state: EditorState,
  name: Said,
  change: (document: Document, ids: Ids) => Document,
  ids: Ids = state.selection,
): Change | undefined {
  const free = pickFrom(state.document, ids)
    .filter((annotation) => !annotation.locked)
    .map((annotation) => annotation.id);
  if (free.length === 0) return undefined;
  return { commit: { name, edit: (document) => change(document, free) } };
}

function deleteSelected(state: EditorState): Change | undefined {
  const change = edit(state, 'Delete', remove);
  return change ? { ...change, select: [] } : undefined;
}

function flag(state: EditorState, which: 'hidden' | 'locked', [on, off]: [string, string]): Change | undefined {
  const chosen = pickFrom(state.document, state.selection);
  if (chosen.length === 0) return undefined;
  const value = !chosen.every((annotation) => annotation[which]);
  const { selection } = state;
  return { commit: { name: value ? on : off, edit: (d) => setFlags(d, selection, { [which]: value }) } };
}

function cycle(state: EditorState, by: number): Change | undefined {
  const all = shown(state);
  if (all.length === 0) return undefined;
  const here = all.findIndex((annotation) => annotation.id === state.selection[0]);
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : (here + by + all.length) % all.length];
  if (next === undefined) return undefined;
  return { select: [next.id], tool: 'select', ...bringIntoView(state, next) };
}

function bringIntoView({ camera, image, viewport }: EditorState, { shape }: Annotation): Change {
  const bounds = boundsOf(shape);
  const { x, y, zoom } = camera;
  const seen = { x0: x, y0: y, x1: x + viewport.width / zoom, y1: y + viewport.height / zoom };
  const isNowhere = !(bounds.x0 <= bounds.x1);
  return isNowhere || contains(seen, bounds) ? {} : { camera: fitBounds(bounds, image, viewport) };
}

function shown({ document, view }: EditorState): Document {
  return document.filter((annotation) => !isHidden(annotation, view));
}

function nudge(dx: number, dy: number): Command {
  return ({ document, selection, image }) => {
    const moving = pickFrom(document, selection).filter(isFree);
    const [first, ...rest] = moving.map((annotation) => boundsOf(annotation.shape));
    if (first === undefined) return undefined;
    const { x0, y0, x1, y1 } = rest.reduce(unite, first);
    const limited = (by: number, low: number, high: number, end: number): number =>
      by < 0 ? Math.max(by, Math.min(0, -low)) : Math.min(by, Math.max(0, end - high));
    const [x, y] = [limited(dx, x0, x1, image.width), limited(dy, y0, y1, image.height)];
    if (x === 0 && y === 0) return {};
    const moved = moving.map((annotation) =>
      Object.freeze({ ...annotation, shape: translate(annotation.shape, x, y) }),
    );
    return { commit: { name: 'Nudge', edit: (d) => replace(d, ...moved), merge: `nudge ${selection.join(' ')}` } };
  };
}

function joinSelected({ document, selection }: EditorState): Change | undefined {
  const free = pickFrom(document, selection).filter(isFree);
  const areas = free.flatMap((annotation) => asPolygon(annotation.shape) ?? []);
  const [first] = free;
  const shape = areas.length > 1 && areas.length === free.length ? join(areas) : undefined;
  if (first === undefined || shape === undefined) return undefined;
  const gone = free.slice(1).map((annotation) => annotation.id);
  const whole = Object.freeze({ ...first, shape });
  return { commit: { name: 'Join', edit: (d) => replace(remove(d, gone), whole) }, select: [first.id] };
}

function simplifySelected({ document, selection, camera }: EditorState): Change | undefined {
  const simpler = pickFrom(document, selection)
    .filter(isFree)
    .flatMap((annotation) => {
      const { shape } = annotation;
      return shape.kind === 'polygon'
        ? [Object.freeze({ ...annotation, shape: simplify(shape, TOLERANCE / camera.zoom) })]
        : [];
    });
  return simpler.length > 0 ? { commit: { name: 'Simplify', edit: (d) => replace(d, ...simpler) } } : undefined;
}

/** The proposals meant by a key: those selected, else the one under the pointer. */
function proposalsMeant({ document, selection, hover }: EditorState): Annotation[] {
  const ids = selection.length > 0 || hover === undefined ? selection : [hover];
  return pickFrom(document, ids).filter((annotation) => annotation.proposal !== undefined);
}

function acceptProposals(state: EditorState): Change | undefined {
  return accepting(proposalsMeant(state));
}

function accepting(proposals: readonly Annotation[]): Change | undefined {
  if (proposals.length === 0) return undefined;
  const name: Said = proposals.length === 1 ? 'Accept proposal' : ['Accept %1 proposals', proposals.length];
  return { commit: { name, edit: (d) => replace(d, ...proposals.map(accepted)) } };
}

function rejectProposals(state: EditorState): Change | undefined {
  const ids = proposalsMeant(state).map((annotation) => annotation.id);
  if (ids.length === 0) return undefined;
  const select = state.selection.filter((id) => !ids.includes(id));
  return { commit: { name: 'Reject proposal', edit: (d) => remove(d, ids) }, select };
}

function copies(
  state: EditorState,
  name: string,
  originals: readonly Annotation[],
  offset: number,
  newId: () => string,
): Change | undefined {
  const known = originals.flatMap(({ proposal, ...annotation }) => (proposal === undefined ? [annotation] : []));
  const { pasted } = paste(state.document, known, Math.round(offset), state.image, newId);
  if (pasted.length === 0) return undefined;
  return {
    commit: { name, edit: (document) => documentOf([...document, ...pasted]) },
    select: pasted.map((annotation) => annotation.id),
    tool: 'select',
  };
}

function zoomed({ camera, viewport, image }: EditorState, factor: number): Camera {
  return zoomAt(camera, { x: viewport.width / 2, y: viewport.height / 2 }, factor, image, viewport);
}

function zoomToSelection({ document, selection, image, viewport }: EditorState): Change | undefined {
  const [first, ...rest] = pickFrom(document, selection).map((annotation) => boundsOf(annotation.shape));
  return first ? { camera: fitBounds(rest.reduce(unite, first), image, viewport) } : undefined;
}

/** What was on the image before, but for what is here already. */
function repeatPrevious(state: EditorState, newId: () => string): Change | undefined {
  const fresh = state.previous.filter((old) => !state.document.some((annotation) => sameContent(old, annotation)));
  return copies(state, 'Repeat previous image', fresh, 0, newId);
}

function markEmpty({ document, imageState }: EditorState): Change {
  if (document.some((annotation) => annotation.proposal === undefined)) {
    return { notice: 'This image has annotations. Delete them first to mark it empty.' };
  }
  const empty = imageState !== 'empty';
  return { mark: { name: empty ? 'Mark empty' : 'Mark not looked at', imageState: empty ? 'empty' : 'unlabeled' } };
}
