import type { Api } from '../api.js';
import { Loaded, Store } from '../store.js';
import type { Dataset } from '../wire.js';

const PAGE = 100;

export interface FoundDatasets {
  readonly items: readonly Dataset[];
  readonly total: number;
}

/** The datasets one may see whose names have what was typed, as many pages of them as were asked for. */
export class DatasetsList {
  readonly search = new Store('');
  readonly found: Loaded<FoundDatasets>;
  #pages = 1;

  constructor(private readonly api: Pick<Api, 'datasets'>) {
    this.found = new Loaded(() => this.#load());
  }

  find(text: string): void {
    this.search.set(text);
    this.#pages = 1;
    void this.found.reload();
  }

  more(): void {
    this.#pages++;
    void this.found.reload();
  }

  async #load(): Promise<FoundDatasets> {
    const numbers = Array.from({ length: this.#pages }, (_, n) => n + 1);
    const pages = await Promise.all(numbers.map((n) => this.api.datasets.page(this.search.get().trim(), n, PAGE)));
    return { items: pages.flatMap((page) => page.items), total: pages[0]?.total ?? 0 };
  }
}
