import { describe, expect, test } from 'vitest';
import { RestError } from '../rest.js';
import type { ImageInfo } from '../wire.js';
import { ImageList } from './image-list.js';

const image = (id: number) =>
  ({ id, filename: `${String(id)}.jpg`, split: null, state: 'unlabeled', tags: [] }) as never;

/** A server with images 1 to `total`, that can be away; keeps what it was asked. */
function served(total: number) {
  const server = { away: false, asked: [] as object[] };
  const page = (_: number, query: { page: number; limit: number }) => {
    server.asked.push(query);
    if (server.away) return Promise.reject(new RestError(0, 'unreachable', 'refused'));
    const first = (query.page - 1) * query.limit;
    const items = Array.from({ length: Math.max(0, Math.min(query.limit, total - first)) }, (_, n) =>
      image(first + n + 1),
    );
    return Promise.resolve({ items, total, ...query });
  };
  return { server, list: new ImageList({ images: { page } } as never, 1, { exclude_tag: ['bad'] }, 'id') };
}

const ids = (images: readonly ImageInfo[]) => images.map(({ id }) => id);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('images of a filter', () => {
  test('are asked for where somebody looks, with one filter', async () => {
    const { server, list } = served(100_000);
    await list.reload();
    list.want(50_010, 50_040);
    list.want(50_020, 50_050);
    await settled();
    expect(list.at(50_010)?.id).toBe(50_011);
    expect(server.asked).toEqual([
      { exclude_tag: ['bad'], sort: 'id', page: 1, limit: 100 },
      { exclude_tag: ['bad'], sort: 'id', page: 501, limit: 100 },
    ]);
  });

  test('are selected from one far place to another', async () => {
    const { list } = served(2_000);
    await list.reload();
    expect(await list.ids(3, 6)).toEqual([4, 5, 6]);
    const some = await list.ids(480, 1_020);
    expect([some.length, some[0], some.at(-1)]).toEqual([540, 481, 1_020]);
  });

  test('are gone through around the one that was opened, without reading all that comes before it', async () => {
    const { server, list } = served(100_000);
    await list.reload();
    list.want(90_000, 90_020);
    await settled();
    server.asked.length = 0;
    const around = ids(await list.around(90_011, 1000));
    expect([around.length, around[0], around.includes(90_011)]).toEqual([1000, 89_511, true]);
    expect(server.asked.length).toBeLessThanOrEqual(3);
  });

  test('are asked for one by one with their page, each page once, past any number', async () => {
    const { server, list } = served(100_000);
    await list.reload();
    const near = await Promise.all([5_099, 5_100, 5_101, 5_102].map((place) => list.one(place)));
    expect(ids(near)).toEqual([5_100, 5_101, 5_102, 5_103]);
    expect(server.asked).toHaveLength(3);
    expect([list.knownPlaceOf(5_101), list.knownPlaceOf(90_000)]).toEqual([5_100, undefined]);
    expect([await list.placeOf(5_101), await list.placeOf(100_001)]).toEqual([5_100, undefined]);
    await expect(list.one(100_000)).rejects.toThrow('no longer in the list');
    server.away = true;
    await expect(list.one(70_000)).rejects.toThrow();
    server.away = false;
    expect((await list.one(70_000)).id).toBe(70_001);
  });

  test('are all gone through when they are few, and around one that nobody has looked at', async () => {
    const { list } = served(120);
    await list.reload();
    expect(ids(await list.around(undefined, 5000)).length).toBe(120);
    const many = served(3_000);
    await many.list.reload();
    expect(ids(await many.list.around(2_500, 100))).toContain(2_500);
  });
});

describe('a server that is gone', () => {
  test('is told, what is known stays, and trying again brings the rest', async () => {
    const { server, list } = served(500);
    await list.reload();
    server.away = true;
    list.want(300, 320);
    await settled();
    expect(list.get().error).toMatchObject({ unreachable: true });
    expect(list.at(5)?.id).toBe(6);
    server.away = false;
    await list.reload();
    list.want(300, 320);
    await settled();
    expect(list.get()).toMatchObject({ error: undefined, total: 500 });
    expect(list.at(310)?.id).toBe(311);
  });
});

test('a change is shown at once on what is selected, and on nothing else', async () => {
  const { list } = served(10);
  await list.reload();
  list.apply((id) => id > 8, { split: 'valid', add_tags: ['b', 'a'] });
  expect([list.at(7)?.split, list.at(8)?.split, list.at(9)?.tags]).toEqual([null, 'valid', ['a', 'b']]);
});
