import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, test } from 'vitest';
import { Api } from './api.js';
import { Rest, RestError, asQuery } from './rest.js';

const settings = ServerConnection.makeSettings({ baseUrl: 'http://localhost:8888/user/ann/', token: 'secret' });

/** An interface over a server that answers like this; keeps what it was asked. */
function apiOver(answer: () => Promise<Response>): { api: Api; asked: string[] } {
  const asked: string[] = [];
  const rest = new Rest(settings, (url: string) => {
    asked.push(url);
    return answer();
  });
  return { api: new Api(rest), asked };
}

const answering = (body: string, status = 200) => apiOver(() => Promise.resolve(new Response(body, { status })));

describe('health over REST', () => {
  test('asks below the base URL of the server, whatever that is', async () => {
    const { api, asked } = answering('{"status": "ok"}');
    expect(await api.health()).toEqual({ state: 'live' });
    expect(asked).toEqual(['http://localhost:8888/user/ann/roboflow/api/health/live']);
  });

  test('says what a server without the extension answered', async () => {
    const { api } = answering('<html>', 404);
    expect(await api.health()).toEqual({ state: 'unreachable', reason: 'The server answered 404' });
  });

  test('says why no server answered', async () => {
    const { api } = apiOver(() => Promise.reject(new Error('connection refused')));
    expect(await api.health()).toEqual({ state: 'unreachable', reason: 'connection refused' });
  });
});

describe('the real transport of JupyterLab', () => {
  test('adds nothing to the query: the server refuses parameters it does not know', async () => {
    const asked: string[] = [];
    const fetched = (input: RequestInfo | URL) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(new Response('{"items": []}'));
    };
    const real = new Api(new Rest({ ...settings, init: { cache: 'no-store' }, fetch: fetched }));
    await real.jobs.page({ limit: 100 });
    expect(asked).toEqual(['http://localhost:8888/user/ann/roboflow/api/jobs?limit=100']);
  });
});

describe('errors', () => {
  const refusal = '{"error": {"code": "dataset_exists", "message": "There is one.", "details": {"id": 3}}}';

  test('carry the code, the message and the details of the server', async () => {
    const { api } = answering(refusal, 409);
    const error = await api.datasets.create('cells').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RestError);
    expect(error).toMatchObject({ status: 409, code: 'dataset_exists', message: 'There is one.', details: { id: 3 } });
  });

  test('tell a server that is gone from one that says no', async () => {
    const gone = await answering('bad gateway', 502)
      .api.me()
      .catch((thrown: unknown) => thrown);
    const no = await answering(refusal, 409)
      .api.me()
      .catch((thrown: unknown) => thrown);
    expect([(gone as RestError).unreachable, (no as RestError).unreachable]).toEqual([true, false]);
  });
});

describe('addresses', () => {
  test('a name with a slash and an emoji stays one part', async () => {
    const { api, asked } = answering('');
    await api.labels.delete(1, 'a/b 🩸');
    expect(asked[0]).toContain('datasets/1/labels/a%2Fb%20%F0%9F%A9%B8');
  });

  test('what is not asked for is not in the query', () => {
    expect(asQuery({ search: '', page: 2, split: undefined })).toBe('?page=2');
    expect(asQuery({})).toBe('');
    expect(asQuery({ label: ['a b', 'c'], exclude_tag: [] })).toBe('?label=a+b&label=c');
  });
});
