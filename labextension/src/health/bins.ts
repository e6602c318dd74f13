/** What to search for to see the images behind a bin: plain numbers in, a query out. */
import { termText, type Key } from '../images/query.js';
import type { Histogram, Histogram2D } from '../wire.js';

/** The whole numbers in a bin, as a range of a key; undefined when there are none. */
export function binQuery(key: Key, edges: readonly number[], bin: number): string | undefined {
  const range = wholeNumbers(edges, bin);
  return range && `${key}:${String(range[0])}..${String(range[1])}`;
}

export function wholeNumbers(edges: readonly number[], bin: number): readonly [number, number] | undefined {
  const [from, to] = [edges[bin], edges[bin + 1]];
  if (from === undefined || to === undefined) return undefined;
  const last = bin === edges.length - 2; // its right edge belongs to it
  const least = Math.max(0, Math.ceil(from));
  const most = last ? Math.floor(to) : Math.ceil(to) - 1;
  return least <= most ? [least, most] : undefined;
}

export function cellQuery(sizes: Histogram2D, row: number, column: number): string | undefined {
  const width = binQuery('width', sizes.x_edges, column);
  const height = binQuery('height', sizes.y_edges, row);
  return width && height && `${width} ${height}`;
}

/** The images that a heat map of a label counts in one of its cells. */
export function placeQuery(label: string, row: number, column: number): string {
  return termText({ key: 'at', value: [column, row, label].join(','), negated: false });
}

/** A bin in words: `3`, `3–5`. */
export function binText(edges: readonly number[], bin: number): string {
  const range = wholeNumbers(edges, bin);
  if (range === undefined) return '';
  const [least, most] = range;
  return least === most ? least.toLocaleString() : `${least.toLocaleString()}–${most.toLocaleString()}`;
}

export interface Bar {
  readonly name: string;
  readonly count: number;
  readonly color?: string;
  /** What finds its images. */
  readonly query?: string | undefined;
}

/** A histogram as bars, without the empty ones at its ends. */
export function barsOf(histogram: Histogram, key: Key): Bar[] {
  const bars = histogram.counts.flatMap((count, bin): Bar[] => {
    const name = binText(histogram.edges, bin);
    if (name === '' && count === 0) return [];
    return [{ name, count, query: binQuery(key, histogram.edges, bin) }];
  });
  const filled = bars.flatMap(({ count }, place) => (count > 0 ? [place] : []));
  return bars.slice(filled[0] ?? bars.length, (filled.at(-1) ?? 0) + 1);
}
