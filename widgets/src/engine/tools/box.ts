/** Draws boxes: drag, or click two opposite corners. */
import { IDLE, stepTwoPlaces, type TwoPlaces } from '../gestures/two-places.js';
import { boxBetween } from '../shapes/bbox.js';
import { drawing, sketch, type Tool } from './tool.js';

export const box: Tool<TwoPlaces> = {
  id: 'box',
  idle: IDLE,
  cursor: 'crosshair',
  draws: true,

  step(state, input, world) {
    const step = stepTwoPlaces(state, input, world);
    if (step?.line === undefined) return step;
    const shape = boxBetween(step.line.from, step.line.to);
    if (step.line.done) return { state: step.state, commit: drawing('Draw box', shape, world) };
    return { state: step.state, draft: [sketch(shape, world)] };
  },
};
