import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changed, makeAnnotation } from '../annotation.js';
import { boxBetween } from '../shapes/bbox.js';
import { areaOf, boundsOf, type Shape } from '../shapes/index.js';
import { polygonOf, type Polygon } from '../shapes/polygon.js';
import { testEditor } from '../testing/editor.js';
import { TOOLS } from './index.js';

const box = (id: string, x: number, y: number, width: number, height: number) =>
  makeAnnotation(id, 'red', { kind: 'bbox', x, y, width, height });
const square = makeAnnotation('square', 'red', polygonOf([20, 20, 60, 20, 60, 60, 20, 60]));
const pointsOf = (shape: Shape | undefined) => (shape as Polygon).parts[0]?.points;

test('every tool is in the list', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) =>
    /^(?!tool\.|tools\.|index\.).*\.ts$/.test(name),
  );
  expect(files.map((name) => name.replace('.ts', '')).sort()).toEqual(Object.keys(TOOLS).sort());
  for (const [id, tool] of Object.entries(TOOLS)) expect(tool.id).toBe(id);
});

describe('box', () => {
  test('dragged from corner to corner', () => {
    const e = testEditor().tool('box').drag([10, 10], [50, 40]);
    expect(e.shapes).toEqual([boxBetween({ x: 10, y: 10 }, { x: 50, y: 40 })]);
    expect(e.states).toEqual(['idle', 'pointing', 'drawing', 'idle']);
    expect(e.document[0]?.label).toBe('red');
  });

  test('clicked corner by corner, in whatever direction', () => {
    const e = testEditor().tool('box').click(50, 40).move(20, 20).click(10, 10);
    expect(e.shapes).toEqual([boxBetween({ x: 10, y: 10 }, { x: 50, y: 40 })]);
  });

  test('the tool stays on, and what is there is not grabbed', () => {
    const e = testEditor().tool('box').drag([10, 10], [90, 90]).drag([20, 20], [40, 40]);
    expect(e.shapes).toHaveLength(2);
    expect(e.editor.state.tool).toBe('box');
    expect(e.editor.state.selection).toEqual([]);
  });

  test('shows what it would become, and leaves no trace after Escape', () => {
    const e = testEditor().tool('box').down(10, 10).move(50, 40);
    expect(e.editor.state.draft.map((each) => boundsOf(each.shape).x1)).toEqual([50]);
    const { document, history } = e.editor.state;
    e.key('Escape');
    expect(e.editor.state).toMatchObject({ document, history, draft: [], tool: 'box' });
    e.move(60, 60).up();
    expect(e.shapes).toEqual([]);
  });

  test('is clipped to the picture', () => {
    const e = testEditor().tool('box').drag([150, 50], [900, -300]);
    expect(e.shapes.map(boundsOf)).toEqual([{ x0: 150, y0: 0, x1: 200, y1: 50 }]);
  });

  test('too thin to be meant is nothing', () => {
    expect(testEditor().tool('box').drag([10, 10], [60, 10.4]).shapes).toEqual([]);
  });

  test('a double click in one place is nothing yet', () => {
    const e = testEditor().tool('box').doubleClick(10, 10);
    expect(e.shapes).toEqual([]);
    expect(e.editor.state.toolState.in).toBe('drawing');
  });

  test('taken away by the system while dragged, nothing is drawn', () => {
    const e = testEditor().tool('box').down(10, 10).move(50, 40).cancel();
    expect(e.up().shapes).toEqual([]);
  });

  test('drawn with a pen or a finger', () => {
    const e = testEditor().tool('box').drag([10, 10], [50, 40], { pointer: 'touch' });
    expect(e.drag([60, 10], [90, 40], { pointer: 'pen', pressure: 0.3 }).shapes).toHaveLength(2);
  });

  test('without any label nothing is drawn and the person is told', () => {
    const e = testEditor({ labels: [] }).tool('box').drag([10, 10], [50, 40]);
    expect(e.shapes).toEqual([]);
    expect(e.editor.state.notice).toContain('label');
  });
});

