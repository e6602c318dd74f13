import { describe, expect, test } from 'vitest';
import { makeAnnotation } from './annotation.js';
import {
  add,
  documentOf,
  EMPTY,
  find,
  paste,
  relabel,
  remove,
  reorder,
  replace,
  replaceBy,
  setAttributes,
  setFlags,
} from './document.js';
import { boxBetween } from './shapes/bbox.js';
import { boundsOf } from './shapes/index.js';

const box = (id: string, x = 0) => makeAnnotation(id, 'cell', boxBetween({ x, y: 0 }, { x: x + 10, y: 10 }));
const abc = documentOf([box('a'), box('b'), box('c')]);
const ids = (document: readonly { id: string }[]): string => document.map((each) => each.id).join('');

test('a document is frozen, and so is what is in it', () => {
  expect(Object.isFrozen(abc)).toBe(true);
  expect(Object.isFrozen(abc[0])).toBe(true);
  expect(Object.isFrozen(add(EMPTY, box('a')))).toBe(true);
});

test('added, replaced, split, removed, found', () => {
  expect(ids(add(abc, box('d')))).toBe('abcd');
  expect(find(replace(abc, box('b', 50)), 'b')?.shape).toEqual(box('b', 50).shape);
  expect(ids(replaceBy(abc, 'b', [box('x'), box('y')]))).toBe('axyc');
  expect(ids(remove(abc, ['a', 'c', 'nobody']))).toBe('b');
  expect(find(abc, 'nobody')).toBeUndefined();
});

test('what changes nothing gives the same document', () => {
  expect(relabel(abc, ['a'], 'cell')).toBe(abc);
  expect(setFlags(abc, ['nobody'], { hidden: true })).toBe(abc);
});

test('labels, flags and attributes are set on those alone', () => {
  expect(relabel(abc, ['a', 'c'], 'virus').map((each) => each.label)).toEqual(['virus', 'cell', 'virus']);
  expect(setFlags(abc, ['b'], { locked: true }).map((each) => each.locked)).toEqual([false, true, false]);
  expect(setAttributes(abc, 'c', { sure: true })[2]?.attributes).toEqual({ sure: true });
});

test.each([
  ['front', 'bca'],
  ['back', 'abc'],
  ['forward', 'bac'],
  ['backward', 'abc'],
] as const)('a goes to the %s: %s', (to, order) => {
  expect(ids(reorder(abc, ['a'], to))).toBe(order);
});

test('several go up together and stop at the top', () => {
  expect(ids(reorder(abc, ['a', 'b'], 'forward'))).toBe('cab');
  expect(ids(reorder(abc, ['b', 'c'], 'forward'))).toBe('abc');
  expect(ids(reorder(abc, ['b', 'c'], 'backward'))).toBe('bca');
});

describe('pasted copies', () => {
  let next = 0;
  const newId = () => `n${String(next++)}`;
  test('are new, on top and a little aside', () => {
    const { document, pasted } = paste(abc, [box('a')], 5, { width: 100, height: 100 }, newId);
    expect(document).toHaveLength(4);
    expect(document.at(-1)).toBe(pasted[0]);
    expect(pasted[0]?.id).toMatch(/^n/);
    expect(pasted.map((each) => boundsOf(each.shape))).toEqual([{ x0: 5, y0: 5, x1: 15, y1: 15 }]);
  });

  test('go the other way at the far border, and stay where there is no room', () => {
    const at = (x: number, width: number) =>
      paste(EMPTY, [box('a', x)], 5, { width, height: 10 }, newId).pasted.map((p) => boundsOf(p.shape).x0);
    expect(at(88, 100)).toEqual([83]);
    expect(at(0, 12)).toEqual([0]);
  });

  test('are clipped to a smaller picture, and left out when nothing is left', () => {
    expect(
      paste(EMPTY, [box('a', 95)], 0, { width: 100, height: 100 }, newId).pasted.map((p) => boundsOf(p.shape).x1),
    ).toEqual([100]);
    expect(paste(EMPTY, [box('a', 200)], 0, { width: 100, height: 100 }, newId)).toEqual({
      document: EMPTY,
      pasted: [],
    });
  });
});
