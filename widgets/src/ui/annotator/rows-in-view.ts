/** Rows kept above and below those in view. */
const MORE = 6;

/** Which of many rows of one height (CSS pixels) are near the part of the list in view: from, and to without it. */
export function rowsInView(count: number, row: number, top: number, height: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(count, Math.floor(top / row) - MORE));
  return { from, to: Math.max(from, Math.min(count, Math.ceil((top + height) / row) + MORE)) };
}
