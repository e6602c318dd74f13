import { describe, expect, test } from 'vitest';
import { whereOf } from '../images/where.js';
import { parseQuery } from '../images/query.js';
import { barsOf, binText, cellQuery, placeQuery, wholeNumbers } from './bins.js';

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
    const bars = barsOf({ edges: [0, 1, 2, 3, 4, 5], counts: [0, 4, 0, 1, 0] }, 'box');
    expect(bars.map(({ name, count }) => [name, count])).toEqual([
      ['1', 4],
      ['2', 0],
      ['3', 1],
    ]);
    expect(barsOf({ edges: [0, 1], counts: [0] }, 'box')).toEqual([]);
  });

  test('sizes of boxes ask for boxes, a place for the label whose boxes lie there', () => {
    const [bar] = barsOf({ edges: [32, 64], counts: [5] }, 'box');
    expect(bar?.query).toBe('box:32..64');
    const query = placeQuery('white "cell", old', 3, 30);
    expect(whereOf(parseQuery(query).terms)).toEqual({ at: ['30,3,white "cell", old'] });
  });

  test('a cell of sizes asks for width and height', () => {
    const sizes = { x_edges: [0, 100, 640], y_edges: [0, 480], counts: [[0, 7]] };
    expect(cellQuery(sizes, 0, 1)).toBe('width:100..640 height:0..480');
    expect(binText(sizes.x_edges, 1)).toBe('100–640');
  });
});
