import { afterEach, describe, expect, test } from 'vitest';
import type { WireProposal } from './annotation.js';
import { MemoryJournal, type Journal } from './journal.js';
import { Session } from './session.js';
import { boundsOf } from './shapes/index.js';
import { FakeBackend, FakeClock } from './testing/backend.js';
import { draw, drop, id, move, PICTURE, places, quiet, sessions, settled, wire } from './testing/session.js';

const { begin, keep, closeAll } = sessions();
afterEach(closeAll);

describe('an edit', () => {
  test('is saved at once, and the state of the image with it', async () => {
    const { session, backend, journal } = await begin();
    draw(session, 1, 10);
    expect(session.state.saving).toBe('saving');
    await quiet();
    expect(session.state).toMatchObject({ saving: 'saved', unsaved: 0 });
    expect(backend.set('1')).toMatchObject({ revision: 1, state: 'labeled', annotations: [wire(1, 10)] });
    expect(await journal.all()).toEqual([]);
  });

  test('made while another is on its way goes after it', async () => {
    const { session, backend } = await begin();
    draw(session, 1, 10);
    draw(session, 2, 50);
    draw(session, 3, 90);
    await quiet();
    expect(backend.requests.map((request) => request.annotations.length)).toEqual([1, 3]);
    expect(backend.requests[1]?.changes.touched.map((change) => change.id)).toEqual([id(2), id(3)]);
  });

  test('undone is saved as undone', async () => {
    const { session, backend } = await begin();
    draw(session, 1, 10);
    await quiet();
    session.editor.run('undo');
    await quiet();
    expect(backend.set('1')).toMatchObject({ revision: 2, state: 'unlabeled', annotations: [] });
  });

  test('of what is only of this page is not sent', async () => {
    const { session, backend } = await begin();
    draw(session, 1, 10);
    await quiet();
    session.editor.select([id(1)]);
    session.editor.run('hide');
    await quiet();
    expect(backend.requests).toHaveLength(1);
    expect(session.state.saving).toBe('saved');
  });

  test('of the image’s state alone is saved', async () => {
    const { session, backend } = await begin();
    session.editor.run('mark-empty');
    await quiet();
    expect(backend.set('1').state).toBe('empty');
  });
});

describe('when nobody answers', () => {
  test('it is tried again, later and later, until somebody does', async () => {
    const { session, backend, clock } = await begin();
    backend.mode = 'down';
    draw(session, 1, 10);
    await quiet();
    expect(session.state).toMatchObject({ saving: 'offline', saveProblem: 'Nobody answers.' });
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      waits.push(clock.next ?? -1);
      clock.advance(clock.next ?? 0);
      await quiet();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    backend.mode = 'up';
    clock.advance(30000);
    await quiet();
    expect(session.state).toMatchObject({ saving: 'saved', saveProblem: undefined });
    expect(places(backend.set('1').annotations)).toEqual({ 1: 10 });
  });

  test('a person may try at once', async () => {
    const { session, backend } = await begin();
    backend.mode = 'down';
    draw(session, 1, 10);
    await quiet();
    backend.mode = 'up';
    session.retry();
    await quiet();
    expect(session.state.saving).toBe('saved');
  });

  test('an answer that got lost is not taken for somebody else’s save', async () => {
    const { session, backend, clock } = await begin();
    backend.mode = 'lost';
    draw(session, 1, 10);
    draw(session, 2, 50);
    await quiet();
    move(session, 1, 60);
    drop(session, 2);
    backend.mode = 'up';
    await settled(clock, session);
    expect(places(backend.set('1').annotations)).toEqual({ 1: 60 });
    expect(session.state.conflict).toBeUndefined();
  });

  test('a refusal says why and waits for the person', async () => {
    const { session, backend, clock } = await begin();
    backend.mode = 'refusing';
    draw(session, 1, 10);
    await quiet();
    expect(session.state).toMatchObject({ saving: 'unsaved', saveProblem: 'There is no such label.' });
    expect(clock.next).toBeUndefined();
    backend.mode = 'up';
    draw(session, 2, 50);
    await quiet();
    expect(session.state.saving).toBe('saved');
  });
});

