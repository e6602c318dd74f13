/** The engine on a page: two stacked canvases, pointers, wheel and keys. All of the engine's DOM is here. */
import type { Editor } from './editor.js';
import type { EditorState } from './editor-state.js';
import { planFrame, snapped, type Frame, type Plan } from './frame.js';
import { GestureInput } from './gesture-input.js';
import { closePicture, decodePicture, drawPicture, type MakeBitmap, type Picture } from './picture.js';
import { drawOverlay } from './render-overlay.js';
import { drawShapes, Styles } from './render.js';
import type { Bounds } from './shapes/shape.js';
import { toolOf } from './tools/index.js';

/** Milliseconds without zooming after which the frame is drawn sharp. */
const SHARPEN = 90;
/** A whole frame that takes less than this (ms) is drawn rather than stretched. */
const CHEAP = 8;

const makeBitmap: MakeBitmap = (source, part, resize) => {
  const options: ImageBitmapOptions = resize ? { ...resize, resizeQuality: 'medium' } : {};
  return part
    ? createImageBitmap(source, part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0, options)
    : createImageBitmap(source, options);
};

/** Decode a photo off the main thread; rejects when the bytes are no picture. */
export function decode(bytes: Blob): Promise<Picture> {
  return decodePicture(bytes, makeBitmap);
}

export { closePicture };

/** Milliseconds after which a page that paints nothing (a tab behind others) counts as painted. */
const UNSEEN = 500;

