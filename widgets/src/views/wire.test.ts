import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import {
  annotationFromWire,
  annotationToWire,
  proposalFromWire,
  type WireAnnotation,
  type WireProposal,
} from '../engine/annotation.js';
import { BackendError } from '../engine/backend.js';
import { checked, type Reply } from './door.js';
import { hasDataset, type Place } from './rest-backend.js';
import { WireBackend } from './wire-backend.js';

// `tests/widgets/test_wire.py` reads the same files.
function golden(name: string): unknown {
  const file = new URL(`../../../tests/golden/wire/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf-8')) as unknown;
}

const set = golden('annotation-set') as { annotations: WireAnnotation[]; revision: number; state: 'labeled' };

describe('the golden wire', () => {
  test('annotations come back as they went, and all of them can be edited', () => {
    const annotations = set.annotations.map(annotationFromWire);
    expect(annotations.map(({ shape }) => shape.kind)).toEqual(['bbox', 'polygon', 'polygon', 'polygon', 'point']);
    expect(annotations.map(annotationToWire)).toEqual(set.annotations);
  });

  test('proposals carry their score and where they come from', () => {
    const { items } = golden('proposals') as { items: WireProposal[] };
    expect(items.map((item) => proposalFromWire(item).proposal)).toEqual([{ score: 0.9, provenance: 'find' }]);
  });

  test('a conflict is one', () => {
    const reply = { status: 409, body: golden('error') };
    expect(() => checked(reply)).toThrow(
      new BackendError('conflict', 'Somebody else saved this image in between.', 'stale_revision'),
    );
  });

  test('the same dataset is recognised however its time is written, another is not', async () => {
    const ask = () => Promise.resolve({ status: 200, body: golden('dataset') });
    const created_at = '2026-11-23T12:00:00.123456+00:00';
    const place: Place = { kind: 'dataset', id: 1, name: 'cells', owner: 'ann', created_at };
    expect(await hasDataset(ask, place)).toBe(true);
    expect(await hasDataset(ask, { ...place, owner: 'bob' })).toBe(false);
    expect(await hasDataset(ask, { ...place, created_at: '2026-11-23T12:00:01+00:00' })).toBe(false);
    expect(await hasDataset(ask, { ...place, kind: 'pictures' })).toBe(false);
    expect(await hasDataset(() => Promise.reject(new Error('404')), place)).toBe(false);
  });

  test('a backend reads images and sets, and saves what the server expects', async () => {
    const asked: unknown[] = [];
    const answers: Record<string, unknown> = {
      'GET datasets/1/images?ids=9,7&limit=500': golden('images'),
      'GET images/7/annotations': set,
      'PUT images/7/annotations': set,
    };
    const backend = new WireBackend({
      ask: (question) => {
        asked.push(question);
        return Promise.resolve({ status: 200, body: answers[`${question.method} ${question.path}`] });
      },
      kernel: () => Promise.reject(new Error('not asked')),
      datasetId: 1,
      ids: [9, 7],
      proposes: false,
    });
    expect(await backend.images()).toMatchObject([{ id: '7', filename: 'a <b>&.jpg' }]);
    expect((await backend.load('7')).annotations).toEqual(set.annotations);
    const { annotations } = golden('whole-set') as { annotations: WireAnnotation[] };
    const judged = { accepted: [], rejected: [] };
    const states = { state: 'reviewed', stateBefore: 'reviewed' } as const;
    await backend.save('7', { revision: 3, ...states, annotations, changes: { touched: [] }, judged });
    expect(asked.at(-1)).toEqual({
      method: 'PUT',
      path: 'images/7/annotations',
      body: golden('whole-set'),
      revision: 3,
    });
  });

  test('proposals of a busy kernel keep no image from being shown; they come later', async () => {
    vi.useFakeTimers();
    const { items } = golden('proposals') as { items: WireProposal[] };
    let answer: (reply: Reply) => void = () => undefined;
    const backend = new WireBackend({
      ask: () => Promise.resolve({ status: 200, body: set }),
      kernel: () =>
        new Promise<Reply>((resolve) => {
          answer = resolve;
        }),
      datasetId: 1,
      ids: [7],
      proposes: true,
    });
    const loading = backend.load('7');
    await vi.advanceTimersByTimeAsync(10_000);
    const loaded = await loading;
    vi.useRealTimers();
    expect(loaded.annotations).toEqual(set.annotations);
    expect(loaded.proposals).toBeUndefined();
    answer({ status: 200, body: { items } });
    expect(await loaded.later).toEqual(items);
  });
});

describe('twelve thousand images', () => {
  const ids = Array.from({ length: 12_000 }, (_, i) => 2 * i + 1);
  const begin = (fails: () => boolean = () => false) => {
    const asked: string[] = [];
    const ask = ({ path }: { path: string }): Promise<Reply> => {
      asked.push(path);
      if (fails()) return Promise.reject(new BackendError('unavailable', 'Nobody answers.'));
      const wanted = (/ids=([\d,]*)/.exec(path)?.[1] ?? '').split(',').map(Number);
      const items = wanted
        .filter((id) => id !== 11_401)
        .map((id) => ({ id, filename: `${String(id)}.jpg`, width: 9, height: 8 }));
      return Promise.resolve({ status: 200, body: { items } });
    };
    const backend = new WireBackend({ ask, kernel: ask, datasetId: 1, ids, proposes: false });
    return { backend, asked };
  };
  const listed = async (backend: WireBackend) => {
    const images = await backend.images();
    if (!('positionOf' in images)) throw new Error('All were asked for.');
    return images;
  };

  test('are asked for by the page, and each page once', async () => {
    const { backend, asked } = begin();
    const images = await listed(backend);
    expect([images.count, asked.length]).toEqual([12_000, 0]);
    const shown = await Promise.all([11_998, 11_999, 11_950].map((place) => images.at(place)));
    expect(shown.map(({ id, filename }) => [id, filename])).toEqual([
      ['23997', '23997.jpg'],
      ['23999', '23999.jpg'],
      ['23901', '23901.jpg'],
    ]);
    expect(asked).toHaveLength(1);
    expect(await images.positionOf('23999')).toBe(11_999);
    expect(await images.positionOf('2')).toBeUndefined();
  });

  test('one that was deleted since keeps its place, so that the next is still the next', async () => {
    const images = await listed(begin().backend);
    expect(await images.at(5700)).toMatchObject({ id: '11401', filename: 'Image 11401' });
    expect(await images.at(5701)).toMatchObject({ id: '11403' });
  });

  test('a page that did not come is asked for again', async () => {
    let down = true;
    const { backend } = begin(() => down);
    const images = await listed(backend);
    await expect(images.at(3)).rejects.toThrow('Nobody answers');
    down = false;
    expect(await images.at(3)).toMatchObject({ id: '7' });
  });
});
