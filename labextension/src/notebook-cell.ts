import type { Place } from './document/dataset-model.js';
import { needsScan, planOf } from './images/plan.js';
import { parseQuery, type Params } from './images/query.js';

/** The Python that gives what a tab shows. */
export function cellFor(id: number, name: string, { tab, query, sort }: Place): string {
  const lines = [
    'import jupyter_roboflow as rf',
    '',
    'ws = rf.connect()',
    `dataset = ws.dataset(${String(id)})  # ${name.replace(/[\r\n]/g, ' ')}`,
  ];
  switch (tab) {
    case 'images':
      return [...lines, ...imagesLines(query, sort)].join('\n');
    case 'annotate':
      return [...lines, 'dataset.annotate()'].join('\n');
    case 'health':
      return [...lines, 'dataset.health()'].join('\n');
    case 'versions':
      return [...lines, 'dataset.versions()'].join('\n');
    case 'jobs':
    case 'settings':
      return [...lines, 'dataset'].join('\n');
  }
}

function imagesLines(query: string, sort: string): string[] {
  const plan = planOf(parseQuery(query).terms);
  const order = sort === 'id' ? [] : [`sort=${python(sort)}`];
  const call = (params: Params, more: readonly string[] = []) =>
    `dataset.images(${[
      ...more,
      ...Object.entries(params)
        .filter(([key]) => key !== 'ids')
        .map(([key, value]) => `${key}=${python(value)}`),
    ].join(', ')})`;
  const ids = plan.base.ids;
  if (ids !== undefined) return [`images = [dataset[id] for id in [${String(ids)}]]`, 'images'];
  if (!needsScan(plan)) return [`images = ${call(plan.base, order)}`, 'images'];
  const conditions = [
    ...plan.also.map((params) => `image.id in {other.id for other in ${call(params)}}`),
    ...plan.without.map((params) => `image.id not in {other.id for other in ${call(params)}}`),
  ];
  const sets = conditions.map((condition, n) => `ids_${String(n + 1)} = ${condition.slice(condition.indexOf('{'))}`);
  const tests = conditions.map((condition, n) => `${condition.slice(0, condition.indexOf('{'))}ids_${String(n + 1)}`);
  return [...sets, `images = [image for image in ${call(plan.base, order)} if ${tests.join(' and ')}]`, 'images'];
}

function python(value: string | number): string {
  return JSON.stringify(value); // a JSON string of ours is a Python one too
}
