import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import { marking, unmarked } from '../marking.js';
import { jobTexts } from './job-texts.js';

const texts = jobTexts(nullTranslator.load('jupyter_roboflow'));
const marked = jobTexts(marking);

test('counts are words with their plural, and what is zero is left out', () => {
  const counts = { images_added: 1, images_known: 0, annotations_added: 1678 };
  expect(texts.counts(counts)).toBe('1 image added · 1,678 annotations added');
  expect(unmarked(marked.counts({ ...counts, images: 3, train: 2, augmented: 1 }))).toBe(' ·  ·  ·  · ');
  expect(texts.counts({ new_things: 2, name: 'a' })).toBe('new things: 2');
});

test('how far a job is is said in per cent, with what it is at', () => {
  expect(texts.progress({ progress: 41.7, message: '48 images are being prepared' })).toBe(
    '42 % · 48 images are being prepared',
  );
  expect(texts.progress({ progress: 0, message: '' })).toBe('0 %');
  expect(unmarked(marked.progress({ progress: 3, message: 'writing' }))).toBe(' · ');
});

test('kinds and states are words', () => {
  expect(unmarked(marked.title({ kind: 'version' }) + marked.state({ state: 'queued' }))).toBe('');
  expect(texts.title({ kind: 'new_kind' })).toBe('new kind');
});
