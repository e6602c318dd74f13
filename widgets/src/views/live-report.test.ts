import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { annotationToWire, makeAnnotation } from '../engine/annotation.js';
import { Editor } from '../engine/editor.js';
import { add, documentOf, remove, type Document } from '../engine/document.js';
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

describe('of a large set', () => {
  const points = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      return makeAnnotation(i.toString(16).padStart(32, '0'), 'cell', { kind: 'point', x: i, y: 1 });
    });
  let stored: Document;
  let isSaved: boolean;
  const open = (imageId: string, annotations: Document) => {
    editor.open({ imageId, size: { width: 999, height: 9 }, annotations, imageState: 'labeled' });
    vi.advanceTimersByTime(2000);
    hear({ type: 'heard' });
  };

  beforeEach(() => {
    report.close();
    isSaved = false;
    editor = new Editor();
    stored = documentOf(points(150));
    const model = {
      send: (message: Told) => told.push(message),
      on: (_: string, handler: typeof hear) => (hear = handler),
      off: () => undefined,
    } as unknown as Messages;
    report = new LiveReport(model, editor, { stored: () => stored, isSaved: () => isSaved });
    open('3', stored);
  });

  test('the kernel is told that it is open, and then only what changed', () => {
    expect(told).toEqual([{ type: 'opened', image_id: 3 }]);
    draw();
    editor.edit({ name: 'Delete', edit: (document) => remove(document, [stored[7]?.id ?? '']) });
    vi.advanceTimersByTime(1000);
    const drawn = editor.state.document.at(-1);
    const after = drawn && annotationToWire(drawn);
    expect(told.at(-1)).toEqual({
      ...{ type: 'drawn', image_id: 3, state: 'labeled', waiting: [], unsaved: true },
      touched: [{ id: drawn?.id, after }, { id: stored[7]?.id }],
    });
    expect(JSON.stringify(told).length).toBeLessThan(1000);
  });

  test('a save is told with what was drawn since', () => {
    draw();
    vi.advanceTimersByTime(1000);
    hear({ type: 'heard' });
    const annotations = editor.state.document.map(annotationToWire);
    const states = { state: 'labeled', stateBefore: 'labeled' } as const;
    const request = {
      revision: 4,
      ...states,
      annotations,
      changes: { touched: [] },
      judged: { accepted: [], rejected: [] },
    };
    report.saved('3', request, { revision: 5, state: 'labeled' });
    isSaved = true;
    vi.advanceTimersByTime(1000);
    expect(told.at(-1)).toMatchObject({ image_id: 3, revision: 5, touched: [], unsaved: false });
    hear({ type: 'heard' });
    draw();
    isSaved = false;
    vi.advanceTimersByTime(1000);
    expect(told.at(-1)).toMatchObject({ image_id: 3, unsaved: true });
    expect((told.at(-1) as unknown as { touched: unknown[] }).touched).toHaveLength(1);
  });

  test('what an earlier page had not saved is told, although nothing was drawn here', () => {
    open('4', documentOf([...stored, ...points(151).slice(150)]));
    expect(told.at(-1)).toMatchObject({ image_id: 4, touched: [{ id: (150).toString(16).padStart(32, '0') }] });
  });

  test('an image opened later needs no word: its kernel looks where the image is named', () => {
    const before = told.length;
    open('5', stored);
    expect(told).toHaveLength(before);
  });
});
