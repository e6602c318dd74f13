import { expect, test } from 'vitest';
import { bodyOf } from './making.js';

const wishes = { name: ' ', note: '', splits: 'kept', includeUnlabeled: false, skipBroken: false };

test('a version keeps the splits of its images, and has no name nobody gave', () => {
  expect(bodyOf(wishes, { seed: 1 })).toEqual({
    recipe: { seed: 1 },
    options: { include_unlabeled: false, on_error: 'fail' },
  });
});

test('a version may be split anew, be named, and do without what cannot be read', () => {
  const wished = { name: ' Größe 96 🩸', note: 'first', splits: '80 20 0', includeUnlabeled: true, skipBroken: true };
  expect(bodyOf(wished, {})).toEqual({
    recipe: {},
    name: 'Größe 96 🩸',
    note: 'first',
    splits: { train: 0.8, valid: 0.2, test: 0 },
    options: { include_unlabeled: true, on_error: 'skip' },
  });
});
