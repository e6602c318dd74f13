/**
 * The words of the interface in the language of whoever reads them. A host hands in who translates; JupyterLab's
 * `TranslationBundle` is such a one. It is called `trans` everywhere, and a text stands where it is asked for: so
 * jupyterlab-translate finds it.
 */
import { createContext, useContext } from 'react';
import type { Said } from '../engine/said.js';

type Value = string | number;

export interface Words {
  /** A text; the values stand at `%1`, `%2`, … */
  __: (text: string, ...values: Value[]) => string;
  /** One of two texts by a count, which stands at `%1`; the values at `%2`, `%3`, … */
  _n: (one: string, many: string, count: number, ...values: Value[]) => string;
}

/** As it is written. */
export const ENGLISH: Words = {
  __: filled,
  _n: (one, many, count, ...values) => filled(count === 1 ? one : many, count, ...values),
};

export const WordsContext = createContext(ENGLISH);

export function useWords(): Words {
  return useContext(WordsContext);
}

/** What the engine says. */
export function told(trans: Words, said: Said): string {
  return typeof said === 'string' ? trans.__(said) : trans.__(...said);
}

/** `1 annotation`, `1,200 annotations`. */
export function annotations(trans: Words, count: number): string {
  return trans._n('%2 annotation', '%2 annotations', count, count.toLocaleString('en-US'));
}

/** `2 selected`. */
export function selected(trans: Words, count: number): string {
  return trans._n('%1 selected', '%1 selected', count);
}

function filled(text: string, ...values: Value[]): string {
  return text.replace(/%(\d)/g, (found, place: string) => String(values[Number(place) - 1] ?? found));
}
