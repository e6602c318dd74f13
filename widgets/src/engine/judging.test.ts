import { afterEach, describe, expect, test } from 'vitest';
import type { WireProposal } from './annotation.js';
import { FakeBackend } from './testing/backend.js';
import { id, quiet, sessions, wire, type Begun } from './testing/session.js';

const proposals: readonly WireProposal[] = [1, 2, 3].map((n) => ({
  ...wire(n, 40 * n),
  ...{ score: n / 4, provenance: 'finder' },
}));
const { begin, closeAll } = sessions();
afterEach(closeAll);

/** Accepts the third, rejects the first, and the page is closed before anything is saved. */
async function judgedOffline(): Promise<Begun> {
  const backend = new FakeBackend();
  backend.propose('1', proposals);
  const made = await begin(backend);
  backend.mode = 'down';
  made.editor.acceptAbove(0.7);
  made.editor.select([id(1)]);
  made.editor.run('reject');
  await quiet();
  await made.session.journaled();
  made.session.close();
  return made;
}

describe('what was judged and not saved', () => {
  test('is there again on the next page, without any conflict, and is told', async () => {
    const { backend, journal } = await judgedOffline();
    backend.mode = 'up';
    const { session, editor } = await begin(backend, journal);
    await quiet();
    expect(session.state).toMatchObject({ conflict: undefined, saving: 'saved' });
    expect(editor.state.document.map((each) => [each.id, each.proposal?.score])).toEqual([
      [id(2), 0.5],
      [id(3), undefined],
    ]);
    expect(backend.requests.at(-1)?.judged).toEqual({ accepted: [id(3)], rejected: [id(1)] });
    expect(backend.set('1').proposals?.map((each) => each.id)).toEqual([id(2)]);
    expect(await journal.all()).toEqual([]);
  });

  test('is not proposed once more by somebody who is late', async () => {
    const { backend, journal } = await judgedOffline();
    backend.mode = 'up';
    backend.sets.set('1', { ...backend.set('1'), proposals: [], later: Promise.resolve(proposals) });
    const { editor, session } = await begin(backend, journal);
    await quiet();
    expect(editor.state.document.map((each) => [each.id, each.proposal?.score])).toEqual([
      [id(3), undefined],
      [id(2), 0.5],
    ]);
    expect(session.state.conflict).toBeUndefined();
  });
});

test('a rejection alone is kept until it is told', async () => {
  const backend = new FakeBackend();
  backend.propose('1', proposals);
  const first = await begin(backend);
  backend.mode = 'down';
  first.editor.select([id(2)]);
  first.editor.run('reject');
  await quiet();
  expect(first.session.state.saving).toBe('offline');
  await first.session.journaled();
  first.session.close();
  backend.mode = 'up';
  const { editor } = await begin(backend, first.journal);
  await quiet();
  expect(editor.state.document.map((each) => each.id)).toEqual([id(1), id(3)]);
  expect(backend.set('1').proposals?.map((each) => each.id)).toEqual([id(1), id(3)]);
});
