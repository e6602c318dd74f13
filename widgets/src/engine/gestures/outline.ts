/** A closed outline: click its vertices or drag along it, and close it at its beginning, by double click or Enter. */
import { toScreen } from '../camera.js';
import { cleanRing } from '../shapes/geometry/rings.js';
import { simplifyLine } from '../shapes/geometry/simplify.js';
import type { Guide } from '../guide.js';
import type { CancelInput, PointerInput } from '../input.js';
import type { Ring, XY } from '../shapes/shape.js';
import { hasMoved, placeOf, SLACK, type ToolAction, type ToolInput, type World } from '../tools/tool.js';

export type Outline =
  | { readonly in: 'idle' }
  | { readonly in: 'drawing'; readonly points: Ring }
  /** Pressed on a new vertex; `trace` is what was drawn since without letting go. `screen` is in CSS pixels. */
  | { readonly in: 'pressing'; readonly points: Ring; readonly at: XY; readonly screen: XY; readonly trace: Ring };

export const IDLE: Outline = { in: 'idle' };

/** CSS pixels between two points of a freehand line, and its error once it is simplified. */
const STRIDE = 2;
const TOLERANCE = 1;
/** CSS pixels around the first vertex that mean it. */
const CLOSING = 10;

export interface OutlineStep {
  readonly state: Outline;
  readonly guide?: Guide | undefined;
  /** The whole outline, once it is closed. */
  readonly finished?: Ring;
}

export function stepOutline(state: Outline, input: ToolInput, world: World): OutlineStep | undefined {
  if (input.type === 'action') return act(state, input.action);
  if (input.type === 'leave') return undefined;
  if (state.in === 'pressing') return pressed(state, input, world);
  if (input.type === 'cancel') return { state };
  if (input.type === 'up') return undefined;
  return input.type === 'down' ? press(state, input, world) : hover(state, input, world);
}

function pressed(state: Pressing, input: PointerInput | CancelInput, world: World): OutlineStep {
  if (input.type === 'cancel') return going(state.points);
  if (input.type === 'down') return { state };
  return input.type === 'move' ? trace(state, input, world) : release(state, input, world);
}

function act(state: Outline, action: ToolAction): OutlineStep | undefined {
  if (state.in === 'idle') return undefined;
  if (action === 'cancel') return { state: IDLE };
  if (action === 'finish') return finish(state.points) ?? { state };
  return going(state.in === 'pressing' ? state.points : state.points.slice(0, -2));
}

function press(state: Outline, input: PointerInput, world: World): OutlineStep {
  const points = state.in === 'drawing' ? state.points : [];
  const done = input.clicks > 1 || isAtStart(points, input, world) ? finish(points) : undefined;
  if (done) return done;
  const at = placeOf(input, world);
  const pressing = { in: 'pressing', points, at, screen: { x: input.x, y: input.y }, trace: [] } as const;
  return { state: pressing, guide: guideOf([...points, at.x, at.y], input, world) };
}

type Pressing = Extract<Outline, { in: 'pressing' }>;

function trace(state: Pressing, input: PointerInput, world: World): OutlineStep {
  const last = lastOf(state);
  const far = hasMoved(state.screen, input) || state.trace.length > 0;
  const { x, y } = placeOf(input, world);
  const stride = Math.hypot(x - last.x, y - last.y) * world.camera.zoom;
  const grown = far && stride >= STRIDE ? [...state.trace, x, y] : state.trace;
  const line = [...state.points, state.at.x, state.at.y, ...grown];
  return { state: { ...state, trace: grown }, guide: guideOf(line, input, world) };
}

function release(state: Pressing, input: PointerInput, world: World): OutlineStep {
  const drawn = [state.at.x, state.at.y, ...state.trace];
  const points = [...state.points, ...simplifyLine(drawn, TOLERANCE / world.camera.zoom)];
  const closes = state.trace.length > 0 && isAtStart(points, input, world);
  return (closes ? finish(points) : undefined) ?? going(points, guideOf(points, input, world));
}

function hover(state: Outline, input: PointerInput, world: World): OutlineStep | undefined {
  if (state.in !== 'drawing') return undefined;
  const closes = isAtStart(state.points, input, world);
  const at = closes ? [] : [placeOf(input, world)];
  return { state, guide: { kind: 'outline', points: [...state.points, ...at.flatMap(({ x, y }) => [x, y])], closes } };
}

function finish(points: Ring): OutlineStep | undefined {
  const ring = cleanRing(points);
  return ring.length >= 6 ? { state: IDLE, finished: ring } : undefined;
}

function going(points: Ring, guide: Guide = { kind: 'outline', points, closes: false }): OutlineStep {
  return points.length > 0 ? { state: { in: 'drawing', points }, guide } : { state: IDLE };
}

function guideOf(points: Ring, input: PointerInput, world: World): Guide {
  return { kind: 'outline', points, closes: isAtStart(points, input, world) && points.length > 6 };
}

function lastOf({ trace: drawn, at }: Pressing): XY {
  return { x: drawn.at(-2) ?? at.x, y: drawn.at(-1) ?? at.y };
}

function isAtStart(points: Ring, input: PointerInput, { camera }: World): boolean {
  const [x, y] = points;
  if (x === undefined || y === undefined || points.length < 6) return false;
  const start = toScreen(camera, { x, y });
  const reach = input.pointer === 'mouse' ? CLOSING : CLOSING + 2 * SLACK;
  return Math.hypot(start.x - input.x, start.y - input.y) <= reach;
}
