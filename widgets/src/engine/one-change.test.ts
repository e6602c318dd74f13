import { expect, test } from 'vitest';
import type { WireAnnotation } from './annotation.js';
import { BackendError, type SaveRequest } from './backend.js';
import { saveOneOr, type OneChange, type OneSaved } from './one-change.js';

function box(n: number, x = n): WireAnnotation {
  const geometry = { bbox: [x, 0, 5, 5], coords_unit: 'px' };
  return { id: String(n).padStart(32, '0'), label: 'cell', shape_type: 'bbox', geometry, attributes: {} };
}

const MANY = Array.from({ length: 200 }, (_, n) => box(n));

function request(fields: Partial<SaveRequest>): SaveRequest {
  const changes = { touched: [{ id: box(199).id, after: box(199) }] };
  const judged = { accepted: [], rejected: [] };
  return { revision: 3, state: 'labeled', stateBefore: 'labeled', annotations: MANY, changes, judged, ...fields };
}

async function save(
  wanted: SaveRequest,
  answer: (change: OneChange) => OneSaved = () => ({ ...box(199), revision: 4 }),
) {
  const sent: OneChange[] = [];
  const one = (change: OneChange) => {
    sent.push(change);
    return new Promise<OneSaved>((resolve) => {
      resolve(answer(change));
    });
  };
  const saved = await saveOneOr('7', wanted, one, () => Promise.resolve({ revision: 9, state: 'labeled' }));
  return { sent, saved };
}

test('a new box in a large set is sent alone, under its own id', async () => {
  const { sent, saved } = await save(request({}));
  expect(sent).toEqual([{ method: 'POST', path: 'images/7/annotations', body: box(199) }]);
  expect(saved).toEqual({ revision: 4, state: 'labeled' });
});

test('a moved box is sent alone, to its own address', async () => {
  const changes = { touched: [{ id: box(5).id, before: box(5), after: box(5, 50) }] };
  const { sent } = await save(request({ changes }), () => ({ ...box(5, 50), revision: 4 }));
  const { id, ...content } = box(5, 50);
  expect(sent).toEqual([{ method: 'PUT', path: `annotations/${id}`, body: content }]);
});

test('a box that went is deleted by itself', async () => {
  const changes = { touched: [{ id: box(5).id, before: box(5) }] };
  const annotations = MANY.filter(({ id }) => id !== box(5).id);
  const { sent, saved } = await save(request({ changes, annotations }), () => ({ revision: 4 }));
  expect(sent).toEqual([{ method: 'DELETE', path: `annotations/${box(5).id}` }]);
  expect(saved).toEqual({ revision: 4, state: 'labeled' });
});

test('what the server wrote otherwise is how it is then', async () => {
  const { saved } = await save(request({}), () => ({ ...box(199, 198.5), revision: 4 }));
  expect(saved.annotations?.at(-1)).toEqual(box(199, 198.5));
  expect(saved.annotations).toHaveLength(200);
});

test('small sets, several changes, a new order and a new state are sent whole', async () => {
  const two = [box(1), box(2)].map((after) => ({ id: after.id, after }));
  const several: Partial<SaveRequest>[] = [
    { annotations: [box(199)] },
    { changes: { touched: two } },
    { changes: { touched: two.slice(1), order: [] } },
    { changes: { touched: [{ id: box(1).id, before: box(1) }] }, state: 'empty' },
    { state: 'reviewed' },
  ];
  for (const fields of several) {
    const { sent, saved } = await save(request(fields));
    expect([sent, saved.revision]).toEqual([[], 9]);
  }
});

test('one that is gone is told by a save of the whole set, a conflict as it is', async () => {
  const refuse = (kind: 'refused' | 'conflict') => () => {
    throw new BackendError(kind, '');
  };
  expect((await save(request({}), refuse('refused'))).saved.revision).toBe(9);
  await expect(save(request({}), refuse('conflict'))).rejects.toThrow(BackendError);
});
