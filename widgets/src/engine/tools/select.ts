/** Selects, moves and reshapes. */
import { changed, type Annotation } from '../annotation.js';
import { remove, replace, type Ids } from '../document.js';
import type { Hit } from '../hit-test.js';
import type { PointerInput } from '../input.js';
import type { Said } from '../said.js';
import { deleteVertex, insertVertex } from '../shapes/editing/vertices.js';
import { contains, unite } from '../shapes/geometry/rings.js';
import { boundsOf, isUsable, moveHandle, translate } from '../shapes/index.js';
import type { Bounds, XY } from '../shapes/shape.js';
import { hasMoved, isFree, MINIMUM, placeOf, type Step, type Tool, type ToolAction, type World } from './tool.js';

export type SelectState =
  /** `vertex` is the one grabbed last: Delete takes it away. */
  | { readonly in: 'idle'; readonly vertex?: { readonly id: string; readonly index: number } }
  /** Pressed on a shape, perhaps to move it. `screen` is in CSS pixels. */
  | { readonly in: 'pointing'; readonly id: string; readonly from: XY; readonly screen: XY; readonly again: boolean }
  | { readonly in: 'moving'; readonly from: XY; readonly ids: Ids }
  | {
      readonly in: 'dragging-handle';
      readonly id: string;
      readonly index: number;
      readonly moved: boolean;
      readonly screen: XY;
    }
  | { readonly in: 'banding'; readonly from: XY; readonly kept: Ids };

const IDLE: SelectState = { in: 'idle' };

export const select: Tool<SelectState> = {
  id: 'select',
  idle: IDLE,
  cursor: 'default',
  draws: false,

  step(state, input, world) {
    if (input.type === 'action') return act(state, input.action, world);
    if (input.type === 'leave') return state.in === 'idle' ? { state } : undefined;
    if (input.type === 'cancel') return { state: IDLE };
    return input.type === 'down' ? press(state, input, world) : follow(state, input, world);
  },
};

function follow(state: SelectState, input: PointerInput, world: World): Step<SelectState> | undefined {
  switch (state.in) {
    case 'idle':
      return input.type === 'move' ? look(state, input, world) : undefined;
    case 'pointing':
      return point(state, input, world);
    case 'moving':
      return move(state, input, world);
    case 'dragging-handle':
      return drag(state, input, world);
    case 'banding':
      return band(state, input, world);
  }
}

function act(state: SelectState, action: ToolAction, world: World): Step<SelectState> | undefined {
  if (action === 'cancel') return state.in === 'idle' ? undefined : { state: IDLE };
  if (action === 'finish' || state.in !== 'idle' || state.vertex === undefined) return undefined;
  const { id, index } = state.vertex;
  return world.selection.includes(id) ? withoutVertex(id, index, world) : undefined;
}

function look(state: SelectState, input: PointerInput, world: World): Step<SelectState> {
  const hit = world.hit(placeOf(input, world));
  return { state, hover: hit?.id, cursor: hit && (hit.cursor ?? 'pointer') };
}

function press(state: SelectState, input: PointerInput, world: World): Step<SelectState> {
  if (state.in !== 'idle') return { state };
  const at = placeOf(input, world);
  const hit = world.hit(at);
  if (hit?.handle !== undefined) return grab(hit, hit.handle, input, world);
  if (hit !== undefined) return pressOn(hit.id, at, input, world);
  const kept = input.shift ? world.selection : [];
  return { state: { in: 'banding', from: at, kept }, select: kept };
}

function pressOn(id: string, from: XY, input: PointerInput, world: World): Step<SelectState> {
  const again = world.selection.includes(id);
  const added = again && (input.alt || input.clicks > 1) ? withVertex(id, from, world) : undefined;
  if (added) return added;
  const select = again ? world.selection : input.shift ? [...world.selection, id] : [id];
  return { state: { in: 'pointing', id, from, screen: { x: input.x, y: input.y }, again }, select, hover: id };
}

function grab(hit: Hit, index: number, input: PointerInput, world: World): Step<SelectState> {
  if (input.alt) return withoutVertex(hit.id, index, world) ?? { state: IDLE };
  const screen = { x: input.x, y: input.y };
  return { state: { in: 'dragging-handle', id: hit.id, index, moved: false, screen }, cursor: hit.cursor };
}

