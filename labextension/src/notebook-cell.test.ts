import { expect, test } from 'vitest';
import { cellFor } from './notebook-cell.js';

const cell = (query: string, sort = 'id') => cellFor(7, 'cells', { tab: 'images', query, sort }).split('\n').slice(4);

test('a filter becomes arguments', () => {
  expect(cell('label:"white cell" objects:>5', '-objects')).toEqual([
    'images = dataset.images(sort="-objects", label="white cell", min_objects=6)',
    'images',
  ]);
});

test('what is excluded is, and of several splits any will do', () => {
  expect(cell('split:train split:valid -tag:bad -tag:"very old" -split:none')).toEqual([
    'images = dataset.images(split=["train", "valid"], exclude_tag=["bad", "very old"], exclude_split="none")',
    'images',
  ]);
});

test('numbers, sizes and single images are asked for and excluded too', () => {
  expect(cell('-objects:>5 -width:2..9 -size:640x480 id:7,8 -id:9')).toEqual([
    'images = dataset.images(exclude_objects="6..", exclude_width="2..9", exclude_size="640x480", ids=[7, 8], exclude_ids=9)',
    'images',
  ]);
});

test('every tab has its code, and a name cannot break out of its comment', () => {
  const text = cellFor(7, 'a\nimport os', { tab: 'health', query: '', sort: 'id' });
  expect(text.split('\n').at(-1)).toBe('dataset.health()');
  expect(text).toContain('dataset = ws.dataset(7)  # a import os');
});

test('a recipe that is put together is Python that makes it', () => {
  const recipe = { preprocess: [], augment: [{ step: 'flip', horizontal: true, probability: 0.5 }], multiplier: 3 };
  const text = cellFor(7, 'cells', { tab: 'versions', query: '', sort: 'id' }, recipe);
  expect(text.split('\n').slice(4)).toEqual([
    'recipe = rf.Recipe(',
    '    preprocess=[],',
    '    augment=[',
    '        {"step": "flip", "horizontal": True, "probability": 0.5},',
    '    ],',
    '    multiplier=3,',
    ')',
    'dataset.preview(recipe)',
    '# version = dataset.generate(recipe)',
  ]);
});
