import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { makeAnnotation } from '../../engine/annotation.js';
import { Editor } from '../../engine/editor.js';
import { DEFAULT_KEYMAP, rebind } from '../../engine/keys.js';
import { AnnotationsPanel } from './AnnotationsPanel.js';
import { Annotator } from './Annotator.js';
import { textOf, valueOf } from './AttributesEditor.js';
import { HelpOverlay } from './HelpOverlay.js';
import { rowsInView } from './rows-in-view.js';
import type { Sitting, SittingState } from './sitting.js';

function sittingWith(state: Partial<SittingState>, editor = new Editor()): Sitting {
  const all: SittingState = {
    title: 'cells',
    count: 3,
    position: 1,
    name: 'a.jpg',
    picture: undefined,
    loading: false,
    problem: undefined,
    saving: 'saved',
    trouble: undefined,
    conflict: undefined,
    addsLabels: true,
    ...state,
  };
  const nothing = () => undefined;
  const addLabel = () => Promise.resolve();
  return { editor, state: all, subscribe: () => nothing, show: nothing, retry: nothing, addLabel, resolve: nothing };
}

const HOSTILE = '<script>alert(1)</script> مرحبا 🙂 ' + 'x'.repeat(1000);

describe('the annotator', () => {
  test('gives every control a name for screen readers', () => {
    const editor = new Editor();
    editor.setLabels([{ name: 'cell', color: '#e69f00' }]);
    const html = renderToStaticMarkup(<Annotator sitting={sittingWith({}, editor)} />);
    const buttons = html.match(/<button[^>]*>(?:(?!<\/button>).)*/g) ?? [];
    expect(buttons.length).toBeGreaterThan(15);
    for (const button of buttons) expect(button).toMatch(/aria-label="[^"]+"|>[^<]+/);
    for (const input of html.match(/<(input|select)[^>]*>/g) ?? []) expect(input).toMatch(/aria-label="[^"]+"/);
  });

  test('shows names as text, whatever is in them', () => {
    const editor = new Editor();
    editor.setLabels([{ name: HOSTILE, color: '#e69f00' }]);
    const annotation = makeAnnotation('a'.repeat(32), HOSTILE, { kind: 'point', x: 1, y: 1 });
    editor.open({ imageId: '1', size: { width: 9, height: 9 }, annotations: [annotation], imageState: 'labeled' });
    const html = renderToStaticMarkup(<Annotator sitting={sittingWith({ name: HOSTILE }, editor)} />);
    expect(html).not.toContain('<script');
    expect(html.split('&lt;script&gt;').length).toBeGreaterThan(3);
  });

  test.each([
    ['saved', 'Saved'],
    ['saving', 'Saving…'],
    ['unsaved', 'Not saved'],
    ['offline', 'Offline'],
    ['conflict', 'Conflict'],
  ] as const)('says that its work is %s', (saving, said) => {
    expect(renderToStaticMarkup(<Annotator sitting={sittingWith({ saving })} />)).toContain(`>${said}`);
  });

  test('says why an image cannot be shown, and the next is still to be had', () => {
    const html = renderToStaticMarkup(<Annotator sitting={sittingWith({ problem: 'It is no picture.' })} />);
    expect(html).toContain('It is no picture.');
    expect(html).toMatch(/aria-label="Next image"(?![^>]*disabled="")/);
  });

  test('asks for a first label where there is none', () => {
    const html = renderToStaticMarkup(<Annotator sitting={sittingWith({})} />);
    expect(html).toContain('Name of the first label');
  });

  test('offers both, mine and theirs in a conflict', () => {
    const [one, other] = ['a', 'b'].map((id) => makeAnnotation(id, 'cell', { kind: 'point', x: 1, y: 1 }));
    const mine = [one, other].flatMap((each) => each ?? []);
    const conflict = { ids: ['a'], mine, theirs: mine.slice(0, 1) };
    const html = renderToStaticMarkup(<Annotator sitting={sittingWith({ conflict })} />);
    for (const choice of ['Keep both', 'Keep mine', 'Take theirs', 'Yours: 2 annotations', 'Theirs: 1 annotation'])
      expect(html).toContain(choice);
    expect(html.match(/data-clashing="true"/g)?.length).toBe(2);
    expect(html.match(/data-clashing="false"/g)?.length).toBe(1);
  });
});

describe('the list of annotations', () => {
  test('has few rows in the page however many there are', () => {
    const editor = new Editor();
    const annotations = Array.from({ length: 5000 }, (_, i) =>
      makeAnnotation(i.toString(16).padStart(32, '0'), 'cell', { kind: 'point', x: 1, y: 1 }),
    );
    editor.open({ imageId: '1', size: { width: 9, height: 9 }, annotations, imageState: 'labeled' });
    const html = renderToStaticMarkup(<AnnotationsPanel editor={editor} />);
    expect(html.match(/<li/g)?.length).toBeLessThan(40);
    expect(html).toContain('5,000');
    expect(html.indexOf('Point 5000')).toBeLessThan(html.indexOf('Point 4999'));
  });

  test.each([
    [0, 0, 400, 0, 0],
    [3, 0, 400, 0, 3],
    [5000, 26_000, 260, 994, 1016],
    [10, 26_000, 260, 10, 10],
  ])('of %i, scrolled to %i in %i pixels, are %i to %i', (count, top, height, from, to) => {
    expect(rowsInView(count, 26, top, height)).toEqual({ from, to });
  });
});

function helpText(editor: Editor): string {
  const close = () => undefined;
  const html = renderToStaticMarkup(<HelpOverlay editor={editor} base={DEFAULT_KEYMAP} onClose={close} />);
  return html.replace(/<[^>]*>/g, '');
}

describe('the keys', () => {
  test('are those of the table', () => {
    const text = helpText(new Editor());
    expect(text).toContain('Repeat the previous imageR');
    expect(text).toContain('BoxB');
    expect(text).toContain('Next imageD→');
    expect(text).toContain('Smart polygonO');
    expect(text).not.toContain('reset');
  });

  test('that were changed can be reset', () => {
    const editor = new Editor();
    editor.set({ keymap: rebind(DEFAULT_KEYMAP, 'tool-box', ['q']) });
    expect(helpText(editor)).toContain('BoxresetQ');
    expect(helpText(editor)).toContain('Reset all');
  });
});

describe('attributes', () => {
  test.each([
    ['3', 3],
    ['-2.5e3', -2500],
    ['true', true],
    ['null', null],
    ['[1, 2]', [1, 2]],
    ['{"a": 1}', { a: 1 }],
    ['[broken]', '[broken]'],
    ['007', '007'],
    ['a word', 'a word'],
    ['', ''],
  ])('typed as %j are %j', (text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  test('are shown as they are typed', () => {
    expect([textOf('a'), textOf(3), textOf(null), textOf([1])]).toEqual(['a', '3', 'null', '[1]']);
  });
});
