import { expect, test } from 'vitest';
import { readText, textFor } from './setting-text.js';

test.each([
  ['names', ['RBC', 'rote Zelle'], 'RBC, rote Zelle', null],
  ['renames', { RBC: 'cell', WBC: 'cell' }, 'RBC=cell, WBC=cell', null],
  ['numbers', [0.4, 0.5, 0.6], '0.4, 0.5, 0.6', 3],
  ['arguments', { fog: [0.1, 0.2] }, '{"fog":[0.1,0.2]}', null],
  ['text', 'RandomFog', 'RandomFog', null],
] as const)('%s are typed as a line and come back', (type, value, text, count) => {
  expect(textFor(type, value)).toBe(text);
  expect(readText(type, text, count)).toEqual({ value });
});

test.each([
  ['renames', 'RBC=', null],
  ['numbers', '0.4, 0.5', 3],
  ['numbers', '0.4, a, 1', 3],
  ['arguments', '[1]', null],
  ['arguments', '{', null],
] as const)('%s that are half typed mean nothing yet: %s', (type, text, count) => {
  expect(readText(type, text, count)).toBeUndefined();
});

test('nothing typed is an empty list or object', () => {
  expect(readText('names', ' ', null)).toEqual({ value: [] });
  expect(readText('renames', '', null)).toEqual({ value: {} });
  expect(readText('arguments', '', null)).toEqual({ value: {} });
});
