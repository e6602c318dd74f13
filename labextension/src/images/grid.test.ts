import { describe, expect, test } from 'vitest';
import { gridWindow, moved, scrollTo, TALLEST, type GridSize } from './grid-window.js';
import { countOf, isSelected, NOTHING, select } from './selection.js';

const hundredThousand: GridSize = { total: 100_000, width: 1000, height: 600, cellWidth: 170, cellHeight: 160 };

describe('the grid', () => {
  test('draws a screenful of a hundred thousand', () => {
    const window = gridWindow(hundredThousand, 1_000_000);
    expect(window.columns).toBe(5);
    expect(window.last - window.first).toBeLessThan(60);
    expect(window.first % 5).toBe(0);
    expect(window.first / 5).toBe(6250 - 2);
    expect(window.top).toBe(6248 * 160);
  });

  test('an empty one draws nothing', () => {
    expect(gridWindow({ ...hundredThousand, total: 0 }, 0)).toMatchObject({ first: 0, last: 0, scrollHeight: 0 });
  });

  test('a box too narrow for one cell still has a column', () => {
    expect(gridWindow({ ...hundredThousand, width: 10 }, 0).columns).toBe(1);
  });

  test('the last image can be reached in a list taller than a browser draws', () => {
    const size = { ...hundredThousand, total: 1_000_000, width: 100 };
    const window = gridWindow(size, TALLEST - size.height);
    expect(window.scrollHeight).toBe(TALLEST);
    expect(window.last).toBe(1_000_000);
    expect(window.top).toBeLessThan(TALLEST);
  });

  test.each([1, 5, 77, 4_999, 50_001, 99_999])('scrolling to image %i brings it into view', (index) => {
    for (const total of [100_000, 3_000_000]) {
      const size = { ...hundredThousand, total };
      const top = scrollTo(size, 12_345, index);
      const window = gridWindow(size, top);
      const row = Math.floor(index / window.columns);
      const y = window.top + (row - window.first / window.columns) * size.cellHeight - top;
      expect(y).toBeGreaterThanOrEqual(-1);
      expect(y + size.cellHeight).toBeLessThanOrEqual(size.height + 1);
    }
  });

  test('does not scroll for what is in view', () => {
    expect(scrollTo(hundredThousand, 1_000_000, 6_250 * 5 + 6)).toBe(1_000_000);
  });

  test('the keys lead where they point', () => {
    const to = (key: string, at: number) => moved(key, at, 12, 5, 2);
    expect([to('ArrowRight', 3), to('ArrowDown', 3), to('ArrowUp', 3), to('Home', 7), to('End', 7)]).toEqual([
      4, 8, 3, 0, 11,
    ]);
    expect([to('ArrowLeft', 0), to('ArrowDown', 8), to('PageDown', 1), to('x', 1)]).toEqual([0, 8, 11, undefined]);
  });
});

describe('the selection', () => {
  test('a click takes one, Ctrl adds, Shift takes all between', () => {
    let selection = select(NOTHING, { type: 'only', index: 2, id: 12 });
    selection = select(selection, { type: 'toggle', index: 4, id: 14 });
    expect([...selection.ids]).toEqual([12, 14]);
    selection = select(selection, { type: 'range', index: 6, ids: [14, 15, 16] });
    expect([[...selection.ids], selection.anchor, selection.at]).toEqual([[12, 14, 15, 16], 4, 6]);
    selection = select(selection, { type: 'toggle', index: 2, id: 12 });
    expect([...selection.ids]).toEqual([14, 15, 16]);
  });

  test('everything is selected without knowing its ids, but for those taken out again', () => {
    const all = select(NOTHING, { type: 'all' });
    const but = select(select(all, { type: 'toggle', index: 1, id: 2 }), { type: 'toggle', index: 5, id: 6 });
    expect([1, 2, 6, 90_000].map((id) => isSelected(but, id))).toEqual([true, false, false, true]);
    expect([countOf(all, 100_000), countOf(but, 100_000)]).toEqual([100_000, 99_998]);
    expect(countOf(select(but, { type: 'range', index: 9, ids: [5, 6, 7] }), 100_000)).toBe(99_999);
    expect(select(but, { type: 'only', index: 3, id: 4 })).toMatchObject({ ids: new Set([4]), everything: false });
  });

  test('none is none, and moving selects nothing', () => {
    const one = select(NOTHING, { type: 'only', index: 0, id: 1 });
    expect(countOf(select(one, { type: 'none' }), 10)).toBe(0);
    expect(select(one, { type: 'move', index: 7 })).toMatchObject({ at: 7, anchor: 7, ids: one.ids });
  });
});
