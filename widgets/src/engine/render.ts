/** Draws shapes with plain canvas calls: only what is in view, only as fine as the screen can show. */
import type { Annotation } from './annotation.js';
import type { Camera } from './camera.js';
import { isHidden, type Label, type View } from './editor-state.js';
import { BLEED } from './frame.js';
import type { Entry, SpatialIndex } from './hit-test.js';
import { textOn, withAlpha } from './palette.js';
import { boundsOf, pathOf } from './shapes/index.js';
import type { Bounds, Ring, Subpath } from './shapes/shape.js';

/** What of a canvas is used; tests hand in one that writes down the calls. */
export type Context = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'rect'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'measureText'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'lineCap'
  | 'font'
  | 'textBaseline'
>;

/** How much is drawn of a shape. */
export type Emphasis = 'rest' | 'hover' | 'selected' | 'draft';

export interface Style {
  readonly stroke: string;
  readonly fill: string;
  readonly strongFill: string;
  /** Drawn where a shape is too small for an outline. */
  readonly speck: string;
  readonly text: string;
}

/** Shapes in view above which shadows and texts are left out: nobody could read them. */
export const CROWD = 600;
/** Below this many CSS pixels a shape is a speck. */
export const SPECK = 3;
/** Vertices nearer than this to the last one (CSS pixels) are passed over. */
export const FINEST = 0.5;

const SHADOW = 'rgba(0, 0, 0, 0.55)';
const LINE = 1.5;
const STRONG = 2.5;
const POINT = 4;
const FONT = '12px system-ui, sans-serif';
const TEXT_HEIGHT = 16;
const LONGEST_TEXT = 24;
const SOLID: number[] = [];
const DASHED = [6, 4];
const DOTTED = [2, 3];

/** The styles of labels, made once for a list of labels and an opacity. */
export class Styles {
  readonly #by = new Map<string, Style>();
  readonly #colors: ReadonlyMap<string, string>;
  readonly #opacity: number;
  readonly #widths = new Map<string, number>();

  constructor(labels: readonly Label[], opacity: number) {
    this.#colors = new Map(labels.map(({ name, color }) => [name, color]));
    this.#opacity = opacity;
  }

  of(label: string): Style {
    let style = this.#by.get(label);
    if (style === undefined)
      this.#by.set(label, (style = styleOf(this.#colors.get(label) ?? '#808080', this.#opacity)));
    return style;
  }

  /** A text's width in CSS pixels. */
  width(context: Context, text: string): number {
    let width = this.#widths.get(text);
    if (width === undefined) this.#widths.set(text, (width = context.measureText(text).width));
    return width;
  }
}

function styleOf(color: string, opacity: number): Style {
  return {
    stroke: color,
    fill: withAlpha(color, opacity),
    strongFill: withAlpha(color, Math.min(1, opacity + 0.15)),
    speck: withAlpha(color, Math.max(0.6, opacity)),
    text: textOn(color),
  };
}

export interface ShapesOptions {
  readonly camera: Camera;
  /** What is drawn, in CSS pixels of the viewport. */
  readonly region: Bounds;
  readonly view: View;
  readonly styles: Styles;
  /** Left out: they are drawn elsewhere. */
  readonly moving: ReadonlySet<string>;
}

/** Draw the resting shapes of a region, the lowest first. Gives how many. */
export function drawShapes(context: Context, index: SpatialIndex, options: ShapesOptions): number {
  const { camera, region, view, moving } = options;
  const { x, y, zoom } = camera;
  const found = index.within({
    x0: (region.x0 - BLEED) / zoom + x,
    y0: (region.y0 - BLEED) / zoom + y,
    x1: (region.x1 + BLEED) / zoom + x,
    y1: (region.y1 + BLEED) / zoom + y,
  });
  const pen = new Pen(context, camera, options.styles, index.entries.length > CROWD);
  let drawn = 0;
  for (const entry of found) {
    if (moving.has(entry.annotation.id) || isHidden(entry.annotation, view)) continue;
    pen.draw(entry, 'rest', view.texts);
    drawn++;
  }
  return drawn;
}

