import { Signal } from '@lumino/signaling';
import { expect, test } from 'vitest';
import { Changes } from '../host.js';
import { RestError } from '../rest.js';
import { DatasetModel, isDoomed } from './dataset-model.js';

const missing = new RestError(404, 'not_found', 'There is no dataset 7.');

/** A model over a server on which the dataset is there until it is not. */
function opened() {
  const server = { isThere: true, asked: 0 };
  const rest: { refused?: Signal<object, RestError> } = {};
  const refused = new Signal<object, RestError>(rest);
  rest.refused = refused;
  const get = () => {
    server.asked++;
    return server.isThere ? Promise.resolve({ id: 7, name: 'cells' }) : Promise.reject(missing);
  };
  const refuse = () => {
    refused.emit(missing);
  };
  const page = () => Promise.resolve({ items: [], total: 8412, page: 1, limit: 100 });
  const host = { api: { rest, datasets: { get }, images: { page } }, changes: new Changes() };
  return { server, model: new DatasetModel(host as never, 7), refuse };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('a dataset that somebody else deleted while it is open is noticed by the first thing that is not found', async () => {
  const { server, model, refuse } = opened();
  server.isThere = false;
  refuse();
  refuse();
  await settled();
  expect(model.gone.get()).toBe(true);
  expect(server.asked).toBe(1);
});

test('an image that is gone does not mean that its dataset is', async () => {
  const { model, refuse } = opened();
  refuse();
  await settled();
  expect(model.gone.get()).toBe(false);
});

test('all that fit are about to be deleted in the list they were selected in, and nowhere else', async () => {
  const { model } = opened();
  await settled();
  const list = model.images.get();
  model.select({ type: 'all' });
  model.select({ type: 'toggle', index: 0, id: 3 });
  const spare = model.doom(model.selection.get());
  const doomed = () => [3, 4].map((id) => isDoomed(model.doomed.get(), list, id));
  expect(doomed()).toEqual([false, true]);
  model.find('label:WBC');
  await settled();
  expect(isDoomed(model.doomed.get(), model.images.get(), 4)).toBe(false);
  spare();
  expect(doomed()).toEqual([false, false]);
});
