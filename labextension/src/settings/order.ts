/** The list with one item taken out and put in before another place; places count before it was taken out. */
export function movedTo<T>(items: readonly T[], from: number, before: number): T[] {
  const item = items[from];
  if (item === undefined) return [...items];
  const rest = items.filter((_, index) => index !== from);
  rest.splice(before > from ? before - 1 : before, 0, item);
  return rest;
}
