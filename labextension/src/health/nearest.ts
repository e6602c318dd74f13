export interface Cell {
  readonly x: number;
  readonly y: number;
}

const WAYS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The cell an arrow key leads to: the nearest in its direction, one straight ahead before one to the side. */
export function nearest(cells: readonly Cell[], at: number, key: string): number | undefined {
  const way = WAYS[key];
  const from = cells[at];
  if (way === undefined || from === undefined) return undefined;
  const [dx, dy] = way;
  const far = cells.map(({ x, y }) => {
    const ahead = (x - from.x) * dx + (y - from.y) * dy;
    const aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
    return ahead > 0 ? ahead + 2 * aside : Infinity;
  });
  const least = Math.min(...far);
  return least === Infinity ? at : far.indexOf(least);
}
