/** What images the server is asked for: the terms of a query as its filter. Everything in it has to hold. */
import type { Query } from '../rest.js';
import { paramsOf, type Params, type Term } from './query.js';

/** As it goes in a body: `{"label": ["WBC"], "min_objects": 6, "exclude_tag": ["bad"], "ids": [7, 8]}`. */
export type Where = Readonly<Record<string, number | readonly (string | number)[]>>;

/** Several labels or tags have to be there all; of several splits, states or ids any will do. */
export function whereOf(terms: readonly Term[]): Where {
  const where: Record<string, number | readonly (string | number)[]> = {};
  for (const term of terms) {
    const params = paramsOf(term) ?? {};
    for (const [name, value] of Object.entries(term.negated ? excluding(term, params) : params)) {
      const [key, values] = valuesOf(name, value);
      const there = where[key];
      if (typeof values !== 'number') where[key] = [...new Set([...listOf(there), ...values])];
      else where[key] = typeof there === 'number' ? tighter(key, there, values) : values;
    }
  }
  return where;
}

/** The filter as parameters of an address. */
export function queryOf(where: Where): Query {
  const query: Record<string, Query[string]> = {};
  for (const [name, value] of Object.entries(where)) {
    if (typeof value === 'number') query[name] = value;
    else query[name] = isIds(name) ? value.join(',') : value.map(String);
  }
  return query;
}

function excluding({ key }: Term, params: Params): Params {
  if (key === 'size') return { exclude_size: `${String(params.min_width)}x${String(params.min_height)}` };
  if (key === 'objects' || key === 'width' || key === 'height') {
    const [least = '', most = ''] = [params[`min_${key}`], params[`max_${key}`]];
    return { [`exclude_${key}`]: `${String(least)}..${String(most)}` };
  }
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [`exclude_${name}`, value]));
}

function valuesOf(name: string, value: string | number): readonly [string, number | readonly (string | number)[]] {
  if (typeof value === 'number') return [name, value];
  return [name, isIds(name) ? value.split(',').map(Number) : [value]];
}

function isIds(name: string): boolean {
  return name === 'ids' || name === 'exclude_ids';
}

function listOf(value: Where[string] | undefined): readonly (string | number)[] {
  return Array.isArray(value) ? (value as readonly (string | number)[]) : [];
}

function tighter(name: string, one: number, other: number): number {
  return name.startsWith('min_') ? Math.max(one, other) : Math.min(one, other);
}
