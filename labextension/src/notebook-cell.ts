import type { Place } from './document/dataset-model.js';
import { parseQuery } from './images/query.js';
import { whereOf } from './images/where.js';
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
  const asked = Object.entries(whereOf(parseQuery(query).terms)).map(
    ([name, value]) => `${name}=${python(Array.isArray(value) && value.length === 1 ? value[0] : value)}`,
  );
  const order = sort === 'id' ? [] : [`sort=${python(sort)}`];
  return [`images = dataset.images(${[...order, ...asked].join(', ')})`, 'images'];
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
    'dataset.preview(recipe)',
    '# version = dataset.generate(recipe)',
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
