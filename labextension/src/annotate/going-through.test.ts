import { expect, test } from 'vitest';
import { ImageList } from '../images/image-list.js';
import { imagesOf, imagesWith } from './going-through.js';

/** A list of the images 1 to `total` but for those that somebody has drawn in; the server has image `drawn` too. */
async function unlabeled(total: number, drawn: number) {
  const asked: object[] = [];
  const page = (_: number, query: Record<string, unknown>) => {
    asked.push(query);
    const { page, limit } = query as { page: number; limit: number };
    const fits = 'state' in query ? (id: number) => id !== drawn : () => true;
    const all = Array.from({ length: total }, (_, n) => n + 1).filter(fits);
    const found = 'ids' in query ? all.filter((id) => String(id) === query.ids) : all;
    const items = found
      .slice((page - 1) * limit, page * limit)
      .map((id) => ({ id, filename: `${String(id)}.jpg`, width: 4, height: 3 }));
    return Promise.resolve({ items, total: found.length, page, limit });
  };
  const list = new ImageList({ images: { page } } as never, 1, { state: ['unlabeled'] }, 'id');
  await list.reload();
  return { list, asked };
}

test('an image that does not fit the query any more is gone through first', async () => {
  const { list } = await unlabeled(4, 3);
  expect(await imagesWith(list, 3)).toMatchObject([
    { id: '3', filename: '3.jpg' },
    { id: '1' },
    { id: '2' },
    { id: '4' },
  ]);
  expect(await imagesWith(list, 2)).toMatchObject([{ id: '1' }, { id: '2' }, { id: '4' }]);
  expect(await imagesOf(list, 3)).toHaveLength(3);
  expect(await imagesWith(list, 9), 'one that was deleted').toHaveLength(3);
});

test('of very many images, too, and without reading them all', async () => {
  const { list, asked } = await unlabeled(20_000, 700);
  const images = await imagesWith(list, 700);
  if (!('positionOf' in images)) throw new Error('all of them were read');
  expect(images.count).toBe(20_000);
  expect(await Promise.all([0, 1, 2].map((place) => images.at(place)))).toMatchObject([
    { id: '700' },
    { id: '1' },
    { id: '2' },
  ]);
  expect(await images.positionOf('700')).toBe(0);
  expect(await images.positionOf('2')).toBe(2);
  expect(asked).toHaveLength(3);
});
