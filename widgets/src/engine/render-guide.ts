/** Draws lines that help the hand and are no annotation: seen on any photo. */
import type { Camera } from './camera.js';
import type { Guide, StrokeGuide } from './guide.js';
import { tracePath, type Context } from './render.js';
import type { Bounds, Ring } from './shapes/shape.js';

/** Bluish green and vermilion: apart for people with any colour vision. */
const ADDS = 'rgba(0, 158, 115, 0.65)';
const REMOVES = 'rgba(213, 94, 0, 0.65)';
/** CSS pixels: the least width of a stroke that is seen. */
const THIN = 3;

export function drawGuide(context: Context, guide: Guide, camera: Camera): void {
  switch (guide.kind) {
    case 'band':
      drawBand(context, guide.bounds, camera);
      return;
    case 'line':
      drawLine(context, guide.points, camera);
      return;
    case 'outline':
      drawLine(context, guide.points, camera);
      drawVertices(context, guide.anchors ?? guide.points, guide.closes, camera);
      return;
    case 'prompt':
      for (const box of guide.boxes) drawBand(context, box, camera);
      for (const stroke of guide.strokes) drawStroke(context, stroke, camera);
      return;
  }
}

function drawBand(context: Context, { x0, y0, x1, y1 }: Bounds, { x, y, zoom }: Camera): void {
  context.beginPath();
  context.rect((x0 - x) * zoom, (y0 - y) * zoom, (x1 - x0) * zoom, (y1 - y0) * zoom);
  context.fillStyle = 'rgba(255, 255, 255, 0.12)';
  context.fill();
  drawTwice(context, [4, 4]);
}

function drawLine(context: Context, points: Ring, camera: Camera): void {
  tracePath(context, [{ points, closed: false }], camera);
  drawTwice(context, []);
}

function drawVertices(context: Context, points: Ring, closes: boolean, { x, y, zoom }: Camera): void {
  context.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) {
    const radius = i === 0 ? (closes ? 8 : 5) : 3;
    dot(context, ((points[i] ?? 0) - x) * zoom, ((points[i + 1] ?? 0) - y) * zoom, radius);
  }
  context.fillStyle = '#ffffff';
  context.fill();
  drawTwice(context, []);
}

function drawStroke(context: Context, { points, brush, adds }: StrokeGuide, camera: Camera): void {
  const [x = 0, y = 0] = points;
  // A click is a stroke too: a line without length is not drawn.
  const seen = points.length > 2 ? points : [x, y, x + 0.01, y];
  tracePath(context, [{ points: seen, closed: false }], camera);
  context.setLineDash([]);
  context.lineCap = context.lineJoin = 'round';
  context.lineWidth = Math.max(THIN, brush * camera.zoom);
  context.strokeStyle = adds ? ADDS : REMOVES;
  context.stroke();
  context.lineCap = 'butt';
  context.lineJoin = 'miter';
  drawTwice(context, adds ? [] : [3, 4]);
}

/** A circle as part of the current path. */
export function dot(context: Context, x: number, y: number, radius: number): void {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** The current path in black under white. */
export function drawTwice(context: Context, dash: number[]): void {
  context.setLineDash([]);
  context.lineWidth = 2.5;
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.stroke();
  context.setLineDash(dash);
  context.lineWidth = 1;
  context.strokeStyle = '#ffffff';
  context.stroke();
}
