import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, test } from 'vitest';
import { RestBackend } from './rest-backend.js';

const settings = ServerConnection.makeSettings({ baseUrl: 'http://localhost:8888/user/ann/', token: 'secret' });

/** A Backend over a server that answers like this; keeps what it was asked. */
function backendOver(answer: () => Promise<Response>): { backend: RestBackend; asked: string[] } {
  const asked: string[] = [];
  const request = (url: string) => {
    asked.push(url);
    return answer();
  };
  return { backend: new RestBackend(settings, request), asked };
}

describe('health over REST', () => {
  test('asks below the base URL of the server, whatever that is', async () => {
    const { backend, asked } = backendOver(() => Promise.resolve(new Response('{"status": "ok"}')));
    expect(await backend.health()).toEqual({ state: 'live' });
    expect(asked).toEqual(['http://localhost:8888/user/ann/roboflow/api/health/live']);
  });

  test('says what a server without the extension answered', async () => {
    const { backend } = backendOver(() => Promise.resolve(new Response('', { status: 404 })));
    expect(await backend.health()).toEqual({ state: 'unreachable', reason: 'it answered 404' });
  });

  test('says why no server answered', async () => {
    const { backend } = backendOver(() => Promise.reject(new Error('connection refused')));
    expect(await backend.health()).toEqual({ state: 'unreachable', reason: 'connection refused' });
  });
});
