/** Draws polygons along the edges in the photo: click now and then, the line between follows what is seen. */
import { toScreen } from '../camera.js';
import type { Answer, PathQuestion } from '../assistant.js';
import { cleanRing } from '../shapes/geometry/rings.js';
import type { PointerInput } from '../input.js';
import type { Said } from '../said.js';
import { polygonOf } from '../shapes/polygon.js';
import type { Ring, XY } from '../shapes/shape.js';
import { drawing, placeOf, SLACK, type Step, type Tool, type ToolAction, type World } from './tool.js';

export type WireState =
  | { readonly in: 'idle' }
  | {
      /** `closing`: nothing is added any more, only edges are waited for. */
      readonly in: 'drawing' | 'closing';
      readonly anchors: readonly XY[];
      /** The line that leaves each anchor but the last; undefined until it is known. */
      readonly edges: readonly (Ring | undefined)[];
      /** From the last anchor to where the pointer was. */
      readonly preview?: Ring | undefined;
      readonly pointer?: XY | undefined;
      readonly question?: PathQuestion | undefined;
      /** Nobody answers: the lines are straight. */
      readonly alone: boolean;
    };

type Drawing = Exclude<WireState, { in: 'idle' }>;

const IDLE: WireState = { in: 'idle' };
/** CSS pixels around the first anchor that mean it. */
const CLOSING = 10;

export const wire: Tool<WireState> = {
  id: 'wire',
  idle: IDLE,
  cursor: 'crosshair',
  draws: true,

  step(state, input, world) {
    if (input.type === 'action') return state.in === 'idle' ? undefined : act(state, input.action, world);
    if (input.type === 'leave' || input.type === 'up') return undefined;
    if (input.type === 'cancel' || state.in === 'closing') return state.in === 'idle' ? { state } : shown(state, world);
    if (input.type === 'down') return press(state, input, world);
    if (state.in === 'idle') return undefined;
    return shown({ ...state, pointer: placeOf(input, world) }, world);
  },

  answer(state, answer, world) {
    return state.in === 'idle' ? undefined : heard(state, answer, world);
  },
};

function act(state: Drawing, action: ToolAction, world: World): Step<WireState> {
  if (action === 'cancel') return { state: IDLE };
  if (action === 'finish') return state.in === 'closing' ? shown(state, world) : close(state, world);
  const anchors = state.in === 'closing' ? state.anchors : state.anchors.slice(0, -1);
  if (anchors.length === 0) return { state: IDLE };
  const edges = state.edges.slice(0, anchors.length - 1);
  return shown({ ...state, in: 'drawing', anchors, edges, preview: undefined, question: undefined }, world);
}

function press(state: WireState, input: PointerInput, world: World): Step<WireState> {
  const at = placeOf(input, world);
  if (state.in === 'idle') {
    return shown({ in: 'drawing', anchors: [at], edges: [], pointer: at, alone: false }, world);
  }
  const [first] = state.anchors;
  const closes = state.anchors.length > 1 && first !== undefined && isNear(first, input, world);
  if (input.clicks > 1 || closes) return close(state, world);
  const last = lastOf(state);
  if (isSame(last, at)) return shown(state, world);
  const edge = input.alt ? [last.x, last.y, at.x, at.y] : previewTo(state, at);
  const grown = { anchors: [...state.anchors, at], edges: [...state.edges, edge] };
  return shown({ ...state, ...grown, pointer: at, preview: undefined, question: undefined }, world);
}

/** The line that is seen, when it ends where the press is. */
function previewTo({ preview }: Drawing, at: XY): Ring | undefined {
  if (preview === undefined) return undefined;
  return preview.at(-2) === at.x && preview.at(-1) === at.y ? preview : undefined;
}

function close(state: Drawing, world: World): Step<WireState> {
  if (state.anchors.length < 2) return shown(state, world);
  const closing: Drawing = { ...state, in: 'closing', edges: [...state.edges, undefined], preview: undefined };
  return shown({ ...closing, question: undefined }, world);
}

