import { describe, expect, test } from 'vitest';
import type { PathQuestion } from '../assistant.js';
import { polygonOf } from '../shapes/polygon.js';
import { testEditor, type TestEditor } from '../testing/editor.js';

function begin(): TestEditor {
  const e = testEditor();
  e.editor.set({ assists: true });
  return e.key('e');
}

const asked = (e: TestEditor): PathQuestion => {
  const { question } = e.editor.state;
  if (question?.kind !== 'path') throw new Error('Nothing is asked.');
  return question;
};

/** Answers with a path that goes by the side: over the corner of both ends. */
function follow(e: TestEditor, question = asked(e)): TestEditor {
  const { from, to } = question;
  e.editor.answer({ kind: 'path', question, points: [from.x, from.y, to.x, from.y, to.x, to.y] });
  return e;
}

describe('a polygon along edges', () => {
  test('the line to the pointer follows what is seen, and a click keeps it', () => {
    const e = begin().click(10, 10).move(50, 40);
    expect(asked(e)).toEqual({ kind: 'path', from: { x: 10, y: 10 }, to: { x: 50, y: 40 } });
    expect(follow(e).editor.state.guide).toMatchObject({ points: [10, 10, 50, 10, 50, 40], anchors: [10, 10] });
    expect(e.editor.state.question).toBeUndefined();
    e.click(50, 40).move(12, 80);
    follow(e).click(12, 80).key('Enter');
    expect(asked(e)).toMatchObject({ from: { x: 12, y: 80 }, to: { x: 10, y: 10 } });
    follow(e);
    expect(e.shapes).toEqual([polygonOf([10, 10, 50, 10, 50, 40, 12, 40, 12, 80, 10, 80])]);
    expect(e.editor.state).toMatchObject({ toolState: { in: 'idle' }, tool: 'wire', question: undefined });
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual(['Draw along edges']);
  });

  test('clicks quicker than the answers lose nothing', () => {
    const e = begin().click(10, 10).click(90, 20).click(90, 80).click(20, 80).click(10, 10);
    for (let i = 0; i < 4; i++) follow(e);
    expect(e.shapes).toEqual([polygonOf([10, 10, 90, 10, 90, 20, 90, 80, 20, 80, 10, 80])]);
  });

  test('the pointer that moves on is followed by an answer that was asked for on the way', () => {
    const e = begin().click(10, 10).move(40, 20);
    const early = asked(e);
    e.move(60, 20);
    expect(follow(e, early).editor.state.guide).toMatchObject({ points: [10, 10, 40, 10, 40, 20] });
    expect(asked(e).to).toEqual({ x: 60, y: 20 });
    e.click(60, 20);
    expect(asked(e)).toMatchObject({ from: { x: 10, y: 10 }, to: { x: 60, y: 20 } });
  });

  test('with Alt a line is straight and nobody is asked', () => {
    const e = begin().click(10, 10);
    e.editor.dispatch({ type: 'leave' });
    e.click(60, 12, { alt: true });
    expect(e.editor.state.question).toBeUndefined();
    expect(e.editor.state.guide).toMatchObject({ points: [10, 10, 60, 12, 60, 12, 60, 12], anchors: [10, 10, 60, 12] });
  });

  test.each(['Delete', 'Backspace', 'Mod+z'])('%s takes back one anchor after the other', (key) => {
    const e = begin().click(10, 10).click(60, 12);
    follow(e).key(key);
    expect(e.editor.state.guide).toMatchObject({ anchors: [10, 10] });
    expect(e.key(key).editor.state.toolState.in).toBe('idle');
  });

  test('Escape leaves no trace, a late answer neither', () => {
    const e = begin().click(10, 10).click(60, 12).click(60, 60);
    const late = asked(e);
    e.key('Escape');
    follow(e, late);
    expect(e.editor.state).toMatchObject({ guide: undefined, question: undefined, toolState: { in: 'idle' } });
    expect(e.document).toEqual([]);
  });

  test('where nobody answers lines are straight, and that is said', () => {
    const e = begin().click(10, 10).click(60, 12);
    e.editor.answer({ kind: 'none', question: asked(e), reason: 'The server does not answer.' });
    expect(e.editor.state).toMatchObject({
      question: undefined,
      notice: [expect.stringContaining('straight'), 'The server does not answer.'],
    });
    e.click(60, 60).doubleClick(10, 60);
    expect(e.shapes).toEqual([polygonOf([10, 10, 60, 12, 60, 60, 10, 60])]);
  });

  test('two anchors that are joined by one line are no polygon', () => {
    const e = begin().click(10, 10).click(60, 10).key('Enter');
    for (let i = 0; i < 2; i++) {
      const question = asked(e);
      e.editor.answer({ kind: 'path', question, points: [question.from, question.to].flatMap(({ x, y }) => [x, y]) });
    }
    expect(e.document).toEqual([]);
    expect(e.editor.state.toolState.in).toBe('idle');
  });
});
