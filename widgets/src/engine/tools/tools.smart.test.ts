import { describe, expect, test } from 'vitest';
import type { OutlineQuestion } from '../assistant.js';
import { boundsOf } from '../shapes/index.js';
import type { WireShape } from '../shapes/shape.js';
import { testEditor, type TestEditor } from '../testing/editor.js';

const square = (x: number, y: number, side: number): WireShape => ({
  shape_type: 'polygon',
  geometry: { points: [x, y, x + side, y, x + side, y + side, x, y + side] },
});

function begin(): TestEditor {
  const e = testEditor();
  e.editor.set({ assists: true });
  return e.key('o');
}

const asked = (e: TestEditor): OutlineQuestion => {
  const { question } = e.editor.state;
  if (question?.kind !== 'outline') throw new Error('Nothing is asked.');
  return question;
};

function found(e: TestEditor, ...shapes: WireShape[]): TestEditor {
  e.editor.answer({ kind: 'outline', question: asked(e), shapes });
  return e;
}

describe('the smart polygon', () => {
  test('a box dragged around an object asks for its outline and gives an ordinary polygon', () => {
    const e = begin().drag([10, 10], [60, 50]);
    expect(asked(e).prompt).toMatchObject({ box: [10, 10, 50, 40], include: [], exclude: [] });
    expect(e.editor.state.toolState.in).toBe('waiting');
    expect(e.document).toEqual([]);
    found(e, square(15, 15, 30));
    expect(e.shapes.map(boundsOf)).toEqual([{ x0: 15, y0: 15, x1: 45, y1: 45 }]);
    expect(e.document[0]).toMatchObject({ label: 'red', shape: { kind: 'polygon' } });
    expect(e.editor.state).toMatchObject({ question: undefined, tool: 'smart', selection: [e.document[0]?.id] });
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual(['Smart polygon']);
    expect(e.key('v').drag([45, 45], [60, 60]).document[0]?.shape).not.toEqual(square(15, 15, 30));
  });

  test('two clicks are a box as well, and a touch is no box', () => {
    const e = begin().click(10, 10).move(30, 30).click(60, 50);
    expect(asked(e).prompt.box).toEqual([10, 10, 50, 40]);
    expect(begin().click(5, 5).key('Escape').editor.state.question).toBeUndefined();
  });

  test('strokes with Shift add, with Alt take away, from one undo step to the next', () => {
    const e = found(begin().drag([10, 10], [60, 50]), square(15, 15, 20));
    e.drag([20, 20], [50, 20], { shift: true });
    expect(asked(e).prompt).toMatchObject({ box: [10, 10, 50, 40], exclude: [] });
    expect(asked(e).prompt.include).toHaveLength(1);
    found(e, square(15, 15, 30));
    e.drag([16, 40], [30, 40], { alt: true });
    expect(asked(e).prompt.include).toHaveLength(1);
    expect(asked(e).prompt.exclude).toHaveLength(1);
    found(e, square(15, 15, 24));
    expect(e.document).toHaveLength(1);
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual([
      'Smart polygon',
      'Refine outline',
      'Refine outline',
    ]);
  });

  test('after an undo, strokes go on from the outline that is there again', () => {
    const e = found(begin().drag([10, 10], [60, 50]), square(15, 15, 20));
    e.drag([16, 16], [30, 16], { alt: true });
    found(e, square(15, 15, 5)).key('Mod+z');
    expect(e.shapes.map(boundsOf)[0]?.x1).toBe(35);
    e.drag([20, 20], [50, 20], { shift: true });
    expect(asked(e).prompt).toMatchObject({ box: [10, 10, 50, 40], exclude: [] });
  });

  test('a stroke alone is enough, and by the buttons no key is needed', () => {
    const e = begin();
    e.editor.set({ view: { pointing: 'add' } });
    e.drag([20, 20], [50, 20]);
    expect(asked(e).prompt.box).toBeUndefined();
    expect(found(e, square(15, 15, 30)).document).toHaveLength(1);
    e.editor.set({ view: { pointing: 'remove' } });
    e.drag([20, 20], [30, 20]);
    expect(asked(e).prompt.exclude).toHaveLength(1);
  });

  test('there is nothing to take away from where nothing was found', () => {
    const e = begin().drag([20, 20], [50, 20], { alt: true });
    expect(e.editor.state).toMatchObject({ question: undefined, notice: expect.stringContaining('first') as string });
  });

  test('boxes drawn while an outline is waited for are answered one after the other, with the label of their time', () => {
    const e = begin().drag([10, 10], [40, 40]);
    const first = asked(e);
    e.key('2').drag([100, 10], [140, 40]);
    expect(asked(e)).toBe(first);
    found(e, square(15, 15, 20));
    expect(asked(e).prompt.box).toEqual([100, 10, 40, 30]);
    found(e, square(105, 15, 20));
    expect(e.document.map((each) => each.label)).toEqual(['red', 'white']);
  });

  test('an outline that comes during the next drag does not end it', () => {
    const e = begin().drag([10, 10], [40, 40]).down(100, 10).move(120, 30);
    found(e, square(15, 15, 20));
    expect(e.editor.state.guide).toMatchObject({ kind: 'prompt', boxes: [{ x0: 100, x1: 120 }] });
    e.move(140, 40).up();
    expect(asked(e).prompt.box).toEqual([100, 10, 40, 30]);
  });

  test.each(['Escape', 'Mod+z'])('%s stops the waiting, and a late answer draws nothing', (key) => {
    const e = begin().drag([10, 10], [40, 40]);
    const question = asked(e);
    e.key(key);
    expect(e.editor.state).toMatchObject({ question: undefined, tool: 'smart' });
    e.editor.answer({ kind: 'outline', question, shapes: [square(15, 15, 20)] });
    expect(e.document).toEqual([]);
  });

  test('another image or another tool wants nothing more', () => {
    const e = begin().drag([10, 10], [40, 40]);
    e.editor.open({ imageId: '2', size: { width: 50, height: 50 }, annotations: [], imageState: 'unlabeled' });
    expect(e.editor.state.question).toBeUndefined();
    expect(begin().drag([10, 10], [40, 40]).key('b').editor.state.question).toBeUndefined();
  });

  test('what cannot be is said: nothing found, nobody answers, nobody there', () => {
    const e = begin().drag([10, 10], [40, 40]);
    expect(found(e).editor.state.notice).toContain('No outline was found');
    e.drag([10, 10], [40, 40]);
    e.editor.answer({ kind: 'none', question: asked(e), reason: 'The kernel does not answer.' });
    expect(e.editor.state).toMatchObject({
      notice: ['No outline: %1', 'The kernel does not answer.'],
      question: undefined,
    });
    const alone = testEditor().key('o');
    expect(alone.editor.state).toMatchObject({ tool: 'select', notice: expect.stringContaining('Nobody') as string });
  });

  test('it is clipped to the picture, and what is no polygon is not drawn', () => {
    const e = found(begin().drag([150, 50], [195, 95]), square(150, 50, 90));
    expect(e.shapes.map(boundsOf)).toEqual([{ x0: 150, y0: 50, x1: 200, y1: 100 }]);
    const mask = { shape_type: 'mask', geometry: { rle: 'x' } };
    expect(found(begin().drag([10, 10], [40, 40]), mask).document).toEqual([]);
  });

  test('where it is only to be read nothing is asked', () => {
    const e = begin();
    e.editor.set({ readOnly: true });
    expect(e.drag([10, 10], [40, 40]).editor.state.question).toBeUndefined();
  });

  test('a polygon that was moved by hand is no longer refined: a stroke begins another', () => {
    const e = found(begin().drag([10, 10], [60, 50]), square(15, 15, 20)).key('ArrowRight');
    e.drag([100, 20], [120, 20], { shift: true });
    expect(asked(e).prompt.box).toBeUndefined();
    found(e, square(100, 15, 20));
    expect(e.document).toHaveLength(2);
  });
});

test('a locked polygon is not refined', () => {
  const e = found(begin().drag([10, 10], [60, 50]), square(15, 15, 20)).key('l');
  e.drag([20, 20], [50, 20], { shift: true });
  found(e, square(100, 15, 20));
  expect(e.document).toHaveLength(2);
  expect(e.document.map((each) => each.locked)).toEqual([true, false]);
});
