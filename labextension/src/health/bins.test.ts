import { describe, expect, test } from 'vitest';
import { whereOf } from '../images/where.js';
import { parseQuery } from '../images/query.js';
import { barsOf, binText, cellQuery, wholeNumbers } from './bins.js';

describe('the images behind a bin', () => {
  const histogram = { edges: [0, 2.5, 5, 7.5], counts: [3, 0, 2] };

  test('every whole number is in exactly one bin, the last edge too', () => {
    expect([0, 1, 2].map((bin) => wholeNumbers(histogram.edges, bin))).toEqual([
      [0, 2],
      [3, 4],
      [5, 7],
    ]);
    expect(wholeNumbers([0, 1, 2], 1)).toEqual([1, 2]);
    expect(wholeNumbers([0.2, 0.8], 0)).toBeUndefined();
  });

  test('are found by a query that reads back', () => {
    const bars = barsOf(histogram, 'objects');
    expect(bars[2]).toEqual({ name: '5–7', count: 2, query: 'objects:5..7' });
    expect(whereOf(parseQuery(bars[2]?.query ?? '').terms)).toEqual({ min_objects: 5, max_objects: 7 });
  });

  test('empty bins at the ends are not drawn, those between are', () => {
    const bars = barsOf({ edges: [0, 1, 2, 3, 4, 5], counts: [0, 4, 0, 1, 0] });
    expect(bars.map(({ name, count }) => [name, count])).toEqual([
      ['1', 4],
      ['2', 0],
      ['3', 1],
    ]);
    expect(barsOf({ edges: [0, 1], counts: [0] })).toEqual([]);
  });

  test('a cell of sizes asks for width and height', () => {
    const sizes = { x_edges: [0, 100, 640], y_edges: [0, 480], counts: [[0, 7]] };
    expect(cellQuery(sizes, 0, 1)).toBe('width:100..640 height:0..480');
    expect(binText(sizes.x_edges, 1)).toBe('100–640');
  });
});
