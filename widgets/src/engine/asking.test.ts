import { describe, expect, test } from 'vitest';
import { answerQuestions } from './asking.js';
import type { Assistant, Prompt } from './assistant.js';
import { BackendError } from './backend.js';
import type { Ring, WireShape, XY } from './shapes/shape.js';
import { FakeClock } from './testing/backend.js';
import { testEditor } from './testing/editor.js';
import { quiet } from './testing/session.js';

const OUTLINE: WireShape = { shape_type: 'polygon', geometry: { points: [12, 12, 38, 12, 38, 38] } };

class SlowAssistant implements Assistant {
  readonly outlines: { prompt: Prompt; imageId: string; signal: AbortSignal; end: Settle<readonly WireShape[]> }[] = [];
  readonly paths: { from: XY; to: XY; signal: AbortSignal; end: Settle<Ring> }[] = [];

  outline(imageId: string, prompt: Prompt, signal: AbortSignal): Promise<readonly WireShape[]> {
    return new Promise((resolve, reject) => {
      this.outlines.push({ prompt, imageId, signal, end: { resolve, reject } });
    });
  }

  path(_imageId: string, from: XY, to: XY, signal: AbortSignal): Promise<Ring> {
    return new Promise((resolve, reject) => {
      this.paths.push({ from, to, signal, end: { resolve, reject } });
    });
  }
}

interface Settle<T> {
  resolve: (value: T) => void;
  reject: (error: Error) => void;
}

function begin() {
  const e = testEditor();
  const [assistant, clock] = [new SlowAssistant(), new FakeClock()];
  const end = answerQuestions(e.editor, assistant, clock);
  return { e, assistant, clock, end };
}

describe('questions', () => {
  test('an outline is asked for once, and its answer drawn', async () => {
    const { e, assistant } = begin();
    e.key('o').drag([10, 10], [40, 40]).move(100, 50).move(101, 51);
    expect(assistant.outlines).toHaveLength(1);
    expect(assistant.outlines[0]).toMatchObject({ imageId: '1', prompt: { box: [10, 10, 30, 30] } });
    assistant.outlines[0]?.end.resolve([OUTLINE]);
    await quiet();
    expect(e.document).toHaveLength(1);
  });

  test('one after the other', async () => {
    const { e, assistant } = begin();
    e.key('o').drag([10, 10], [40, 40]).drag([100, 10], [140, 40]);
    expect(assistant.outlines).toHaveLength(1);
    assistant.outlines[0]?.end.resolve([OUTLINE]);
    await quiet();
    expect(assistant.outlines).toHaveLength(2);
  });

  test('what is no longer wanted is aborted', () => {
    const { e, assistant } = begin();
    e.key('o').drag([10, 10], [40, 40]).key('Escape');
    expect(assistant.outlines[0]?.signal.aborted).toBe(true);
    e.drag([10, 10], [40, 40]);
    e.editor.open({ imageId: '2', size: { width: 50, height: 50 }, annotations: [], imageState: 'unlabeled' });
    expect(assistant.outlines[1]?.signal.aborted).toBe(true);
  });

  test('while the pointer moves paths are asked for one at a time and the newest only', async () => {
    const { e, assistant, clock } = begin();
    e.key('e').click(10, 10).move(20, 20).move(30, 30).move(60, 60);
    expect(assistant.paths.map(({ to }) => to.x)).toEqual([20]);
    assistant.paths[0]?.end.resolve([10, 10, 20, 20]);
    await quiet();
    expect(assistant.paths).toHaveLength(1);
    clock.advance(40);
    expect(assistant.paths.map(({ to }) => to.x)).toEqual([20, 60]);
    expect(assistant.paths.every(({ signal }) => !signal.aborted)).toBe(true);
  });

  test('a click gives up the path of before', () => {
    const { e, assistant, clock } = begin();
    e.key('e').click(10, 10).move(20, 20).click(60, 60).click(90, 60);
    clock.advance(40);
    e.key('Escape');
    expect(assistant.paths.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('a refusal is told in its own words', async () => {
    const { e, assistant } = begin();
    e.key('o').drag([10, 10], [40, 40]);
    assistant.outlines[0]?.end.reject(new BackendError('unavailable', 'The kernel does not answer.'));
    await quiet();
    expect(e.editor.state).toMatchObject({
      question: undefined,
      notice: ['No outline: %1', 'The kernel does not answer.'],
    });
  });

  test('ended, nobody is there any more', () => {
    const { e, end, assistant } = begin();
    e.key('o').drag([10, 10], [40, 40]);
    end();
    expect(assistant.outlines[0]?.signal.aborted).toBe(true);
    expect(e.editor.state.assists).toBe(false);
  });
});
