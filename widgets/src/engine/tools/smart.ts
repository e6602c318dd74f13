/** Draws polygons by pointing: a box around an object or a stroke on it, and its outline is found in the photo. */
import { changed, makeAnnotation, type Annotation } from '../annotation.js';
import type { Answer, OutlineQuestion, Prompt } from '../assistant.js';
import { add, replace } from '../document.js';
import { IDLE as RESTING, stepTwoPlaces, type TwoPlaces } from '../gestures/two-places.js';
import type { Guide } from '../guide.js';
import type { PointerInput } from '../input.js';
import { boundsOf, clip, fromWire, isUsable, type Shape } from '../shapes/index.js';
import { boxBetween } from '../shapes/bbox.js';
import { simplifyLine } from '../shapes/geometry/simplify.js';
import type { Bounds, Ring, WireShape } from '../shapes/shape.js';
import { isFree, MINIMUM, placeOf, type Step, type Tool, type ToolInput, type World } from './tool.js';

/** An outline that is being found: for a new polygon, or in the place of what another one has now. */
interface Wanted {
  readonly question: OutlineQuestion;
  readonly label: string;
  readonly id?: string | undefined;
}

export type SmartState =
  /** `waiting`: outlines that were asked for, the first one to be answered first; drawing goes on meanwhile. */
  | { readonly in: 'idle' | 'waiting'; readonly wanted: readonly Wanted[] }
  | { readonly in: 'boxing'; readonly wanted: readonly Wanted[]; readonly hand: TwoPlaces; readonly box?: Bounds }
  | {
      readonly in: 'brushing';
      readonly wanted: readonly Wanted[];
      readonly stroke: Ring;
      readonly adds: boolean;
      readonly brush: number;
    };

const IDLE: SmartState = { in: 'idle', wanted: [] };

/** CSS pixels: how wide a stroke is, between two of its points, and its error once it is simplified. */
const BRUSH = 10;
const STRIDE = 3;
const TOLERANCE = 1;
/** The widest brush that the other side takes, in image pixels. */
const WIDEST = 1000;

/** What an outline was found from, for as long as it is as it was found: strokes then make it better. Undo included. */
const foundFrom = new WeakMap<Shape, Prompt>();

const NOTHING_FOUND = 'No outline was found there. Draw the box a little larger, or a stroke on the object.';
const NOTHING_TO_REFINE = 'Draw a box around an object first: then strokes add to its outline or take from it.';

export const smart: Tool<SmartState> = {
  id: 'smart',
  idle: IDLE,
  cursor: 'crosshair',
  draws: true,

  step(state, input, world) {
    if (input.type === 'action') return input.action === 'cancel' ? stepOut(state) : undefined;
    if (input.type === 'leave') return undefined;
    if (state.in === 'boxing') return boxing(state, input, world);
    if (input.type === 'cancel') return shown(rest(state.wanted));
    if (state.in === 'brushing') return brushing(state, input, world);
    if (input.type !== 'down') return shown(state);
    return begin(state, input, world);
  },

  answer(state, answer, world) {
    const wanted = state.wanted.find(({ question }) => question === answer.question);
    return wanted && heard({ ...state, wanted: without(state, wanted) }, wanted, answer, world);
  },
};

/** First out of the gesture, then out of what is waited for. */
function stepOut(state: SmartState): Step<SmartState> | undefined {
  if (state.in === 'boxing' || state.in === 'brushing') return shown(rest(state.wanted));
  return state.in === 'waiting' ? { state: IDLE } : undefined;
}

function begin(state: SmartState, input: PointerInput, world: World): Step<SmartState> {
  const { wanted } = state;
  const mode = input.shift ? 'add' : input.alt || input.mod ? 'remove' : world.pointing;
  if (mode === 'box') return boxing({ in: 'boxing', wanted, hand: RESTING }, input, world);
  if (mode === 'remove' && refined(state, world) === undefined) return { ...shown(state), notice: NOTHING_TO_REFINE };
  const brush = Math.min(WIDEST, BRUSH / world.camera.zoom);
  const { x, y } = placeOf(input, world);
  return shown({ in: 'brushing', wanted, stroke: [x, y], adds: mode === 'add', brush });
}

type Boxing = Extract<SmartState, { in: 'boxing' }>;
type Brushing = Extract<SmartState, { in: 'brushing' }>;

function boxing(state: Boxing, input: Exclude<ToolInput, { type: 'action' }>, world: World): Step<SmartState> {
  const step = stepTwoPlaces(state.hand, input, world);
  if (step === undefined) return shown(state);
  if (step.line === undefined) {
    return shown(step.state.in === 'idle' ? rest(state.wanted) : { ...state, hand: step.state });
  }
  const box = boxBetween(step.line.from, step.line.to);
  if (!step.line.done) return shown({ ...state, hand: step.state, box: boundsOf(box) });
  if (!isUsable(box, MINIMUM)) return shown(rest(state.wanted));
  const prompt = { box: [box.x, box.y, box.width, box.height], include: [], exclude: [], brush: BRUSH };
  return asked(state.wanted, { question: { kind: 'outline', prompt }, label: world.label });
}

