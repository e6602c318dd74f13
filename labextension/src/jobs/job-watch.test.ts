import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Job, JobState } from '../wire.js';
import { followed, JobWatch } from './job-watch.js';

const job = (id: number, state: JobState) => ({ id, state, dataset_id: 1 }) as Job;

describe('jobs that end', () => {
  test('are told once; those of before the first look are old news', () => {
    const first = followed(undefined, [job(1, 'succeeded'), job(2, 'running')]);
    expect(first.over).toEqual([]);
    const second = followed(first.known, [job(1, 'succeeded'), job(2, 'failed'), job(3, 'succeeded')]);
    expect(second.over.map(({ id }) => id)).toEqual([2, 3]);
    expect(followed(second.known, [job(1, 'succeeded'), job(2, 'failed'), job(3, 'succeeded')]).over).toEqual([]);
  });
});

describe('looking', () => {
  beforeEach(() => {
    vi.stubGlobal('document', { hidden: false });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
    vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act, 0));
    vi.stubGlobal('cancelAnimationFrame', (id: number) => {
      clearTimeout(id);
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('happens every second while a job runs, and soon after it was started', async () => {
    let items: readonly Job[] = [];
    const page = vi.fn(() => Promise.resolve({ items, total: 1, page: 1, limit: 100 }));
    const watch = new JobWatch({ jobs: { page } } as never, () => 1000);
    const ended: number[] = [];
    watch.finished.connect((_, { id }) => ended.push(id));
    await vi.advanceTimersByTimeAsync(50);
    items = [job(1, 'running')];
    watch.hurry();
    await vi.advanceTimersByTimeAsync(50);
    const before = page.mock.calls.length;
    await vi.advanceTimersByTimeAsync(3000);
    expect(page.mock.calls.length - before).toBeGreaterThanOrEqual(2);
    items = [job(1, 'succeeded')];
    await vi.advanceTimersByTimeAsync(2000);
    expect(ended).toEqual([1]);
  });
});
