import { describe, expect, test } from 'vitest';
import { MemoryJournal } from './journal.js';
import { FakeBackend, FakeClock } from './testing/backend.js';
import { pick, seeded } from './testing/random.js';
import { beginSession, draw, drop, move, places, quiet, settled, wire } from './testing/session.js';

describe('whatever fails, nothing is ever lost', () => {
  test.each(Array.from({ length: 80 }, (_, seed) => seed))('seed %d', async (seed) => {
    const random = seeded(seed);
    const [backend, journal, clock] = [new FakeBackend(2), new MemoryJournal(), new FakeClock()];
    let { session } = await beginSession(backend, journal, clock);
    const mine: Record<string, Record<number, number>> = { 1: {}, 2: {} };
    const theirs: Record<string, Record<number, number>> = { 1: {}, 2: {} };
    let next = 1;
    const own = (): [string, Record<number, number>, number | undefined] => {
      const image = session.state.current?.id ?? '1';
      const all = mine[image] ?? {};
      const here = Object.keys(all).map(Number);
      return [image, all, here.length > 0 ? pick(random, here) : undefined];
    };
    const steps: Record<string, () => unknown> = {
      draw: () => {
        draw(session, next, next);
        own()[1][next] = next++;
      },
      move: () => {
        const [, all, n] = own();
        if (n === undefined) return;
        move(session, n, (all[n] = Math.floor(random() * 150)));
      },
      delete: () => {
        const [, all, n] = own();
        if (n === undefined) return;
        drop(session, n);
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        delete all[n];
      },
      theirs: () => {
        const image = pick(random, ['1', '2']);
        const [n, x] = [next++, Math.floor(random() * 150)];
        backend.elsewhere(image, (all) => [...all, wire(n, x)]);
        theirs[image] = { ...theirs[image], [n]: x };
      },
      mode: () => (backend.mode = pick(random, ['up', 'up', 'down', 'lost', 'refusing'] as const)),
      time: () => {
        clock.advance(random() * 3000);
      },
      quiet,
      switch: () => session.next().then(() => session.previous()),
      other: () => (session.state.current?.id === '1' ? session.next() : session.previous()),
      crash: async () => {
        await session.journaled();
        session.close();
        const { mode } = backend;
        backend.mode = 'up';
        session = (await beginSession(backend, journal, clock)).session;
        backend.mode = mode;
      },
    };
    const names = [
      'draw',
      'draw',
      'draw',
      'move',
      'move',
      'delete',
      'theirs',
      'mode',
      'mode',
      'time',
      'quiet',
      'quiet',
      'switch',
      'other',
      'crash',
    ];
    for (let i = 0; i < 60; i++) {
      const name = pick(random, names);
      if (session.state.status === 'ready' || name === 'mode' || name === 'crash') await steps[name]?.();
      if (session.state.status === 'failed') {
        backend.mode = 'up';
        await session.open(session.state.current?.id ?? '1');
      }
    }
    backend.mode = 'up';
    await quiet();
    session.retry();
    await settled(clock, session);
    await quiet();
    expect(session.state.saving).toBe('saved');
    for (const image of ['1', '2']) {
      expect(places(backend.set(image).annotations)).toEqual({ ...mine[image], ...theirs[image] });
    }
    expect(await journal.all()).toEqual([]);
    session.close();
  });
});
