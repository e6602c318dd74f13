import { expect, test } from 'vitest';
import { MemoryJournal } from './journal.js';
import { Session } from './session.js';
import { FakeBackend } from './testing/backend.js';
import { PICTURE, quiet } from './testing/session.js';

function sessionOver(backend: FakeBackend): Session {
  return new Session({ backend, journal: new MemoryJournal(), decode: () => Promise.resolve(PICTURE) });
}

test('the image to begin with is asked for beside the list of images, and once', async () => {
  const backend = new FakeBackend(3);
  const images = backend.images.bind(backend);
  let listed = (): void => undefined;
  const held = new Promise<void>((resolve) => (listed = resolve));
  backend.images = async () => {
    await held;
    return images();
  };
  const session = sessionOver(backend);
  const started = session.start('2');
  await quiet();
  expect(backend.loads).toEqual(['2']);
  expect(backend.pictures).toEqual(['2']);
  expect(session.state.status).toBe('starting');
  listed();
  await started;
  expect(session.state).toMatchObject({ status: 'ready', current: { id: '2' }, position: 1, picture: PICTURE });
  await quiet();
  expect(backend.loads.filter((each) => each === '2')).toHaveLength(1);
  await session.next();
  await session.previous();
  await quiet();
  expect(backend.loads.filter((each) => each === '2')).toHaveLength(2);
  session.close();
});

test('an image to begin with that is not there is told', async () => {
  const session = sessionOver(new FakeBackend(3));
  await session.start('9');
  expect(session.state.status).toBe('failed');
  expect(session.state.problem).toContain('There is no image 9');
  session.close();
});
