import type { ImageList as Images, ImageRef } from '@jupyter-roboflow/widgets/engine';
import type { ImageList } from '../images/image-list.js';
import type { ImageInfo } from '../wire.js';

/** Images whose order stays as it was when the first was opened; of more those near are asked for. */
const MOST = 5000;

/** The images of a list, to be gone through one after another. */
export async function imagesOf(list: ImageList, near: number | undefined): Promise<readonly ImageRef[] | Images> {
  const { total = 0 } = list.get();
  return total > MOST ? asked(list, total) : (await list.around(near, MOST)).map(refOf);
}

/**
 * The same, with one in front if it does not fit the list's query any more: drawn in, an image is no longer
 * `state:unlabeled`, and a reload is to show it again.
 */
export async function imagesWith(list: ImageList, image: number): Promise<readonly ImageRef[] | Images> {
  const [images, isThere] = await Promise.all([imagesOf(list, image), list.has(image)]);
  const other = isThere ? undefined : await list.inDataset(image);
  return other === undefined ? images : withFirst(refOf(other), images);
}

function asked(list: ImageList, count: number): Images {
  return {
    count,
    at: async (position) => refOf(await list.one(position)),
    positionOf: (id) => list.placeOf(Number(id)),
  };
}

function withFirst(first: ImageRef, images: readonly ImageRef[] | Images): readonly ImageRef[] | Images {
  if (!('positionOf' in images)) return [first, ...images];
  return {
    count: images.count + 1,
    at: (position) => (position === 0 ? Promise.resolve(first) : images.at(position - 1)),
    positionOf: async (id) => {
      const place = id === first.id ? -1 : await images.positionOf(id);
      return place === undefined ? undefined : place + 1;
    },
  };
}

function refOf({ id, filename, width, height }: ImageInfo): ImageRef {
  return { id: String(id), filename, width, height };
}
