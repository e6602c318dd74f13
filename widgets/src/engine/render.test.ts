import { describe, expect, test } from 'vitest';
import { changed, makeAnnotation, proposalFromWire } from './annotation.js';
import { documentOf } from './document.js';
import { INITIAL, type View } from './editor-state.js';
import { planFrame, snapped, type Frame } from './frame.js';
import { SpatialIndex } from './hit-test.js';
import { colorAt, PALETTE, textOn, withAlpha } from './palette.js';
import { drawOverlay } from './render-overlay.js';
import { drawShapes, Styles, textOf, type ShapesOptions } from './render.js';
import { fromWire, type Shape } from './shapes/index.js';
import { polygonOf } from './shapes/polygon.js';
import { CELLS, testEditor } from './testing/editor.js';
import { recorder } from './testing/recorder.js';

const box = (id: string, x: number, y: number, side: number, label = 'red') =>
  makeAnnotation(id, label, { kind: 'bbox', x, y, width: side, height: side });
const shaped = (shape: Shape) => makeAnnotation('s', 'red', shape);

function draw(annotations: Parameters<typeof documentOf>[0], options: Partial<ShapesOptions> = {}) {
  const index = new SpatialIndex();
  index.update(documentOf(annotations));
  const record = recorder();
  const drawn = drawShapes(record.context, index, {
    camera: { x: 0, y: 0, zoom: 1 },
    region: { x0: 0, y0: 0, x1: 200, y1: 100 },
    view: INITIAL.view,
    styles: new Styles(CELLS, 0.2),
    moving: new Set(),
    ...options,
  });
  return { ...record, drawn };
}

describe('shapes at rest', () => {
  test('a box is filled, then lined dark and in its label’s colour, and named', () => {
    const { calls } = draw([box('a', 10, 20, 50)]);
    expect(calls.filter(([name]) => name.endsWith('Rect')).slice(0, 3)).toEqual([
      ['fillRect', 10, 20, 50, 50, 'rgba(230, 25, 75, 0.2)'],
      ['strokeRect', 10, 20, 50, 50, 'rgba(0, 0, 0, 0.55)'],
      ['strokeRect', 10, 20, 50, 50, '#e6194b'],
    ]);
    expect(calls).toContainEqual(['fillText', 'red', 14, 29, '#000000']);
  });

  test('what the camera shows is where it shows it', () => {
    const { calls } = draw([box('a', 110, 120, 50)], { camera: { x: 100, y: 100, zoom: 2 } });
    expect(calls).toContainEqual(['strokeRect', 20, 40, 100, 100, '#e6194b']);
  });

  test('out of view, hidden, of a hidden label or in motion: not drawn', () => {
    const hidden: View = { ...INITIAL.view, hiddenLabels: new Set(['white']) };
    const all = [
      box('far', 500, 10, 20),
      changed(box('h', 10, 10, 20), { hidden: true }),
      box('w', 40, 10, 20, 'white'),
      box('m', 70, 10, 20),
      box('x', 100, 10, 20),
    ];
    expect(draw(all, { view: hidden, moving: new Set(['m']) }).drawn).toBe(1);
  });

  test('a name is written only where it has room', () => {
    expect(draw([box('a', 10, 10, 20)]).count('fillText')).toBe(0);
    expect(draw([box('a', 10, 10, 50)], { view: { ...INITIAL.view, texts: false } }).count('fillText')).toBe(0);
  });

  test('a polygon with a hole is one path of two rings', () => {
    const { count } = draw([
      shaped({ kind: 'polygon', parts: [{ points: [0, 0, 90, 0, 90, 90], holes: [[40, 10, 80, 10, 80, 50]] }] }),
    ]);
    expect([count('moveTo'), count('lineTo'), count('closePath'), count('fill')]).toEqual([2, 4, 2, 1]);
  });

  test('a point is a dot of one size at any zoom', () => {
    for (const zoom of [0.1, 1, 8]) {
      const { calls } = draw([shaped({ kind: 'point', x: 5, y: 5 })], { camera: { x: 0, y: 0, zoom } });
      expect(calls).toContainEqual(['arc', 5 * zoom, 5 * zoom, 4, 0, 2 * Math.PI]);
    }
  });

  test('an unknown shape is a dotted outline, without a fill', () => {
    const { calls, count } = draw([
      shaped(fromWire({ shape_type: 'polyline', geometry: { points: [1, 1, 50, 1, 50, 50] } })),
    ]);
    expect(calls).toContainEqual(['setLineDash', 2, 3]);
    expect(count('fill')).toBe(0);
    expect(count('stroke')).toBe(2);
  });

  test('a proposal is dashed and shows its score', () => {
    const wire = { id: 'p', label: 'red', shape_type: 'bbox', geometry: { bbox: [10, 10, 80, 80] }, attributes: {} };
    const { calls } = draw([proposalFromWire({ ...wire, score: 0.874, provenance: 'm' })]);
    expect(calls).toContainEqual(['setLineDash', 6, 4]);
    expect(calls.some(([name, text]) => name === 'fillText' && text === 'red 87 %')).toBe(true);
  });
});

