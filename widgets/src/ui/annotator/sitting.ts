/** What the components need beside the Editor: the images, what is saved, and what went wrong. Hosts hand one in. */
import type { Editor } from '../../engine/editor.js';
import type { KeyTable } from '../../engine/keys.js';
import type { Picture } from '../../engine/picture.js';
import type { Said } from '../../engine/said.js';
import type { Conflict } from '../../engine/saver.js';

/** What of a person's work is safe. */
export type Saving = 'saved' | 'saving' | 'unsaved' | 'offline' | 'conflict';

/** Which of two sets a conflict ends with. */
export type Choice = 'mine' | 'theirs' | 'both';

export interface SittingState {
  readonly title: string;
  /** How many images there are; undefined while it is not known. */
  readonly count: number | undefined;
  /** Place of the image on show, from 0. */
  readonly position: number;
  /** Its file name. */
  readonly name: string;
  readonly picture: Picture | undefined;
  readonly loading: boolean;
  /** Why the image on show cannot be shown. */
  readonly problem: Said | undefined;
  readonly saving: Saving;
  /** More about what is not saved, for people. */
  readonly trouble: Said | undefined;
  /** What has to be chosen for the image on show. */
  readonly conflict: Conflict | undefined;
  /** Whether labels can be added here. */
  readonly addsLabels: boolean;
}

export interface Sitting {
  readonly editor: Editor;
  /** Keys that the host gives actions; what the person changes here goes before them. */
  readonly keys?: KeyTable | undefined;
  /** A snapshot: the same object until something changes. */
  readonly state: SittingState;
  subscribe: (listener: () => void) => () => void;
  /** Show the image at a place, from 0. */
  show: (position: number) => void;
  /** Try again: the image that cannot be shown, or what is not saved. */
  retry: () => void;
  /** Rejects with an error whose message is for people. */
  addLabel: (name: string) => Promise<void>;
  resolve: (choice: Choice) => void;
}
