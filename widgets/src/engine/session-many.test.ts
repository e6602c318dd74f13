import { afterEach, describe, expect, test } from 'vitest';
import { FakeBackend } from './testing/backend.js';
import { draw, places, quiet, sessions } from './testing/session.js';

const { begin, closeAll } = sessions();
afterEach(closeAll);

describe('more images than are known at once', () => {
  const many = async () => {
    const backend = new FakeBackend(6000);
    backend.byPlaces = true;
    return begin(backend);
  };

  test('only those near are asked for', async () => {
    const { session, backend } = await many();
    await quiet();
    expect(session.state).toMatchObject({ count: 6000, position: 0, current: { id: '1' } });
    expect(backend.places.sort()).toEqual([0, 1, 2, 3]);
    expect(backend.loads.length).toBeLessThan(6);
  });

  test('one goes on past the five thousandth, and not past the ends', async () => {
    const { session, backend } = await many();
    await session.openAt(4999);
    await session.next();
    expect(session.state).toMatchObject({ position: 5000, current: { id: '5001' } });
    draw(session, 1, 10);
    await quiet();
    expect(places(backend.set('5001').annotations)).toEqual({ 1: 10 });
    await session.open('6000');
    await session.next();
    expect(session.state).toMatchObject({ position: 5999, current: { id: '6000' } });
    await session.openAt(-1);
    await session.openAt(6000);
    expect(session.state.position).toBe(5999);
    await expect(session.open('7000')).rejects.toThrow('There is no image 7000');
  });

  test('of places asked for quickly one after the other the last is shown', async () => {
    const { session } = await many();
    await Promise.all([session.openAt(100), session.openAt(200), session.openAt(300)]);
    expect(session.state.current?.id).toBe('301');
  });

  test('what was not saved is taken up wherever its image is', async () => {
    const first = await many();
    await first.session.openAt(5500);
    first.backend.mode = 'down';
    draw(first.session, 1, 10);
    await quiet();
    await first.session.journaled();
    first.session.close();
    first.backend.mode = 'up';
    await begin(first.backend, first.journal);
    await quiet();
    expect(places(first.backend.set('5501').annotations)).toEqual({ 1: 10 });
  });
});
