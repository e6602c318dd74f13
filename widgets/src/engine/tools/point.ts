/** Draws points: press, slide to the very place, let go. */
import type { XY } from '../shapes/shape.js';
import { drawing, placeOf, sketch, type Tool } from './tool.js';

export type PointState = { readonly in: 'idle' } | { readonly in: 'pointing' };

const IDLE: PointState = { in: 'idle' };

export const point: Tool<PointState> = {
  id: 'point',
  idle: IDLE,
  cursor: 'crosshair',
  draws: true,

  step(state, input, world) {
    if (input.type === 'cancel') return { state: IDLE };
    if (input.type === 'action')
      return input.action === 'cancel' && state.in === 'pointing' ? { state: IDLE } : undefined;
    if (input.type === 'leave') return undefined;
    const pressed = state.in === 'pointing' || input.type === 'down';
    if (!pressed) return undefined;
    const at: XY = placeOf(input, world);
    const shape = { kind: 'point', ...at } as const;
    if (input.type === 'up') return { state: IDLE, commit: drawing('Draw point', shape, world) };
    return { state: { in: 'pointing' }, draft: [sketch(shape, world)] };
  },
};
