/**
 * How a query is answered by a server whose filter takes one value a field and nothing to exclude: one listing, and
 * for everything beyond it further listings whose images have to be in it (`also`) or must not (`without`).
 */
import { paramsOf, type Params, type Term } from './query.js';

export interface Plan {
  readonly base: Params;
  readonly also: readonly Params[];
  readonly without: readonly Params[];
}

export function planOf(terms: readonly Term[]): Plan {
  let base: Params = {};
  const also: Params[] = [];
  const without: Params[] = [];
  for (const term of terms) {
    const params = paramsOf(term) ?? {};
    if (term.negated) without.push(params);
    else {
      const both = merged(base, params);
      if (both) base = both;
      else also.push(params);
    }
  }
  return { base, also, without };
}

/** Whether one listing is not enough, so that all of it has to be read. */
export function needsScan(plan: Plan): boolean {
  return plan.also.length > 0 || plan.without.length > 0;
}

/** Both at once as one listing; undefined when a field would need two values. */
function merged(one: Params, other: Params): Params | undefined {
  const result: Record<string, string | number> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const there = result[name];
    if (there === undefined || there === value) result[name] = value;
    else if (typeof there === 'number' && typeof value === 'number') result[name] = tighter(name, there, value);
    else return undefined;
  }
  return result;
}

function tighter(name: string, one: number, other: number): number {
  return name.startsWith('min_') ? Math.max(one, other) : Math.min(one, other);
}

/** The ids of a listing that are in every one of `also` and in none of `without`, in their order. */
export function sifted<T extends { readonly id: number }>(
  listed: readonly T[],
  also: readonly ReadonlySet<number>[],
  without: readonly ReadonlySet<number>[],
): T[] {
  return listed.filter(({ id }) => also.every((ids) => ids.has(id)) && !without.some((ids) => ids.has(id)));
}
