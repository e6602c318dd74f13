/** Draws what moves or follows the hand: drafts, hover, selection with its handles, guides, the crosshair. */
import type { EditorState } from './editor-state.js';
import { isHidden } from './editor-state.js';
import { hasHandles, type SpatialIndex } from './hit-test.js';
import { drawableOf, Pen, tracePath, type Context, type Drawable, type Styles } from './render.js';
import { handlesOf } from './shapes/index.js';
import type { XY } from './shapes/shape.js';

const HANDLE = 4;
const TOUCH_GAP = 5;
/** Shapes above which handles are left out: they would hide what they are for. */
const MANY = 20;

export function drawOverlay(
  context: Context,
  state: EditorState,
  index: SpatialIndex,
  styles: Styles,
  crosshair: boolean,
): void {
  const pen = new Pen(context, state.camera, styles, false);
  const drafts = new Map(state.draft.map((annotation) => [annotation.id, drawableOf(annotation)]));
  const under = hoveredOf(state, index);
  if (under) pen.draw(under, 'hover', true);
  const selected = selectedOf(state, index, drafts);
  for (const drawable of selected) pen.draw(drawable, 'selected', state.view.texts);
  for (const [id, drawable] of drafts) if (!state.selection.includes(id)) pen.draw(drawable, 'draft', state.view.texts);
  context.setLineDash([]);
  if (selected.length <= MANY) for (const drawable of selected) drawHandles(context, drawable, state, styles);
  drawGuide(context, state);
  if (crosshair && state.pointer) drawCrosshair(context, state.pointer, state);
}

/** What is under the pointer, unless it is drawn in another way already. */
function hoveredOf({ hover, selection, draft, view }: EditorState, index: SpatialIndex): Drawable | undefined {
  if (hover === undefined || selection.includes(hover) || draft.some(({ id }) => id === hover)) return undefined;
  const found = index.get(hover);
  return found && !isHidden(found.annotation, view) ? found : undefined;
}

function selectedOf(state: EditorState, index: SpatialIndex, drafts: ReadonlyMap<string, Drawable>): Drawable[] {
  return state.selection.flatMap((id) => {
    const drawable = drafts.get(id) ?? index.get(id);
    return drawable && !isHidden(drawable.annotation, state.view) ? [drawable] : [];
  });
}

function drawHandles(context: Context, { annotation }: Drawable, { camera }: EditorState, styles: Styles): void {
  if (!hasHandles(annotation) || annotation.shape.kind === 'point') return;
  const round = annotation.shape.kind === 'polygon';
  context.fillStyle = '#ffffff';
  context.strokeStyle = styles.of(annotation.label).stroke;
  context.lineWidth = 1.5;
  context.beginPath();
  let last = { x: -Infinity, y: -Infinity };
  for (const handle of handlesOf(annotation.shape)) {
    const x = (handle.x - camera.x) * camera.zoom;
    const y = (handle.y - camera.y) * camera.zoom;
    if (Math.hypot(x - last.x, y - last.y) < TOUCH_GAP) continue;
    last = { x, y };
    if (round) dot(context, x, y, HANDLE);
    else context.rect(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE);
  }
  context.fill();
  context.stroke();
}

function dot(context: Context, x: number, y: number, radius: number): void {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function drawGuide(context: Context, { guide, camera }: EditorState): void {
  if (guide === undefined) return;
  if (guide.kind === 'band') {
    const { x0, y0, x1, y1 } = guide.bounds;
    context.beginPath();
    context.rect(
      (x0 - camera.x) * camera.zoom,
      (y0 - camera.y) * camera.zoom,
      (x1 - x0) * camera.zoom,
      (y1 - y0) * camera.zoom,
    );
    context.fillStyle = 'rgba(255, 255, 255, 0.12)';
    context.fill();
    drawTwice(context, [4, 4]);
    return;
  }
  tracePath(context, [{ points: guide.points, closed: false }], camera);
  drawTwice(context, []);
  if (guide.kind === 'line') return;
  context.beginPath();
  for (let i = 0; i + 1 < guide.points.length; i += 2) {
    const radius = i === 0 ? (guide.closes ? 8 : 5) : 3;
    dot(
      context,
      ((guide.points[i] ?? 0) - camera.x) * camera.zoom,
      ((guide.points[i + 1] ?? 0) - camera.y) * camera.zoom,
      radius,
    );
  }
  context.fillStyle = '#ffffff';
  context.fill();
  drawTwice(context, []);
}

function drawCrosshair(context: Context, { x, y }: XY, { viewport }: EditorState): void {
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(viewport.width, y);
  context.moveTo(x, 0);
  context.lineTo(x, viewport.height);
  drawTwice(context, []);
}

/** The current path in black under white: seen on any photo. */
function drawTwice(context: Context, dash: number[]): void {
  context.setLineDash([]);
  context.lineWidth = 2.5;
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.stroke();
  context.setLineDash(dash);
  context.lineWidth = 1;
  context.strokeStyle = '#ffffff';
  context.stroke();
}
