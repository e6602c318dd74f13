import { describe, expect, test } from 'vitest';
import { makeAnnotation, proposalFromWire } from './annotation.js';
import { setAttributes } from './document.js';
import { handlesOf } from './shapes/index.js';
import { CELLS, testEditor, type TestEditor } from './testing/editor.js';
import { pick, seeded } from './testing/random.js';

const box = (id: string, x: number, label = 'red') =>
  makeAnnotation(id, label, { kind: 'bbox', x, y: 10, width: 30, height: 30 });
const proposal = (id: string, x: number, score: number) =>
  proposalFromWire({
    ...{ id, label: 'red', shape_type: 'bbox', geometry: { bbox: [x, 50, 30, 30] }, attributes: {} },
    ...{ score, provenance: 'finder' },
  });

/** What an assistant might say: something, nothing, or that it cannot. */
function answer({ editor }: TestEditor, random: () => number): void {
  const { question } = editor.state;
  if (question === undefined || random() < 0.3) return;
  if (random() < 0.2) editor.answer({ kind: 'none', question, reason: 'It is out.' });
  else if (question.kind === 'path') {
    const { from, to } = question;
    editor.answer({ kind: 'path', question, points: [from.x, from.y, from.x, to.y, to.x, to.y] });
  } else {
    const [x, y, side] = [random() * 150, random() * 60, 2 + random() * 60];
    const points = [x, y, x + side, y, x + side, y + side, x, y + side];
    const found = { shape_type: 'polygon', geometry: { points } };
    editor.answer({ kind: 'outline', question, shapes: random() < 0.8 ? [found] : [] });
  }
}

/** What random places hardly ever hit. */
function aim(e: TestEditor, random: () => number): void {
  const { editor } = e;
  const annotation = e.document[Math.floor(random() * e.document.length)];
  if (annotation === undefined) {
    e.key('n');
    return;
  }
  const [handle] = handlesOf(annotation.shape);
  const areas = e.document.filter(({ shape }) => shape.kind !== 'point' && shape.kind !== 'unknown');
  const free = e.document.filter((each) => !each.locked);
  const acts = [
    () =>
      e
        .key('v')
        .click(handle?.x ?? 0, handle?.y ?? 0)
        .drag([handle?.x ?? 0, handle?.y ?? 0], [60, 60]),
    () => e.click(handle?.x ?? 0, handle?.y ?? 0, { alt: true }),
    () => e.click((handle?.x ?? 0) + 8, handle?.y ?? 0, { alt: true }),
    () => {
      editor.edit({ name: 'Attributes', edit: (d) => setAttributes(d, annotation.id, { seen: random() }) });
    },
    () => {
      editor.select(areas.map(({ id }) => id));
      e.key('j');
    },
    () => {
      editor.select(free.map(({ id }) => id));
      e.key('Delete').key('n');
    },
    () => {
      editor.setImageState('reviewed');
    },
    () => {
      editor.acceptAbove(0.5);
    },
    () => {
      answer(e.key('o').drag([5, 5], [50, 50]), () => 0.5);
      answer(e.drag([5, 5], [30, 50], { shift: true }), () => 0.5);
    },
  ];
  editor.setTool('select');
  editor.select([annotation.id]);
  pick(random, acts)();
}

const KEYS = [
  'Delete',
  'Mod+c',
  'Mod+v',
  'Mod+d',
  '1',
  '2',
  '3',
  'h',
  'l',
  ']',
  '[',
  'j',
  'm',
  'n',
  'r',
  'Tab',
  'Mod+a',
];
const ALL = [
  ...KEYS,
  'Escape',
  'Enter',
  'Backspace',
  'ArrowLeft',
  'ArrowDown',
  'Shift+ArrowUp',
  'v',
  'b',
  'p',
  'k',
  'c',
  's',
  'o',
  'e',
  'y',
  'x',
];

function act(e: TestEditor, random: () => number): void {
  const place = (): [number, number] => [Math.floor(random() * 210) - 5, Math.floor(random() * 110) - 5];
  const what = random();
  if (what < 0.12) aim(e, random);
  else if (what < 0.5) e.key(pick(random, ALL));
  else if (what < 0.75) e.drag(place(), place(), { shift: random() < 0.2, alt: random() < 0.1 });
  else if (what < 0.9) e.click(...place(), { shift: random() < 0.2, clicks: random() < 0.2 ? 2 : 1 });
  else if (what < 0.95) e.key(pick(random, ['Mod+z', 'Mod+Shift+Z']));
  else
    e.down(...place())
      .cancel()
      .up();
}

describe('any sequence of operations', () => {
  const done = new Set<string>();
  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'undone wholly is the first document, redone the last (%d)',
    (seed) => {
      const random = seeded(seed);
      const e = testEditor({ annotations: [box('a', 10), box('b', 100), proposal('p', 60, 0.8)] });
      e.editor.set({ assists: true });
      e.editor.set({ previous: [box('x', 70, 'white')] });
      const first = e.editor.state;
      for (let i = 0; i < 60; i++) {
        act(e, random);
        answer(e, random);
        for (const { name } of e.editor.state.history.past) done.add(typeof name === 'string' ? name : name[0]);
        expect(new Set(e.document.map((each) => each.id)).size).toBe(e.document.length);
        expect(e.document.every((each) => CELLS.some(({ name }) => name === each.label))).toBe(true);
      }
      e.key('Escape').key('Escape');
      while (e.editor.state.history.future.length > 0) e.editor.run('redo');
      const last = e.editor.state;
      while (e.editor.state.history.past.length > 0) e.editor.run('undo');
      expect(e.editor.state).toMatchObject({ document: first.document, imageState: first.imageState });
      expect(e.document).toBe(first.document);
      while (e.editor.state.history.future.length > 0) e.editor.run('redo');
      expect(e.document).toBe(last.document);
      expect(e.editor.state.imageState).toBe(last.imageState);
    },
  );

  test('has every operation in it', () => {
    const names = ['Draw box', 'Draw polygon', 'Draw point', 'Smart polygon', 'Refine outline', 'Draw along edges'];
    const shapes = ['Move', 'Resize', 'Move vertex', 'Add vertex', 'Delete vertex', 'Nudge', 'Simplify', 'Delete'];
    const areas = ['Cut hole', 'Split', 'Join', 'Duplicate', 'Paste', 'Repeat previous image', 'Attributes'];
    const flags = ['Hide', 'Show', 'Lock', 'Unlock', 'To the front', 'To the back', 'Label as %1'];
    const judged = ['Accept proposal', 'Reject proposal', 'Mark empty', 'Mark reviewed'];
    const wanted = [...names, ...shapes, ...areas, ...flags, ...judged];
    expect(wanted.filter((name) => !done.has(name))).toEqual([]);
  });
});
