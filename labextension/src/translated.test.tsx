import { Signal } from '@lumino/signaling';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { DatasetModel, type Tab } from './document/dataset-model.js';
import { DatasetView } from './document/DatasetView.js';
import { Changes, HostContext, type Host } from './host.js';
import { JobItem } from './jobs/JobsTab.js';
import { marking, unmarked } from './marking.js';
import { ImageCell } from './images/ImageCell.js';
import { RelabelForm } from './images/RelabelForm.js';
import { DatasetsList } from './sidebar/datasets-list.js';
import { DatasetsSidebar } from './sidebar/DatasetsSidebar.js';
import { Store, type Loaded } from './store.js';
import { ImportReport } from './upload/ImportReport.js';
import type {
  Dataset,
  Health,
  ImageInfo,
  Job,
  JobState,
  Label,
  StepDescription,
  StepParameter,
  Version,
} from './wire.js';

// What needs a page stands in here: icons without their pictures, dialogs that nobody opens.
vi.mock('@jupyterlab/ui-components', () => {
  const icon = { react: () => null };
  const names = ['add', 'caretDown', 'caretUp', 'close', 'delete', 'notebook', 'refresh'];
  const LabIcon = function () {
    return icon;
  };
  return { LabIcon, ...Object.fromEntries(names.map((name) => [`${name}Icon`, icon])) };
});
vi.mock('@jupyterlab/apputils', () => {
  const none = {};
  const ReactWidget = function () {
    return none;
  };
  return { ReactWidget, Clipboard: none, Dialog: none, InputDialog: none, Notification: none, showDialog: none };
});
vi.mock('./annotate/AnnotateTab.js', () => ({ AnnotateTab: () => null }));

const at = '2026-11-23T20:00:00Z';
const losses = [
  { what: 'dropped', why: 'it lies outside the picture', count: 3, examples: [] },
  { what: 'noted', why: 'tags of an image', count: 1, examples: [] },
];
const dataset: Dataset = {
  ...{ id: 7, name: '1', owner: '2', role: 'viewer' },
  ...{ created_at: at, image_count: 3, annotation_count: 1 },
};
const label: Label = { id: 1, name: '3', color: '#ff0000', index: 0 };
const parameter: StepParameter = {
  ...{ name: 'counter_clockwise', default: 1, help: 'Largest angle, either way.' },
  type: 'number',
  ...{ low: 0, high: 9, whole: true, unit: '', choices: ['fit_black'], count: null },
};
const step: StepDescription = {
  ...{ name: 'rotate', title: 'Rotate', help: 'Turn about the middle by a random angle.' },
  ...{ stage: 'augment', probability: 0.5, moves: true },
  parameters: [parameter, { ...parameter, name: 'mode', type: 'choice', default: 'fit_black' }],
};
const version: Version = {
  ...{ id: 1, number: 2, name: null, note: null, created_by: '4', created_at: at, content_hash: '5', losses },
  recipe: { preprocess: [], augment: [{ step: 'rotate', counter_clockwise: 5, probability: 0.5 }], multiplier: 3 },
  counts: { images: 9, annotations: 4, augmented: 6, train: 9 },
};
const job: Job = {
  ...{ id: 1, kind: 'version', dataset_id: 7, state: 'running', progress: 40, message: 'writing', result: null },
  ...{ result_url: null, error: null, cancel_requested: false, created_at: at, started_at: at, finished_at: null },
};
const spread = { min: 1, median: 2, max: 3 };
const finding = { count: 2, examples: [{ image_id: 1, filename: '6' }] };
const health: Health = {
  ...{ images: 3, annotations: 1, images_by_split: { train: 2, none: 1 }, images_by_state: { empty: 3 } },
  labels: [{ ...label, annotations: 1, images: 1, by_split: { train: 1 }, heat_map: [[1]] }],
  ...{ width: spread, height: spread, objects: spread },
  sizes: {
    x_edges: [0, 5, 9],
    y_edges: [0, 5, 9],
    counts: [
      [0, 1],
      [1, 0],
    ],
  },
  ...{ objects_per_image: { edges: [0, 1], counts: [3] }, box_sizes: { edges: [0, 1], counts: [3] } },
  ...{ tiny_boxes: finding, huge_boxes: finding, duplicate_boxes: finding, boxes_outside: finding },
  near_duplicates: { across_splits: 1, within_split: 2, complete: true, examples: [{ image_id: 1 }] },
  warnings: [
    '2 images without a split: split again, or give them one.',
    'No image is in valid: training needs it. Split again with a share for it.',
  ],
};

const never = () => new Promise<never>(() => undefined);
const nothing = () => undefined;

