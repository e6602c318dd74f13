import { describe, expect, test } from 'vitest';
import type { XY } from './shapes/shape.js';
import { actualSize, fit, fitBounds, MOST_ZOOM, pan, toImage, toScreen, visible, zoomAt } from './camera.js';

const image = { width: 3000, height: 2000 };
const viewport = { width: 1200, height: 800 };
const whole = fit(image, viewport);
const rounded = ({ x, y }: XY): XY => ({ x: Math.round(x * 1e6) / 1e6, y: Math.round(y * 1e6) / 1e6 });

test('fitted, the whole image is in view and in the middle', () => {
  const seen = visible(whole, viewport);
  expect(seen.x0).toBeLessThan(0);
  expect(seen.x1).toBeGreaterThan(3000);
  expect(rounded(toScreen(whole, { x: 1500, y: 1000 }))).toEqual({ x: 600, y: 400 });
});

test('there and back', () => {
  const at = toImage(whole, toScreen(whole, { x: 12.5, y: 99 }));
  expect(at.x).toBeCloseTo(12.5);
  expect(at.y).toBeCloseTo(99);
});

describe('zooming', () => {
  test('keeps what is under the pointer', () => {
    const pointer = { x: 300, y: 500 };
    const before = toImage(whole, pointer);
    const after = toImage(zoomAt(whole, pointer, 3, image, viewport), pointer);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  test('ends somewhere, both ways', () => {
    expect(zoomAt(whole, { x: 600, y: 400 }, 1e9, image, viewport).zoom).toBe(MOST_ZOOM);
    expect(zoomAt(whole, { x: 600, y: 400 }, 1e-9, image, viewport).zoom).toBeCloseTo(0.05);
    expect(zoomAt(whole, { x: 600, y: 400 }, NaN, image, viewport).zoom).toBe(1);
  });

  test('to 100 % one pixel is one pixel', () => {
    expect(actualSize(whole, viewport).zoom).toBe(1);
    expect(toImage(actualSize(whole, viewport), { x: 600, y: 400 })).toEqual({ x: 1500, y: 1000 });
  });

  test('a tiny image can be looked at at 100 % and closely', () => {
    const tiny = { width: 8, height: 8 };
    expect(fit(tiny, viewport).zoom).toBe(MOST_ZOOM);
    expect(zoomAt(fit(tiny, viewport), { x: 1, y: 1 }, 1e-9, tiny, viewport).zoom).toBe(1);
  });

  test('to some bounds leaves room around them', () => {
    const seen = visible(fitBounds({ x0: 100, y0: 100, x1: 200, y1: 150 }, image, viewport), viewport);
    expect(seen.x0).toBeLessThan(100);
    expect(seen.x1).toBeGreaterThan(200);
  });
});

test('panned as a hand moves paper, and never out of sight', () => {
  const moved = pan(whole, 100, -50, image, viewport);
  expect(rounded(toScreen(moved, { x: 1500, y: 1000 }))).toEqual({ x: 700, y: 350 });
  const lost = pan(whole, 1e6, 1e6, image, viewport);
  expect(rounded(toScreen(lost, { x: 0, y: 0 }))).toEqual({ x: 600, y: 400 });
});