describe('somebody saved in between', () => {
  test('other shapes: both are there, and undoing one’s own leaves theirs', async () => {
    const { session, backend } = await begin();
    draw(session, 1, 10);
    await quiet();
    backend.elsewhere('1', (all) => [...all, wire(2, 50)]);
    move(session, 1, 30);
    await quiet();
    expect(places(backend.set('1').annotations)).toEqual({ 1: 30, 2: 50 });
    expect(session.editor.state.document.map((each) => each.id)).toEqual([id(1), id(2)]);
    session.editor.run('undo');
    session.editor.run('undo');
    await quiet();
    expect(places(backend.set('1').annotations)).toEqual({ 2: 50 });
  });

  test('both did the same: nothing to choose', async () => {
    const { session, backend } = await begin();
    draw(session, 1, 10);
    await quiet();
    backend.elsewhere('1', () => [wire(1, 40)]);
    move(session, 1, 40);
    await quiet();
    expect(session.state).toMatchObject({ saving: 'saved', conflict: undefined });
  });

  const clash = async () => {
    const made = await begin();
    draw(made.session, 1, 10);
    draw(made.session, 2, 50);
    await quiet();
    made.backend.elsewhere('1', ([, second]) => [wire(1, 90), ...(second ? [second] : []), wire(3, 70)]);
    move(made.session, 1, 40);
    await quiet();
    return made;
  };

  test('the same shape otherwise: both are shown and nothing is overwritten', async () => {
    const { session, backend } = await clash();
    expect(session.state.saving).toBe('conflict');
    expect(session.state.conflict?.ids).toEqual([id(1)]);
    expect(session.state.conflict?.mine.map((each) => boundsOf(each.shape).x0)).toEqual([40, 50]);
    expect(session.state.conflict?.theirs.map((each) => boundsOf(each.shape).x0)).toEqual([90, 50, 70]);
    expect(places(backend.set('1').annotations)).toEqual({ 1: 90, 2: 50, 3: 70 });
  });

  test.each([
    ['mine', [40, 50, 70]],
    ['theirs', [50, 70, 90]],
    ['both', [40, 50, 70, 90]],
  ] as const)('%s is chosen', async (resolution, expected) => {
    const { session, backend } = await clash();
    session.resolve(resolution);
    await quiet();
    expect(session.state).toMatchObject({ saving: 'saved', conflict: undefined });
    expect(Object.values(places(backend.set('1').annotations)).sort((a, b) => a - b)).toEqual(expected);
    const shown = session.editor.state.document.map((each) => boundsOf(each.shape).x0);
    expect(shown.sort((a, b) => a - b)).toEqual(expected);
  });

  test('they deleted what I moved, I choose mine', async () => {
    const { session, backend } = await begin();
    draw(session, 1, 10);
    await quiet();
    backend.elsewhere('1', () => []);
    move(session, 1, 40);
    await quiet();
    expect(session.state.saving).toBe('conflict');
    session.resolve('mine');
    await quiet();
    expect(places(backend.set('1').annotations)).toEqual({ 1: 40 });
  });

  test('edits go on during the choice, into the journal', async () => {
    const { session, backend, journal } = await clash();
    draw(session, 5, 150);
    await quiet();
    expect((await journal.get('1'))?.changes.touched.map((change) => change.id)).toContain(id(5));
    session.resolve('theirs');
    await quiet();
    expect(places(backend.set('1').annotations)).toEqual({ 1: 90, 2: 50, 3: 70, 5: 150 });
  });
});

describe('after a crash', () => {
  test('what was not saved is there, on any image, and is saved', async () => {
    const first = await begin(new FakeBackend(3));
    first.backend.mode = 'down';
    draw(first.session, 1, 10);
    await quiet();
    await first.session.journaled();
    first.session.close();
    first.backend.mode = 'up';
    first.backend.elsewhere('1', (all) => [...all, wire(2, 50)]);
    const again = await begin(first.backend, first.journal);
    expect(again.editor.state.document.map((each) => each.id).sort()).toEqual([id(1), id(2)]);
    expect(places(again.backend.set('1').annotations)).toEqual({ 1: 10, 2: 50 });
    expect(await again.journal.all()).toEqual([]);
  });

  test('a journal that does not work does not keep edits from being saved', async () => {
    const broken: Journal = {
      put: () => Promise.reject(new Error('full')),
      get: () => Promise.reject(new Error('full')),
      delete: () => Promise.resolve(),
      all: () => Promise.reject(new Error('full')),
    };
    const { session, backend } = await begin(new FakeBackend(), broken);
    draw(session, 1, 10);
    await quiet();
    expect(places(backend.set('1').annotations)).toEqual({ 1: 10 });
  });
});

