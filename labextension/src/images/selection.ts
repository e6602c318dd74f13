/** Which images are selected, by id, and where the keyboard is, by index. */

export interface Selection {
  /** The selected ones; with `everything` those that are not. */
  readonly ids: ReadonlySet<number>;
  /** All images that fit the query, known here or not, but for `ids`. */
  readonly everything: boolean;
  /** The cell that has the keyboard. */
  readonly at: number;
  /** Where a range started. */
  readonly anchor: number;
}

export const NOTHING: Selection = { ids: new Set(), everything: false, at: 0, anchor: 0 };

export type SelectionAction =
  /** A plain click: this one alone. */
  | { readonly type: 'only'; readonly index: number; readonly id: number }
  /** Ctrl+click, Space, the checkbox. */
  | { readonly type: 'toggle'; readonly index: number; readonly id: number }
  /** Shift: everything from the anchor to here, whose ids the list knows. */
  | { readonly type: 'range'; readonly index: number; readonly ids: readonly number[] }
  | { readonly type: 'move'; readonly index: number }
  | { readonly type: 'all' }
  | { readonly type: 'none' };

export function select(selection: Selection, action: SelectionAction): Selection {
  const { ids, everything } = selection;
  switch (action.type) {
    case 'only':
      return { ids: new Set([action.id]), everything: false, at: action.index, anchor: action.index };
    case 'toggle':
      return {
        ids: ids.has(action.id) ? without(ids, [action.id]) : new Set([...ids, action.id]),
        everything,
        at: action.index,
        anchor: action.index,
      };
    case 'range': {
      const chosen = everything ? without(ids, action.ids) : new Set([...ids, ...action.ids]);
      return { ...selection, ids: chosen, at: action.index };
    }
    case 'move':
      return { ...selection, at: action.index, anchor: action.index };
    case 'all':
      return { ...selection, ids: new Set(), everything: true };
    case 'none':
      return { ...selection, ids: new Set(), everything: false };
  }
}

export function isSelected({ ids, everything }: Selection, id: number): boolean {
  return ids.has(id) !== everything;
}

/** How many images are selected of `total` that fit the query. */
export function countOf({ ids, everything }: Selection, total: number): number {
  return everything ? Math.max(0, total - ids.size) : ids.size;
}

function without(ids: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> {
  const left = new Set(ids);
  gone.forEach((id) => left.delete(id));
  return left;
}
