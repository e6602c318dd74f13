import { describe, expect, test } from 'vitest';
import { annotationCount, progress, type DatasetSummary } from './summary.js';

const cells: DatasetSummary = {
  name: 'cells',
  images: 48,
  seen: 12,
  labels: [
    { name: 'RBC', color: '#aa0000', count: 547 },
    { name: 'WBC', color: '#0000aa', count: 50 },
  ],
};

describe('a dataset in numbers', () => {
  test('annotations are those of every label', () => {
    expect(annotationCount(cells)).toBe(597);
    expect(annotationCount({ ...cells, labels: [] })).toBe(0);
  });

  test('progress counts the images somebody has looked at', () => {
    expect(progress(cells)).toBe(0.25);
  });

  test('a dataset without images is not begun, and never more than done', () => {
    expect(progress({ ...cells, images: 0, seen: 0 })).toBe(0);
    expect(progress({ ...cells, images: 10, seen: 12 })).toBe(1);
  });
});
