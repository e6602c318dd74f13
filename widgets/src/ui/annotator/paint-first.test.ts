import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Editor } from '../../engine/editor.js';
import { paintFirst } from './paint-first.js';

let editor: Editor;
let heard: (string | undefined)[];
let end: () => void;
let frame: () => void;
let loading: boolean;

const open = (imageId: string) => {
  editor.open({ imageId, size: { width: 9, height: 9 }, annotations: [], imageState: 'unlabeled' });
};
const follow = () =>
  paintFirst(
    editor,
    editor.subscribe,
    () => editor.state.imageId,
    () => loading,
  );
/** One frame, and what is done after it. */
const paint = async () => {
  frame();
  await vi.advanceTimersByTimeAsync(16);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => {
    frame = act;
    return 1;
  });
  editor = new Editor();
  loading = false;
  open('1');
  heard = [];
  end = follow()(() => heard.push(editor.state.imageId));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('components follow an edit at once, another image only when it is painted', async () => {
  editor.set({ notice: 'here' });
  expect(heard).toEqual(['1']);
  open('2');
  editor.set({ notice: 'there' });
  expect(heard).toEqual(['1']);
  frame();
  await vi.runAllTimersAsync();
  expect(heard).toEqual(['1', '2']);
  editor.set({ notice: 'and on' });
  expect(heard).toEqual(['1', '2', '2']);
});

test('of an image that comes within a moment they do not say that it is being loaded', async () => {
  loading = true;
  open('2');
  await paint();
  await paint();
  expect(heard).toEqual([]);
  loading = false;
  editor.set({ notice: 'loaded' });
  await paint();
  expect(heard).toEqual([]);
  await paint();
  expect(heard).toEqual(['2']);
});

test('of one that takes its time they do', async () => {
  loading = true;
  open('2');
  for (let frames = 0; frames < 15; frames++) await paint();
  expect(heard).toEqual(['2']);
});

test('who has gone hears nothing any more', async () => {
  open('2');
  end();
  frame();
  await vi.runAllTimersAsync();
  expect(heard).toEqual([]);
});

test('nobody subscribes anew because a component is made again', () => {
  expect(follow()).toBe(follow());
});