describe('polygon', () => {
  const corners = () => testEditor().tool('polygon').click(20, 20).click(60, 20).click(60, 60);

  test('closed by clicking its first vertex', () => {
    const e = corners().click(20, 60).click(22, 21);
    expect(e.shapes).toEqual([polygonOf([20, 20, 60, 20, 60, 60, 20, 60])]);
    expect(e.editor.state.tool).toBe('polygon');
  });

  test('closed by double click at its last vertex', () => {
    expect(corners().doubleClick(20, 60).shapes).toEqual([square.shape]);
  });

  test('closed by Enter', () => {
    expect(corners().key('Enter').shapes.map(pointsOf)).toEqual([[20, 20, 60, 20, 60, 60]]);
  });

  test('Enter with two vertices waits for the third', () => {
    const e = testEditor().tool('polygon').click(20, 20).click(60, 20).key('Enter');
    expect(e.shapes).toEqual([]);
    expect(e.click(60, 60).key('Enter').shapes).toHaveLength(1);
  });

  test.each(['Backspace', 'Delete', 'Mod+z'])('%s takes back the last vertex', (key) => {
    expect(corners().key(key).click(40, 90).key('Enter').shapes.map(pointsOf)).toEqual([[20, 20, 60, 20, 40, 90]]);
  });

  test('Backspace to the beginning leaves nothing behind', () => {
    const e = testEditor({ annotations: [square] })
      .tool('polygon')
      .click(100, 20)
      .key('Backspace');
    expect(e.editor.state).toMatchObject({ toolState: { in: 'idle' }, guide: undefined });
    expect(e.shapes).toHaveLength(1);
  });

  test('Escape leaves no trace', () => {
    const before = corners();
    const { document, history } = before.editor.state;
    expect(before.key('Escape').editor.state).toMatchObject({ document, history, guide: undefined });
    expect(before.editor.state.toolState.in).toBe('idle');
  });

  test('drawn freehand, with far fewer vertices than the hand made', () => {
    const e = testEditor().tool('polygon').down(100, 20);
    for (let angle = 0; angle <= 360; angle += 2) {
      e.move(100 + 30 * Math.sin((angle * Math.PI) / 180), 50 - 30 * Math.cos((angle * Math.PI) / 180));
    }
    e.up();
    expect(e.shapes).toHaveLength(1);
    const [shape] = e.shapes;
    expect(shape && areaOf(shape)).toBeGreaterThan(0.93 * Math.PI * 900);
    expect(pointsOf(shape)?.length).toBeLessThan(80);
  });

  test('a freehand stretch between clicks', () => {
    const e = testEditor().tool('polygon').click(20, 20);
    e.down(60, 20).move(62, 30).move(60, 40).move(62, 50).up();
    expect(e.click(20, 60).key('Enter').shapes).toHaveLength(1);
    expect(pointsOf(e.shapes[0])?.slice(0, 4)).toEqual([20, 20, 60, 20]);
  });

  test('the guide follows the pointer and says when a click would close it', () => {
    const e = corners().move(30, 80);
    expect(e.editor.state.guide).toEqual({ kind: 'outline', points: [20, 20, 60, 20, 60, 60, 30, 80], closes: false });
    expect(e.move(21, 21).editor.state.guide).toMatchObject({ closes: true });
  });

  test('panning with the space bar in the middle of it', () => {
    const e = corners().key('Space').drag([100, 50], [110, 60]).keyUp('Space');
    expect(e.editor.state.camera).toMatchObject({ x: -10, y: -10 });
    expect(e.key('Enter').shapes.map(pointsOf)).toEqual([[20, 20, 60, 20, 60, 60]]);
  });

  test('vertices stay within the picture', () => {
    const e = testEditor().tool('polygon').click(-50, 20).click(60, 20).click(60, 600).key('Enter');
    expect(e.shapes.map(boundsOf)).toEqual([{ x0: 0, y0: 20, x1: 60, y1: 100 }]);
  });
});