/** The panel over a server that never answers, in a language in which everything is marked. */
function panel(tab: Tab = 'images', role: Dataset['role'] = 'owner') {
  const rest: { refused?: Signal<object, unknown>; url: () => string } = { url: () => '' };
  rest.refused = new Signal(rest);
  const calls = new Proxy({}, { get: () => never });
  const api = new Proxy({ rest }, { get: (known, name): unknown => (name === 'rest' ? known.rest : calls) });
  const host = {
    ...{ api, trans: marking, changes: new Changes(), commands: {} },
    jobs: new Store([job, { ...job, id: 2, kind: 'import', state: 'failed' }]),
    preferences: new Store({ thumbnailSize: 160, jobInterval: 1 }),
    current: new Store(7),
    me: new Store({ roles_apply: true }),
  } as unknown as Host;
  const model = new DatasetModel(host, 7, { tab, query: '', sort: 'id' });
  model.images.get().set({ total: 0, error: undefined, revision: 1 });
  fill(model.dataset, { ...dataset, role });
  fill(model.labels, [label, { ...label, id: 2, name: '8' }]);
  fill(model.health, health);
  fill(model.versions, [version, { ...version, id: 2, number: 1 }]);
  fill(model.steps, new Map([['rotate', step]]));
  return { host, model };
}

function fill<T>(loaded: Loaded<T>, value: T): void {
  loaded.set({ state: 'ready', value });
}

/** Words that people see or hear of an element and that did not go through the translator. */
function untranslated(host: Host, element: ReactElement): string[] {
  const html = renderToStaticMarkup(<HostContext.Provider value={host}>{element}</HostContext.Provider>);
  expect(html).toContain('⟦');
  const data =
    /<(time|code|textarea)\b.*?<\/\1>|<span class="jp-rf-Unit">.*?<\/span>|<button[^>]*jp-rf-Link.*?<\/button>/gs;
  const told = html.replace(data, '');
  const attributes = [...told.matchAll(/ (?:title|aria-label|placeholder|alt)="([^"]*)"/g)].map(
    ([, value]) => value ?? '',
  );
  const texts = told.replace(/<[^>]*>/g, '\n').split('\n');
  return [...attributes, ...texts]
    .map((text) => unmarked(text.replace(/&\w+;/g, '')))
    .filter((text) => /\p{L}/u.test(text));
}

test.each(['images', 'health', 'versions', 'jobs', 'settings'] as const)(
  'the tab %s has no word that is not translated',
  (tab) => {
    for (const role of ['owner', 'viewer'] as const) {
      const { host, model } = panel(tab, role);
      expect(untranslated(host, <DatasetView model={model} />)).toEqual([]);
    }
  },
);

test('nor has a version that is put together', () => {
  const { host, model } = panel('versions');
  model.make(new Map([['rotate', step]]), version.recipe);
  const builder = model.making.get()?.builder;
  const picture = { data: '', media_type: '', width: 1, height: 1, shapes: [], copy_number: 1, piece: '' };
  const dropped = [{ why: 'covered', step: 'augment[0] rotate' }];
  const item = { image_id: 1, filename: '9', original: picture, pictures: [{ ...picture, dropped }], more: 2 };
  builder?.set({ ...builder.get(), items: [{ ...item, problem: null, original: { ...picture, dropped } }] });
  expect(untranslated(host, <DatasetView model={model} />)).toEqual([]);
  model.dispose();
});

test('nor has a job, whatever became of it', () => {
  const { host, model } = panel('jobs');
  const states: readonly JobState[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];
  const counts = { images_added: 2, annotations_known: 1 };
  const refused = [{ filename: '1', why: '2' }];
  for (const state of states)
    for (const kind of ['import', 'export', 'version', 'delete'])
      for (const result of [null, { counts, losses, refused }, { same: true }, { same: false }]) {
        const one = { ...job, kind, state, result, result_url: 'exports/1', message: '4 images are being prepared' };
        expect(untranslated(host, <JobItem job={one} model={model} />)).toEqual([]);
      }
});

test('nor has an image of the grid', () => {
  const { host } = panel();
  const image: ImageInfo = {
    ...{ id: 1, dataset_id: 7, filename: '1', width: 2, height: 3, size: 4, revision: 5 },
    ...{ state: 'reviewed', split: 'train', tags: ['6'] },
  };
  const cell = { id: '1', index: 0, total: 1, height: 9, selected: true, active: true, doomed: false };
  for (const shown of [image, undefined])
    expect(untranslated(host, <ImageCell {...cell} image={shown} onClick={nothing} onOpen={nothing} />)).toEqual([]);
});

test('nor have the sidebar, the report of an import and the choice of labels', () => {
  const { host } = panel();
  const list = new DatasetsList(host.api);
  fill(list.found, { items: [dataset, { ...dataset, role: 'owner' }], total: 300 });
  expect(untranslated(host, <DatasetsSidebar list={list} />)).toEqual([]);
  const preview = { format: '1', counts: { images: 2 }, labels: [], losses, complete: false };
  expect(untranslated(host, <ImportReport preview={preview} trans={marking} />)).toEqual([]);
  expect(untranslated(host, <RelabelForm trans={marking} labels={[]} onChange={nothing} />)).toEqual([]);
});
