import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Signal, type ISignal } from '@lumino/signaling';
import { createContext, useContext } from 'react';
import type { Api } from './api.js';
import type { JobWatch } from './jobs/job-watch.js';
import type { Store } from './store.js';
import type { Me } from './wire.js';

/** How people like it, from JupyterLab's settings. */
export interface Preferences {
  /** Of a thumbnail's cell, in CSS pixels. */
  readonly thumbnailSize: number;
  /** Between looks at running jobs, in seconds. */
  readonly jobInterval: number;
}

/** What every part of the panel has at hand. */
export interface Host {
  readonly api: Api;
  readonly trans: TranslationBundle;
  readonly commands: CommandRegistry;
  readonly jobs: JobWatch;
  readonly changes: Changes;
  readonly preferences: Store<Preferences>;
  /** The dataset whose document was used last, while one is open. */
  readonly current: Store<number | undefined>;
  /** Who asks; undefined until the server has said so. */
  readonly me: Store<Me | undefined>;
}

/** Tells every open part that a dataset is not what it was. */
export class Changes {
  readonly #changed = new Signal<this, number>(this);
  readonly #deleted = new Signal<this, number>(this);

  /** Of the dataset with this id: its images, labels, name or rights. */
  get changed(): ISignal<this, number> {
    return this.#changed;
  }

  get deleted(): ISignal<this, number> {
    return this.#deleted;
  }

  tell(datasetId: number): void {
    this.#changed.emit(datasetId);
  }

  tellDeleted(datasetId: number): void {
    this.#deleted.emit(datasetId);
  }
}

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === null) throw new Error('This part of the panel stands outside of its host.');
  return host;
}
