import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Messages } from './comm-backend.js';
import { commDoor } from './comm-backend.js';
import { restDoor, serverOf } from './rest-backend.js';

type Handler = (message: unknown, buffers?: readonly DataView[]) => void;

/** A kernel that writes down what it is told, and says what the test says. */
class FakeKernel {
  readonly heard: Record<string, unknown>[] = [];
  #handlers: (readonly [event: string, handler: Handler])[] = [];
  #ended = false;

  readonly model = {
    send: (message: Record<string, unknown>) => {
      if (this.#ended) throw new Error('Cannot send');
      this.heard.push(message);
    },
    on: (event: string, handler: Handler) => {
      this.#handlers.push([event, handler]);
    },
    off: (_: string, handler: Handler) => {
      this.#handlers = this.#handlers.filter(([, other]) => other !== handler);
    },
  } as unknown as Messages;

  say(message: unknown, buffers?: readonly DataView[]): void {
    for (const [event, handler] of this.#handlers) if (event === 'msg:custom') handler(message, buffers);
  }

  /** As a widget manager does when the kernel has died. */
  end(): void {
    this.#ended = true;
    for (const [event, handler] of this.#handlers) if (event === 'comm_live_update') handler(undefined);
  }

  get listeners(): number {
    return this.#handlers.length;
  }
}

describe('the kernel as a door', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('answers find their questions whatever their order', async () => {
    const kernel = new FakeKernel();
    const { ask } = commDoor(kernel.model);
    const [one, two] = [ask({ method: 'GET', path: 'one' }), ask({ method: 'GET', path: 'two' })];
    const [first, second] = kernel.heard;
    kernel.say({ type: 'answer', id: second?.id, status: 200, body: 2 });
    kernel.say({ type: 'heard' });
    kernel.say(null);
    kernel.say({ type: 'answer', id: first?.id, status: 200, body: 1 });
    expect([(await one).body, (await two).body]).toEqual([1, 2]);
  });

  test('bytes come beside the answer', async () => {
    const kernel = new FakeKernel();
    const { ask } = commDoor(kernel.model);
    const asked = ask({ method: 'GET', path: 'images/0/file' });
    const bytes = new DataView(new Uint8Array([1, 2, 3]).buffer);
    kernel.say({ type: 'answer', id: kernel.heard[0]?.id, status: 200, body: null }, [bytes]);
    expect((await asked).file?.size).toBe(3);
  });

  test.each([
    [409, 'stale_revision', 'conflict'],
    [409, 'label_exists', 'refused'],
    [422, 'unknown_label', 'refused'],
    [404, 'not_found', 'refused'],
    [401, 'not_authenticated', 'unavailable'],
    [503, 'backend_unavailable', 'unavailable'],
  ])('a refusal with %i %s is %s', async (status, code, kind) => {
    const kernel = new FakeKernel();
    const asked = commDoor(kernel.model).ask({ method: 'GET', path: 'x' });
    kernel.say({ type: 'answer', id: kernel.heard[0]?.id, status, body: { error: { code, message: 'why' } } });
    await expect(asked).rejects.toMatchObject({ kind, code, message: 'why' });
  });

  test('a kernel that never answers is unavailable after a while, and a late answer does no harm', async () => {
    const kernel = new FakeKernel();
    const asked = commDoor(kernel.model, 1000).ask({ method: 'GET', path: 'x' });
    const refused = expect(asked).rejects.toMatchObject({ kind: 'unavailable' });
    await vi.advanceTimersByTimeAsync(1001);
    await refused;
    kernel.say({ type: 'answer', id: kernel.heard[0]?.id, status: 200, body: 1 });
  });

  test('a kernel that died is unavailable at once, for what was asked and for what is asked', async () => {
    const kernel = new FakeKernel();
    const { ask } = commDoor(kernel.model);
    const asked = expect(ask({ method: 'GET', path: 'x' })).rejects.toMatchObject({ kind: 'unavailable' });
    kernel.end();
    await asked;
    await expect(ask({ method: 'GET', path: 'x' })).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'The kernel was restarted or ended: run the cell again.',
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a closed door listens no more', () => {
    const kernel = new FakeKernel();
    commDoor(kernel.model).close();
    expect(kernel.listeners).toBe(0);
  });
});

describe('the server as a door', () => {
  const page = (text: string | null, cookie = '') => ({
    querySelector: () => (text === null ? null : { textContent: text }),
    cookie,
  });

  test.each([
    ['{"baseUrl": "/user/ann/"}', 'http://host/user/ann/roboflow/api/'],
    ['{"baseUrl": "/user/ann%20b"}', 'http://host/user/ann%20b/roboflow/api/'],
    ['{"baseUrl": "https://elsewhere/x/"}', 'https://elsewhere/x/roboflow/api/'],
  ])('is found from %s', (config, api) => {
    expect(serverOf(page(config), 'http://host/user/ann/lab/tree/a.ipynb')?.api).toBe(api);
  });

  test.each([null, '', 'no json', '{}', '{"baseUrl": 3}'])('is not there with %j', (config) => {
    expect(serverOf(page(config), 'http://host/')).toBeUndefined();
  });

  test('sends the revision, the XSRF cookie and the token as headers', async () => {
    const sent: RequestInit[] = [];
    const send = ((_: string, init: RequestInit) => {
      sent.push(init);
      return Promise.resolve(Response.json({ ok: true }));
    }) as typeof fetch;
    const ask = restDoor({ api: 'http://host/', token: 'page' }, page(null, 'a=1; _xsrf=2%7Cx'), send);
    expect((await ask({ method: 'PUT', path: 'p', body: {}, revision: 4 })).body).toEqual({ ok: true });
    expect(sent[0]).toMatchObject({
      credentials: 'same-origin',
      headers: { 'If-Match': '"4"', 'X-XSRFToken': '2|x', Authorization: 'token page' },
    });
  });

  test('a broken line and a page of HTML in the place of an answer are unavailable, not lost work', async () => {
    const broken = restDoor({ api: 'http://host/' }, page(null), () => Promise.reject(new TypeError('failed')));
    await expect(broken({ method: 'GET', path: 'p' })).rejects.toMatchObject({ kind: 'unavailable' });
    const html = () =>
      Promise.resolve(new Response('<html>', { status: 502, headers: { 'Content-Type': 'text/html' } }));
    const proxy = restDoor({ api: 'http://host/' }, page(null), html);
    await expect(proxy({ method: 'GET', path: 'p' })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
