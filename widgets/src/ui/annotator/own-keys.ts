/** The keys that a person has changed, kept in this browser for every annotator. */
import { differences, type Keymap, type KeyTable } from '../../engine/keys.js';

const PLACE = 'jupyter-roboflow:keys';

export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What was changed before; nothing where the browser keeps nothing or something else is kept there. */
export function ownKeys(storage: KeyStorage | undefined = pageStorage()): KeyTable {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(PLACE) ?? '{}');
    const entries = Object.entries(kept as Record<string, unknown>);
    return Object.fromEntries(entries.filter((entry): entry is [string, string[]] => isChords(entry[1])));
  } catch {
    return {};
  }
}

/** Keep what of a keymap is not as the host gives it. */
export function keepKeys(keymap: Keymap, base: Keymap, storage: KeyStorage | undefined = pageStorage()): void {
  const table = differences(keymap, base);
  try {
    if (Object.keys(table).length === 0) storage?.removeItem(PLACE);
    else storage?.setItem(PLACE, JSON.stringify(table));
  } catch {
    // A private window: the keys hold until it is closed.
  }
}

function isChords(value: unknown): boolean {
  return Array.isArray(value) && value.every((chord) => typeof chord === 'string' && chord !== '');
}

function pageStorage(): KeyStorage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
