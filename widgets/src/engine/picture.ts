/** The photo as decoded bitmaps: one, or for large ones a pyramid of tiles, so that every frame draws few pixels. */
import type { Camera } from './camera.js';
import type { Bounds, Size } from './shapes/shape.js';

export interface Tile extends Bounds {
  readonly bitmap: ImageBitmap;
}

/** All of the picture at one size. Tiles are in pixels of the whole picture. */
export interface Level {
  /** Bitmap pixels a picture pixel: 1, ½, ¼, … */
  readonly scale: number;
  readonly tiles: readonly Tile[];
}

export interface Picture extends Size {
  /** The largest first. */
  readonly levels: readonly Level[];
}

/** `createImageBitmap`, which decodes off the main thread. */
export type MakeBitmap = (
  source: Blob | ImageBitmap,
  part?: Bounds,
  resize?: { readonly resizeWidth: number; readonly resizeHeight: number },
) => Promise<ImageBitmap>;

/** Above this many pixels there is a pyramid; its smallest level has at most an eighth of it. */
export const LARGE = 24e6;
/** Longest side of one bitmap: what graphics memory takes everywhere. */
const LONGEST = 8192;
const TILE = 4096;

/** The picture in a file's bytes, its orientation applied. Rejects when they are no picture. */
export async function decodePicture(bytes: Blob, makeBitmap: MakeBitmap): Promise<Picture> {
  const whole = await makeBitmap(bytes);
  const { width, height } = whole;
  const levels: Level[] = [];
  let bitmap = whole;
  for (let pixels = width * height; pixels > LARGE / 8 && width * height > LARGE; pixels /= 4) {
    const half = { resizeWidth: Math.ceil(bitmap.width / 2), resizeHeight: Math.ceil(bitmap.height / 2) };
    const smaller = await makeBitmap(bitmap, undefined, half);
    levels.push(await levelOf(bitmap, width, height, makeBitmap));
    bitmap = smaller;
  }
  levels.push(await levelOf(bitmap, width, height, makeBitmap));
  return { width, height, levels };
}

async function levelOf(bitmap: ImageBitmap, width: number, height: number, makeBitmap: MakeBitmap): Promise<Level> {
  const [scale, down] = [bitmap.width / width, bitmap.height / height];
  if (Math.max(bitmap.width, bitmap.height) <= LONGEST) {
    return { scale, tiles: [{ x0: 0, y0: 0, x1: width, y1: height, bitmap }] };
  }
  const tiles: Tile[] = [];
  for (let y = 0; y < bitmap.height; y += TILE) {
    for (let x = 0; x < bitmap.width; x += TILE) {
      const part = { x0: x, y0: y, x1: Math.min(x + TILE, bitmap.width), y1: Math.min(y + TILE, bitmap.height) };
      const scaled = { x0: x / scale, y0: y / down, x1: part.x1 / scale, y1: part.y1 / down };
      tiles.push({ ...scaled, bitmap: await makeBitmap(bitmap, part) });
    }
  }
  bitmap.close();
  return { scale, tiles };
}

/** Give the memory back. */
export function closePicture({ levels }: Picture): void {
  for (const level of levels) for (const tile of level.tiles) tile.bitmap.close();
}

export type PictureContext = Pick<
  CanvasRenderingContext2D,
  'drawImage' | 'imageSmoothingEnabled' | 'imageSmoothingQuality'
>;

/**
 * Draw what of the picture shows in a region of the viewport (CSS pixels). `image` is the size that coordinates mean;
 * a picture that was decoded smaller is stretched to it. `ratio` is device pixels a CSS pixel.
 */
export function drawPicture(
  context: PictureContext,
  picture: Picture,
  image: Size,
  camera: Camera,
  region: Bounds,
  ratio: number,
): void {
  const [perX, perY] = [picture.width / image.width, picture.height / image.height];
  const level = levelFor(picture, (camera.zoom * ratio) / perX);
  // From three device pixels a picture pixel on, people want to see the pixels.
  context.imageSmoothingEnabled = (camera.zoom * ratio) / perX < 3;
  context.imageSmoothingQuality = 'low';
  for (const tile of level.tiles) {
    const x0 = Math.max(tile.x0, (region.x0 / camera.zoom + camera.x) * perX - 1);
    const y0 = Math.max(tile.y0, (region.y0 / camera.zoom + camera.y) * perY - 1);
    const x1 = Math.min(tile.x1, (region.x1 / camera.zoom + camera.x) * perX + 1);
    const y1 = Math.min(tile.y1, (region.y1 / camera.zoom + camera.y) * perY + 1);
    if (x1 <= x0 || y1 <= y0) continue;
    const [across, down] = [tile.bitmap.width / (tile.x1 - tile.x0), tile.bitmap.height / (tile.y1 - tile.y0)];
    context.drawImage(
      tile.bitmap,
      (x0 - tile.x0) * across,
      (y0 - tile.y0) * down,
      (x1 - x0) * across,
      (y1 - y0) * down,
      (x0 / perX - camera.x) * camera.zoom,
      (y0 / perY - camera.y) * camera.zoom,
      ((x1 - x0) / perX) * camera.zoom,
      ((y1 - y0) / perY) * camera.zoom,
    );
  }
}

/** The smallest level that still has a pixel for each device pixel; the largest when none has. */
function levelFor({ levels }: Picture, zoom: number): Level {
  const enough = levels.filter((level) => level.scale >= zoom);
  const level = enough.at(-1) ?? levels[0];
  if (level === undefined) throw new RangeError('A picture has at least one level.');
  return level;
}
