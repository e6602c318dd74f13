/**
 * A query as `dataset.images(…)` in Python takes it, with one value a field and nothing to exclude: one listing, and
 * for everything beyond it further listings whose images have to be in it (`also`), in one of which they have to be
 * (`any`), or must not be (`without`).
 */
import { paramsOf, type Params, type Term } from './images/query.js';

export interface Plan {
  readonly base: Params;
  readonly also: readonly Params[];
  readonly any: readonly Params[];
  readonly without: readonly Params[];
}

export function planOf(terms: readonly Term[]): Plan {
  let base: Params = {};
  const also: Params[] = [];
  const without: Params[] = [];
  const any = terms.filter((term) => isChoice(term) && terms.some((other) => rivals(term, other)));
  for (const term of terms) {
    if (any.includes(term)) continue;
    const params = paramsOf(term) ?? {};
    if (term.negated) without.push(params);
    else {
      const both = merged(base, params);
      if (both) base = both;
      else also.push(params);
    }
  }
  return { base, also, any: any.map((term) => paramsOf(term) ?? {}), without };
}

/** An image has one split and one state, so that of several any will do. */
function isChoice({ key, negated }: Term): boolean {
  return !negated && (key === 'split' || key === 'state');
}

function rivals(one: Term, other: Term): boolean {
  return one.key === other.key && isChoice(other) && one.value !== other.value;
}

/** Whether one listing is not enough. */
export function needsMore(plan: Plan): boolean {
  return plan.also.length > 0 || plan.any.length > 0 || plan.without.length > 0;
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