describe('hole', () => {
  test('cut out of the polygon it is drawn in', () => {
    const e = testEditor({ annotations: [square] })
      .tool('hole')
      .click(30, 30)
      .click(50, 30)
      .click(50, 50)
      .key('Enter');
    expect(e.shapes.map(areaOf)).toEqual([1600 - 200]);
    expect(e.document[0]?.id).toBe('square');
  });

  test('a bite out of a selected box makes it a polygon', () => {
    const e = testEditor({ annotations: [box('a', 20, 20, 40, 40)] });
    e.editor.select(['a']);
    e.tool('hole').click(40, 40).click(80, 40).click(80, 80).click(40, 80).key('Enter');
    expect(e.shapes.map(areaOf)).toEqual([1200]);
    expect(e.shapes[0]?.kind).toBe('polygon');
  });

  test('drawn beside everything changes nothing', () => {
    const e = testEditor({ annotations: [square] })
      .tool('hole')
      .click(100, 30)
      .click(120, 30)
      .click(120, 50)
      .key('Enter');
    expect(e.document).toEqual([square]);
    expect(e.editor.state.history.past).toEqual([]);
  });
});

describe('split', () => {
  test('by a line across: two pieces, the first keeps its id', () => {
    const e = testEditor({ annotations: [square] })
      .tool('split')
      .drag([40, 10], [40, 70]);
    expect(e.shapes.map(areaOf)).toEqual([800, 800]);
    expect(e.document[0]?.id).toBe('square');
    expect(e.document[1]?.id).not.toBe('square');
    expect(e.key('Mod+z').document).toEqual([square]);
  });

  test('a line that misses changes nothing, a locked shape stays', () => {
    expect(
      testEditor({ annotations: [square] })
        .tool('split')
        .drag([100, 10], [100, 70]).document,
    ).toEqual([square]);
    const locked = changed(square, { locked: true });
    expect(
      testEditor({ annotations: [locked] })
        .tool('split')
        .drag([40, 10], [40, 70]).document,
    ).toEqual([locked]);
  });
});

describe('point', () => {
  test('set with a click, or slid to its place', () => {
    const e = testEditor().tool('point').click(10, 20).drag([30, 30], [34.567, 38]);
    expect(e.shapes).toEqual([
      { kind: 'point', x: 10, y: 20 },
      { kind: 'point', x: 34.57, y: 38 },
    ]);
  });

  test('given up with Escape while pressed', () => {
    expect(testEditor().tool('point').down(10, 20).key('Escape').up().shapes).toEqual([]);
  });
});

describe('pan', () => {
  test('by its tool, by the middle button from any tool, by the space bar', () => {
    const camera = { x: -20, y: -10, zoom: 1 };
    expect(testEditor().tool('pan').drag([50, 50], [70, 60]).editor.state.camera).toEqual(camera);
    expect(testEditor().tool('box').drag([50, 50], [70, 60], { button: 'middle' }).editor.state.camera).toEqual(camera);
    const e = testEditor().tool('box').key('Space').drag([50, 50], [70, 60]);
    expect(e.editor.state.camera).toEqual(camera);
    expect(e.editor.state.cursor).toBe('grab');
    expect(e.keyUp('Space').drag([50, 50], [70, 60]).shapes).toHaveLength(1);
  });
});

