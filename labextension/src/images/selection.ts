/** Which images are selected, by id, and where the keyboard is, by index. */

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** The cell that has the keyboard. */
  readonly at: number;
  /** Where a range started. */
  readonly anchor: number;
}

export const NOTHING: Selection = { ids: new Set(), at: 0, anchor: 0 };

export type SelectionAction =
  /** A plain click: this one alone. */
  | { readonly type: 'only'; readonly index: number; readonly id: number }
  /** Ctrl+click, Space, the checkbox. */
  | { readonly type: 'toggle'; readonly index: number; readonly id: number }
  /** Shift: everything from the anchor to here, whose ids the list knows. */
  | { readonly type: 'range'; readonly index: number; readonly ids: readonly number[] }
  | { readonly type: 'move'; readonly index: number }
  | { readonly type: 'all'; readonly ids: readonly number[] }
  | { readonly type: 'drop'; readonly ids: readonly number[] }
  | { readonly type: 'none' };

export function select(selection: Selection, action: SelectionAction): Selection {
  switch (action.type) {
    case 'only':
      return { ids: new Set([action.id]), at: action.index, anchor: action.index };
    case 'toggle':
      return { ids: toggled(selection.ids, action.id), at: action.index, anchor: action.index };
    case 'range':
      return { ...selection, ids: new Set([...selection.ids, ...action.ids]), at: action.index };
    case 'move':
      return { ...selection, at: action.index, anchor: action.index };
    case 'all':
      return { ...selection, ids: new Set(action.ids) };
    case 'drop':
      return { ...selection, ids: without(selection.ids, action.ids) };
    case 'none':
      return { ...selection, ids: new Set() };
  }
}

function toggled(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return ids.has(id) ? without(ids, [id]) : new Set([...ids, id]);
}

function without(ids: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> {
  const left = new Set(ids);
  gone.forEach((id) => left.delete(id));
  return left;
}
