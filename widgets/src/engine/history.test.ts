import { expect, test } from 'vitest';
import { begin, DEPTH, record, redo, rewrite, settle, undo } from './history.js';

const three = [1, 2, 3].reduce((history, n) => record(history, `step ${String(n)}`, n), begin(0));

test('undone step by step and redone step by step', () => {
  expect(undo(undo(three)).present).toBe(1);
  expect(undo(undo(undo(undo(three)))).present).toBe(0);
  expect(redo(redo(undo(undo(three))))).toEqual(three);
  expect(redo(three)).toBe(three);
});

test('names of what can be undone and redone', () => {
  expect(three.past.at(-1)?.name).toBe('step 3');
  expect(undo(three).future.at(-1)?.name).toBe('step 3');
});

test('a new step drops what was undone', () => {
  expect(redo(record(undo(three), 'other', 9)).present).toBe(9);
});

test('nothing done is no step', () => {
  expect(record(three, 'nothing', 3)).toBe(three);
});

test('the depth is bounded', () => {
  const many = Array.from({ length: DEPTH + 50 }, (_, i) => i + 1).reduce((h, n) => record(h, 'n', n), begin(0));
  expect(many.past).toHaveLength(DEPTH);
  expect(many.past[0]?.before).toBe(50);
});

test('steps of one kind in a row are one until something settles them', () => {
  const nudged = record(record(begin(0), 'Nudge', 1, 'n'), 'Nudge', 2, 'n');
  expect(nudged.past).toHaveLength(1);
  expect(undo(nudged).present).toBe(0);
  expect(record(settle(nudged), 'Nudge', 3, 'n').past).toHaveLength(2);
});

test('what others did is in every snapshot', () => {
  const rewritten = rewrite(undo(three), (n) => n + 10);
  expect(redo(rewritten).present).toBe(13);
  expect(undo(undo(rewritten)).present).toBe(10);
});
