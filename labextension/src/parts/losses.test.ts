import { expect, test } from 'vitest';
import { lossLines, lostCount } from './losses.js';

const noted = { what: 'noted', why: 'the key info is missing', count: 2, examples: ['a.json', 'b.json'] };
const clipped = { what: 'clipped', why: 'it reached beyond the picture', count: 3, examples: ['a.jpg: box 1'] };
const dropped = { what: 'dropped', why: 'it has no area', count: 41, examples: [] };

test('what is lost comes before what is noted, the most frequent first, and notes are not counted', () => {
  const lines = lossLines([noted, clipped, dropped]);
  expect(lines.map(({ what }) => what)).toEqual(['dropped', 'clipped', 'noted']);
  expect(lostCount(lines)).toBe(44);
  expect(lines[1]).toEqual(clipped);
});

test('an entry in another form is shown as it is', () => {
  expect(lossLines([{ what: 'dropped' }])).toEqual([{ what: 'dropped', why: '', count: 1, examples: [] }]);
});
