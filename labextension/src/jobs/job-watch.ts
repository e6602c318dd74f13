import { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Api } from '../api.js';
import { Store } from '../store.js';
import type { Job } from '../wire.js';

/** Between looks when nothing runs: somebody may have started something elsewhere. */
const RESTING_MS = 30_000;

/** The jobs of whoever asks, followed closely while one of them is under way. */
export class JobWatch extends Store<readonly Job[]> {
  readonly #finished = new Signal<this, Job>(this);
  readonly #looked = new Signal<this, void>(this);
  readonly #poll: Poll;
  #known: ReadonlyMap<number, Job> | undefined;

  constructor(
    private readonly api: Pick<Api, 'jobs'>,
    private readonly intervalMs: () => number,
  ) {
    super([]);
    this.#poll = new Poll({
      name: 'roboflow:jobs',
      factory: () => this.#look(),
      frequency: { interval: RESTING_MS, backoff: true, max: 120_000 },
      standby: 'when-hidden',
    });
  }

  /** A job that was under way at the last look and is not any more. */
  get finished(): ISignal<this, Job> {
    return this.#finished;
  }

  /** After every look, for those that follow signals. */
  get looked(): ISignal<this, void> {
    return this.#looked;
  }

  /** Look now: something was started. */
  readonly hurry = (): void => {
    void this.#poll.refresh();
  };

  running(): readonly Job[] {
    return this.get().filter(underWay);
  }

  ofDataset(datasetId: number): readonly Job[] {
    return this.get().filter((job) => job.dataset_id === datasetId);
  }

  async cancel(id: number): Promise<void> {
    await this.api.jobs.cancel(id);
    this.hurry();
  }

  async #look(): Promise<void> {
    const { items } = await this.api.jobs.page({ limit: 100 });
    const { over, known } = followed(this.#known, items);
    this.#known = known;
    this.set(items);
    // Before this look ends: the poll plans the next one at its end.
    const interval = this.running().length > 0 ? this.intervalMs() : RESTING_MS;
    this.#poll.frequency = { ...this.#poll.frequency, interval };
    this.#looked.emit();
    for (const job of over) this.#finished.emit(job);
  }
}

export function underWay(job: Pick<Job, 'state'>): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** Which jobs ended since the last look; at the first look, those of before are old news. */
export function followed(
  known: ReadonlyMap<number, Job> | undefined,
  items: readonly Job[],
): { readonly over: readonly Job[]; readonly known: ReadonlyMap<number, Job> } {
  const over = items.filter((job) => {
    if (underWay(job) || known === undefined) return false;
    const before = known.get(job.id);
    return before === undefined || underWay(before);
  });
  return { over, known: new Map(items.map((job) => [job.id, job])) };
}