describe('level of detail', () => {
  const far = { camera: { x: 0, y: 0, zoom: 0.1 }, region: { x0: 0, y0: 0, x1: 200, y1: 100 } };

  test('a shape of less than three pixels is one filled speck', () => {
    const { calls, count } = draw([box('a', 10, 10, 20)], far);
    expect(calls).toContainEqual(['fillRect', 1, 1, 2, 2, 'rgba(230, 25, 75, 0.6)']);
    expect(count('stroke') + count('strokeRect')).toBe(0);
  });

  test('vertices too near each other to be seen are passed over', () => {
    const circle = polygonOf(
      Array.from({ length: 2000 }, (_, i) => 500 + 400 * (i % 2 ? Math.sin : Math.cos)(((i >> 1) * Math.PI) / 500)),
    );
    expect(draw([shaped(circle)], far).count('lineTo')).toBeLessThan(600);
    expect(draw([shaped(circle)], { ...far, camera: { x: 0, y: 0, zoom: 1 } }).count('lineTo')).toBe(999);
  });

  test('in a crowd there are neither shadows nor names', () => {
    const crowd = Array.from({ length: 700 }, (_, i) => box(`b${String(i)}`, (i % 30) * 5, Math.floor(i / 30) * 3, 50));
    const { count, drawn } = draw(crowd);
    expect(drawn).toBe(700);
    expect(count('strokeRect')).toBe(700);
    expect(count('fillText')).toBe(0);
  });
});

test.each([
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=aler…'],
  ['🦠'.repeat(500), `${'🦠'.repeat(23)}…`],
  ['خلية', 'خلية'],
])('the label %.30s is written as %s', (label, text) => {
  expect(textOf(makeAnnotation('a', label, { kind: 'point', x: 0, y: 0 }))).toBe(text);
});

describe('over the shapes', () => {
  const overlay = (e: ReturnType<typeof testEditor>, crosshair = false) => {
    const record = recorder();
    drawOverlay(record.context, e.editor.state, e.editor.index, new Styles(CELLS, 0.2), crosshair);
    return record;
  };

  test('what is selected is ringed in white and has its handles', () => {
    const { calls, count } = overlay(
      testEditor({ annotations: [box('a', 10, 10, 50)] })
        .click(20, 20)
        .move(150, 90),
    );
    expect(calls).toContainEqual(['stroke', '#ffffff']);
    expect(count('rect')).toBe(1 + 8);
  });

  test('what is locked has none', () => {
    const e = testEditor({ annotations: [changed(box('a', 10, 10, 50), { locked: true })] }).click(20, 20);
    expect(overlay(e).count('rect')).toBe(1);
  });

  test('while dragged it is drawn where it goes', () => {
    const e = testEditor({ annotations: [box('a', 10, 10, 50)] })
      .down(20, 20)
      .move(30, 20)
      .move(40, 25);
    expect(overlay(e).calls).toContainEqual(['rect', 30, 15, 50, 50]);
  });

  test('what is drawn, the rubber band, the outline with its closing vertex, the crosshair', () => {
    expect(overlay(testEditor().tool('box').down(10, 10).move(40, 40)).calls).toContainEqual(['rect', 10, 10, 30, 30]);
    expect(overlay(testEditor().down(10, 10).move(40, 40)).calls).toContainEqual(['setLineDash', 4, 4]);
    const e = testEditor().tool('polygon').click(20, 20).click(60, 20).click(60, 60);
    expect(overlay(e.move(90, 90)).calls).toContainEqual(['arc', 20, 20, 5, 0, 2 * Math.PI]);
    expect(overlay(e.move(21, 21)).calls).toContainEqual(['arc', 20, 20, 8, 0, 2 * Math.PI]);
    const cross = overlay(testEditor().tool('box').move(50, 60), true).calls;
    expect(cross).toContainEqual(['lineTo', 200, 60]);
    expect(cross).toContainEqual(['lineTo', 50, 100]);
  });

  test('nothing is drawn where nothing happens', () => {
    expect(overlay(testEditor({ annotations: [box('a', 10, 10, 50)] })).count('stroke')).toBe(0);
  });
});

