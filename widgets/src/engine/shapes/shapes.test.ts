import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { boxBetween } from './bbox.js';
import { asPolygon, cut, join, split } from './editing/areas.js';
import { deleteVertex, insertVertex, simplify } from './editing/vertices.js';
import {
  areaOf,
  boundsOf,
  clip,
  distanceTo,
  fromWire,
  handlesOf,
  isEditable,
  isUsable,
  kindOf,
  moveHandle,
  pathOf,
  SHAPES,
  toWire,
  translate,
  type Shape,
} from './index.js';
import { polygonOf, type Polygon } from './polygon.js';
import type { JsonObject } from './shape.js';

const box: Shape = boxBetween({ x: 10, y: 20 }, { x: 40, y: 60 });
const square = polygonOf([0, 0, 10, 0, 10, 10, 0, 10]);
const holed: Polygon = {
  kind: 'polygon',
  parts: [{ points: [0, 0, 10, 0, 10, 10, 0, 10], holes: [[4, 4, 6, 4, 6, 6]] }],
};
const size = { width: 100, height: 80 };

test('every kind is in the list', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) =>
    /^(?!shape\.|shapes\.|index\.).*\.ts$/.test(name),
  );
  expect(files.map((name) => name.replace('.ts', '')).sort()).toEqual(Object.keys(SHAPES).sort());
  for (const [name, kind] of Object.entries(SHAPES)) expect(kind.kind).toBe(name);
});

describe('on the wire', () => {
  test.each<[string, string, JsonObject]>([
    ['a box', 'bbox', { bbox: [1, 2.5, 3, 4], coords_unit: 'px' }],
    ['a polygon', 'polygon', { points: [0, 0, 5, 0, 5, 5], coords_unit: 'px' }],
    [
      'a polygon with a hole',
      'polygon',
      { points: [0, 0, 9, 0, 9, 9], holes: [[5, 1, 8, 1, 8, 4]], coords_unit: 'px' },
    ],
    [
      'a polygon in parts',
      'polygon',
      {
        parts: [{ points: [0, 0, 9, 0, 9, 9], holes: [[5, 1, 8, 1, 8, 4]] }, { points: [20, 0, 29, 0, 29, 9] }],
        coords_unit: 'px',
      },
    ],
    ['a point', 'point', { point: [3, 4], coords_unit: 'px' }],
  ])('%s is read and written the same', (_, shape_type, geometry) => {
    const shape = fromWire({ shape_type, geometry });
    expect(shape.kind).toBe(shape_type);
    expect(toWire(shape)).toEqual({ shape_type, geometry });
  });

  test.each<[string, string, JsonObject]>([
    ['a kind of tomorrow', 'rotated_box', { cx: 4, cy: 5, size: [10, 20], angle: 0.3 }],
    ['a box with a field of tomorrow', 'bbox', { bbox: [1, 2, 3, 4], angle: 30 }],
    ['a box in other units', 'bbox', { bbox: [0.1, 0.2, 0.3, 0.4], coords_unit: 'ratio' }],
    ['a box of no width', 'bbox', { bbox: [1, 2, 0, 4] }],
    ['a box of text', 'bbox', { bbox: ['1', 2, 3, 4] }],
    ['a polygon of two points', 'polygon', { points: [0, 0, 1, 1] }],
    ['a polygon with a broken hole', 'polygon', { points: [0, 0, 5, 0, 5, 5], holes: [[1, 1]] }],
    ['a polygon without parts', 'polygon', { parts: [] }],
    ['a point of three numbers', 'point', { point: [1, 2, 3] }],
    ['a kind named like a property', 'constructor', { point: [1, 2] }],
  ])('%s is kept as it came', (_, shape_type, geometry) => {
    const shape = fromWire({ shape_type, geometry });
    expect(shape.kind).toBe('unknown');
    expect(isEditable(shape)).toBe(false);
    expect(toWire(shape)).toEqual({ shape_type, geometry });
    expect(translate(shape, 5, 5)).toBe(shape);
    expect(moveHandle(shape, 0, { x: 1, y: 1 })).toBe(shape);
    expect(clip(shape, size)).toEqual([shape]);
  });

  test('an unknown shape shows what coordinates it has', () => {
    const line = fromWire({ shape_type: 'polyline', geometry: { points: [1, 2, 11, 2, 11, 22] } });
    expect(boundsOf(line)).toEqual({ x0: 1, y0: 2, x1: 11, y1: 22 });
    expect(distanceTo(line, { x: 6, y: 5 })).toBe(3);
    const pose = fromWire({
      shape_type: 'keypoints',
      geometry: {
        joints: [
          [1, 1],
          [4, 5],
        ],
      },
    });
    expect(pathOf(pose)).toEqual([{ points: [1, 1, 4, 5], closed: false }]);
    const nothing = fromWire({ shape_type: 'scene', geometry: { mood: 'sunny' } });
    expect(distanceTo(nothing, { x: 0, y: 0 })).toBe(Infinity);
    expect(areaOf(nothing)).toBe(0);
  });
});

