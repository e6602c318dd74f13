import { describe, expect, test } from 'vitest';
import { seeded } from '../../testing/random.js';
import { difference, intersection, union, type Area } from './combine.js';
import { signedArea } from './rings.js';

const square = (x: number, y: number, side: number): Area => ({
  points: [x, y, x + side, y, x + side, y + side, x, y + side],
});

function size(areas: readonly Area[]): number {
  const of = (ring: readonly number[]): number => Math.abs(signedArea(ring));
  return areas.reduce((sum, area) => sum + of(area.points) - (area.holes ?? []).reduce((cut, h) => cut + of(h), 0), 0);
}

/** A star-shaped polygon: it never crosses itself. */
function blob(random: () => number, grid: number): Area {
  const [cx, cy, count] = [40 + 40 * random(), 40 + 40 * random(), 3 + Math.floor(12 * random())];
  const points = Array.from({ length: count }, (_, i) => {
    const [angle, reach] = [(2 * Math.PI * (i + 0.8 * random())) / count, 5 + 35 * random()];
    return [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
  });
  return { points: points.flat().map((value) => Math.round(value / grid) * grid) };
}

describe('two squares', () => {
  test('that overlap', () => {
    const [a, b] = [[square(0, 0, 4)], [square(2, 2, 4)]];
    expect(size(union(a, b))).toBe(28);
    expect(size(intersection(a, b))).toBe(4);
    expect(size(difference(a, b))).toBe(12);
    expect(union(a, b)[0]?.points).toHaveLength(16);
  });

  test('that touch along an edge become one with no seam', () => {
    const whole = union([square(0, 0, 4)], [square(4, 0, 4)]);
    expect(whole).toHaveLength(1);
    expect(size(whole)).toBe(32);
  });

  test('that touch at a corner stay two', () => {
    const two = union([square(0, 0, 4)], [square(4, 4, 4)]);
    expect(two).toHaveLength(2);
    expect(size(two)).toBe(32);
  });

  test('that are far apart stay two', () => {
    expect(union([square(0, 0, 4)], [square(10, 0, 4)])).toHaveLength(2);
    expect(intersection([square(0, 0, 4)], [square(10, 0, 4)])).toEqual([]);
  });

  test('that are the same', () => {
    expect(size(union([square(0, 0, 4)], [square(0, 0, 4)]))).toBe(16);
    expect(difference([square(0, 0, 4)], [square(0, 0, 4)])).toEqual([]);
  });
});

test('a square cut out of the middle is a hole, and put back it is gone', () => {
  const holed = difference([square(0, 0, 10)], [square(3, 3, 2)]);
  expect(holed).toHaveLength(1);
  expect(holed[0]?.holes).toHaveLength(1);
  expect(size(holed)).toBe(96);
  expect(union(holed, [square(3, 3, 2)])).toEqual([square(0, 0, 10)]);
});

test('an island in a hole is an area of its own', () => {
  const ring = difference([square(0, 0, 10)], [square(2, 2, 6)]);
  const withIsland = union(ring, [square(4, 4, 2)]);
  expect(withIsland).toHaveLength(2);
  expect(size(withIsland)).toBe(68);
});

test('a figure of eight comes apart into its two loops', () => {
  const loops = union([{ points: [0, 0, 4, 4, 4, 0, 0, 4] }], []);
  expect(loops).toHaveLength(2);
  expect(size(loops)).toBe(8);
});

describe.each([1e-3, 1])('random polygons on a grid of %d px', (grid) => {
  test.each(Array.from({ length: 150 }, (_, seed) => seed))('areas add up (%d)', (seed) => {
    const random = seeded(seed);
    const [a, b] = [union([blob(random, grid)], []), union([blob(random, grid)], [])];
    const [both, common] = [size(union(a, b)), size(intersection(a, b))];
    expect(both + common).toBeCloseTo(size(a) + size(b), 2);
    expect(size(difference(a, b)) + common).toBeCloseTo(size(a), 2);
    expect(size(difference(b, a)) + common).toBeCloseTo(size(b), 2);
    expect(size(union(b, a))).toBeCloseTo(both, 2);
  });
});
