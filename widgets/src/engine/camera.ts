/** Which part of the image is on the screen: screen = (image − (x, y)) × zoom, in CSS pixels. */
import type { PinchInput, WheelInput } from './input.js';
import type { Bounds, Size, XY } from './shapes/shape.js';

export interface Camera extends XY {
  /** CSS pixels per image pixel. */
  readonly zoom: number;
}

/** Most CSS pixels per image pixel. */
export const MOST_ZOOM = 64;
const ROOM = 0.96;

export function toScreen({ x, y, zoom }: Camera, at: XY): XY {
  return { x: (at.x - x) * zoom, y: (at.y - y) * zoom };
}

export function toImage({ x, y, zoom }: Camera, at: XY): XY {
  return { x: at.x / zoom + x, y: at.y / zoom + y };
}

/** The camera that shows the whole image in the middle of the viewport. */
export function fit(image: Size, viewport: Size): Camera {
  const zoom = limited(ROOM * Math.min(viewport.width / image.width, viewport.height / image.height), image, viewport);
  return centred({ x: image.width / 2, y: image.height / 2 }, zoom, viewport);
}

/** One image pixel a CSS pixel, around what is in the middle now. */
export function actualSize(camera: Camera, viewport: Size): Camera {
  return centred(toImage(camera, { x: viewport.width / 2, y: viewport.height / 2 }), 1, viewport);
}

/** The camera that shows some bounds with room around them, never closer than the image at 800 %. */
export function fitBounds({ x0, y0, x1, y1 }: Bounds, image: Size, viewport: Size): Camera {
  const zoom = 0.5 * Math.min(viewport.width / Math.max(1, x1 - x0), viewport.height / Math.max(1, y1 - y0));
  return centred({ x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, limited(Math.min(zoom, 8), image, viewport), viewport);
}

/** Zoomed so that what is under the pointer stays under it. */
export function zoomAt(camera: Camera, pointer: XY, factor: number, image: Size, viewport: Size): Camera {
  const zoom = limited(camera.zoom * factor, image, viewport);
  const at = toImage(camera, pointer);
  return inView({ x: at.x - pointer.x / zoom, y: at.y - pointer.y / zoom, zoom }, image, viewport);
}

/** Moved by CSS pixels, as a hand moves paper. */
export function pan(camera: Camera, dx: number, dy: number, image: Size, viewport: Size): Camera {
  return inView({ ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom }, image, viewport);
}

/** What of the image the viewport shows. */
export function visible({ x, y, zoom }: Camera, viewport: Size): Bounds {
  return { x0: x, y0: y, x1: x + viewport.width / zoom, y1: y + viewport.height / zoom };
}

/** From an eighth of the whole image in view (but 100 % is always allowed) up to 64 screen pixels an image pixel. */
function limited(zoom: number, image: Size, viewport: Size): number {
  const whole = Math.min(viewport.width / image.width, viewport.height / image.height);
  const least = Math.min(1, whole / 8);
  return Math.min(MOST_ZOOM, Math.max(least, Number.isFinite(zoom) ? zoom : 1));
}

/** The same camera moved so that the middle of the viewport lies on the image: it cannot get lost. */
function inView({ x, y, zoom }: Camera, image: Size, viewport: Size): Camera {
  const [halfWidth, halfHeight] = [viewport.width / zoom / 2, viewport.height / zoom / 2];
  const within = (value: number, half: number, end: number): number => Math.min(end, Math.max(0, value + half)) - half;
  return { x: within(x, halfWidth, image.width), y: within(y, halfHeight, image.height), zoom };
}

function centred(at: XY, zoom: number, viewport: Size): Camera {
  return { x: at.x - viewport.width / zoom / 2, y: at.y - viewport.height / zoom / 2, zoom };
}

/** After the wheel was turned: zoomed at the pointer, or with Shift or sideways moved. */
export function wheeled(camera: Camera, input: WheelInput, image: Size, viewport: Size): Camera {
  const { dx, dy, mod, shift } = input;
  if (!mod && (shift || dx !== 0)) {
    const [across, down] = shift && dx === 0 ? [dy, 0] : [dx, dy];
    return pan(camera, -across, -down, image, viewport);
  }
  // Pinching a trackpad comes as a wheel with Ctrl and small steps.
  const factor = Math.exp(Math.max(-240, Math.min(240, -dy)) * (mod ? 0.01 : 0.002));
  return zoomAt(camera, input, factor, image, viewport);
}

/** After two fingers went apart, together or along. */
export function pinched(camera: Camera, input: PinchInput, image: Size, viewport: Size): Camera {
  return pan(zoomAt(camera, input, input.scale, image, viewport), input.dx, input.dy, image, viewport);
}
