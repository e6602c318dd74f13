/** Two places on the image, by dragging from one to the other or by a click on each. */
import type { PointerInput } from '../input.js';
import type { XY } from '../shapes/shape.js';
import { hasMoved, placeOf, type ToolAction, type ToolInput, type World } from '../tools/tool.js';

export type TwoPlaces =
  | { readonly in: 'idle' }
  /** Pressed on the first place, perhaps to drag. `screen` is in CSS pixels. */
  | { readonly in: 'pointing'; readonly from: XY; readonly screen: XY }
  | { readonly in: 'drawing'; readonly from: XY; readonly screen: XY; readonly held: boolean };

export const IDLE: TwoPlaces = { in: 'idle' };

export interface TwoPlacesStep {
  readonly state: TwoPlaces;
  /** The places so far; `done` once both are meant. */
  readonly line?: { readonly from: XY; readonly to: XY; readonly done: boolean };
}

export function stepTwoPlaces(state: TwoPlaces, input: ToolInput, world: World): TwoPlacesStep | undefined {
  if (input.type === 'action') return isStopped(state, input.action) ? { state: IDLE } : undefined;
  if (input.type === 'leave') return undefined;
  if (input.type === 'cancel') return { state: state.in === 'drawing' && !state.held ? state : IDLE };
  const to = placeOf(input, world);
  const screen = { x: input.x, y: input.y };
  if (state.in === 'idle') return input.type === 'down' ? { state: { in: 'pointing', from: to, screen } } : undefined;
  return state.in === 'pointing' ? point(state, input.type, to, screen) : draw(state, input.type, to, screen);
}

function isStopped(state: TwoPlaces, action: ToolAction): boolean {
  return action === 'cancel' && state.in !== 'idle';
}

function draw(
  state: Extract<TwoPlaces, { in: 'drawing' }>,
  type: PointerInput['type'],
  to: XY,
  screen: XY,
): TwoPlacesStep {
  const { from } = state;
  const done = state.held ? type === 'up' : type === 'down' && hasMoved(state.screen, screen);
  return { state: done ? IDLE : state, line: { from, to, done } };
}

function point(
  state: Extract<TwoPlaces, { in: 'pointing' }>,
  type: PointerInput['type'],
  to: XY,
  screen: XY,
): TwoPlacesStep {
  const { from } = state;
  if (type === 'up') {
    const held = hasMoved(state.screen, screen);
    if (held) return { state: IDLE, line: { from, to, done: true } };
    return { state: { in: 'drawing', from, screen: state.screen, held: false } };
  }
  if (type === 'down' || !hasMoved(state.screen, screen)) return { state };
  return { state: { in: 'drawing', from, screen: state.screen, held: true }, line: { from, to, done: false } };
}
