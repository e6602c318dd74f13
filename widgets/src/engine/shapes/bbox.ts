/** An axis-aligned box. */
import { overlap } from './geometry/rings.js';
import { hasOnly, isNumbers } from './geometry/wire.js';
import type { Bounds, Handle, ShapeKind, Size, XY } from './shape.js';

/** By its top-left corner, width and height, in pixels. The first pixel alone is `{x: 0, y: 0, width: 1, height: 1}`. */
export interface BBox extends Size, XY {
  readonly kind: 'bbox';
}

/** Where the handles are, clockwise from the top left: -1, 0, 1 for low, middle, high. */
const PLACES = [
  [-1, -1, 'nwse-resize'],
  [0, -1, 'ns-resize'],
  [1, -1, 'nesw-resize'],
  [1, 0, 'ew-resize'],
  [1, 1, 'nwse-resize'],
  [0, 1, 'ns-resize'],
  [-1, 1, 'nesw-resize'],
  [-1, 0, 'ew-resize'],
] as const;

/** The box between two opposite corners, given in any order. */
export function boxBetween(a: XY, b: XY): BBox {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { kind: 'bbox', x, y, width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

export const bbox: ShapeKind<BBox> = {
  kind: 'bbox',
  title: 'Box',
  editable: true,
  bounds,

  distance(box, at) {
    const dx = Math.max(box.x - at.x, at.x - box.x - box.width);
    const dy = Math.max(box.y - at.y, at.y - box.y - box.height);
    return dx <= 0 && dy <= 0 ? Math.max(dx, dy) : Math.hypot(Math.max(dx, 0), Math.max(dy, 0));
  },

  handles({ x, y, width, height }): readonly Handle[] {
    return PLACES.map(([h, v, cursor], index) => {
      return { index, cursor, x: x + ((h + 1) / 2) * width, y: y + ((v + 1) / 2) * height };
    });
  },

  moveHandle(box, index, to) {
    const place = PLACES[index];
    if (place === undefined) return box;
    const { x0, y0, x1, y1 } = bounds(box);
    const [h, v] = place;
    const moved = boxBetween(
      { x: h < 0 ? to.x : x0, y: v < 0 ? to.y : y0 },
      { x: h > 0 ? to.x : x1, y: v > 0 ? to.y : y1 },
    );
    return moved.width > 0 && moved.height > 0 ? moved : box;
  },

  translate: (box, dx, dy) => ({ ...box, x: box.x + dx, y: box.y + dy }),

  path(box) {
    const { x0, y0, x1, y1 } = bounds(box);
    return [{ points: [x0, y0, x1, y0, x1, y1, x0, y1], closed: true, rect: true }];
  },

  clip(box, size) {
    const { x0, y0, x1, y1 } = bounds(box);
    if (x0 >= 0 && y0 >= 0 && x1 <= size.width && y1 <= size.height) return [box];
    if (!overlap({ x0, y0, x1, y1 }, { x0: 0, y0: 0, x1: size.width, y1: size.height })) return [];
    const inside = boxBetween(
      { x: Math.max(x0, 0), y: Math.max(y0, 0) },
      { x: Math.min(x1, size.width), y: Math.min(y1, size.height) },
    );
    return inside.width > 0 && inside.height > 0 ? [inside] : [];
  },

  area: (box) => box.width * box.height,
  isUsable: (box, minimum) => box.width >= minimum && box.height >= minimum,

  toWire: ({ x, y, width, height }) => {
    return { shape_type: 'bbox', geometry: { bbox: [x, y, width, height], coords_unit: 'px' } };
  },

  fromWire({ geometry }) {
    const values = geometry.bbox;
    if (!hasOnly(geometry, ['bbox']) || !isNumbers(values) || values.length !== 4) return undefined;
    const [x = 0, y = 0, width = 0, height = 0] = values;
    return width > 0 && height > 0 ? { kind: 'bbox', x, y, width, height } : undefined;
  },
};

function bounds({ x, y, width, height }: BBox): Bounds {
  return { x0: x, y0: y, x1: x + width, y1: y + height };
}