function heard(state: Drawing, answer: Answer, world: World): Step<WireState> | undefined {
  const { question } = answer;
  if (question.kind !== 'path') return undefined;
  if (answer.kind === 'none') {
    const notice: Said = ['Edges cannot be followed, so lines are straight: %1', answer.reason];
    return { ...shown({ ...state, alone: true, question: undefined }, world), notice };
  }
  if (answer.kind !== 'path') return undefined;
  if (question !== state.question) return preview(state, question, answer.points, world);
  const open = state.edges.indexOf(undefined);
  if (open < 0) return preview(state, question, answer.points, world);
  const edges = state.edges.map((edge, i) => (i === open ? answer.points : edge));
  return shown({ ...state, edges, question: undefined }, world);
}

/** A path that was asked for on the way is still shown while it leaves from the last anchor. */
function preview(state: Drawing, { from }: PathQuestion, points: Ring, world: World): Step<WireState> {
  const last = lastOf(state);
  const isOf = isSame(from, last) && !state.edges.includes(undefined);
  return shown(isOf ? { ...state, preview: points } : state, world);
}

/** The step to a state: what it asks, what is seen of it, and the polygon once its last edge is known. */
function shown(state: Drawing, world: World): Step<WireState> {
  const known = state.alone ? { ...state, edges: straightened(state) } : state;
  if (known.in === 'closing' && !known.edges.includes(undefined)) {
    const ring = cleanRing(known.edges.flatMap((edge) => edge?.slice(0, -2) ?? []));
    return { state: IDLE, commit: drawing('Draw along edges', polygonOf(ring), world) };
  }
  const question = wanted(known);
  return { state: { ...known, question }, question, guide: guideOf(known) };
}

function straightened({ anchors, edges }: Drawing): readonly Ring[] {
  return edges.map((edge, i) => edge ?? lineBetween(anchors, i));
}

/** What is not known yet: an edge of the outline first, else the one to the pointer. */
function wanted(state: Drawing): PathQuestion | undefined {
  if (state.alone) return undefined;
  const open = state.edges.indexOf(undefined);
  const [from, to] = open < 0 ? [lastOf(state), state.pointer] : endsOf(state.anchors, open);
  if (to === undefined || isSame(from, to)) return undefined;
  if (open < 0 && previewTo(state, to)) return undefined;
  const { question } = state;
  return question && isSame(question.from, from) && isSame(question.to, to) ? question : { kind: 'path', from, to };
}

function isSame(one: XY, two: XY): boolean {
  return one.x === two.x && one.y === two.y;
}

function guideOf(state: Drawing): Step['guide'] {
  const lines = straightened(state).flat();
  const last = lastOf(state);
  const { pointer, preview: seen } = state;
  const ahead = state.in === 'closing' || pointer === undefined ? [] : (seen ?? [last.x, last.y, pointer.x, pointer.y]);
  const anchors = state.anchors.flatMap(({ x, y }) => [x, y]);
  return { kind: 'outline', points: [...lines, ...ahead], closes: state.in === 'closing', anchors };
}

function lineBetween(anchors: readonly XY[], edge: number): Ring {
  const [from, to] = endsOf(anchors, edge);
  return [from.x, from.y, to.x, to.y];
}

/** The last edge ends where the first begins. */
function endsOf(anchors: readonly XY[], edge: number): readonly [XY, XY] {
  const nowhere = { x: 0, y: 0 };
  return [anchors[edge] ?? nowhere, anchors[(edge + 1) % anchors.length] ?? nowhere];
}

function lastOf({ anchors }: Drawing): XY {
  return anchors.at(-1) ?? { x: 0, y: 0 };
}

function isNear(place: XY, input: PointerInput, { camera }: World): boolean {
  const at = toScreen(camera, place);
  const reach = input.pointer === 'mouse' ? CLOSING : CLOSING + 2 * SLACK;
  return Math.hypot(at.x - input.x, at.y - input.y) <= reach;
}
