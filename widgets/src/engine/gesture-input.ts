/** Events of a page turned into the engine's input: clicks counted, two fingers made a pinch, keys taken with focus only. */
import type { Editor } from './editor.js';
import type { Button, KeyInput, Modifiers, PointerInput } from './input.js';
import type { XY } from './shapes/shape.js';

/** The part of a page's element that is listened to. */
export interface EventHost {
  addEventListener: HTMLElement['addEventListener'];
  removeEventListener: HTMLElement['removeEventListener'];
  getBoundingClientRect(): { readonly left: number; readonly top: number };
  setPointerCapture(id: number): void;
  focus(options?: { preventScroll: boolean }): void;
  contains(other: Node | null): boolean;
}

type PointerLike = Pick<
  PointerEvent,
  'pointerId' | 'pointerType' | 'button' | 'buttons' | 'pressure' | 'clientX' | 'clientY' | 'timeStamp' | 'type'
> &
  Pick<MouseEvent, 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

const BUTTONS: readonly Button[] = ['primary', 'middle', 'secondary'];
/** Milliseconds and CSS pixels within which a second press is a double click. */
const TWICE = 400;
const NEAR = 6;

export class GestureInput {
  readonly #host: EventHost;
  readonly #editor: Editor;
  readonly #fingers = new Map<number, XY>();
  #pinching = false;
  #clicks = { count: 0, at: -Infinity, x: 0, y: 0 };

  constructor(host: EventHost, editor: Editor) {
    this.#host = host;
    this.#editor = editor;
  }

  /** Begin to listen; the answer ends it. */
  listen(): () => void {
    const ends = [
      this.#on('pointerdown', (event) => {
        this.down(event);
      }),
      this.#on('pointermove', (event) => {
        this.move(event);
      }),
      this.#on('pointerup', (event) => {
        this.up(event);
      }),
      this.#on('pointercancel', (event) => {
        this.#fingers.delete(event.pointerId);
        this.#editor.dispatch({ type: 'cancel' });
      }),
      this.#on('pointerleave', () => this.#editor.dispatch({ type: 'leave' })),
      this.#on('contextmenu', (event) => {
        event.preventDefault();
      }),
      this.#on('wheel', (event) => {
        this.#wheel(event);
      }),
      this.#on('keydown', (event) => {
        this.#key(event, 'key');
      }),
      this.#on('keyup', (event) => {
        this.#key(event, 'keyup');
      }),
      this.#on('blur', () => {
        this.#editor.dispatch({ type: 'blur' });
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  down(event: PointerLike): void {
    this.#host.focus({ preventScroll: true });
    this.#host.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch') this.#fingers.set(event.pointerId, this.#place(event));
    if (this.#fingers.size > 1) {
      if (!this.#pinching) this.#editor.dispatch({ type: 'cancel' });
      this.#pinching = true;
      return;
    }
    this.#count(event);
    this.#point('down', event, BUTTONS[event.button]);
  }

  move(event: PointerLike): void {
    const before = this.#fingers.get(event.pointerId);
    if (before !== undefined) {
      const now = this.#place(event);
      if (this.#pinching) this.#pinch(event.pointerId, before, now);
      this.#fingers.set(event.pointerId, now);
    }
    if (!this.#pinching) this.#point('move', event, heldButton(event.buttons));
  }

  up(event: PointerLike): void {
    this.#fingers.delete(event.pointerId);
    if (!this.#pinching) this.#point('up', event, BUTTONS[event.button]);
    else if (this.#fingers.size === 0) this.#pinching = false;
  }

  #pinch(id: number, before: XY, now: XY): void {
    const other = [...this.#fingers].find(([finger]) => finger !== id)?.[1];
    if (other === undefined) return;
    const apart = (at: XY): number => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y));
    const middle = { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 };
    const moved = { dx: (now.x - before.x) / 2, dy: (now.y - before.y) / 2 };
    this.#editor.dispatch({ type: 'pinch', ...middle, scale: apart(now) / apart(before), ...moved });
  }

  #point(type: PointerInput['type'], event: PointerLike, button: Button | undefined): void {
    const pointer = event.pointerType === 'touch' || event.pointerType === 'pen' ? event.pointerType : 'mouse';
    const held = button === undefined ? {} : { button };
    const { pressure } = event;
    this.#editor.dispatch({
      ...{ type, pointer, pressure, clicks: this.#clicks.count },
      ...this.#place(event),
      ...modifiersOf(event),
      ...held,
    });
  }

  #count({ timeStamp, clientX: x, clientY: y }: PointerLike): void {
    const { at, count } = this.#clicks;
    const again = timeStamp - at < TWICE && Math.hypot(x - this.#clicks.x, y - this.#clicks.y) < NEAR;
    this.#clicks = { count: again ? count + 1 : 1, at: timeStamp, x, y };
  }

  #place({ clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>): XY {
    const { left, top } = this.#host.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** Without the focus a wheel scrolls the notebook, unless it zooms (Ctrl). */
  #wheel(event: WheelEvent): void {
    const root = (event.currentTarget as Node).getRootNode() as Document | ShadowRoot;
    if (!event.ctrlKey && !this.#host.contains(root.activeElement)) return;
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const scroll = { dx: event.deltaX * unit, dy: event.deltaY * unit };
    this.#editor.dispatch({ type: 'wheel', ...scroll, ...this.#place(event), ...modifiersOf(event) });
    event.preventDefault();
    event.stopPropagation();
  }

  #key(event: KeyboardEvent, type: KeyInput['type']): void {
    const { key, code, repeat } = event;
    if (event.isComposing || isForControl(event)) return;
    const taken = this.#editor.dispatch({ type, key, code, repeat, ...modifiersOf(event) });
    if (!taken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #on<K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void): () => void {
    this.#host.addEventListener(type, act as EventListener, { passive: false });
    return () => {
      this.#host.removeEventListener(type, act as EventListener);
    };
  }
}

function modifiersOf(event: Pick<MouseEvent, 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>): Modifiers {
  return { shift: event.shiftKey, alt: event.altKey, mod: event.ctrlKey || event.metaKey };
}

/** The button that is held during a move, from its bits: primary 1, secondary 2, middle 4. */
function heldButton(buttons: number): Button | undefined {
  if (buttons & 1) return 'primary';
  if (buttons & 4) return 'middle';
  return buttons & 2 ? 'secondary' : undefined;
}

/** Whether a key is for a control within the annotator: typed into a text, or pressing a button. */
function isForControl({ target, key }: KeyboardEvent): boolean {
  const element = target as Partial<HTMLElement> | null;
  const name = element?.tagName ?? '';
  if (element?.isContentEditable === true || /^(INPUT|TEXTAREA|SELECT)$/.test(name)) return true;
  return (key === ' ' || key === 'Enter') && /^(BUTTON|A|SUMMARY)$/.test(name);
}
