import { expect, test } from 'vitest';
import { nearest } from './nearest.js';

/** Two rows: `a . b` above `. c .`, and `d` far below. */
const cells = [
  { x: 0, y: 0 },
  { x: 2, y: 0 },
  { x: 1, y: 1 },
  { x: 1, y: 9 },
];

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowDown', 0, 2],
  ['ArrowDown', 2, 3],
  ['ArrowUp', 3, 2],
  ['ArrowLeft', 0, 0],
  ['x', 0, undefined],
])('%s from cell %i leads to %s', (key, from, to) => {
  expect(nearest(cells, from, key)).toBe(to);
});

test('an empty map leads nowhere', () => {
  expect(nearest([], 0, 'ArrowUp')).toBeUndefined();
});