/** Resolves when what was changed so far is on the screen. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, UNSEEN);
    requestAnimationFrame(() => {
      clearTimeout(late);
      // The frame itself comes after its callbacks.
      setTimeout(resolve, 0);
    });
  });
}

export class AnnotatorCanvas {
  readonly #host: HTMLElement;
  readonly #editor: Editor;
  readonly #lower = layer();
  readonly #upper = layer();
  readonly #copy = layer();
  readonly #ends: (() => void)[] = [];
  #picture: Picture | undefined;
  #styles = new Styles([], 0);
  #styledFor: readonly unknown[] = [];
  #moving: ReadonlySet<string> = new Set();
  #last: Frame | undefined;
  /** The whole frame in `#copy`, while it is stretched. */
  #stretched: Frame | undefined;
  #zoomedAt = -Infinity;
  #cost = 0;
  #request = 0;
  #sharpen: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, editor: Editor) {
    this.#host = host;
    this.#editor = editor;
    prepare(host);
    host.append(this.#lower.canvas, this.#upper.canvas);
    const resizes = new ResizeObserver(() => {
      this.#fit();
    });
    resizes.observe(host);
    this.#ends.push(
      () => {
        resizes.disconnect();
      },
      editor.subscribe(this.#schedule),
      new GestureInput(host, editor).listen(),
    );
    this.#fit();
  }

  /** Show a photo, or none while it is not there. It stays the caller's to close. */
  setPicture(picture: Picture | undefined): void {
    if (picture === this.#picture) return;
    this.#picture = picture;
    this.#schedule();
  }

  /** Draw now what would be drawn with the next frame. */
  draw(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    const { state } = this.#editor;
    const frame = this.#frame(state);
    this.#restyle(state);
    this.#drawLower(frame, state);
    this.#drawUpper(frame, state);
    if (this.#host.style.cursor !== state.cursor) this.#host.style.cursor = state.cursor;
  }

  dispose(): void {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#sharpen);
    for (const end of this.#ends) end();
    this.#lower.canvas.remove();
    this.#upper.canvas.remove();
  }

  #schedule = (): void => {
    if (this.#request === 0) {
      this.#request = requestAnimationFrame(() => {
        this.draw();
      });
    }
  };

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    for (const { canvas } of [this.#lower, this.#upper, this.#copy]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.#last = this.#stretched = undefined;
    this.#editor.setViewport({ width, height });
    // At once, or an empty canvas would flash.
    this.draw();
  }

  #frame(state: EditorState): Frame {
    const ratio = this.#lower.canvas.width / Math.max(1, state.viewport.width);
    const ids = state.draft.map((annotation) => annotation.id);
    if (ids.length !== this.#moving.size || ids.some((id) => !this.#moving.has(id))) this.#moving = new Set(ids);
    return {
      camera: snapped(state.camera, ratio),
      viewport: state.viewport,
      ratio,
      document: state.document,
      moving: this.#moving,
      look: [this.#picture, state.image, state.view, state.labels],
    };
  }

  #restyle({ labels, view }: EditorState): void {
    if (this.#styledFor[0] === labels && this.#styledFor[1] === view.opacity) return;
    this.#styledFor = [labels, view.opacity];
    this.#styles = new Styles(labels, view.opacity);
  }

  #drawLower(frame: Frame, state: EditorState): void {
    const zooming = this.#isZooming(frame);
    const again: Plan = zooming ? { kind: 'stretch' } : { kind: 'all' };
    const plan = this.#stretched ? again : planFrame(this.#last, frame, zooming);
    if (plan.kind === 'stretch') this.#stretch(frame);
    else if (plan.kind === 'all') this.#drawAll(frame, state);
    else this.#move(plan, frame, state);
    this.#last = frame;
  }

  /** Whether the zoom is changing and a whole frame would take too long to keep up. */
  #isZooming({ camera }: Frame): boolean {
    const now = performance.now();
    if (this.#last !== undefined && this.#last.camera.zoom !== camera.zoom) this.#zoomedAt = now;
    return now - this.#zoomedAt < SHARPEN && this.#cost > CHEAP;
  }

  #drawAll(frame: Frame, state: EditorState): void {
    const began = performance.now();
    this.#stretched = undefined;
    const { width, height } = frame.viewport;
    this.#drawRegions([{ x0: 0, y0: 0, x1: width, y1: height }], frame, state);
    this.#cost = performance.now() - began;
  }

  #move(plan: Extract<Plan, { kind: 'move' }>, frame: Frame, state: EditorState): void {
    const { canvas, context } = this.#lower;
    if (plan.dx !== 0 || plan.dy !== 0) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.globalCompositeOperation = 'copy';
      context.drawImage(canvas, plan.dx, plan.dy);
      context.globalCompositeOperation = 'source-over';
    }
    this.#drawRegions(plan.regions, frame, state);
  }

  #stretch(frame: Frame): void {
    if (this.#stretched === undefined) {
      this.#copy.context.globalCompositeOperation = 'copy';
      this.#copy.context.drawImage(this.#lower.canvas, 0, 0);
      this.#stretched = this.#last;
    }
    const from = this.#stretched;
    if (from === undefined) return;
    const { canvas, context } = this.#lower;
    const scale = frame.camera.zoom / from.camera.zoom;
    const dx = (from.camera.x - frame.camera.x) * frame.camera.zoom * frame.ratio;
    const dy = (from.camera.y - frame.camera.y) * frame.camera.zoom * frame.ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#copy.canvas, dx, dy, canvas.width * scale, canvas.height * scale);
    clearTimeout(this.#sharpen);
    this.#sharpen = setTimeout(this.#schedule, SHARPEN + 5);
  }

  #drawRegions(regions: readonly Bounds[], frame: Frame, state: EditorState): void {
    const { context } = this.#lower;
    for (const region of regions) {
      context.save();
      context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
      context.beginPath();
      context.rect(region.x0, region.y0, region.x1 - region.x0, region.y1 - region.y0);
      context.clip();
      context.clearRect(region.x0, region.y0, region.x1 - region.x0, region.y1 - region.y0);
      this.#drawPhoto(region, frame, state);
      const { camera, moving } = frame;
      drawShapes(context, this.#editor.index, { camera, region, view: state.view, styles: this.#styles, moving });
      context.restore();
    }
  }

  #drawPhoto(region: Bounds, { camera, ratio }: Frame, { view, image }: EditorState): void {
    const { context } = this.#lower;
    if (this.#picture === undefined) return;
    const isPlain = view.brightness === 1 && view.contrast === 1;
    if (!isPlain) context.filter = `brightness(${String(view.brightness)}) contrast(${String(view.contrast)})`;
    drawPicture(context, this.#picture, image, camera, region, ratio);
    if (!isPlain) context.filter = 'none';
  }

  #drawUpper(frame: Frame, state: EditorState): void {
    const { canvas, context } = this.#upper;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    const crosshair = state.view.crosshair && toolOf(state.tool).cursor === 'crosshair' && !state.panning;
    drawOverlay(context, { ...state, camera: frame.camera }, this.#editor.index, this.#styles, crosshair);
  }
}

interface Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

function layer(): Layer {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none';
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser has no canvas to draw on.');
  return { canvas, context };
}

function prepare(host: HTMLElement): void {
  if (host.tabIndex < 0) host.tabIndex = 0;
  if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
  // Fingers belong to the annotator: the page neither scrolls nor zooms under them.
  host.style.touchAction = 'none';
  host.style.userSelect = 'none';
  host.dataset.lmSuppressShortcuts = 'true';
  if (!host.hasAttribute('role')) host.setAttribute('role', 'application');
  if (!host.hasAttribute('aria-label')) host.setAttribute('aria-label', 'Image annotator');
}
