/** Where edits are kept until the Backend has them: written at once, so that a closed tab loses nothing. */
import type { ImageState } from './editor-state.js';
import type { Changes } from './merge.js';

/** What one image has that its Backend has not. Plain data. */
export interface JournalEntry {
  readonly imageId: string;
  /** The set that the changes start from. */
  readonly revision: number;
  readonly changes: Changes;
  /** What was sent since and may have arrived: the answer never came. */
  readonly sent: readonly Changes[];
  /** The state that the person gave the image. */
  readonly state: ImageState;
  readonly stateBefore: ImageState;
  /** Ids of proposals that were rejected. */
  readonly rejected?: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Journal {
  put(entry: JournalEntry): Promise<void>;
  get(imageId: string): Promise<JournalEntry | undefined>;
  delete(imageId: string): Promise<void>;
  /** Everything not saved yet, the oldest first. */
  all(): Promise<readonly JournalEntry[]>;
}

/** A journal that lasts as long as the page: where the browser keeps nothing (private windows). */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, JournalEntry>();

  put(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.imageId, entry);
    return Promise.resolve();
  }

  get(imageId: string): Promise<JournalEntry | undefined> {
    return Promise.resolve(this.#entries.get(imageId));
  }

  delete(imageId: string): Promise<void> {
    this.#entries.delete(imageId);
    return Promise.resolve();
  }

  all(): Promise<readonly JournalEntry[]> {
    return Promise.resolve([...this.#entries.values()].sort((a, b) => a.at - b.at));
  }
}
