/** One table from actions to keys. Every key can be changed; what collides is found before it is used. */
import type { KeyInput } from './input.js';

/** `Mod` is Cmd on a Mac, Ctrl elsewhere. Digits are the keys' places, so that they work on every layout. */
export type Chord = string;

/** When a key means this action: always, or only with or without something selected. */
export type When = 'always' | 'selected' | 'unselected';

export interface Binding {
  readonly title: string;
  readonly group: 'Tools' | 'Labels' | 'Shapes' | 'Edit' | 'View' | 'Images';
  readonly keys: readonly Chord[];
  readonly when: When;
}

/** What an action is called, its keys, and when these mean it. */
type Row = readonly [title: string, keys: readonly Chord[], when?: When];

function inGroup<K extends string>(group: Binding['group'], rows: Readonly<Record<K, Row>>): Record<K, Binding> {
  const bindings = Object.entries<Row>(rows).map(([action, [title, keys, when = 'always']]) => {
    return [action, { title, group, keys, when }];
  });
  return Object.fromEntries(bindings) as Record<K, Binding>;
}

export type Digit = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

const DIGITS = Object.fromEntries(
  Array.from({ length: 9 }, (_, i) => [`label-${String(i + 1)}`, [`Label ${String(i + 1)}`, [String(i + 1)]]]),
) as unknown as Record<`label-${Digit}`, Row>;

function nudge(where: string, key: Chord): Row {
  return [`Nudge ${where}`, [key], 'selected'];
}

/** Every action with the keys it has at first. */
export const BINDINGS = {
  ...inGroup('Tools', {
    'tool-select': ['Select', ['v']],
    'tool-box': ['Box', ['b']],
    'tool-polygon': ['Polygon', ['p']],
    'tool-smart': ['Smart polygon', ['o']],
    'tool-wire': ['Polygon along edges', ['e']],
    'tool-point': ['Point', ['k']],
    'tool-hole': ['Cut hole', ['c']],
    'tool-split': ['Split', ['s']],
    'tool-pan': ['Pan', ['t']],
    'hold-pan': ['Pan while held', ['Space']],
    finish: ['Finish the shape', ['Enter']],
    cancel: ['Step out', ['Escape']],
  }),
  ...inGroup('Labels', {
    ...DIGITS,
    'label-next': ['Next label', ['.']],
    'label-previous': ['Previous label', [',']],
    'label-repeat': ['Label used before', ['Shift+R']],
  }),
  ...inGroup('Shapes', {
    delete: ['Delete', ['Delete', 'Backspace']],
    hide: ['Hide or show', ['h']],
    lock: ['Lock or unlock', ['l']],
    'select-next': ['Next shape', ['Tab']],
    'select-previous': ['Previous shape', ['Shift+Tab']],
    'nudge-left': nudge('left', 'ArrowLeft'),
    'nudge-right': nudge('right', 'ArrowRight'),
    'nudge-up': nudge('up', 'ArrowUp'),
    'nudge-down': nudge('down', 'ArrowDown'),
    'nudge-left-far': nudge('left by 10', 'Shift+ArrowLeft'),
    'nudge-right-far': nudge('right by 10', 'Shift+ArrowRight'),
    'nudge-up-far': nudge('up by 10', 'Shift+ArrowUp'),
    'nudge-down-far': nudge('down by 10', 'Shift+ArrowDown'),
    'to-front': ['To the front', [']']],
    'to-back': ['To the back', ['[']],
    join: ['Join', ['j']],
    simplify: ['Simplify', ['m']],
    accept: ['Accept the proposal', ['y']],
    reject: ['Reject the proposal', ['x']],
  }),
  ...inGroup('Edit', {
    undo: ['Undo', ['Mod+z']],
    redo: ['Redo', ['Mod+Shift+Z']],
    copy: ['Copy', ['Mod+c'], 'selected'],
    paste: ['Paste', ['Mod+v']],
    duplicate: ['Duplicate', ['Mod+d']],
    'select-all': ['Select all', ['Mod+a']],
  }),
  ...inGroup('View', {
    'zoom-in': ['Zoom in', ['+', '=']],
    'zoom-out': ['Zoom out', ['-']],
    'zoom-fit': ['Whole image', ['0']],
    'zoom-actual': ['100 %', ['Shift+1']],
    'zoom-selection': ['Zoom to the selection', ['f']],
    crosshair: ['Crosshair', ['g']],
    'hide-all': ['Hide or show all', ['Shift+H']],
    help: ['Keys', ['?', 'F1']],
  }),
  ...inGroup('Images', {
    'image-previous': ['Previous image', ['a']],
    'image-next': ['Next image', ['d']],
    'image-previous-arrow': ['Previous image', ['ArrowLeft'], 'unselected'],
    'image-next-arrow': ['Next image', ['ArrowRight'], 'unselected'],
    'repeat-previous': ['Repeat the previous image', ['r']],
    'mark-empty': ['Nothing on this image', ['n']],
  }),
};

