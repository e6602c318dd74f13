/** Which cells of a grid are in view, however many there are: plain numbers, in CSS pixels. */

export interface GridSize {
  readonly total: number;
  /** Of the scrolling box. */
  readonly width: number;
  readonly height: number;
  /** Of one cell with the gap behind it. */
  readonly cellWidth: number;
  readonly cellHeight: number;
}

export interface GridWindow {
  readonly columns: number;
  readonly rows: number;
  /** Of everything: what the scroll bar is made of. */
  readonly scrollHeight: number;
  /** Indices of the cells to draw: `first` to `last`, without `last`. */
  readonly first: number;
  readonly last: number;
  /** Where the row of `first` lies in the scrolled content. */
  readonly top: number;
}

/** Firefox draws nothing below 17.8 million pixels; beyond this the scroll bar is scaled. */
export const TALLEST = 8_000_000;

const OVERSCAN_ROWS = 2;

export function gridWindow(size: GridSize, scrollTop: number): GridWindow {
  const columns = columnsOf(size);
  const rows = Math.ceil(size.total / columns);
  const real = rows * size.cellHeight;
  const scrollHeight = Math.min(real, TALLEST);
  const offset = toReal(scrollTop, real, scrollHeight, size.height);
  const firstRow = clamp(Math.floor(offset / size.cellHeight) - OVERSCAN_ROWS, 0, Math.max(0, rows - 1));
  const lastRow = Math.min(rows, Math.ceil((offset + size.height) / size.cellHeight) + OVERSCAN_ROWS);
  return {
    columns,
    rows,
    scrollHeight,
    first: firstRow * columns,
    last: Math.max(0, Math.min(size.total, lastRow * columns)),
    top: firstRow * size.cellHeight - offset + scrollTop,
  };
}

export function columnsOf({ width, cellWidth }: Pick<GridSize, 'width' | 'cellWidth'>): number {
  return Math.max(1, Math.floor(width / cellWidth));
}

/** Where to scroll so that a cell is wholly in view, moving as little as possible. */
export function scrollTo(size: GridSize, scrollTop: number, index: number): number {
  const columns = columnsOf(size);
  const real = Math.ceil(size.total / columns) * size.cellHeight;
  const scrollHeight = Math.min(real, TALLEST);
  const offset = toReal(scrollTop, real, scrollHeight, size.height);
  const cell = Math.floor(index / columns) * size.cellHeight;
  const wanted = clamp(offset, cell + size.cellHeight - size.height, cell);
  if (wanted === offset) return scrollTop;
  return fromReal(wanted, real, scrollHeight, size.height);
}

/** The index an arrow key leads to; undefined for other keys. */
export function moved(key: string, index: number, total: number, columns: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * page,
    PageDown: columns * page,
    Home: -total,
    End: total,
  };
  const step = steps[key];
  if (step === undefined || total === 0) return undefined;
  const to = index + step;
  const leaves = to < 0 || to >= total;
  if (leaves && (key === 'ArrowUp' || key === 'ArrowDown')) return index;
  return clamp(to, 0, total - 1);
}

function toReal(scrollTop: number, real: number, scrollHeight: number, viewport: number): number {
  return scrollTop * ratio(real, scrollHeight, viewport);
}

function fromReal(offset: number, real: number, scrollHeight: number, viewport: number): number {
  return Math.max(0, offset / ratio(real, scrollHeight, viewport));
}

function ratio(real: number, scrollHeight: number, viewport: number): number {
  return scrollHeight <= viewport ? 1 : (real - viewport) / (scrollHeight - viewport);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
