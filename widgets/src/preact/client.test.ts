import { options } from 'preact';
import { expect, test } from 'vitest';
import './client.js';

test('components are drawn after what an edit sets off, and before the next event', async () => {
  const done: string[] = [];
  const next = new Promise<void>((resolve) => {
    setImmediate(() => {
      done.push('next event');
      resolve();
    });
  });
  options.debounceRendering?.(() => {
    done.push('drawn');
  });
  void (async () => {
    for (let step = 0; step < 12; step++) await Promise.resolve();
    done.push('sent');
  })();
  await next;
  expect(done).toEqual(['sent', 'drawn', 'next event']);
});
