import type { Place } from './document/dataset-model.js';
import { needsScan, planOf } from './images/plan.js';
import { parseQuery, type Params } from './images/query.js';
import type { Json } from './wire.js';

/** The Python that gives what a tab shows; `recipe` is the one that is put together on the Versions tab. */
export function cellFor(id: number, name: string, { tab, query, sort }: Place, recipe?: Json): string {
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
      return [...lines, ...(recipe ? recipeLines(recipe) : ['dataset.versions()'])].join('\n');
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

function recipeLines(recipe: Json): string[] {
  const entry = ([name, value]: [string, unknown]) =>
    Array.isArray(value) && value.length > 0
      ? [`    ${name}=[`, ...value.map((step) => `        ${python(step)},`), '    ],']
      : [`    ${name}=${python(value)},`];
  return [
    'recipe = rf.Recipe(',
    ...Object.entries(recipe).flatMap(entry),
    ')',
    'dataset.preview(recipe)  # and then: version = dataset.generate(recipe)',
  ];
}

/** JSON data as Python writes it: a JSON string of ours is a Python one too. */
function python(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value === null) return 'None';
  return `{${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}: ${python(one)}`)
    .join(', ')}}`;
}