function brushing(state: Brushing, input: PointerInput, world: World): Step<SmartState> {
  if (input.type === 'down') return shown(state);
  const { x, y } = placeOf(input, world);
  const [lastX = x, lastY = y] = state.stroke.slice(-2);
  const far = Math.hypot(x - lastX, y - lastY) * world.camera.zoom >= STRIDE;
  const stroke = far ? [...state.stroke, x, y] : state.stroke;
  if (input.type === 'move') return shown({ ...state, stroke });
  return stroked({ ...state, stroke: simplifyLine(stroke, TOLERANCE / world.camera.zoom) }, world);
}

/** What the strokes so far say, once this one is drawn. */
function stroked(state: Brushing, world: World): Step<SmartState> {
  const { stroke, adds, brush } = state;
  const refining = refined(state, world);
  const before = refining?.prompt ?? { include: [], exclude: [], brush };
  const strokes = adds ? { include: [...before.include, stroke] } : { exclude: [...before.exclude, stroke] };
  const prompt = { ...before, ...strokes, brush };
  const others = state.wanted.filter((wanted) => wanted !== refining?.instead);
  const label = refining?.label ?? world.label;
  return asked(others, { question: { kind: 'outline', prompt }, label, id: refining?.id });
}

interface Refined {
  readonly prompt: Prompt;
  readonly label: string;
  readonly id: string | undefined;
  readonly instead?: Wanted;
}

/** What a stroke makes better: what was asked for last, else the one polygon selected that was found so. */
function refined({ wanted }: SmartState, world: World): Refined | undefined {
  const last = wanted.at(-1);
  if (last) return { prompt: last.question.prompt, label: last.label, id: last.id, instead: last };
  const selected = world.selection.length === 1 ? world.find(world.selection[0] ?? '') : undefined;
  const prompt = selected && isFree(selected) ? foundFrom.get(selected.shape) : undefined;
  return selected && prompt && { prompt, label: selected.label, id: selected.id };
}

function asked(before: readonly Wanted[], one: Wanted): Step<SmartState> {
  return shown({ in: 'waiting', wanted: [...before, one] });
}

function heard(state: SmartState, wanted: Wanted, answer: Answer, world: World): Step<SmartState> {
  const next = state.in === 'waiting' ? rest(state.wanted) : state;
  if (answer.kind === 'none') return { ...shown(next), notice: ['No outline: %1', answer.reason] };
  const shape = answer.kind === 'outline' ? firstOf(answer.shapes, world) : undefined;
  if (shape === undefined) return { ...shown(next), notice: NOTHING_FOUND };
  foundFrom.set(shape, wanted.question.prompt);
  return { ...shown(next), ...taken(shape, wanted, world), notice: '' };
}

function taken(shape: Shape, { id, label }: Wanted, world: World): Pick<Step, 'commit' | 'select'> {
  const before = id === undefined ? undefined : world.find(id);
  if (before && isFree(before)) {
    const better = changed(before, { shape });
    return { commit: { name: 'Refine outline', edit: (d) => replace(d, better) }, select: [better.id] };
  }
  const found: Annotation = makeAnnotation(world.newId(), label, shape);
  return { commit: { name: 'Smart polygon', edit: (d) => add(d, found) }, select: [found.id] };
}

/** The likeliest outline that can be drawn here. */
function firstOf(shapes: readonly WireShape[], { image }: World): Shape | undefined {
  const polygons = shapes.map(fromWire).filter((shape) => shape.kind === 'polygon');
  return polygons.flatMap((shape) => clip(shape, image)).find((piece) => isUsable(piece, MINIMUM));
}

function rest(wanted: readonly Wanted[]): SmartState {
  return wanted.length > 0 ? { in: 'waiting', wanted } : IDLE;
}

function without({ wanted }: SmartState, one: Wanted): readonly Wanted[] {
  return wanted.filter((other) => other !== one);
}

function shown(state: SmartState): Step<SmartState> {
  return { state, question: state.wanted[0]?.question, guide: guideOf(state) };
}

/** All that is pointed with: what is being drawn, and what is waited for. */
function guideOf(state: SmartState): Guide | undefined {
  const prompts = state.wanted.map(({ question }) => question.prompt);
  const boxes = prompts.flatMap(({ box }) => (box ? [boundsOfBox(box)] : []));
  const strokes = prompts.flatMap(({ include, exclude, brush }) => [
    ...include.map((points) => ({ points, brush, adds: true })),
    ...exclude.map((points) => ({ points, brush, adds: false })),
  ]);
  if (state.in === 'boxing' && state.box) boxes.push(state.box);
  if (state.in === 'brushing') strokes.push({ points: state.stroke, brush: state.brush, adds: state.adds });
  return boxes.length + strokes.length > 0 ? { kind: 'prompt', boxes, strokes } : undefined;
}

function boundsOfBox([x = 0, y = 0, width = 0, height = 0]: readonly number[]): Bounds {
  return { x0: x, y0: y, x1: x + width, y1: y + height };
}
