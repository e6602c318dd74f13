import type { Api } from '../api.js';
import { RestError } from '../rest.js';
import { Store } from '../store.js';
import type { ImageInfo, UploadItem } from '../wire.js';
import { batchesOf } from './batches.js';
import type { DroppedFile } from './dropped-files.js';

export type FileState = 'waiting' | 'sending' | 'added' | 'known' | 'failed' | 'stopped';

export interface UploadFile {
  readonly path: string;
  readonly bytes: number;
  readonly state: FileState;
  /** Why it failed: an error, or what the server said. */
  readonly reason?: unknown;
}

export interface UploadState {
  readonly files: readonly UploadFile[];
  readonly over: boolean;
}

export interface UploadCounts {
  readonly total: number;
  readonly done: number;
  readonly added: number;
  readonly known: number;
  readonly failed: number;
  /** 0 to 1, by bytes. */
  readonly share: number;
}

/** Requests under way at once. */
const AT_ONCE = 3;
const TRIES = 3;

/** Files on their way into a dataset; what became of each stays to be read. */
export class Upload extends Store<UploadState> {
  readonly started = Date.now();
  readonly #stop = new AbortController();

  constructor(
    private readonly api: Pick<Api, 'rest'>,
    readonly datasetId: number,
    private readonly sources: readonly DroppedFile[],
    private readonly tellProgress: () => void,
    private readonly waitMs = 1500,
  ) {
    const files = sources.map(({ file, path }): UploadFile => ({ path, bytes: file.size, state: 'waiting' }));
    super({ files, over: false });
  }

  /** Send everything; resolves when nothing is left to do. */
  async run(): Promise<void> {
    const places = this.sources.map(({ file }, index) => ({ index, bytes: file.size }));
    const left = batchesOf(places).map((batch) => batch.map(({ index }) => index));
    const worker = async () => {
      for (let batch = left.shift(); batch !== undefined; batch = left.shift()) await this.#send(batch);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    this.set({ ...this.get(), over: true });
    this.tellProgress();
  }

  readonly stop = (): void => {
    this.#stop.abort();
  };

  async #send(batch: readonly number[]): Promise<void> {
    if (this.#isStopped()) {
      this.#mark(batch, () => ({ state: 'stopped' }));
      return;
    }
    this.#mark(batch, () => ({ state: 'sending' }));
    try {
      const items = await this.#post(batch);
      this.#mark(batch, (place) => outcome(items[place]));
    } catch (error) {
      this.#mark(batch, () => (this.#isStopped() ? { state: 'stopped' } : { state: 'failed', reason: error }));
    }
    this.tellProgress();
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Once more when nobody answered: what was taken before is found again by its bytes. */
  async #post(batch: readonly number[]): Promise<readonly UploadItem[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#postOnce(batch);
      } catch (error) {
        const worthwhile = error instanceof RestError && error.unreachable && attempt < TRIES;
        if (!worthwhile || this.#isStopped()) throw error;
        await new Promise((resolve) => setTimeout(resolve, attempt * this.waitMs));
      }
    }
  }

  async #postOnce(batch: readonly number[]): Promise<readonly UploadItem[]> {
    const form = new FormData();
    for (const index of batch) {
      const source = this.sources[index];
      if (source) form.append('file', source.file, source.path.split('/').at(-1));
    }
    const path = `datasets/${String(this.datasetId)}/images`;
    const answer = await this.api.rest.form<Answer>(path, form, this.#stop.signal);
    return 'items' in answer ? answer.items : [single(answer)];
  }

  #mark(batch: readonly number[], to: (place: number) => Partial<UploadFile>): void {
    const files = [...this.get().files];
    batch.forEach((index, place) => {
      const file = files[index];
      if (file) files[index] = { ...file, ...to(place) };
    });
    this.set({ ...this.get(), files });
  }
}

type Answer = { readonly items: readonly UploadItem[] } | (ImageInfo & { readonly known: boolean });

/** The answer to a request with one file, in the form of those with many. */
function single(image: ImageInfo & { readonly known: boolean }): UploadItem {
  return { filename: image.filename, status: image.known ? 200 : 201, known: image.known, image, error: null };
}

function outcome(item: UploadItem | undefined): Partial<UploadFile> {
  if (item === undefined) return { state: 'failed', reason: 'The server said nothing about it.' };
  if (item.error) return { state: 'failed', reason: item.error.message };
  return { state: item.known ? 'known' : 'added' };
}

export function countsOf({ files }: UploadState): UploadCounts {
  const count = (...states: FileState[]) => files.filter(({ state }) => states.includes(state));
  const over = count('added', 'known', 'failed', 'stopped');
  const bytes = (some: readonly UploadFile[]) => some.reduce((sum, file) => sum + file.bytes + 1, 0);
  return {
    total: files.length,
    done: over.length,
    added: count('added').length,
    known: count('known').length,
    failed: count('failed').length,
    share: files.length === 0 ? 1 : bytes(over) / bytes(files),
  };
}
