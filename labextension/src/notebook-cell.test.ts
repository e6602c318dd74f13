import { expect, test } from 'vitest';
import { cellFor } from './notebook-cell.js';

const cell = (query: string, sort = 'id') => cellFor(7, 'cells', { tab: 'images', query, sort }).split('\n').slice(4);

test('a filter becomes arguments', () => {
  expect(cell('label:"white cell" objects:>5', '-objects')).toEqual([
    'images = dataset.images(sort="-objects", label="white cell", min_objects=6)',
    'images',
  ]);
});

test('what is excluded becomes a set', () => {
  expect(cell('split:train -tag:bad')).toEqual([
    'ids_1 = {other.id for other in dataset.images(tag="bad")}',
    'images = [image for image in dataset.images(split="train") if image.id not in ids_1]',
    'images',
  ]);
});

test('of several splits any will do', () => {
  expect(cell('split:train split:valid label:WBC')).toEqual([
    'ids_1 = {other.id for other in dataset.images(split="train")} | {other.id for other in dataset.images(split="valid")}',
    'images = [image for image in dataset.images(label="WBC") if image.id in ids_1]',
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
    'dataset.preview(recipe)  # and then: version = dataset.generate(recipe)',
  ]);
});