describe('images', () => {
  test('next and previous; the neighbours are loaded ahead, once', async () => {
    const { session, backend, editor } = await begin(new FakeBackend(9));
    await session.open('5');
    await quiet();
    expect(new Set(backend.pictures)).toEqual(new Set(['1', '2', '3', '4', '5', '6', '7', '8']));
    expect(session.state.picture).toBe(PICTURE);
    const asked = backend.pictures.length;
    editor.run('image-next');
    expect(session.state).toMatchObject({ status: 'ready', current: { id: '6' }, picture: PICTURE });
    await session.previous();
    expect(session.state.current?.id).toBe('5');
    await quiet();
    expect(backend.pictures.slice(asked)).toEqual([]);
    editor.run('image-next');
    await quiet();
    expect(backend.pictures.slice(asked)).toEqual(['9']);
  });

  test('the last image has no next', async () => {
    const { session } = await begin(new FakeBackend(2));
    await session.open('2');
    await session.next();
    expect(session.state.current?.id).toBe('2');
    await expect(session.open('99')).rejects.toThrow('no image 99');
  });

  test('what was drawn on one is saved while another is shown, and can be repeated there', async () => {
    const { session, backend, editor, clock } = await begin(new FakeBackend(2));
    backend.mode = 'down';
    draw(session, 1, 10);
    await session.next();
    expect(session.state.unsaved).toBe(1);
    backend.mode = 'up';
    await settled(clock, session);
    expect(places(backend.set('1').annotations)).toEqual({ 1: 10 });
    await session.open('2');
    editor.run('repeat-previous');
    await quiet();
    expect(Object.values(places(backend.set('2').annotations))).toEqual([10]);
  });

  test('a photo that cannot be shown leaves its annotations, and the next image works', async () => {
    const backend = new FakeBackend(2);
    backend.sets.set('1', { revision: 4, state: 'labeled', annotations: [wire(1, 10)] });
    let broken = true;
    const session = new Session({
      ...{ backend, journal: new MemoryJournal(), clock: new FakeClock() },
      decode: () => (broken ? Promise.reject(new Error('not a picture')) : Promise.resolve(PICTURE)),
    });
    keep(session);
    await session.start();
    expect(session.state).toMatchObject({
      status: 'ready',
      pictureProblem: ['This photo cannot be shown: %1', 'not a picture'],
    });
    expect(session.editor.state.document).toHaveLength(1);
    await quiet();
    broken = false;
    await session.next();
    expect(session.state).toMatchObject({ pictureProblem: undefined, picture: PICTURE });
  });

  test('what others did on an image loaded ahead is there when it is shown', async () => {
    const { session, backend, editor } = await begin(new FakeBackend(2));
    backend.elsewhere('2', () => [wire(7, 70)]);
    await session.next();
    await quiet();
    expect(editor.state.document.map((each) => each.id)).toEqual([id(7)]);
    expect(backend.requests).toEqual([]);
  });

  test('without any image, or without an answer, it says so', async () => {
    expect((await begin(new FakeBackend(0))).session.state.status).toBe('ready');
    const backend = new FakeBackend(1);
    backend.mode = 'down';
    expect((await begin(backend)).session.state).toMatchObject({ status: 'failed', problem: 'Nobody answers.' });
  });
});

test('proposals that come late are put beside what was drawn before they came', async () => {
  const backend = new FakeBackend();
  let come: (late: readonly WireProposal[]) => void = () => undefined;
  const later = new Promise<readonly WireProposal[]>((resolve) => {
    come = resolve;
  });
  backend.sets.set('1', { ...backend.set('1'), later });
  const { session, editor } = await begin(backend);
  draw(session, 1, 10);
  come([{ ...wire(7, 70), score: 0.5, provenance: 'finder' }]);
  await quiet();
  expect(editor.state.document.map((each) => each.id)).toEqual([id(1), id(7)]);
  expect(backend.set('1').annotations).toEqual([wire(1, 10)]);
  expect(session.state.saving).toBe('saved');
  editor.run('undo');
  expect(editor.state.document.map((each) => each.id)).toEqual([id(7)]);
});

test('proposals are not saved until they are accepted; what was judged is told', async () => {
  const backend = new FakeBackend();
  backend.propose(
    '1',
    [1, 2, 3].map((n) => ({ ...wire(n, 40 * n), score: n / 4, provenance: 'finder' })),
  );
  const { session, editor } = await begin(backend);
  expect(editor.state.document).toHaveLength(3);
  expect(session.state.saving).toBe('saved');
  editor.acceptAbove(0.7);
  editor.select([id(1)]);
  editor.run('reject');
  await quiet();
  expect(backend.set('1').annotations.map((each) => [each.id, each.attributes])).toEqual([
    [id(3), { proposed_by: 'finder', score: 0.75 }],
  ]);
  expect(backend.set('1').proposals?.map((each) => each.id)).toEqual([id(2)]);
  expect(session.state.saving).toBe('saved');
});