export type ActionId = keyof typeof BINDINGS;
export type Keymap = Readonly<Record<ActionId, readonly Chord[]>>;

export const ACTIONS = Object.keys(BINDINGS) as readonly ActionId[];

export const DEFAULT_KEYMAP = Object.fromEntries(
  ACTIONS.map((action) => [action, BINDINGS[action].keys]),
) as unknown as Keymap;

/** What belongs to the browser, to JupyterLab or to the notebook even with the focus here: never bound. */
export const RESERVED: readonly Chord[] = [
  ...Array.from({ length: 10 }, (_, i) => `Mod+${String(i)}`),
  ...['n', 'w', 'r', 't', 's', 'b', 'f', 'l', 'p', 'q'].map((key) => `Mod+${key}`),
  ...['C', 'F', 'I', 'N', 'P', 'T', 'W'].map((key) => `Mod+Shift+${key}`),
  ...['Alt+ArrowLeft', 'Alt+ArrowRight', 'F5', 'F11', 'F12', 'Mod+Enter', 'Shift+Enter', 'Mod+Tab'],
];

/** The chord of a key press: `Mod+Shift+Z`, `1`, `?`. */
export function chordOf({ key, code, shift, alt, mod }: KeyInput): Chord {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code ?? '')?.[1];
  const named = key === ' ' ? 'Space' : (digit ?? key);
  const isLetter = named.length === 1 && named.toLowerCase() !== named.toUpperCase();
  // Characters that are no letters already are what Shift made of them.
  const shifted = shift && (isLetter || named.length > 1 || digit !== undefined);
  const held = { Mod: mod, Alt: alt, Shift: shifted };
  const modifiers = Object.entries(held).flatMap(([name, isHeld]) => (isHeld ? [name] : []));
  return [...modifiers, isLetter ? cased(named, shift) : named].join('+');
}

function cased(letter: string, shift: boolean): string {
  return shift ? letter.toUpperCase() : letter.toLowerCase();
}

/** The action that a key press means now. */
export function actionOf(keymap: Keymap, input: KeyInput, hasSelection: boolean): ActionId | undefined {
  const chord = chordOf(input);
  const fits = (when: When): boolean => when === 'always' || (when === 'selected') === hasSelection;
  return ACTIONS.find((action) => keymap[action].includes(chord) && fits(whenOf(action)));
}

/** A keymap with other keys for one action. */
export function rebind(keymap: Keymap, action: ActionId, keys: readonly Chord[]): Keymap {
  return { ...keymap, [action]: keys };
}

/** Keys for some actions, as a host or a person gives them. Names that are no action mean nothing. */
export type KeyTable = Readonly<Record<string, readonly Chord[]>>;

