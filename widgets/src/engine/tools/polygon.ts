/** Draws polygons: click vertices or drag freehand. */
import { IDLE, stepOutline, type Outline } from '../gestures/outline.js';
import { polygonOf } from '../shapes/polygon.js';
import { drawing, type Tool } from './tool.js';

export const polygon: Tool<Outline> = {
  id: 'polygon',
  idle: IDLE,
  cursor: 'crosshair',
  draws: true,

  step(state, input, world) {
    const step = stepOutline(state, input, world);
    if (step?.finished === undefined) return step;
    return { state: IDLE, commit: drawing('Draw polygon', polygonOf(step.finished), world) };
  },
};
