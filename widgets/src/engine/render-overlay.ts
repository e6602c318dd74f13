/** Draws what moves or follows the hand: drafts, hover, selection with its handles, guides, the crosshair. */
import type { EditorState } from './editor-state.js';
import { isHidden } from './editor-state.js';
import { hasHandles, type SpatialIndex } from './hit-test.js';
import { dot, drawGuide, drawTwice } from './render-guide.js';
import { drawableOf, Pen, type Context, type Drawable, type Styles } from './render.js';
import { handlesOf } from './shapes/index.js';
import type { XY } from './shapes/shape.js';

const HANDLE = 4;
const TOUCH_GAP = 5;
/** Shapes above which handles are left out: they would hide what they are for. While drawing nothing is grabbed. */
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
  drawAllHandles(context, selected, state, styles);
  if (state.guide) drawGuide(context, state.guide, state.camera);
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

function drawAllHandles(context: Context, selected: readonly Drawable[], state: EditorState, styles: Styles): void {
  if (state.tool !== 'select' || selected.length > MANY) return;
  for (const drawable of selected) drawHandles(context, drawable, state, styles);
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

function drawCrosshair(context: Context, { x, y }: XY, { viewport }: EditorState): void {
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(viewport.width, y);
  context.moveTo(x, 0);
  context.lineTo(x, viewport.height);
  drawTwice(context, []);
}
