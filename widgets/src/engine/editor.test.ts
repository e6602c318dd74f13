import { describe, expect, test } from 'vitest';
import { makeAnnotation, proposalFromWire } from './annotation.js';
import { COMMANDS } from './commands.js';
import { ACTIONS, BINDINGS, collisions, DEFAULT_KEYMAP, displayChord, rebind, RESERVED, chordOf } from './keys.js';
import { NO_MODIFIERS } from './input.js';
import { areaOf, boundsOf } from './shapes/index.js';
import { polygonOf } from './shapes/polygon.js';
import { testEditor } from './testing/editor.js';

const box = (id: string, x: number, label = 'red') =>
  makeAnnotation(id, label, { kind: 'bbox', x, y: 10, width: 30, height: 30 });
const two = () => testEditor({ annotations: [box('a', 10), box('b', 100)] });
const proposal = (id: string, x: number, score: number) =>
  proposalFromWire({
    ...{ id, label: 'red', shape_type: 'bbox', geometry: { bbox: [x, 10, 30, 30] }, attributes: {} },
    ...{ score, provenance: 'finder' },
  });

describe('the table of keys', () => {
  test('no key means two things at once, none is the browser’s or Jupyter’s', () => {
    expect(collisions(DEFAULT_KEYMAP)).toEqual([]);
    expect(Object.keys(COMMANDS).sort()).toEqual([...ACTIONS].sort());
  });

  test('a key given to a second action is found', () => {
    expect(collisions(rebind(DEFAULT_KEYMAP, 'hide', ['b']))).toEqual([{ chord: 'b', actions: ['tool-box', 'hide'] }]);
    expect(collisions(rebind(DEFAULT_KEYMAP, 'hide', ['Mod+s']))).toEqual([
      { chord: 'Mod+s', reserved: true, action: 'hide' },
    ]);
    expect(RESERVED).toContain('Mod+1');
  });

  test('a rebound key acts, its old one no more', () => {
    const e = two();
    e.editor.set({ keymap: rebind(DEFAULT_KEYMAP, 'tool-box', ['q']) });
    expect(e.key('b').editor.state.tool).toBe('select');
    expect(e.key('q').editor.state.tool).toBe('box');
  });

  test('the key that pans while held may be another one, and ends with the focus or its release', () => {
    const e = two();
    e.editor.set({ keymap: rebind(DEFAULT_KEYMAP, 'hold-pan', ['q']) });
    expect(e.key('q').editor.state.panning).toBe(true);
    expect(e.keyUp('Shift+Q').editor.state.panning).toBe(false);
    e.key('q').editor.dispatch({ type: 'blur' });
    expect(e.editor.state).toMatchObject({ panning: false, cursor: 'default' });
  });

  test('are named as people read them', () => {
    expect(displayChord('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(displayChord('Mod+Shift+Z', true)).toBe('⇧⌘Z');
    expect(displayChord('ArrowLeft', true)).toBe('←');
    expect(displayChord('v', false)).toBe('V');
    expect(displayChord('+', false)).toBe('+');
    for (const action of ACTIONS) expect(BINDINGS[action].title).not.toBe('');
  });

  test.each([
    [{ key: 'Z', shift: true, mod: true }, 'Mod+Shift+Z'],
    [{ key: 'B', shift: false }, 'b'],
    [{ key: '&', code: 'Digit1' }, '1'],
    [{ key: '!', code: 'Digit1', shift: true }, 'Shift+1'],
    [{ key: '?', shift: true }, '?'],
    [{ key: '+', shift: true }, '+'],
    [{ key: ' ' }, 'Space'],
    [{ key: 'Tab', shift: true }, 'Shift+Tab'],
    [{ key: 'я' }, 'я'],
  ])('%o is %s', (input, chord) => {
    expect(chordOf({ type: 'key', ...NO_MODIFIERS, ...input })).toBe(chord);
  });
});

describe('keys', () => {
  test.each([
    ['v', 'select'],
    ['b', 'box'],
    ['p', 'polygon'],
    ['k', 'point'],
    ['c', 'hole'],
    ['s', 'split'],
    ['t', 'pan'],
  ])('%s takes the tool %s', (key, tool) => {
    expect(testEditor().tool('box').key('v').tool('point').key(key).editor.state.tool).toBe(tool);
  });

  test('digits choose the label of what is drawn next, and not of what was drawn', () => {
    const e = testEditor().tool('box').drag([10, 10], [40, 40]).key('2').drag([50, 10], [90, 40]);
    expect(e.document.map((each) => each.label)).toEqual(['red', 'white']);
    expect(e.key('Shift+R').editor.state.label).toBe('red');
    expect(e.key('.').editor.state.label).toBe('white');
    expect(e.key(',').key(',').editor.state.label).toBe('platelet');
    expect(e.press('9')).toBe(false);
  });

  test('digits relabel what is selected, in one step', () => {
    const e = two().key('Mod+a').key('3');
    expect(e.document.map((each) => each.label)).toEqual(['platelet', 'platelet']);
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual([['Label as %1', 'platelet']]);
  });

  test.each(['Delete', 'Backspace'])('%s deletes what is selected', (key) => {
    const e = two().click(20, 20).key(key);
    expect(e.document.map((each) => each.id)).toEqual(['b']);
    expect(e.editor.state.selection).toEqual([]);
    expect(e.press(key)).toBe(false);
  });

  test('H hides and shows, L locks and unlocks, and a locked one is not deleted', () => {
    const e = two().click(20, 20).key('h');
    expect(e.document[0]?.hidden).toBe(true);
    expect(e.key('h').document[0]?.hidden).toBe(false);
    e.key('l').key('Delete');
    expect(e.document.map((each) => each.locked)).toEqual([true, false]);
    expect(e.key('l').key('Delete').document).toHaveLength(1);
  });

  test('Shift+H hides all: nothing is hit', () => {
    expect(two().key('Shift+H').click(20, 20).editor.state.selection).toEqual([]);
  });

  test('Tab goes through the shapes and round, and is the page’s where there are none', () => {
    const e = two().key('Tab');
    expect(e.editor.state.selection).toEqual(['a']);
    expect(e.key('Tab').key('Tab').editor.state.selection).toEqual(['a']);
    expect(e.key('Shift+Tab').editor.state.selection).toEqual(['b']);
    expect(testEditor().press('Tab')).toBe(false);
  });

  test('Escape steps out: selection, tool, page', () => {
    const e = two().click(20, 20);
    expect(e.key('Escape').editor.state.selection).toEqual([]);
    expect(e.press('Escape')).toBe(false);
    expect(e.tool('box').key('Escape').editor.state.tool).toBe('select');
  });

  test('arrows nudge by one and ten pixels, no further than the border, many in one step', () => {
    const e = two().click(20, 20).key('ArrowRight').key('ArrowRight').key('Shift+ArrowDown').key('ArrowUp');
    expect(e.shapes.map(boundsOf)[0]).toEqual({ x0: 12, y0: 19, x1: 42, y1: 49 });
    for (let i = 0; i < 20; i++) e.key('Shift+ArrowLeft');
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([0, 100]);
    expect(e.editor.state.history.past).toHaveLength(1);
    expect(e.key('Mod+z').shapes.map((shape) => boundsOf(shape).x0)).toEqual([10, 100]);
  });

  test('A and D, and with nothing selected the arrows, ask for other images', () => {
    const e = two();
    const asked: string[] = [];
    const end = e.editor.onAsk((ask) => asked.push(ask));
    e.key('a').key('d').key('ArrowLeft').key('ArrowRight').key('?');
    e.click(20, 20).key('ArrowRight');
    end();
    e.key('a');
    expect(asked).toEqual(['image-previous', 'image-next', 'image-previous', 'image-next', 'help']);
  });

  test('copied and pasted aside, also on another image; duplicated', () => {
    const e = two().click(20, 20).key('Mod+c').key('Mod+v');
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([10, 100, 22]);
    expect(e.editor.state.selection).toEqual([e.document[2]?.id]);
    expect(e.key('Mod+d').document).toHaveLength(4);
    e.editor.open({ imageId: '2', size: { width: 50, height: 50 }, annotations: [], imageState: 'unlabeled' });
    e.key('Shift+1').key('Mod+v');
    expect(e.shapes.map(boundsOf)).toEqual([{ x0: 10, y0: 10, x1: 40, y1: 40 }]);
    expect(e.document).toHaveLength(1);
  });

  test('R repeats what the previous image had, and a second time nothing', () => {
    const e = testEditor();
    e.editor.set({ previous: [box('x', 10), box('y', 60)] });
    expect(e.key('r').document).toHaveLength(2);
    expect(e.document.map((each) => each.id)).not.toContain('x');
    expect(e.press('r')).toBe(false);
  });

  test('N marks an image without annotations as empty and back; one with annotations stays', () => {
    const e = testEditor().key('n');
    expect(e.editor.state.imageState).toBe('empty');
    expect(e.key('n').editor.state.imageState).toBe('unlabeled');
    expect(e.key('n').key('Mod+z').editor.state.imageState).toBe('unlabeled');
    const full = two().key('n');
    expect(full.editor.state).toMatchObject({
      imageState: 'labeled',
      notice: expect.stringContaining('Delete') as string,
    });
  });

  test('the state of the image follows what is drawn', () => {
    const e = testEditor().key('n').tool('box').drag([10, 10], [40, 40]);
    expect(e.editor.state.imageState).toBe('labeled');
    expect(e.key('Mod+z').editor.state.imageState).toBe('empty');
    const reviewed = testEditor({ annotations: [box('a', 10)], imageState: 'reviewed' })
      .click(20, 20)
      .key('Delete');
    expect(reviewed.editor.state.imageState).toBe('reviewed');
  });

  test('zoom', () => {
    const e = two();
    expect(e.key('+').editor.state.camera.zoom).toBeCloseTo(1.25);
    expect(e.key('-').editor.state.camera.zoom).toBeCloseTo(1);
    expect(e.key('0').editor.state.camera.zoom).toBeCloseTo(0.96);
    expect(e.key('Shift+1').editor.state.camera.zoom).toBe(1);
    expect(e.click(20, 20).key('f').editor.state.camera.zoom).toBeGreaterThan(1);
  });

  test('] and [ change what is on top', () => {
    const e = two().click(20, 20).key(']');
    expect(e.document.map((each) => each.id)).toEqual(['b', 'a']);
    expect(e.key('[').document.map((each) => each.id)).toEqual(['a', 'b']);
  });

  test('J joins, M simplifies', () => {
    const wide = testEditor({ annotations: [box('a', 10), box('b', 30)] })
      .key('Mod+a')
      .key('j');
    expect(wide.shapes.map(areaOf)).toEqual([1500]);
    expect(wide.document[0]?.id).toBe('a');
    const dotted = polygonOf([10, 10, 30, 10.2, 60, 10, 60, 60, 10, 60]);
    const e = testEditor({ annotations: [makeAnnotation('p', 'red', dotted)] })
      .click(40, 40)
      .key('m');
    expect(e.shapes).toEqual([polygonOf([10, 10, 60, 10, 60, 60, 10, 60])]);
  });

  test('no key of the page is taken', () => {
    for (const key of ['Mod+s', 'Mod+f', 'F5', 'Mod+1', 'w']) expect(two().press(key)).toBe(false);
  });
});

describe('proposals', () => {
  const proposed = () =>
    testEditor({ annotations: [proposal('p', 10, 0.9), proposal('q', 60, 0.4), proposal('r', 110, 0.7)] });

  test('Y accepts the one meant, X rejects it', () => {
    const e = proposed().move(20, 20).key('y');
    expect(e.document[0]).toMatchObject({ id: 'p', attributes: { proposed_by: 'finder', score: 0.9 } });
    expect(e.document[0]).not.toHaveProperty('proposal');
    expect(
      e
        .move(70, 20)
        .key('x')
        .document.map((each) => each.id),
    ).toEqual(['p', 'r']);
    expect(e.key('Mod+z').document).toHaveLength(3);
  });

  test('all above a score at once; those below the threshold are not shown', () => {
    const e = proposed();
    e.editor.set({ view: { threshold: 0.5 } });
    expect(e.click(70, 20).editor.state.selection).toEqual([]);
    e.editor.acceptAbove(0.5);
    expect(e.document.map((each) => each.proposal?.score)).toEqual([undefined, 0.4, undefined]);
    expect(e.editor.state.history.past).toHaveLength(1);
  });

  test('a proposal is no annotation yet: the image counts as not looked at, and it is not dragged', () => {
    const e = testEditor({ annotations: [proposal('p', 10, 0.9)], imageState: 'unlabeled' }).drag([20, 20], [60, 20]);
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([10]);
    expect(e.key('n').editor.state.imageState).toBe('empty');
  });
});

describe('the view', () => {
  test('a hidden label is neither shown nor hit', () => {
    const e = testEditor({ annotations: [box('a', 10), box('b', 100, 'white')] });
    e.editor.set({ view: { hiddenLabels: new Set(['red']) } });
    expect(e.click(20, 20).editor.state.selection).toEqual([]);
    expect(e.click(110, 20).editor.state.selection).toEqual(['b']);
  });

  test('the wheel zooms at the pointer; with Shift, or sideways, it pans', () => {
    const e = two().move(50, 50).wheel(-100);
    expect(e.editor.state.camera.zoom).toBeGreaterThan(1);
    const { zoom } = e.editor.state.camera;
    expect(e.wheel(30, { shift: true }).editor.state.camera.zoom).toBe(zoom);
    expect(e.wheel(0, { dx: 10 }).editor.state.camera.zoom).toBe(zoom);
  });

  test('two fingers zoom and pan', () => {
    const e = two();
    e.editor.dispatch({ type: 'pinch', x: 100, y: 50, scale: 2, dx: 0, dy: 0 });
    expect(e.editor.state.camera).toEqual({ x: 50, y: 25, zoom: 2 });
  });

  test('a fitted image stays fitted when the viewport grows', () => {
    const e = two().key('0');
    e.editor.setViewport({ width: 400, height: 200 });
    expect(e.editor.state.camera.zoom).toBeCloseTo(1.92);
  });

  test('nothing is changed where it is only to be read', () => {
    const e = two();
    e.editor.set({ readOnly: true });
    e.drag([20, 20], [60, 20]).key('Delete').tool('box').drag([150, 50], [180, 90]);
    expect(e.document).toEqual([box('a', 10), box('b', 100)]);
  });
});

test('listeners hear once of each input, and not of nothing', () => {
  const e = two();
  let heard = 0;
  const end = e.editor.subscribe(() => heard++);
  e.down(20, 20);
  expect(heard).toBe(1);
  const { state } = e.editor;
  e.editor.select(['a']);
  expect(e.editor.state).toBe(state);
  end();
  e.move(90, 90);
  expect(heard).toBe(1);
});

test('what others saved stays when one’s own is undone', () => {
  const e = testEditor({ annotations: [box('a', 10)] })
    .click(20, 20)
    .key('ArrowRight');
  e.editor.rewrite((document) => [...document, box('theirs', 150)]);
  expect(e.key('Mod+z').document).toEqual([box('a', 10), box('theirs', 150)]);
  expect(e.key('Mod+Shift+Z').document.map((each) => each.id)).toEqual(['a', 'theirs']);
});
