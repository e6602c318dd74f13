import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { annotationToWire, makeAnnotation } from '../engine/annotation.js';
import { Editor } from '../engine/editor.js';
import { add } from '../engine/document.js';
import type { Messages } from './comm-backend.js';
import { LiveReport } from './live-report.js';

interface Told {
  readonly type: string;
  readonly image_id: number;
  readonly annotations: readonly unknown[];
  readonly revision?: number;
}

let told: Told[];
let hear: (message: unknown) => void;
let editor: Editor;
let report: LiveReport;

function draw(): void {
  const id = Math.random().toString(16).slice(2).padEnd(32, '0');
  const shape = { kind: 'point', x: 1, y: 1 } as const;
  editor.edit({ name: 'Draw', edit: (document) => add(document, makeAnnotation(id, 'cell', shape)) });
}

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  editor = new Editor();
  const model = {
    send: (message: Told) => told.push(message),
    on: (_: string, handler: typeof hear) => (hear = handler),
    off: () => undefined,
  } as unknown as Messages;
  report = new LiveReport(model, editor);
  editor.open({ imageId: '3', size: { width: 9, height: 9 }, annotations: [], imageState: 'unlabeled' });
  vi.advanceTimersByTime(5000);
  hear({ type: 'heard' });
  told = [];
});

afterEach(() => {
  report.close();
  vi.useRealTimers();
});

describe('what the kernel is told', () => {
  test('is the latest, at most once a second', () => {
    for (let i = 0; i < 30; i++) {
      draw();
      vi.advanceTimersByTime(100);
      hear({ type: 'heard' });
    }
    vi.advanceTimersByTime(1000);
    expect(told.length).toBeLessThanOrEqual(4);
    expect(told.at(-1)?.annotations).toHaveLength(30);
  });

  test('does not pile up before a busy kernel', () => {
    for (let i = 0; i < 20; i++) {
      draw();
      vi.advanceTimersByTime(1000);
    }
    expect(told).toHaveLength(1);
    hear({ type: 'heard' });
    vi.advanceTimersByTime(1000);
    expect(told.at(-1)?.annotations).toHaveLength(20);
  });

  test('says what was saved without the kernel, of every image', () => {
    draw();
    const [drawn] = editor.state.document;
    const annotations = drawn ? [annotationToWire(drawn)] : [];
    const judged = { accepted: [], rejected: [] };
    const states = { state: 'labeled', stateBefore: 'labeled' } as const;
    const request = { revision: 0, ...states, annotations, changes: { touched: [] }, judged };
    report.saved('3', request, { revision: 1, state: 'labeled' });
    report.saved('4', request, { revision: 8, state: 'labeled' });
    vi.advanceTimersByTime(1000);
    hear({ type: 'heard' });
    vi.advanceTimersByTime(1000);
    expect(told.map(({ image_id, revision }) => [image_id, revision])).toEqual([
      [3, 1],
      [4, 8],
    ]);
  });
});
