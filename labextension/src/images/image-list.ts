import type { Api } from '../api.js';
import { Store } from '../store.js';
import type { ImageChange, ImageInfo } from '../wire.js';
import { needsScan, sifted, type Plan } from './plan.js';
import type { Params } from './query.js';

/** Images in a page that is loaded as the grid scrolls, and in one of a listing that is read whole. */
const PAGE = 100;
const SCAN_PAGE = 500;
/** Loaded pages that are kept: beyond them the ones that were used longest ago go. */
const KEPT = 120;

export interface ImagesState {
  /** Undefined until the first page is there. */
  readonly total: number | undefined;
  readonly error: unknown;
  /** Changes whenever another image is known. */
  readonly revision: number;
}

/** The images that fit a query, in their order: known where somebody looked, however many there are. */
export class ImageList extends Store<ImagesState> {
  readonly #pages = new Map<number, readonly ImageInfo[]>();
  readonly #asked = new Set<number>();
  #scanned: readonly ImageInfo[] | undefined;
  #turn = 0;

  constructor(
    private readonly api: Pick<Api, 'images'>,
    private readonly datasetId: number,
    private readonly plan: Plan,
    private readonly sort: string,
  ) {
    super({ total: undefined, error: undefined, revision: 0 });
  }

  at(index: number): ImageInfo | undefined {
    if (this.#scanned) return this.#scanned[index];
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Ask for these, without `last`, unless they are known or asked for. */
  want(first: number, last: number): void {
    if (this.#scanned || last <= first) return;
    for (let page = Math.floor(first / PAGE); page <= Math.floor((last - 1) / PAGE); page++) void this.#ask(page);
  }

  /** Ask for everything again; what is known stays until the answer is there. Resolves once it is, or has failed. */
  async reload(): Promise<void> {
    const turn = ++this.#turn;
    try {
      if (needsScan(this.plan)) await this.#scanAll(turn);
      else await this.#restart(turn);
    } catch (error) {
      if (turn === this.#turn) this.set({ ...this.get(), error });
    }
  }

  /** The ids from one place to another, without `last`: asked for where they are not known. */
  async ids(first = 0, last = this.get().total ?? 0): Promise<number[]> {
    if (this.#scanned) return this.#scanned.slice(first, last).map(({ id }) => id);
    const known = range(first, last).map((index) => this.at(index)?.id);
    if (known.every((id) => id !== undefined)) return known;
    const all = await this.#scan(this.plan.base);
    return all.slice(first, last).map(({ id }) => id);
  }

  /** The images to go through one after another: all of them, or when there are more than `most` those around one. */
  async around(id: number | undefined, most: number): Promise<readonly ImageInfo[]> {
    const all = this.#scanned ?? (await this.#scan(this.plan.base, most, id));
    const at = Math.max(
      0,
      all.findIndex((image) => image.id === id),
    );
    const first = Math.max(0, Math.min(at - Math.floor(most / 2), all.length - most));
    return all.slice(first, first + most);
  }

  /** Show a change before the server has made it. */
  apply(ids: ReadonlySet<number>, change: ImageChange): void {
    const edit = (image: ImageInfo) => (ids.has(image.id) ? changed(image, change) : image);
    for (const [page, images] of this.#pages) this.#pages.set(page, images.map(edit));
    this.#scanned = this.#scanned?.map(edit);
    this.#tell();
  }

  /** What is known of these images, for an undo. */
  known(ids: ReadonlySet<number>): ImageInfo[] {
    const all = this.#scanned ? [this.#scanned] : [...this.#pages.values()];
    return all.flatMap((images) => images.filter(({ id }) => ids.has(id)));
  }

  async #restart(turn: number): Promise<void> {
    const { items, total } = await this.#page(1, PAGE, this.plan.base);
    if (turn !== this.#turn) return;
    this.#pages.clear();
    this.#asked.clear();
    this.#pages.set(0, items);
    this.set({ total, error: undefined, revision: this.get().revision + 1 });
  }

  async #scanAll(turn: number): Promise<void> {
    const { base, also, without } = this.plan;
    const [listed, ...others] = await Promise.all([base, ...also, ...without].map((params) => this.#scan(params)));
    if (turn !== this.#turn) return;
    const sets = others.map((images) => new Set(images.map(({ id }) => id)));
    this.#scanned = sifted(listed ?? [], sets.slice(0, also.length), sets.slice(also.length));
    this.set({ total: this.#scanned.length, error: undefined, revision: this.get().revision + 1 });
  }

  async #ask(page: number): Promise<void> {
    const there = this.#pages.get(page);
    if (there) {
      this.#pages.delete(page); // and to the end: used just now
      this.#pages.set(page, there);
    }
    if (there || this.#asked.has(page)) return;
    const turn = this.#turn;
    this.#asked.add(page);
    try {
      const { items } = await this.#page(page + 1, PAGE, this.plan.base);
      if (turn === this.#turn) this.#keep(page, items);
    } catch (error) {
      if (turn === this.#turn) this.set({ ...this.get(), error });
    } finally {
      this.#asked.delete(page);
    }
  }

  #keep(page: number, items: readonly ImageInfo[]): void {
    this.#pages.set(page, items);
    const oldest = this.#pages.keys().next().value;
    if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest);
    this.#tell();
  }

  #tell(): void {
    this.set({ ...this.get(), error: undefined, revision: this.get().revision + 1 });
  }

  /** A whole listing; or, when `most` is given, as much of it as there is to see around an image. */
  async #scan(params: Params, most = Infinity, around?: number): Promise<ImageInfo[]> {
    const found: ImageInfo[] = [];
    let left = around === undefined ? most : Infinity;
    for (let page = 1; ; page++) {
      const { items, total } = await this.#page(page, SCAN_PAGE, params);
      found.push(...items);
      if (items.some(({ id }) => id === around)) left = most / 2;
      else left -= items.length;
      if (items.length === 0 || found.length >= total || left <= 0) return found;
    }
  }

  #page(page: number, limit: number, params: Params) {
    return this.api.images.page(this.datasetId, { ...params, sort: this.sort, page, limit });
  }
}

export function changed(image: ImageInfo, change: ImageChange): ImageInfo {
  const { split = image.split, state = image.state, add_tags = [], remove_tags = [] } = change;
  const tags = [...new Set([...image.tags, ...add_tags])].filter((tag) => !remove_tags.includes(tag)).sort();
  return { ...image, split: split === 'none' ? null : split, state, tags };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
}
