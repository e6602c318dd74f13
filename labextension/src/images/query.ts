/**
 * What people type to find images: `label:WBC split:train objects:>5 -tag:bad blood`.
 *
 * Words without a key are parts of the file name. A minus in front excludes. Values with spaces go in quotes.
 */
import { SPLITS, STATES } from '../wire.js';

export interface Term {
  readonly key: Key;
  readonly value: string;
  readonly negated: boolean;
}

export interface ParsedQuery {
  readonly terms: readonly Term[];
  /** What could not be understood: the text and what it should have been. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly text: string;
  readonly kind: 'unknown-key' | 'bad-value' | 'empty';
  /** The values or the form that would do. */
  readonly expected: string;
}

/** Parameters of `GET datasets/{id}/images`. */
export type Params = Readonly<Record<string, string | number>>;

export const KEYS = [
  'label',
  'split',
  'state',
  'tag',
  'name',
  'objects',
  'width',
  'height',
  'size',
  'box',
  'at',
  'id',
] as const;
export type Key = (typeof KEYS)[number];

const TOKEN = /(-?)(?:([A-Za-z]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S*))(?=\s|$)/gu;
const RANGE = /^(>=|<=|>|<|=)?(\d{1,9})$|^(\d{1,9})\.\.(\d{1,9})$/;
const SIZE = /^(\d{1,9})[x×](\d{1,9})$/i;
/** A column and a row of a heat map, from 0 to 31, and the label it is of. */
const CELL = /^([0-2]?\d|3[01]),([0-2]?\d|3[01])(,.+)?$/su;

export function parseQuery(text: string): ParsedQuery {
  const terms: Term[] = [];
  const problems: Problem[] = [];
  for (const [token, minus, key, quoted, bare] of text.matchAll(TOKEN)) {
    if (token === '' || token === '-') continue;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    const found = termOf(token, key, value, minus === '-');
    if ('kind' in found) problems.push(found);
    else terms.push(found);
  }
  return { terms, problems };
}

function termOf(token: string, key: string | undefined, value: string, negated: boolean): Term | Problem {
  const name = key?.toLowerCase() ?? 'name';
  if (!isKey(name)) return { text: token, kind: 'unknown-key', expected: KEYS.join(', ') };
  if (value === '') return { text: token, kind: 'empty', expected: formOf(name) };
  const term = { key: name, value, negated };
  return paramsOf(term) === undefined ? { text: token, kind: 'bad-value', expected: formOf(name) } : term;
}

function isKey(name: string): name is Key {
  return (KEYS as readonly string[]).includes(name);
}

/** The form of a key's values, for messages and suggestions. */
export function formOf(key: Key): string {
  return FORMS[key]?.join(', ') ?? `${key}:word, ${key}:"two words"`;
}

const numbers = (key: string) => ['5', '>5', '<=5', '2..5'].map((value) => `${key}:${value}`);

const FORMS: Partial<Readonly<Record<Key, readonly string[]>>> = {
  split: [...SPLITS, 'none'],
  state: STATES,
  objects: numbers('objects'),
  width: numbers('width'),
  height: numbers('height'),
  size: ['size:640x480'],
  box: numbers('box'),
  at: ['at:12,5', 'at:12,5,WBC'],
  id: ['id:7', 'id:7,8,9'],
};

/** What the server is asked for a term, read as if it had no minus; undefined when its value is not one. */
export function paramsOf({ key, value }: Pick<Term, 'key' | 'value'>): Params | undefined {
  return READERS[key](value);
}

const READERS: Readonly<Record<Key, (value: string) => Params | undefined>> = {
  label: (value) => ({ label: value }),
  tag: (value) => ({ tag: value }),
  name: (value) => ({ name: value }),
  split: (value) => oneOf('split', value, [...SPLITS, 'none']),
  state: (value) => oneOf('state', value, STATES),
  objects: (value) => rangeOf('objects', value),
  width: (value) => rangeOf('width', value),
  height: (value) => rangeOf('height', value),
  size: sizeOf,
  box: (value) => {
    const bounds = boundsIn(value);
    return bounds && { box: bounds.map((bound) => bound ?? '').join('..') };
  },
  at: (value) => (CELL.test(value) ? { at: value } : undefined),
  id: (value) => (/^\d{1,9}(,\d{1,9})*$/.test(value) ? { ids: value } : undefined),
};

function oneOf(key: string, value: string, values: readonly string[]): Params | undefined {
  const lower = value.toLowerCase();
  return values.includes(lower) ? { [key]: lower } : undefined;
}

function rangeOf(key: string, value: string): Params | undefined {
  const bounds = boundsIn(value);
  if (bounds === undefined) return undefined;
  const [least, most] = bounds;
  const given = [
    [`min_${key}`, least],
    [`max_${key}`, most],
  ].filter(([, bound]) => bound !== undefined);
  return Object.fromEntries(given) as Params;
}

type Bounds = readonly [least: number | undefined, most: number | undefined];

/** The whole numbers a value leaves; undefined when it says none. */
function boundsIn(value: string): Bounds | undefined {
  const [matched, sign = '=', number, from, to] = RANGE.exec(value) ?? [];
  if (matched === undefined) return undefined;
  const [least, most] = number === undefined ? [Number(from), Number(to)] : boundsOf(sign, Number(number));
  return most !== undefined && most < Math.max(0, least ?? 0) ? undefined : [least, most];
}

/** The least and the most whole number that a comparison leaves. */
function boundsOf(sign: string, bound: number): Bounds {
  const bounds: Readonly<Record<string, Bounds>> = {
    '>': [bound + 1, undefined],
    '>=': [bound, undefined],
    '<': [undefined, bound - 1],
    '<=': [undefined, bound],
  };
  return bounds[sign] ?? [bound, bound];
}

function sizeOf(value: string): Params | undefined {
  const [, width, height] = SIZE.exec(value) ?? [];
  if (width === undefined || height === undefined) return undefined;
  return { min_width: Number(width), max_width: Number(width), min_height: Number(height), max_height: Number(height) };
}

/** A term as text that reads back as the same term. */
export function termText({ key, value, negated }: Term): string {
  const plain = /^[^\s"\\:]+$/u.test(value) && !value.startsWith('-');
  return `${negated ? '-' : ''}${key}:${plain ? value : JSON.stringify(value)}`;
}

/** The query with exactly this value for a key, or without the key when there is none. */
export function withTerm(text: string, key: Key, value: string | undefined): string {
  const { terms } = parseQuery(text);
  const others = terms.filter((term) => term.key !== key || term.negated);
  const wanted = value === undefined ? [] : [{ key, value, negated: false }];
  return [...others, ...wanted].map(termText).join(' ');
}

/** The value a query has for a key, when it has exactly one without a minus. */
export function valueIn(text: string, key: Key): string | undefined {
  const found = parseQuery(text).terms.filter((term) => term.key === key && !term.negated);
  return found.length === 1 ? found[0]?.value : undefined;
}