describe('select', () => {
  const two = () => testEditor({ annotations: [box('a', 10, 10, 30, 30), box('b', 100, 10, 30, 30)] });

  test('a click selects, another adds with Shift, a click beside lets go', () => {
    const e = two().click(20, 20);
    expect(e.editor.state.selection).toEqual(['a']);
    expect(e.click(110, 20, { shift: true }).editor.state.selection).toEqual(['a', 'b']);
    expect(e.click(20, 20, { shift: true }).editor.state.selection).toEqual(['b']);
    expect(e.click(70, 80).editor.state.selection).toEqual([]);
  });

  test('a rubber band takes what lies in it; with Shift it adds', () => {
    const e = two().down(5, 5).move(50, 50);
    expect(e.editor.state.guide).toEqual({ kind: 'band', bounds: { x0: 5, y0: 5, x1: 50, y1: 50 } });
    expect(e.up().editor.state.selection).toEqual(['a']);
    expect(e.drag([90, 5], [140, 50], { shift: true }).editor.state.selection).toEqual(['a', 'b']);
    expect(e.editor.state.guide).toBeUndefined();
  });

  test('dragged in one gesture, moved in one step', () => {
    const e = two().drag([20, 20], [40, 30]);
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([30, 100]);
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual(['Move']);
    expect(e.states).toEqual(['pointing', 'moving', 'idle']);
  });

  test('several move together, as far as the picture goes', () => {
    const e = two().click(20, 20).click(110, 20, { shift: true }).drag([20, 20], [190, 20]);
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([80, 170]);
  });

  test('while dragged the document waits', () => {
    const e = two().down(20, 20).move(30, 20).move(40, 20);
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([10, 100]);
    expect(e.editor.state.draft.map((each) => boundsOf(each.shape).x0)).toEqual([30]);
    expect(e.key('Escape').up().editor.state).toMatchObject({ draft: [], toolState: { in: 'idle' } });
    expect(e.editor.state.history.past).toEqual([]);
  });

  test.each([
    [0, [5, 5], { x0: 5, y0: 5, x1: 40, y1: 40 }],
    [1, [0, 5], { x0: 10, y0: 5, x1: 40, y1: 40 }],
    [2, [60, 5], { x0: 10, y0: 5, x1: 60, y1: 40 }],
    [3, [60, 0], { x0: 10, y0: 10, x1: 60, y1: 40 }],
    [4, [60, 70], { x0: 10, y0: 10, x1: 60, y1: 70 }],
    [5, [0, 70], { x0: 10, y0: 10, x1: 40, y1: 70 }],
    [6, [5, 70], { x0: 5, y0: 10, x1: 40, y1: 70 }],
    [7, [5, 0], { x0: 5, y0: 10, x1: 40, y1: 40 }],
  ] as const)('resized by handle %d', (index, to, bounds) => {
    const places = [
      [10, 10],
      [25, 10],
      [40, 10],
      [40, 25],
      [40, 40],
      [25, 40],
      [10, 40],
      [10, 25],
    ] as const;
    const e = two().click(20, 20).drag(places[index], to);
    expect(e.shapes.map(boundsOf)[0]).toEqual(bounds);
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual(['Resize']);
  });

  test('a vertex is moved, added with Alt or a double click on an edge, and deleted', () => {
    const e = testEditor({ annotations: [square] })
      .click(40, 40)
      .drag([20, 20], [10, 10]);
    expect(pointsOf(e.shapes[0])).toEqual([10, 10, 60, 20, 60, 60, 20, 60]);
    e.click(60, 40, { alt: true });
    expect(pointsOf(e.shapes[0])).toEqual([10, 10, 60, 20, 60, 40, 60, 60, 20, 60]);
    e.doubleClick(40, 60);
    expect(pointsOf(e.shapes[0])).toEqual([10, 10, 60, 20, 60, 40, 60, 60, 40, 60, 20, 60]);
    e.click(40, 60, { alt: true });
    e.click(60, 40).key('Delete');
    expect(pointsOf(e.shapes[0])).toEqual([10, 10, 60, 20, 60, 60, 20, 60]);
    expect(e.editor.state.history.past.map((step) => step.name)).toEqual([
      'Move vertex',
      'Add vertex',
      'Add vertex',
      'Delete vertex',
      'Delete vertex',
    ]);
  });

  test('what is locked is selected but not moved', () => {
    const e = testEditor({ annotations: [changed(box('a', 10, 10, 30, 30), { locked: true })] }).drag(
      [20, 20],
      [60, 30],
    );
    expect(e.editor.state.selection).toEqual(['a']);
    expect(e.shapes.map((shape) => boundsOf(shape).x0)).toEqual([10]);
  });

  test('hovering says what a click would mean', () => {
    const e = two().move(20, 20);
    expect(e.editor.state).toMatchObject({ hover: 'a', cursor: 'pointer' });
    expect(e.move(70, 80).editor.state).toMatchObject({ hover: undefined, cursor: 'default' });
    expect(e.click(20, 20).move(10, 10).editor.state.cursor).toBe('nwse-resize');
  });

  test('a shape that vanishes while it is dragged stays away', () => {
    const e = two().down(20, 20).move(30, 20);
    e.editor.rewrite((document) => document.filter((each) => each.id !== 'a'));
    expect(
      e
        .move(40, 20)
        .up()
        .document.map((each) => each.id),
    ).toEqual(['b']);
  });
});
