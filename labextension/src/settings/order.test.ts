import { expect, test } from 'vitest';
import { movedTo } from './order.js';

test.each([
  [0, 2, 'bac'],
  [0, 3, 'bca'],
  [2, 0, 'cab'],
  [1, 1, 'abc'],
  [1, 2, 'abc'],
  [7, 0, 'abc'],
])('from %i to before %i', (from, before, wanted) => {
  expect(movedTo(['a', 'b', 'c'], from, before).join('')).toBe(wanted);
});
