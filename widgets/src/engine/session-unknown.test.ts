import { expect, test } from 'vitest';
import type { WireAnnotation } from './annotation.js';
import { FakeBackend } from './testing/backend.js';
import { beginSession, draw, id, quiet, wire } from './testing/session.js';

const skeleton: WireAnnotation = {
  ...{ id: id(9), label: 'red', shape_type: 'skeleton', attributes: { pose: 'sits' } },
  geometry: { joints: [10, 10, 30, 40, 60, 20], bones: [[0, 1]], coords_unit: 'px', depth: { unit: 'mm', at: [1, 2] } },
};

test('a shape of a kind that nobody here knows is shown, cannot be changed, and is saved as it came', async () => {
  const backend = new FakeBackend();
  backend.elsewhere('1', () => [skeleton, wire(1, 100)]);
  const { session, editor } = await beginSession(backend);
  editor.select([id(9)]);
  for (const action of ['nudge-right', 'simplify', 'join'] as const) editor.run(action);
  expect(editor.state.history.past).toEqual([]);
  draw(session, 2, 50);
  editor.run('to-front');
  await quiet();
  expect(backend.set('1').annotations).toEqual([wire(1, 100), wire(2, 50), skeleton]);
  editor.run('delete');
  editor.run('undo');
  await quiet();
  expect(backend.set('1').annotations.at(-1)).toEqual(skeleton);
  session.close();
});
