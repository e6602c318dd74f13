import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { IndexedDbJournal } from './journal-indexeddb.js';
import { MemoryJournal, type Journal, type JournalEntry } from './journal.js';

const entry = (imageId: string, at: number): JournalEntry => ({
  ...{ imageId, at, revision: 3, state: 'labeled', stateBefore: 'unlabeled', sent: [] },
  changes: {
    touched: [
      {
        id: 'a',
        before: undefined,
        after: { id: 'a', label: 'x', shape_type: 'point', geometry: { point: [1, 2] }, attributes: {} },
      },
    ],
  },
});

describe.each<[string, () => Journal]>([
  ['in memory', () => new MemoryJournal()],
  ['in the browser', () => new IndexedDbJournal('here', new IDBFactory())],
])('a journal %s', (_, make) => {
  test('gives back what was put, the latest of each image, the oldest first', async () => {
    const journal = make();
    await journal.put(entry('1', 5));
    await journal.put(entry('2', 3));
    await journal.put(entry('1', 9));
    expect(await journal.get('1')).toEqual(entry('1', 9));
    expect((await journal.all()).map(({ imageId }) => imageId)).toEqual(['2', '1']);
  });

  test('forgets what is deleted', async () => {
    const journal = make();
    await journal.put(entry('1', 5));
    await journal.delete('1');
    await journal.delete('never there');
    expect(await journal.get('1')).toBeUndefined();
    expect(await journal.all()).toEqual([]);
  });
});

describe('in the browser', () => {
  test('it is there in the next page, and others’ is not', async () => {
    const factory = new IDBFactory();
    const first = new IndexedDbJournal('server A, ada', factory);
    await first.put(entry('1', 5));
    await first.close();
    expect(await new IndexedDbJournal('server A, ada', factory).get('1')).toEqual(entry('1', 5));
    expect(await new IndexedDbJournal('server B, ada', factory).all()).toEqual([]);
  });

  test('a browser that keeps nothing says so, each time', async () => {
    const refusing = {
      open: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    } as unknown as IDBFactory;
    const journal = new IndexedDbJournal('here', refusing);
    await expect(journal.put(entry('1', 5))).rejects.toThrow('denied');
    await expect(journal.all()).rejects.toThrow('denied');
  });
});
