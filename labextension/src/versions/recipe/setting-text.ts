/** Settings that are lists and objects, as a line of text that people type. */
import type { Json, StepParameter } from '../../wire.js';

type Type = StepParameter['type'];
type Meaning = { readonly value: unknown } | undefined;

interface Writing {
  readonly text: (value: unknown) => string;
  /** What a line means; undefined while it means nothing yet. */
  readonly read: (text: string, count: number | null) => Meaning;
}

const list = (value: unknown) => (Array.isArray(value) ? value.join(', ') : '');
const entries = (value: unknown) => Object.entries((value ?? {}) as Json);

const plain: Writing = {
  text: (value) => (typeof value === 'string' ? value : JSON.stringify(value ?? '')),
  read: (text) => ({ value: text }),
};

const WRITINGS: Partial<Readonly<Record<Type, Writing>>> = {
  names: { text: list, read: (text) => ({ value: partsOf(text) }) },
  numbers: { text: list, read: numbersFrom },
  renames: {
    text: (value) =>
      entries(value)
        .map((pair) => pair.join('='))
        .join(', '),
    read: renamesFrom,
  },
  arguments: { text: (value) => (entries(value).length > 0 ? JSON.stringify(value) : ''), read: objectFrom },
};

export function textFor(type: Type, value: unknown): string {
  return (WRITINGS[type] ?? plain).text(value);
}

/** What a line means for a setting of this type; undefined while it means nothing yet. */
export function readText(type: Type, text: string, count: number | null): Meaning {
  return (WRITINGS[type] ?? plain).read(text, count);
}

function partsOf(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

function numbersFrom(text: string, count: number | null): Meaning {
  const numbers = partsOf(text).map(Number);
  const complete = numbers.length === count && numbers.every((number) => Number.isFinite(number));
  return complete ? { value: numbers } : undefined;
}

function renamesFrom(text: string): Meaning {
  const pairs = partsOf(text).map((part) => part.split('=').map((side) => side.trim()));
  if (!pairs.every(([from, to, more]) => from && to && more === undefined)) return undefined;
  return { value: Object.fromEntries(pairs as [string, string][]) };
}

function objectFrom(text: string): Meaning {
  if (text.trim() === '') return { value: {} };
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { value } : undefined;
  } catch {
    return undefined;
  }
}
