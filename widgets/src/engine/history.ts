/** Undo and redo as whole snapshots: undoing is assignment, with nothing to invert and nothing to get wrong. */
import type { Said } from './said.js';

/** How many steps can be undone. */
export const DEPTH = 200;

export interface Step<T> {
  /** What was done, for people: "Draw box". */
  readonly name: Said;
  /** How it was before. */
  readonly before: T;
}

export interface History<T> {
  readonly present: T;
  /** The latest step last. */
  readonly past: readonly Step<T>[];
  /** What was undone, the next to redo last; `before` is how it was after that step. */
  readonly future: readonly Step<T>[];
  /** The mark of the latest step, for steps that count as one. */
  readonly merge?: string | undefined;
}

export function begin<T>(present: T): History<T> {
  return { present, past: [], future: [] };
}

/** The history after one more step; what was undone is gone. Steps with the same `merge` in a row are one. */
export function record<T>(history: History<T>, name: Said, present: T, merge?: string): History<T> {
  if (present === history.present) return history;
  if (merge !== undefined && merge === history.merge) return { ...history, present, future: [] };
  const past = [...history.past, { name, before: history.present }].slice(-DEPTH);
  return { present, past, future: [], merge };
}

/** The history with the next step never taken for one with the latest. */
export function settle<T>(history: History<T>): History<T> {
  return history.merge === undefined ? history : { ...history, merge: undefined };
}

export function undo<T>(history: History<T>): History<T> {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  const future = [...history.future, { name: step.name, before: history.present }];
  return { present: step.before, past: history.past.slice(0, -1), future };
}

export function redo<T>(history: History<T>): History<T> {
  const step = history.future.at(-1);
  if (step === undefined) return history;
  const past = [...history.past, { name: step.name, before: history.present }];
  return { present: step.before, past, future: history.future.slice(0, -1) };
}

/** The history with every snapshot changed: for what others did meanwhile, so that undoing never undoes their work. */
export function rewrite<T>(history: History<T>, change: (snapshot: T) => T): History<T> {
  const each = ({ name, before }: Step<T>): Step<T> => ({ name, before: change(before) });
  return {
    present: change(history.present),
    past: history.past.map(each),
    future: history.future.map(each),
    merge: undefined,
  };
}