/** Anything that can be drawn: an entry of the index, or made on the spot for a draft. */
export type Drawable = Pick<Entry, 'minX' | 'minY' | 'maxX' | 'maxY' | 'path' | 'annotation'>;

export function drawableOf(annotation: Annotation): Drawable {
  const { x0, y0, x1, y1 } = boundsOf(annotation.shape);
  return { minX: x0, minY: y0, maxX: x1, maxY: y1, path: pathOf(annotation.shape), annotation };
}

/** Draws one shape after another, changing as little of the context as it can. */
export class Pen {
  readonly #context: Context;
  readonly #camera: Camera;
  readonly #styles: Styles;
  readonly #crowded: boolean;
  #dash = SOLID;
  #join: 'round' | 'miter' = 'round';

  constructor(context: Context, camera: Camera, styles: Styles, crowded: boolean) {
    this.#context = context;
    this.#camera = camera;
    this.#styles = styles;
    this.#crowded = crowded;
    context.lineJoin = 'round';
    context.lineWidth = LINE;
    context.font = FONT;
    context.textBaseline = 'middle';
    context.setLineDash(SOLID);
  }

  draw(drawable: Drawable, emphasis: Emphasis, texts: boolean): void {
    const { annotation, minX, minY, maxX, maxY } = drawable;
    const { x, y, zoom } = this.#camera;
    const style = this.#styles.of(annotation.label);
    const [width, height] = [(maxX - minX) * zoom, (maxY - minY) * zoom];
    if (annotation.shape.kind === 'point') {
      this.#point((minX - x) * zoom, (minY - y) * zoom, style, emphasis);
    } else if (width < SPECK && height < SPECK) {
      this.#context.fillStyle = style.speck;
      this.#context.fillRect((minX - x) * zoom, (minY - y) * zoom, Math.max(1, width), Math.max(1, height));
    } else {
      this.#outline(drawable, style, emphasis);
      if (texts && (!this.#crowded || emphasis !== 'rest')) this.#text(drawable, style, width, height);
    }
  }

  #outline({ annotation, path }: Drawable, style: Style, emphasis: Emphasis): void {
    const { shape, proposal } = annotation;
    this.#setDash(proposal ? DASHED : shape.kind === 'unknown' ? DOTTED : SOLID);
    if (shape.kind === 'bbox' && emphasis === 'rest') this.#box(path, style);
    else this.#path(path, style, emphasis, shape.kind !== 'unknown');
  }

  #path(path: readonly Subpath[], style: Style, emphasis: Emphasis, filled: boolean): void {
    const context = this.#context;
    const strong = emphasis !== 'rest';
    this.#setJoin('round');
    tracePath(context, path, this.#camera);
    if (filled) {
      context.fillStyle = strong ? style.strongFill : style.fill;
      context.fill('evenodd');
    }
    if (strong || !this.#crowded) {
      context.lineWidth = (strong ? STRONG : LINE) + 2;
      context.strokeStyle = SHADOW;
      context.stroke();
      if (emphasis === 'selected') this.#ring();
    }
    context.lineWidth = strong ? STRONG : LINE;
    context.strokeStyle = style.stroke;
    context.stroke();
  }

  /** A resting box without a path: canvases draw rectangles with sharp corners several times as fast. */
  #box([subpath]: readonly Subpath[], style: Style): void {
    const context = this.#context;
    const [x0 = 0, y0 = 0, , , x1 = 0, y1 = 0] = subpath?.points ?? [];
    const { x, y, zoom } = this.#camera;
    const [left, top, width, height] = [(x0 - x) * zoom, (y0 - y) * zoom, (x1 - x0) * zoom, (y1 - y0) * zoom];
    this.#setJoin('miter');
    context.fillStyle = style.fill;
    context.fillRect(left, top, width, height);
    if (!this.#crowded) {
      context.lineWidth = LINE + 2;
      context.strokeStyle = SHADOW;
      context.strokeRect(left, top, width, height);
    }
    context.lineWidth = LINE;
    context.strokeStyle = style.stroke;
    context.strokeRect(left, top, width, height);
  }

