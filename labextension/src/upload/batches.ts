/** Requests that carry many small files are far quicker than one request each; big files go alone. */

const MOST_FILES = 24;
const MOST_BYTES = 12 * 1024 * 1024;

/** Items in their order, so many together as one request should carry. */
export function batchesOf<T extends { readonly bytes: number }>(items: readonly T[]): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= MOST_FILES || bytes + item.bytes > MOST_BYTES) {
      batches.push([item]);
      bytes = item.bytes;
    } else {
      last.push(item);
      bytes += item.bytes;
    }
  }
  return batches;
}
