/** Cuts holes and bites: an outline is drawn and taken away from what is selected, else from what lies under it. */
import { changed, type Annotation } from '../annotation.js';
import { replace, type Edit } from '../document.js';
import { IDLE, stepOutline, type Outline } from '../gestures/outline.js';
import { asPolygon, cut } from '../shapes/editing/areas.js';
import { ringBounds } from '../shapes/geometry/rings.js';
import type { Ring } from '../shapes/shape.js';
import { isFree, type Tool, type World } from './tool.js';

export const hole: Tool<Outline> = {
  id: 'hole',
  idle: IDLE,
  cursor: 'crosshair',
  draws: false,

  step(state, input, world) {
    const step = stepOutline(state, input, world);
    if (step?.finished === undefined) return step;
    return { state: IDLE, commit: cutting(step.finished, world) };
  },
};

function cutting(ring: Ring, world: World): Edit | undefined {
  const holed = targets(ring, world).flatMap((annotation) => {
    const area = asPolygon(annotation.shape);
    const left = area && cut(area, ring);
    return left ? [changed(annotation, { shape: left })] : [];
  });
  return holed.length > 0 ? { name: 'Cut hole', edit: (document) => replace(document, ...holed) } : undefined;
}

function targets(ring: Ring, world: World): readonly Annotation[] {
  const selected = world.selection.flatMap((id) => world.find(id) ?? []).filter(isFree);
  if (selected.length > 0) return selected;
  const topmost = world.within(ringBounds(ring)).filter((each) => isFree(each) && asPolygon(each.shape));
  const under = world.hit({ x: ring[0] ?? 0, y: ring[1] ?? 0 });
  const meant = topmost.find((annotation) => annotation.id === under?.id) ?? topmost.at(-1);
  return meant ? [meant] : [];
}