function point(state: Extract<SelectState, { in: 'pointing' }>, input: PointerInput, world: World): Step<SelectState> {
  if (input.type === 'up') {
    // A click on one of several selects it alone; with Shift it leaves the selection.
    if (!state.again) return { state: IDLE, hover: state.id };
    const rest = world.selection.filter((id) => id !== state.id);
    return { state: IDLE, select: input.shift ? rest : [state.id], hover: state.id };
  }
  if (!hasMoved(state.screen, input)) return { state, hover: state.id };
  const ids = world.selection.filter((id) => free(id, world));
  return ids.length > 0
    ? move({ in: 'moving', from: state.from, ids }, input, world)
    : { state, cursor: 'not-allowed' };
}

function move(state: Extract<SelectState, { in: 'moving' }>, input: PointerInput, world: World): Step<SelectState> {
  const moving = state.ids.flatMap((id) => free(id, world) ?? []);
  const [first, ...rest] = moving.map((annotation) => boundsOf(annotation.shape));
  if (first === undefined) return { state: IDLE };
  const at = placeOf(input, world);
  const { x, y } = keptInside(at.x - state.from.x, at.y - state.from.y, rest.reduce(unite, first), world);
  const draft = moving.map((annotation) => changed(annotation, { shape: translate(annotation.shape, x, y) }));
  if (input.type === 'move') return { state, draft, cursor: 'move' };
  const name: Said = moving.length === 1 ? 'Move' : ['Move %1 shapes', moving.length];
  return { state: IDLE, commit: x === 0 && y === 0 ? undefined : { name, edit: (d) => replace(d, ...draft) } };
}

/** A move that leaves the picture no further than the shapes have left it already. */
function keptInside(dx: number, dy: number, { x0, y0, x1, y1 }: Bounds, { image }: World): XY {
  const within = (by: number, low: number, high: number, end: number): number =>
    Math.round(Math.max(Math.min(0, -low), Math.min(Math.max(0, end - high), by)) * 100) / 100;
  return { x: within(dx, x0, x1, image.width), y: within(dy, y0, y1, image.height) };
}

function drag(
  state: Extract<SelectState, { in: 'dragging-handle' }>,
  input: PointerInput,
  world: World,
): Step<SelectState> {
  const annotation = free(state.id, world);
  if (annotation === undefined) return { state: IDLE };
  const vertex = { id: state.id, index: state.index };
  const moved = state.moved || hasMoved(state.screen, input);
  if (!moved) return input.type === 'up' ? { state: { in: 'idle', vertex } } : { state };
  const shape = moveHandle(annotation.shape, state.index, placeOf(input, world));
  const draft = changed(annotation, { shape });
  if (input.type === 'move') return { state: { ...state, moved }, draft: [draft] };
  const usable = shape !== annotation.shape && isUsable(shape, MINIMUM);
  const name = shape.kind === 'polygon' ? 'Move vertex' : shape.kind === 'point' ? 'Move' : 'Resize';
  return { state: { in: 'idle', vertex }, commit: usable ? { name, edit: (d) => replace(d, draft) } : undefined };
}

function band(state: Extract<SelectState, { in: 'banding' }>, input: PointerInput, world: World): Step<SelectState> {
  const to = placeOf(input, world);
  const { from, kept } = state;
  const bounds = {
    x0: Math.min(from.x, to.x),
    y0: Math.min(from.y, to.y),
    x1: Math.max(from.x, to.x),
    y1: Math.max(from.y, to.y),
  };
  const inside = world.within(bounds).filter((annotation) => contains(bounds, boundsOf(annotation.shape)));
  const ids = [...new Set([...kept, ...inside.map((annotation) => annotation.id)])];
  if (input.type === 'up') return { state: IDLE, select: ids };
  return { state, select: ids, guide: { kind: 'band', bounds } };
}

function withVertex(id: string, at: XY, world: World): Step<SelectState> | undefined {
  const annotation = free(id, world);
  if (annotation?.shape.kind !== 'polygon') return undefined;
  const shape = insertVertex(annotation.shape, at, world.margin);
  if (shape === undefined) return undefined;
  return { state: IDLE, commit: { name: 'Add vertex', edit: (d) => replace(d, changed(annotation, { shape })) } };
}

function withoutVertex(id: string, index: number, world: World): Step<SelectState> | undefined {
  const annotation = free(id, world);
  if (annotation?.shape.kind !== 'polygon') return undefined;
  const shape = deleteVertex(annotation.shape, index);
  if (shape === undefined) {
    return { state: IDLE, select: [], commit: { name: 'Delete', edit: (d) => remove(d, [id]) } };
  }
  return { state: IDLE, commit: { name: 'Delete vertex', edit: (d) => replace(d, changed(annotation, { shape })) } };
}

function free(id: string, world: World): Annotation | undefined {
  const annotation = world.find(id);
  return annotation && isFree(annotation) ? annotation : undefined;
}
