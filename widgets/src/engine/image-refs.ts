/** The images to go through: all known at once, or so many that only those near are asked for. */
import type { ImageList, ImageRef } from './backend.js';

export class ImageRefs {
  readonly #list: ImageList;
  readonly #known = new Map<number, ImageRef>();
  readonly #places = new Map<string, number>();

  constructor(images: readonly ImageRef[] | ImageList) {
    this.#list = 'positionOf' in images ? images : listOf(images);
    if (!('positionOf' in images)) images.forEach((ref, position) => this.#keep(position, ref));
  }

  get count(): number {
    return this.#list.count;
  }

  /** What is known without asking. */
  known(position: number): ImageRef | undefined {
    return this.#known.get(position);
  }

  /** Where an image is, when that is known without asking. */
  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** The image at a place, from 0; undefined beyond the ends. */
  async at(position: number): Promise<ImageRef | undefined> {
    if (position < 0 || position >= this.count) return undefined;
    return this.#known.get(position) ?? this.#keep(position, await this.#list.at(position));
  }

  /** Where an image is, asked for if need be. */
  async find(id: string): Promise<number | undefined> {
    const position = this.#places.get(id) ?? (await this.#list.positionOf(id));
    if (position !== undefined) await this.at(position);
    return position;
  }

  #keep(position: number, ref: ImageRef): ImageRef {
    this.#known.set(position, ref);
    this.#places.set(ref.id, position);
    return ref;
  }
}

function listOf(images: readonly ImageRef[]): ImageList {
  return {
    count: images.length,
    at: (position) => {
      const ref = images[position];
      return ref ? Promise.resolve(ref) : Promise.reject(new RangeError(`There is no image ${String(position)}.`));
    },
    positionOf: () => Promise.resolve(undefined),
  };
}
