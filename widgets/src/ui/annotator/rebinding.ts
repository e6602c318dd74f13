/** What happens when a person gives an action another key: pure, so that it is told before it is done. */
import { bind, rebind, RESERVED, usersOf, type ActionId, type Chord, type Keymap } from '../../engine/keys.js';

/** A key of an action that is being changed; without a chord one more is given. */
export interface Place {
  readonly action: ActionId;
  readonly chord: Chord | undefined;
}

export type Rebinding =
  | { readonly kind: 'done'; readonly keymap: Keymap }
  /** It belongs to the browser or to Jupyter. */
  | { readonly kind: 'reserved' }
  /** It means something else: `keymap` is how it would be with it taken from there. */
  | { readonly kind: 'taken'; readonly by: readonly ActionId[]; readonly keymap: Keymap };

export function rebound(keymap: Keymap, { action, chord: old }: Place, chord: Chord): Rebinding {
  if (RESERVED.includes(chord)) return { kind: 'reserved' };
  if (chord === old) return { kind: 'done', keymap };
  const users = usersOf(keymap, action, chord);
  const bound = bind(unbound(keymap, { action, chord: old }), action, chord);
  const keys = inPlace(keymap[action], bound[action], old, chord);
  const next = rebind(bound, action, keys);
  if (users.length === 0) return { kind: 'done', keymap: next };
  return { kind: 'taken', by: users, keymap: next };
}

/** The keymap without one key of an action. */
export function unbound(keymap: Keymap, { action, chord }: Place): Keymap {
  return rebind(
    keymap,
    action,
    keymap[action].filter((other) => other !== chord),
  );
}

/** An action with the keys it has at first, taken from whatever has them now. */
export function asAtFirst(keymap: Keymap, base: Keymap, action: ActionId): Keymap {
  return base[action].reduce((all, chord) => bind(all, action, chord), rebind(keymap, action, []));
}

/** The new chord where the old one was. */
function inPlace(
  before: readonly Chord[],
  after: readonly Chord[],
  old: Chord | undefined,
  chord: Chord,
): readonly Chord[] {
  if (old === undefined || before.includes(chord)) return after;
  return before.map((other) => (other === old ? chord : other));
}
