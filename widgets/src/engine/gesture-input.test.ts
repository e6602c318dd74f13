import { expect, test } from 'vitest';
import { makeAnnotation } from './annotation.js';
import { GestureInput, type EventHost } from './gesture-input.js';
import { boundsOf } from './shapes/index.js';
import { testEditor } from './testing/editor.js';

type Pointer = Parameters<GestureInput['down']>[0];

/** An element at 100, 50 on the page that remembers who listens. */
function page(annotations = [makeAnnotation('a', 'red', { kind: 'bbox', x: 10, y: 10, width: 30, height: 30 })]) {
  const listeners = new Map<string, (event: never) => void>();
  let focused = 0;
  const host: EventHost = {
    addEventListener: (type: string, act: unknown) => listeners.set(type, act as (event: never) => void),
    removeEventListener: (type: string) => listeners.delete(type),
    getBoundingClientRect: () => ({ left: 100, top: 50 }),
    setPointerCapture: () => undefined,
    focus: () => focused++,
    contains: (other) => other !== null,
  };
  const e = testEditor({ annotations });
  const input = new GestureInput(host, e.editor);
  const end = input.listen();
  const fire = (type: string, event: object): void => {
    listeners.get(type)?.(event as never);
  };
  return { editor: e.editor, input, end, fire, listeners, focused: () => focused };
}

const pointer = (x: number, y: number, extra: Partial<Pointer> = {}): Pointer => ({
  ...{ pointerId: 1, pointerType: 'mouse', button: 0, buttons: 1, pressure: 0.5, type: 'pointer', timeStamp: 0 },
  ...{ clientX: 100 + x, clientY: 50 + y, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...extra },
});

const keyed = (key: string, extra: object = {}) => {
  const done: string[] = [];
  const event = {
    ...{ key, code: '', repeat: false, isComposing: false, target: { tagName: 'DIV' } },
    ...{ shiftKey: false, altKey: false, ctrlKey: false, metaKey: false },
    preventDefault: () => done.push('prevented'),
    stopPropagation: () => done.push('stopped'),
    ...extra,
  };
  return { event, done };
};

test('a press takes the focus and means the place under it', () => {
  const { input, editor, focused } = page();
  input.down(pointer(20, 20));
  input.up(pointer(20, 20));
  expect(editor.state.selection).toEqual(['a']);
  expect(focused()).toBe(1);
});

test('two presses soon and near are a double click, late ones are two', () => {
  const { input, editor } = page([]);
  editor.setTool('polygon');
  const click = (x: number, y: number, timeStamp: number): void => {
    input.down(pointer(x, y, { timeStamp }));
    input.up(pointer(x, y, { timeStamp }));
  };
  click(10, 10, 0);
  click(60, 10, 1000);
  click(60, 60, 2000);
  click(60, 61, 2700);
  expect(editor.state.document).toHaveLength(0);
  click(60, 62, 2900);
  expect(editor.state.document).toHaveLength(1);
});

test('a second finger makes it a pinch: nothing is drawn, the view follows both', () => {
  const { input, editor } = page([]);
  editor.setTool('box');
  const finger = (id: number, x: number, y: number) => pointer(x, y, { pointerId: id, pointerType: 'touch' });
  input.down(finger(1, 50, 50));
  input.down(finger(2, 150, 50));
  input.move(finger(2, 190, 50));
  input.up(finger(2, 190, 50));
  input.move(finger(1, 90, 90));
  input.up(finger(1, 90, 90));
  expect(editor.state.document).toEqual([]);
  expect(editor.state.camera.zoom).toBeCloseTo(1.4);
  input.down(finger(1, 20, 20));
  input.move(finger(1, 60, 60));
  input.up(finger(1, 60, 60));
  expect(editor.state.document).toHaveLength(1);
});

test('keys that mean something are kept from the page, others are the page’s', () => {
  const { fire, editor } = page();
  const b = keyed('b');
  fire('keydown', b.event);
  expect(editor.state.tool).toBe('box');
  expect(b.done).toEqual(['prevented', 'stopped']);
  const f5 = keyed('F5');
  fire('keydown', f5.event);
  expect(f5.done).toEqual([]);
});

test('what is typed into a text, and Space on a button, are not keys of the annotator', () => {
  const { fire, editor } = page();
  fire('keydown', keyed('b', { target: { tagName: 'INPUT' } }).event);
  fire('keydown', keyed('b', { isComposing: true }).event);
  fire('keydown', keyed(' ', { target: { tagName: 'BUTTON' } }).event);
  expect(editor.state).toMatchObject({ tool: 'select', panning: false });
});

test('a space bar let go elsewhere does not stay held', () => {
  const { fire, editor } = page();
  fire('keydown', keyed(' ').event);
  expect(editor.state.panning).toBe(true);
  fire('blur', {});
  expect(editor.state.panning).toBe(false);
});

test('without the focus the wheel is the page’s', () => {
  const { fire, editor } = page();
  const wheel = (activeElement: object | null) => ({
    ...keyed('').event,
    ...{
      deltaX: 0,
      deltaY: -100,
      deltaMode: 0,
      clientX: 150,
      clientY: 100,
      currentTarget: { getRootNode: () => ({ activeElement }) },
    },
  });
  fire('wheel', wheel(null));
  expect(editor.state.camera.zoom).toBe(1);
  fire('wheel', wheel({}));
  expect(editor.state.camera.zoom).toBeGreaterThan(1);
});

test('taken away by the system a drag never was; ended, nobody listens', () => {
  const { input, fire, editor, end, listeners } = page();
  input.down(pointer(20, 20));
  input.move(pointer(60, 20));
  fire('pointercancel', { pointerId: 1 });
  expect(editor.state.document.map((each) => boundsOf(each.shape).x0)).toEqual([10]);
  expect(editor.state.toolState.in).toBe('idle');
  end();
  expect(listeners.size).toBe(0);
});
