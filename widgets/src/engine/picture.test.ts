import { describe, expect, test } from 'vitest';
import { closePicture, decodePicture, drawPicture, type MakeBitmap } from './picture.js';

/** Bitmaps that only know their size, made as a browser makes them. */
function bitmaps(width: number, height: number) {
  const open = new Set<ImageBitmap>();
  const make: MakeBitmap = (_, part, resize) => {
    const size = part
      ? { width: part.x1 - part.x0, height: part.y1 - part.y0 }
      : { width: resize?.resizeWidth ?? width, height: resize?.resizeHeight ?? height };
    const bitmap: ImageBitmap = { ...size, close: () => open.delete(bitmap) };
    open.add(bitmap);
    return Promise.resolve(bitmap);
  };
  return { make, open };
}

function drawn(calls: number[][]) {
  return {
    imageSmoothingEnabled: true,
    imageSmoothingQuality: 'low' as ImageSmoothingQuality,
    drawImage: (_: unknown, ...given: number[]) => {
      calls.push(given.map((value) => Math.round(value * 100) / 100));
    },
  };
}

const photo = { width: 4000, height: 3000 };

test('a photo is one bitmap', async () => {
  const picture = await decodePicture(new Blob(), bitmaps(4000, 3000).make);
  expect(picture).toMatchObject(photo);
  expect(picture.levels.map((level) => [level.scale, level.tiles.length])).toEqual([[1, 1]]);
});

describe('100 megapixels', () => {
  test('are a pyramid of tiles that a graphics card takes, and all memory comes back', async () => {
    const { make, open } = bitmaps(12800, 8000);
    const picture = await decodePicture(new Blob(), make);
    expect(picture.levels.map((level) => level.scale)).toEqual([1, 0.5, 0.25, 0.125]);
    expect(picture.levels.map((level) => level.tiles.length)).toEqual([8, 1, 1, 1]);
    expect([...open].every(({ width, height }) => Math.max(width, height) <= 8192)).toBe(true);
    closePicture(picture);
    expect(open.size).toBe(0);
  });

  test('seen whole, few pixels are drawn; seen closely, only the tiles in view', async () => {
    const picture = await decodePicture(new Blob(), bitmaps(12800, 8000).make);
    const calls: number[][] = [];
    const region = { x0: 0, y0: 0, x1: 1280, y1: 800 };
    drawPicture(drawn(calls), picture, picture, { x: 0, y: 0, zoom: 0.1 }, region, 1);
    expect(calls).toEqual([[0, 0, 1600, 1000, 0, 0, 1280, 800]]);
    calls.length = 0;
    drawPicture(drawn(calls), picture, picture, { x: 4000, y: 100, zoom: 1 }, region, 1);
    expect(calls).toHaveLength(2);
    expect(calls.every(([, , width = 0, height = 0]) => width * height < 1.2e6)).toBe(true);
  });
});

test('only the region asked for is drawn, in its place', async () => {
  const picture = await decodePicture(new Blob(), bitmaps(4000, 3000).make);
  const calls: number[][] = [];
  drawPicture(drawn(calls), picture, photo, { x: 100, y: 100, zoom: 2 }, { x0: 50, y0: 60, x1: 70, y1: 90 }, 1);
  expect(calls).toEqual([[124, 129, 12, 17, 48, 58, 24, 34]]);
});

test('single pixels are shown as squares from close by', async () => {
  const picture = await decodePicture(new Blob(), bitmaps(4000, 3000).make);
  const context = drawn([]);
  const region = { x0: 0, y0: 0, x1: 10, y1: 10 };
  drawPicture(context, picture, photo, { x: 0, y: 0, zoom: 1 }, region, 1);
  expect(context.imageSmoothingEnabled).toBe(true);
  drawPicture(context, picture, photo, { x: 0, y: 0, zoom: 8 }, region, 1);
  expect(context.imageSmoothingEnabled).toBe(false);
});

test('a picture decoded smaller than the image is stretched to it', async () => {
  const picture = await decodePicture(new Blob(), bitmaps(400, 300).make);
  const calls: number[][] = [];
  drawPicture(drawn(calls), picture, photo, { x: 0, y: 0, zoom: 0.1 }, { x0: 0, y0: 0, x1: 400, y1: 300 }, 1);
  expect(calls).toEqual([[0, 0, 400, 300, 0, 0, 400, 300]]);
});

test('bytes that are no picture reject', async () => {
  await expect(decodePicture(new Blob(), () => Promise.reject(new Error('no picture')))).rejects.toThrow('no picture');
});