  /** Selected shapes have a white line between shadow and colour: seen on any photo, whatever the colour. */
  #ring(): void {
    this.#context.lineWidth = STRONG + 1.5;
    this.#context.strokeStyle = '#ffffff';
    this.#context.stroke();
  }

  #point(x: number, y: number, style: Style, emphasis: Emphasis): void {
    const context = this.#context;
    this.#setDash(SOLID);
    context.beginPath();
    context.arc(x, y, emphasis === 'rest' ? POINT : POINT + 2, 0, 2 * Math.PI);
    context.fillStyle = style.stroke;
    context.fill();
    context.lineWidth = LINE;
    context.strokeStyle = emphasis === 'selected' ? '#ffffff' : SHADOW;
    context.stroke();
  }

  #text({ annotation, minX, minY }: Drawable, style: Style, width: number, height: number): void {
    const context = this.#context;
    const text = textOf(annotation);
    const wide = this.#styles.width(context, text) + 8;
    if (wide > width || height < TEXT_HEIGHT + 2) return;
    const [x, y] = [(minX - this.#camera.x) * this.#camera.zoom, (minY - this.#camera.y) * this.#camera.zoom];
    context.fillStyle = style.stroke;
    context.fillRect(x, y, wide, TEXT_HEIGHT);
    context.fillStyle = style.text;
    context.fillText(text, x + 4, y + TEXT_HEIGHT / 2 + 1);
  }

  #setJoin(join: 'round' | 'miter'): void {
    if (join === this.#join) return;
    this.#join = join;
    this.#context.lineJoin = join;
  }

  #setDash(dash: number[]): void {
    if (dash === this.#dash) return;
    this.#dash = dash;
    this.#context.setLineDash(dash);
  }
}

/** What is written at a shape: its label, cut short, and the score of a proposal. */
export function textOf({ label, proposal }: Annotation): string {
  const short =
    label.length > LONGEST_TEXT
      ? `${Array.from(label)
          .slice(0, LONGEST_TEXT - 1)
          .join('')}…`
      : label;
  return proposal ? `${short} ${String(Math.round(100 * proposal.score))} %` : short;
}

/** Begin a path of subpaths (image pixels) as the camera shows them, without vertices too fine to be seen. */
export function tracePath(context: Context, path: readonly Subpath[], camera: Camera): void {
  context.beginPath();
  for (const { points, closed, rect } of path) {
    if (rect) traceRect(context, points, camera);
    else traceLine(context, points, closed, camera);
  }
}

function traceRect(context: Context, points: Ring, { x, y, zoom }: Camera): void {
  const [x0 = 0, y0 = 0] = points;
  const [x1 = 0, y1 = 0] = [points[4], points[5]];
  context.rect((x0 - x) * zoom, (y0 - y) * zoom, (x1 - x0) * zoom, (y1 - y0) * zoom);
}

function traceLine(context: Context, points: Ring, closed: boolean, { x, y, zoom }: Camera): void {
  let lastX = Infinity;
  let lastY = Infinity;
  const end = points.length - 2;
  for (let i = 0; i <= end; i += 2) {
    const px = ((points[i] ?? 0) - x) * zoom;
    const py = ((points[i + 1] ?? 0) - y) * zoom;
    const isFine = Math.abs(px - lastX) < FINEST && Math.abs(py - lastY) < FINEST;
    if (isFine && i < end) continue;
    if (i === 0) context.moveTo(px, py);
    else context.lineTo(px, py);
    lastX = px;
    lastY = py;
  }
  if (closed) context.closePath();
}