describe('distance is negative inside', () => {
  test.each([
    [box, 25, 40, -15],
    [box, 12, 40, -2],
    [box, 10, 20, 0],
    [box, 7, 16, 5],
    [square, 5, 1, -1],
    [square, 5, -2, 2],
    [holed, 5.5, 4.5, 0.5],
    [{ kind: 'point', x: 3, y: 4 } as const, 0, 0, 5],
  ])('%o at %d, %d', (shape, x, y, expected) => {
    expect(distanceTo(shape, { x, y })).toBeCloseTo(expected);
  });
});

describe('handles', () => {
  test('of a box: each moves its sides and leaves the others', () => {
    expect(handlesOf(box)).toHaveLength(8);
    expect(boundsOf(moveHandle(box, 0, { x: 0, y: 0 }))).toEqual({ x0: 0, y0: 0, x1: 40, y1: 60 });
    expect(boundsOf(moveHandle(box, 3, { x: 50, y: 0 }))).toEqual({ x0: 10, y0: 20, x1: 50, y1: 60 });
    expect(boundsOf(moveHandle(box, 5, { x: 0, y: 70 }))).toEqual({ x0: 10, y0: 20, x1: 40, y1: 70 });
  });

  test('a corner dragged past the opposite one turns the box over', () => {
    expect(boundsOf(moveHandle(box, 0, { x: 50, y: 70 }))).toEqual({ x0: 40, y0: 60, x1: 50, y1: 70 });
  });

  test('a box dragged to no width stays', () => {
    expect(moveHandle(box, 3, { x: 10, y: 0 })).toBe(box);
  });

  test('of a polygon are its vertices, those of holes too', () => {
    expect(handlesOf(holed)).toHaveLength(7);
    const moved = moveHandle(holed, 5, { x: 7, y: 3 }) as Polygon;
    expect(moved.parts[0]?.holes).toEqual([[4, 4, 7, 3, 6, 6]]);
    expect(moved.parts[0]?.points).toEqual(holed.parts[0]?.points);
  });
});

test.each([box, square, holed, { kind: 'point', x: 3, y: 4 } as const])(
  'moved there and back is the same: %o',
  (shape) => {
    expect(translate(translate(shape, 8, 16), -8, -16)).toEqual(shape);
    expect(areaOf(translate(shape, 8, 16))).toBeCloseTo(areaOf(shape));
    expect(kindOf(shape).kind).toBe(shape.kind);
  },
);

describe('clipped to the picture', () => {
  test('a box within stays the very same; one outside is gone', () => {
    expect(clip(box, size)[0]).toBe(box);
    expect(clip(translate(box, 500, 0), size)).toEqual([]);
    expect(clip(translate(box, -10, 0), size).map(boundsOf)).toEqual([{ x0: 0, y0: 20, x1: 30, y1: 60 }]);
    expect(clip(translate(box, -40, 0), size)).toEqual([]);
  });

  test('a comb falls into its teeth, an object in parts stays one', () => {
    const comb = polygonOf([-10, 0, 10, 0, 10, 2, -5, 2, -5, 4, 10, 4, 10, 6, -10, 6]);
    expect(clip(comb, size)).toHaveLength(2);
    expect(clip(comb, size).reduce((sum, shape) => sum + areaOf(shape), 0)).toBeCloseTo(40);
    const parts: Polygon = { kind: 'polygon', parts: [...comb.parts, { points: [20, 0, 30, 0, 30, 10] }] };
    expect(clip(parts, size)).toHaveLength(1);
  });

  test('a point at the edge is in, one beyond is not', () => {
    expect(clip({ kind: 'point', x: 100, y: 80 }, size)).toHaveLength(1);
    expect(clip({ kind: 'point', x: 100.1, y: 80 }, size)).toEqual([]);
  });
});