describe('from frame to frame', () => {
  const document = documentOf([box('a', 10, 10, 20), box('b', 100, 10, 20)]);
  const look = [{}];
  const frame: Frame = {
    ...{
      camera: { x: 0, y: 0, zoom: 1 },
      viewport: { width: 200, height: 100 },
      ratio: 2,
      document,
      moving: new Set(),
      look,
    },
  };

  test('the first is drawn whole; the same again not at all', () => {
    expect(planFrame(undefined, frame, false)).toEqual({ kind: 'all' });
    expect(planFrame(frame, { ...frame }, false)).toEqual({ kind: 'move', dx: 0, dy: 0, regions: [] });
  });

  test('panned, it is moved by whole device pixels and only the new strips are drawn', () => {
    const camera = snapped({ x: -10.2, y: 5, zoom: 1 }, 2);
    expect(camera).toEqual({ x: -10, y: 5, zoom: 1 });
    expect(planFrame(frame, { ...frame, camera }, false)).toEqual({
      ...{ kind: 'move', dx: 20, dy: -10 },
      regions: [
        { x0: 0, y0: 0, x1: 10, y1: 100 },
        { x0: 0, y0: 95, x1: 200, y1: 100 },
      ],
    });
    expect(planFrame(frame, { ...frame, camera: { x: 300, y: 0, zoom: 1 } }, false).kind).toBe('all');
  });

  test('one shape changed: its place before and after is drawn', () => {
    const next = documentOf([document[0] ?? box('a', 0, 0, 1), box('b', 110, 10, 20)]);
    const plan = planFrame(frame, { ...frame, document: next }, false);
    expect(plan).toEqual({ kind: 'move', dx: 0, dy: 0, regions: [{ x0: 92, y0: 2, x1: 138, y1: 38 }] });
  });

  test('a shape taken up and put down again: its place', () => {
    const plan = planFrame(frame, { ...frame, moving: new Set(['a']) }, false);
    expect(plan).toMatchObject({ kind: 'move', regions: [{ x0: 2, y0: 2, x1: 38, y1: 38 }] });
  });

  test('zooming stretches what is there; another look, many changes or another size draw all', () => {
    const zoomed = { ...frame, camera: { x: 0, y: 0, zoom: 2 } };
    expect(planFrame(frame, zoomed, true).kind).toBe('stretch');
    expect(planFrame(frame, zoomed, false).kind).toBe('all');
    expect(planFrame(frame, { ...frame, look: [{}] }, false).kind).toBe('all');
    expect(planFrame(frame, { ...frame, viewport: { width: 201, height: 100 } }, false).kind).toBe('all');
    const many = documentOf(Array.from({ length: 50 }, (_, i) => box(`n${String(i)}`, i, i, 5)));
    expect(planFrame(frame, { ...frame, document: many }, false).kind).toBe('all');
  });
});

describe('colours', () => {
  test('are those of the palette, then their darker and lighter kin, then these again: as in Python', () => {
    expect([0, 15, 16, 20, 31, 32, 47, 48].map(colorAt)).toEqual([
      ...['#e69f00', '#882255', '#8a5f00', '#00446b', '#b87a99', '#5c4000', '#cfa7bb', '#e69f00'],
    ]);
    expect(new Set(Array.from({ length: 48 }, (_, i) => colorAt(i))).size).toBe(48);
  });

  test('text on each of them has a contrast of at least 4.5', () => {
    const luminance = (color: string): number => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
        const part = parseInt(color.slice(i, i + 2), 16) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const color of PALETTE) {
      const [light, dark] = [luminance(color), luminance(textOn(color))].sort((a, b) => b - a);
      expect(((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('what is no colour is grey', () => {
    expect(withAlpha('red; }', 0.5)).toBe('rgba(128, 128, 128, 0.5)');
  });
});
