/** Moves the view as a hand moves paper. */
import { pan as panned } from '../camera.js';
import type { XY } from '../shapes/shape.js';
import type { Tool } from './tool.js';

export type PanState = { readonly in: 'idle' } | { readonly in: 'panning'; readonly last: XY };

const IDLE: PanState = { in: 'idle' };

export const pan: Tool<PanState> = {
  id: 'pan',
  idle: IDLE,
  cursor: 'grab',
  draws: false,

  step(state, input, { camera, image, viewport }) {
    if (input.type === 'cancel' || input.type === 'up') return { state: IDLE };
    if (input.type === 'down')
      return { state: { in: 'panning', last: { x: input.x, y: input.y } }, cursor: 'grabbing' };
    if (input.type !== 'move' || state.in === 'idle') return undefined;
    const moved = panned(camera, input.x - state.last.x, input.y - state.last.y, image, viewport);
    return { state: { in: 'panning', last: { x: input.x, y: input.y } }, camera: moved, cursor: 'grabbing' };
  },
};
