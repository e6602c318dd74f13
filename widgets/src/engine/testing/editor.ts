/** An editor for tests, driven by gestures that read as gestures: `testEditor().tool('box').down(1, 1).move(9, 9).up()`. */
import type { Annotation } from '../annotation.js';
import { Editor } from '../editor.js';
import type { ImageState, Label } from '../editor-state.js';
import { NO_MODIFIERS, type Button, type KeyInput, type Modifiers, type PointerInput } from '../input.js';
import type { ToolId } from '../tools/index.js';

export const CELLS: readonly Label[] = [
  { name: 'red', color: '#e6194b' },
  { name: 'white', color: '#4363d8' },
  { name: 'platelet', color: '#f58231' },
];

export interface TestEditorOptions {
  readonly annotations?: readonly Annotation[];
  readonly labels?: readonly Label[];
  readonly imageState?: ImageState;
}

/** An image of 200 × 100 pixels at 100 % in the top left of the viewport: CSS pixels are image pixels. */
export function testEditor({ annotations = [], labels = CELLS, imageState }: TestEditorOptions = {}): TestEditor {
  let count = 0;
  const editor = new Editor(() => (++count).toString(16).padStart(32, '0'));
  editor.setViewport({ width: 200, height: 100 });
  editor.setLabels(labels);
  const state = imageState ?? (annotations.length > 0 ? 'labeled' : 'unlabeled');
  editor.open({ imageId: '1', size: { width: 200, height: 100 }, annotations, imageState: state });
  editor.set({ camera: { x: 0, y: 0, zoom: 1 } });
  return new TestEditor(editor);
}

type Extra = Partial<Modifiers & Pick<PointerInput, 'button' | 'pointer' | 'clicks' | 'pressure'>>;

export class TestEditor {
  readonly editor: Editor;
  /** The tool's states in the order in which it went through them. */
  readonly states: string[] = [];
  #at = { x: 0, y: 0 };
  #held: Button | undefined;

  constructor(editor: Editor) {
    this.editor = editor;
    editor.subscribe(() => {
      const now = editor.state.toolState.in;
      if (now !== this.states.at(-1)) this.states.push(now);
    });
  }

  get document(): readonly Annotation[] {
    return this.editor.state.document;
  }

  get shapes(): readonly Annotation['shape'][] {
    return this.document.map((annotation) => annotation.shape);
  }

  tool(tool: ToolId): this {
    this.editor.setTool(tool);
    return this;
  }

  down(x: number, y: number, extra: Extra = {}): this {
    this.#at = { x, y };
    this.#held = extra.button ?? 'primary';
    return this.#point('down', extra);
  }

  move(x: number, y: number, extra: Extra = {}): this {
    this.#at = { x, y };
    return this.#point('move', extra);
  }

  up(extra: Extra = {}): this {
    this.#point('up', extra);
    this.#held = undefined;
    return this;
  }

  click(x: number, y: number, extra: Extra = {}): this {
    return this.down(x, y, extra).up(extra);
  }

  doubleClick(x: number, y: number): this {
    return this.click(x, y).click(x, y, { clicks: 2 });
  }

  drag(from: readonly [number, number], to: readonly [number, number], extra: Extra = {}): this {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.down(...from, extra)
      .move(x, y, extra)
      .move(...to, extra)
      .up(extra);
  }

  cancel(): this {
    this.editor.dispatch({ type: 'cancel' });
    return this;
  }

  /** A key with its modifiers: `key('Mod+Shift+Z')`. */
  key(chord: string): this {
    this.press(chord);
    return this;
  }

  /** Whether the editor took the key. */
  press(chord: string, type: KeyInput['type'] = 'key'): boolean {
    const names = /^((?:(?:Mod|Alt|Shift)\+)*)(.+)$/.exec(chord);
    const [modifiers = '', key = chord] = names?.slice(1) ?? [];
    const code = /^\d$/.test(key) ? { code: `Digit${key}` } : {};
    const has = (name: string): boolean => modifiers.includes(`${name}+`);
    const held = { mod: has('Mod'), alt: has('Alt'), shift: has('Shift') };
    return this.editor.dispatch({ type, key: key === 'Space' ? ' ' : key, ...code, ...held });
  }

  keyUp(chord: string): this {
    this.press(chord, 'keyup');
    return this;
  }

  wheel(dy: number, extra: Partial<Modifiers & { dx: number }> = {}): this {
    this.editor.dispatch({ type: 'wheel', ...NO_MODIFIERS, dx: 0, dy, ...this.#at, ...extra });
    return this;
  }

  #point(type: PointerInput['type'], extra: Extra): this {
    const button = this.#held === undefined ? {} : { button: this.#held };
    const mouse = { pointer: 'mouse', pressure: 0.5, clicks: 1 } as const;
    this.editor.dispatch({ type, ...this.#at, ...mouse, ...NO_MODIFIERS, ...button, ...extra });
    return this;
  }
}
