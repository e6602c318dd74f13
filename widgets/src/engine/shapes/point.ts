/** A single location. */
import type { ShapeKind, XY } from './shape.js';
import { hasOnly, isNumbers } from './geometry/wire.js';

/** One point in pixels. The centre of the first pixel is `{x: 0.5, y: 0.5}`. */
export interface Point extends XY {
  readonly kind: 'point';
}

export const point: ShapeKind<Point> = {
  kind: 'point',
  title: 'Point',
  editable: true,
  bounds: ({ x, y }) => ({ x0: x, y0: y, x1: x, y1: y }),
  distance: ({ x, y }, at) => Math.hypot(at.x - x, at.y - y),
  handles: ({ x, y }) => [{ index: 0, cursor: 'move', x, y }],
  moveHandle: (at, index, to) => (index === 0 ? { ...at, x: to.x, y: to.y } : at),
  translate: (at, dx, dy) => ({ ...at, x: at.x + dx, y: at.y + dy }),
  path: ({ x, y }) => [{ points: [x, y], closed: false }],
  clip: (at, { width, height }) => (at.x >= 0 && at.y >= 0 && at.x <= width && at.y <= height ? [at] : []),
  area: () => 0,
  isUsable: () => true,
  toWire: ({ x, y }) => ({ shape_type: 'point', geometry: { point: [x, y], coords_unit: 'px' } }),

  fromWire({ geometry }) {
    const values = geometry.point;
    if (!hasOnly(geometry, ['point']) || !isNumbers(values) || values.length !== 2) return undefined;
    const [x = 0, y = 0] = values;
    return { kind: 'point', x, y };
  },
};