test('what is too small is not usable', () => {
  expect(isUsable(boxBetween({ x: 0, y: 0 }, { x: 0.5, y: 9 }), 1)).toBe(false);
  expect(isUsable(polygonOf([0, 0, 9, 9, 18, 18.01]), 1)).toBe(false);
  expect(isUsable(square, 1)).toBe(true);
});

describe('vertices', () => {
  test('one is inserted on the nearest edge, none far from it', () => {
    expect(insertVertex(square, { x: 5, y: 0.5 }, 1)).toEqual(polygonOf([0, 0, 5, 0.5, 10, 0, 10, 10, 0, 10]));
    expect(insertVertex(square, { x: 0, y: 5 }, 1)).toEqual(polygonOf([0, 0, 10, 0, 10, 10, 0, 10, 0, 5]));
    expect(insertVertex(square, { x: 5, y: 5 }, 1)).toBeUndefined();
    expect(insertVertex(holed, { x: 5, y: 4 }, 1)?.parts[0]?.holes).toEqual([[4, 4, 5, 4, 6, 4, 6, 6]]);
  });

  test('one is deleted; a triangle goes whole', () => {
    expect(deleteVertex(square, 1)).toEqual(polygonOf([0, 0, 10, 10, 0, 10]));
    expect(deleteVertex(polygonOf([0, 0, 5, 0, 5, 5]), 0)).toBeUndefined();
    expect(deleteVertex(holed, 5)).toEqual(square);
  });

  test('simplified, a straight edge loses its vertices and a circle keeps its look', () => {
    const dotted = polygonOf([0, 0, 2, 0.01, 5, 0, 10, 0, 10, 5, 10, 10, 0, 10]);
    expect(simplify(dotted, 0.1)).toEqual(square);
    const circle = polygonOf(
      Array.from({ length: 720 }, (_, i) => (i % 2 ? Math.sin : Math.cos)(((i >> 1) * Math.PI) / 180) * 100),
    );
    const simple = simplify(circle, 0.5);
    expect(simple.parts[0]?.points.length).toBeLessThan(100);
    expect(areaOf(simple)).toBeGreaterThan(0.98 * areaOf(circle));
  });
});

describe('areas', () => {
  test('a box and a polygon that overlap are joined to one outline, far ones to one object in parts', () => {
    const other = asPolygon(boxBetween({ x: 5, y: 5 }, { x: 15, y: 15 }));
    const joined = join([square, other ?? square]);
    expect(joined && areaOf(joined)).toBe(175);
    expect(joined?.parts).toHaveLength(1);
    expect(join([square, polygonOf([50, 50, 60, 50, 60, 60])])?.parts).toHaveLength(2);
    expect(asPolygon({ kind: 'point', x: 1, y: 1 })).toBeUndefined();
  });

  test('a hole, a bite, nothing, everything', () => {
    const hole = cut(square, [4, 4, 6, 4, 6, 6]);
    expect(hole && areaOf(hole)).toBe(98);
    expect(hole?.parts[0]?.points).toEqual(square.parts[0]?.points);
    expect(hole?.parts[0]?.holes).toHaveLength(1);
    const bite = cut(square, [5, 5, 15, 5, 15, 15, 5, 15]);
    expect(bite && areaOf(bite)).toBe(75);
    expect(cut(square, [20, 20, 30, 20, 30, 30])).toBeUndefined();
    expect(cut(square, [-1, -1, 11, -1, 11, 11, -1, 11])).toBeUndefined();
  });

  test('split by a line through it, whole when the line misses', () => {
    const halves = split(square, [5, 2, 5, 8]);
    expect(halves.map(areaOf)).toEqual([50, 50]);
    expect(split(square, [20, 0, 20, 10])).toEqual([square]);
    expect(split(square, [5, 5, 5, 5])).toEqual([square]);
    const bent = split(square, [0, 5, 5, 8, 10, 5]);
    expect(bent).toHaveLength(2);
    expect(bent.reduce((sum, piece) => sum + areaOf(piece), 0)).toBeCloseTo(100);
  });
});
