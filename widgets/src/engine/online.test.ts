import { afterEach, expect, test, vi } from 'vitest';
import { retryWhenOnline } from './online.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('who is back in the network saves at once, until it is over', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  const session = { retry: vi.fn() };
  const end = retryWhenOnline(session);
  page.dispatchEvent(new Event('offline'));
  expect(session.retry).not.toHaveBeenCalled();
  page.dispatchEvent(new Event('online'));
  expect(session.retry).toHaveBeenCalledTimes(1);
  end();
  page.dispatchEvent(new Event('online'));
  expect(session.retry).toHaveBeenCalledTimes(1);
});
