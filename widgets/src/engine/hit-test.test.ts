import { describe, expect, test } from 'vitest';
import { changed, makeAnnotation, type Annotation } from './annotation.js';
import { documentOf, remove, replace } from './document.js';
import { hitTest, SpatialIndex, type HitOptions } from './hit-test.js';
import { boxBetween } from './shapes/bbox.js';
import type { Shape } from './shapes/index.js';
import { seeded } from './testing/random.js';

const box = (id: string, x0: number, y0: number, x1: number, y1: number) =>
  makeAnnotation(id, 'cell', boxBetween({ x: x0, y: y0 }, { x: x1, y: y1 }));
const point: Shape = { kind: 'point', x: 50, y: 50 };
const nested = documentOf([
  box('inner', 40, 40, 60, 60),
  box('outer', 0, 0, 100, 100),
  makeAnnotation('dot', 'cell', point),
  box('twin', 200, 0, 220, 20),
  box('twin on top', 200, 0, 220, 20),
]);

function hit(x: number, y: number, options: Partial<HitOptions> = {}, document = nested) {
  const index = new SpatialIndex();
  index.update(document);
  return hitTest(index, { x, y }, { margin: 3, selection: [], isHidden: () => false, ...options });
}

describe('a place means', () => {
  test.each([
    ['the inner box, though the outer is above it', 45, 45, 'inner'],
    ['the outer box around it', 20, 20, 'outer'],
    ['the point within its margin', 51, 52, 'dot'],
    ['the topmost of two alike', 210, 10, 'twin on top'],
    ['the outline from a little outside', 102, 50, 'outer'],
  ])('%s', (_, x, y, id) => {
    expect(hit(x, y)).toEqual({ id });
  });

  test('nothing, far from everything', () => {
    expect(hit(150, 150)).toBeUndefined();
  });

  test('a handle of what is selected before anything else', () => {
    expect(hit(41, 39, { selection: ['inner'] })).toMatchObject({ id: 'inner', handle: 0, cursor: 'nwse-resize' });
    expect(hit(41, 39, { selection: [] })).toEqual({ id: 'outer' });
  });

  test('no handle of what is locked', () => {
    const locked = replace(nested, changed(box('inner', 40, 40, 60, 60), { locked: true }));
    expect(hit(41, 41, { selection: ['inner'] }, locked)).toEqual({ id: 'inner' });
  });

  test('nothing hidden', () => {
    expect(hit(45, 45, { isHidden: (a: Annotation) => a.id === 'inner' })).toEqual({ id: 'outer' });
  });
});

test('the index follows every edit', () => {
  const random = seeded(7);
  const index = new SpatialIndex();
  let document = documentOf(
    Array.from({ length: 300 }, (_, i) => {
      const [x, y] = [random() * 1000, random() * 1000];
      return box(`b${String(i)}`, x, y, x + 30, y + 30);
    }),
  );
  for (let round = 0; round < 60; round++) {
    const [id, x] = [`b${String(Math.floor(random() * 300))}`, random() * 1000];
    document = random() < 0.5 ? remove(document, [id]) : replace(document, box(id, x, x, x + 20, x + 20));
    index.update(document);
    const area = { x0: 300, y0: 300, x1: 600, y1: 600 };
    const expected = new SpatialIndex();
    expected.update(document);
    expect(index.within(area).map((entry) => entry.annotation)).toEqual(
      expected.within(area).map((entry) => entry.annotation),
    );
    expect(index.entries.map((entry) => entry.annotation)).toEqual(document);
  }
});

test('a shape without coordinates is in the document but nowhere', () => {
  const nowhere = makeAnnotation('x', 'cell', { kind: 'unknown', type: 'scene', geometry: {} });
  expect(hit(0, 0, {}, documentOf([nowhere]))).toBeUndefined();
});
