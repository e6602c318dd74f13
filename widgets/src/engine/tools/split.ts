/** Splits by a line: what is selected, else all that the line goes through. */
import { changed, type Annotation } from '../annotation.js';
import { replaceBy, type Edit } from '../document.js';
import { IDLE, stepTwoPlaces, type TwoPlaces } from '../gestures/two-places.js';
import { asPolygon, split as splitArea } from '../shapes/editing/areas.js';
import { ringBounds } from '../shapes/geometry/rings.js';
import type { Ring } from '../shapes/shape.js';
import { isFree, type Tool, type World } from './tool.js';

export const split: Tool<TwoPlaces> = {
  id: 'split',
  idle: IDLE,
  cursor: 'crosshair',
  draws: false,

  step(state, input, world) {
    const step = stepTwoPlaces(state, input, world);
    if (step?.line === undefined) return step;
    const { from, to, done } = step.line;
    const line = [from.x, from.y, to.x, to.y];
    return done
      ? { state: step.state, commit: splitting(line, world), select: [] }
      : { state: step.state, guide: { kind: 'line', points: line } };
  },
};

function splitting(line: Ring, world: World): Edit | undefined {
  const selected = world.selection.flatMap((id) => world.find(id) ?? []);
  const targets = selected.length > 0 ? selected : world.within(ringBounds(line));
  const fallen = targets.filter(isFree).flatMap((annotation) => {
    const pieces = piecesOf(annotation, line, world);
    return pieces.length > 1 ? [{ id: annotation.id, pieces }] : [];
  });
  if (fallen.length === 0) return undefined;
  return {
    name: 'Split',
    edit: (document) => fallen.reduce((rest, { id, pieces }) => replaceBy(rest, id, pieces), document),
  };
}

/** The first piece keeps the id. */
function piecesOf(annotation: Annotation, line: Ring, world: World): readonly Annotation[] {
  const area = asPolygon(annotation.shape);
  if (area === undefined) return [];
  const pieces = splitArea(area, line);
  return pieces.map((shape, i) => changed(i === 0 ? annotation : { ...annotation, id: world.newId() }, { shape }));
}