/** A keymap with a table over it. Keys that other actions had are taken from these; what is reserved is left out. */
export function withKeys(keymap: Keymap, table: KeyTable): Keymap {
  return ACTIONS.reduce((all, action) => {
    const given = table[action];
    return given ? given.map(chordFrom).reduce((sum, chord) => bind(sum, action, chord), rebind(all, action, [])) : all;
  }, keymap);
}

/** A keymap in which a chord means this action as well, and no other at the same time. */
export function bind(keymap: Keymap, action: ActionId, chord: Chord): Keymap {
  if (RESERVED.includes(chord) || keymap[action].includes(chord)) return keymap;
  const freed = usersOf(keymap, action, chord).reduce(
    (all, user) =>
      rebind(
        all,
        user,
        all[user].filter((other) => other !== chord),
      ),
    keymap,
  );
  return rebind(freed, action, [...freed[action], chord]);
}

/** The other actions that a chord means where it would mean this one too. */
export function usersOf(keymap: Keymap, action: ActionId, chord: Chord): readonly ActionId[] {
  return ACTIONS.filter(
    (user) => user !== action && keymap[user].includes(chord) && meet(whenOf(user), whenOf(action)),
  );
}

/** What of a keymap is other than in another one. */
export function differences(keymap: Keymap, base: Keymap): KeyTable {
  const other = ACTIONS.filter((action) => keymap[action].join(' ') !== base[action].join(' '));
  return Object.fromEntries(other.map((action) => [action, keymap[action]]));
}

/** A chord as people write it, `ctrl+z` or `Cmd+Shift+z`, as the table has it. */
export function chordFrom(text: string): Chord {
  const pieces = /^((?:(?:mod|ctrl|control|cmd|meta|alt|option|shift)\+)*)(.+)$/is.exec(text.trim());
  const names = (pieces?.[1] ?? '').toLowerCase().split('+');
  const key = pieces?.[2] ?? text;
  const has = (...any: string[]): boolean => any.some((name) => names.includes(name));
  const [mod, alt] = [has('mod', 'ctrl', 'control', 'cmd', 'meta'), has('alt', 'option')];
  const named = /^space$/i.test(key) ? ' ' : key;
  const code = /^\d$/.test(key) ? { code: `Digit${key}` } : {};
  return chordOf({ type: 'key', key: named, ...code, shift: has('shift'), alt, mod });
}

export type Collision =
  | { readonly chord: Chord; readonly actions: readonly [ActionId, ActionId] }
  | { readonly chord: Chord; readonly reserved: true; readonly action: ActionId };

/** Keys that mean two things at once, or that belong to the browser or Jupyter. */
export function collisions(keymap: Keymap): readonly Collision[] {
  const uses = ACTIONS.flatMap((action) => keymap[action].map((chord) => ({ action, chord })));
  const reserved = uses.filter(({ chord }) => RESERVED.includes(chord));
  return [
    ...reserved.map(({ action, chord }) => ({ chord, reserved: true as const, action })),
    ...uses.flatMap(({ action, chord }, i) =>
      uses
        .slice(i + 1)
        .filter((other) => other.chord === chord && meet(whenOf(action), whenOf(other.action)))
        .map((other) => ({ chord, actions: [action, other.action] as const })),
    ),
  ];
}

function whenOf(action: ActionId): When {
  return BINDINGS[action].when;
}

function meet(one: When, two: When): boolean {
  return one === two || one === 'always' || two === 'always';
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
};

/** A chord as people read it: `⇧⌘Z` on a Mac, `Ctrl+Shift+Z` elsewhere. */
export function displayChord(chord: Chord, mac: boolean): string {
  const marks = mac ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift' };
  const pieces = /^((?:Mod\+|Alt\+|Shift\+)*)(.+)$/.exec(chord);
  const modifiers = (pieces?.[1] ?? '').split('+').filter((name) => name !== '') as (keyof typeof marks)[];
  const key = pieces?.[2] ?? chord;
  const order = mac ? [...modifiers].reverse() : modifiers;
  return [...order.map((name) => marks[name]), NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)].join(
    mac ? '' : '+',
  );
}
