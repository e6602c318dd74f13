import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import { Rest, RestError } from '../rest.js';
import { backendError, RestAnnotations } from './annotation-backend.js';

const trans = nullTranslator.load('jupyter_roboflow');
const settings = ServerConnection.makeSettings({ baseUrl: 'http://localhost:8888/' });
const request = { revision: 3, state: 'labeled', annotations: [], changes: { touched: [] }, judged: {} } as never;

function over(...answers: Response[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const rest = new Rest(settings, (url, init) => {
    asked.push({ url, init });
    return Promise.resolve(answers.shift() ?? new Response('', { status: 500 }));
  });
  return { backend: new RestAnnotations(rest, () => Promise.resolve([]), trans), asked };
}

test('a save names the revision it was made from', async () => {
  const { backend, asked } = over(Response.json({ revision: 4, state: 'labeled' }));
  expect(await backend.save('7', request)).toMatchObject({ revision: 4 });
  expect(asked[0]).toMatchObject({
    url: 'http://localhost:8888/roboflow/api/images/7/annotations',
    init: { method: 'PUT' },
  });
  expect(new Headers(asked[0]?.init.headers).get('If-Match')).toBe('"3"');
});

test('a stale one is a conflict, an expired login is tried again, a refusal is not', () => {
  const kinds = ([409, 401, 503, 403, 0] as const).map(
    (status) => backendError(new RestError(status, status === 409 ? 'stale_revision' : 'x', ''), trans).kind,
  );
  expect(kinds).toEqual(['conflict', 'unavailable', 'unavailable', 'refused', 'unavailable']);
});

test('of a picture that no browser shows, the thumbnail is shown', async () => {
  const tiff = new Response('II*', { headers: { 'Content-Type': 'image/tiff' } });
  const { backend, asked } = over(tiff, new Response('jpeg', { headers: { 'Content-Type': 'image/jpeg' } }));
  expect(await (await backend.picture('7')).text()).toBe('jpeg');
  expect(asked.map(({ url }) => url.split('/').at(-1))).toEqual(['file', 'thumbnail']);
});

test('outlines and edges are found by the server', async () => {
  const found = { shapes: [{ shape_type: 'polygon', geometry: { points: [0, 0, 9, 0, 9, 9], coords_unit: 'px' } }] };
  const { backend, asked } = over(Response.json(found), Response.json({ points: [1, 2, 3, 4] }));
  const { signal } = new AbortController();
  const prompt = { box: [0, 0, 9, 9], include: [], exclude: [], brush: 5 };
  expect(await backend.assistant.outline('7', prompt, signal)).toEqual(found.shapes);
  expect(await backend.assistant.path('7', { x: 1, y: 2 }, { x: 3, y: 4 }, signal)).toEqual([1, 2, 3, 4]);
  const bodies = asked.map(({ url, init }) => [url.split('api/')[1], JSON.parse(init.body as string) as unknown]);
  expect(bodies).toEqual([
    ['images/7/outline', prompt],
    ['images/7/path', { start: [1, 2], end: [3, 4] }],
  ]);
});
