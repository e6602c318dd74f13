import type { Api } from '../api.js';
import { Store } from '../store.js';
import type { ImageChange, ImageInfo } from '../wire.js';
import { queryOf, type Where } from './where.js';

/** Images in a page that is loaded as the grid scrolls, and in one where many are asked for. */
const PAGE = 100;
const LARGE_PAGE = 500;
/** Loaded pages that are kept: beyond them the ones that were used longest ago go. */
const KEPT = 120;

export interface ImagesState {
  /** Undefined until the first page is there. */
  readonly total: number | undefined;
  readonly error: unknown;
  /** Changes whenever another image is known. */
  readonly revision: number;
}

/** The images that fit a filter, in their order: known where somebody looked, however many there are. */
export class ImageList extends Store<ImagesState> {
  readonly #pages = new Map<number, readonly ImageInfo[]>();
  readonly #asked = new Set<number>();
  readonly #coming = new Map<number, Promise<readonly ImageInfo[]>>();
  #turn = 0;

  constructor(
    private readonly api: Pick<Api, 'images'>,
    private readonly datasetId: number,
    readonly where: Where,
    private readonly sort: string,
  ) {
    super({ total: undefined, error: undefined, revision: 0 });
  }

  at(index: number): ImageInfo | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Ask for these, without `last`, unless they are known or asked for. */
  want(first: number, last: number): void {
    if (last <= first) return;
    for (let page = Math.floor(first / PAGE); page <= Math.floor((last - 1) / PAGE); page++) void this.#ask(page);
  }

  /** Ask for everything again; what is known stays until the answer is there. Resolves once it is, or has failed. */
  async reload(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const { items, total } = await this.#page(1, PAGE);
      if (turn !== this.#turn) return;
      this.#pages.clear();
      this.#asked.clear();
      this.#pages.set(0, items);
      this.set({ total, error: undefined, revision: this.get().revision + 1 });
    } catch (error) {
      if (turn === this.#turn) this.set({ ...this.get(), error });
    }
  }

  /** The ids from one place to another, without `last`: asked for where they are not known. */
  async ids(first: number, last: number): Promise<number[]> {
    const known = range(first, last).map((index) => this.at(index)?.id);
    if (known.every((id) => id !== undefined)) return known;
    return (await this.#between(first, last)).map(({ id }) => id);
  }

  /** Whether an image is among them: known, or asked by the filter narrowed to it. */
  async has(id: number): Promise<boolean> {
    if (this.knownPlaceOf(id) !== undefined) return true;
    const { ids } = this.where;
    if (Array.isArray(ids) && !ids.includes(id)) return false;
    return (await this.#only(id, this.where)) !== undefined;
  }

  /** An image of the dataset, also one that does not fit the filter; undefined when there is none such. */
  inDataset(id: number): Promise<ImageInfo | undefined> {
    return this.#only(id, {});
  }

  /** The images to go through one after another: all of them, or when there are more than `most` those around one. */
  async around(id: number | undefined, most: number): Promise<readonly ImageInfo[]> {
    const total = this.get().total ?? 0;
    const at = total <= most || id === undefined ? 0 : ((await this.placeOf(id)) ?? 0);
    const first = Math.max(0, Math.min(at - Math.floor(most / 2), total - most));
    return this.#between(first, Math.min(total, first + most));
  }

  /** Show a change before the server has made it. */
  apply(concerns: (id: number) => boolean, change: ImageChange): void {
    for (const [page, images] of this.#pages) {
      this.#pages.set(
        page,
        images.map((image) => (concerns(image.id) ? changed(image, change) : image)),
      );
    }
    this.#tell();
  }

  /** The image at a place, asked for if it is not known; rejects when there is none. */
  async one(index: number): Promise<ImageInfo> {
    const page = Math.floor(index / PAGE);
    const image = this.at(index) ?? (await this.#load(page))[index % PAGE];
    if (image === undefined) throw new RangeError('This image is no longer in the list.');
    return image;
  }

  #load(page: number): Promise<readonly ImageInfo[]> {
    const coming = this.#coming.get(page);
    if (coming) return coming;
    const asked = this.#page(page + 1, PAGE).then(({ items }) => {
      this.#keep(page, items);
      return items;
    });
    this.#coming.set(page, asked);
    void asked.catch(() => undefined).finally(() => this.#coming.delete(page));
    return asked;
  }

  /** Where an image is among those that are known. */
  knownPlaceOf(id: number): number | undefined {
    for (const [page, images] of this.#pages) {
      const place = images.findIndex((image) => image.id === id);
      if (place >= 0) return page * PAGE + place;
    }
    return undefined;
  }

  /** Where an image is: in what is known, else in what is read until it comes; undefined when it is not in the list. */
  async placeOf(id: number): Promise<number | undefined> {
    const known = this.knownPlaceOf(id);
    if (known !== undefined) return known;
    for (let page = 1; ; page++) {
      const { items, total } = await this.#page(page, LARGE_PAGE);
      const place = items.findIndex((image) => image.id === id);
      if (place >= 0) return (page - 1) * LARGE_PAGE + place;
      if (items.length === 0 || page * LARGE_PAGE >= total) return undefined;
    }
  }

  async #between(first: number, last: number): Promise<ImageInfo[]> {
    const start = Math.floor(first / LARGE_PAGE);
    const numbers = range(start, Math.ceil(last / LARGE_PAGE));
    const pages = await Promise.all(numbers.map((page) => this.#page(page + 1, LARGE_PAGE)));
    const from = first - start * LARGE_PAGE;
    return pages.flatMap(({ items }) => items).slice(from, from + last - first);
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
      const { items } = await this.#page(page + 1, PAGE);
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

  async #only(id: number, where: Where): Promise<ImageInfo | undefined> {
    const query = { ...queryOf(where), ids: String(id), page: 1, limit: 1 };
    return (await this.api.images.page(this.datasetId, query)).items[0];
  }

  #page(page: number, limit: number) {
    return this.api.images.page(this.datasetId, { ...queryOf(this.where), sort: this.sort, page, limit });
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
