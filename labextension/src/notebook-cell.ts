import type { Place } from './document/dataset-model.js';
import { parseQuery, type Params } from './images/query.js';
import { needsMore, planOf } from './notebook-plan.js';
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
  if (!needsMore(plan)) return [`images = ${call(plan.base, order)}`, 'images'];
  const idsOf = (...some: readonly Params[]) =>
    some.map((params) => `{other.id for other in ${call(params)}}`).join(' | ');
  const sets = [
    ...plan.also.map((params) => ['in', idsOf(params)] as const),
    ...(plan.any.length > 0 ? [['in', idsOf(...plan.any)] as const] : []),
    ...plan.without.map((params) => ['not in', idsOf(params)] as const),
  ];
  const name = (place: number) => `ids_${String(place + 1)}`;
  const tests = sets.map(([word], place) => `image.id ${word} ${name(place)}`).join(' and ');
  return [
    ...sets.map(([, ids], place) => `${name(place)} = ${ids}`),
    `images = [image for image in ${call(plan.base, order)} if ${tests}]`,
    'images',
  ];
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
