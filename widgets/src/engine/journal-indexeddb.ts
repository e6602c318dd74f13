/** The journal in the browser's database: it outlives the tab, the kernel and the server. */
import type { Journal, JournalEntry } from './journal.js';

const DATABASE = 'jupyter-roboflow';
const STORE = 'journal';
const VERSION = 1;

interface Stored {
  /** `scope` and image: several servers and people may share a browser's database. */
  readonly key: [scope: string, imageId: string];
  readonly entry: JournalEntry;
}

/**
 * `scope` tells apart whose images these are: the server's address and the person. Rejects
 * where the browser keeps nothing; then `MemoryJournal` is what is left.
 */
export class IndexedDbJournal implements Journal {
  readonly #scope: string | Promise<string>;
  readonly #factory: IDBFactory;
  #opening: Promise<IDBDatabase> | undefined;

  /** The scope may still have to be found out: the database opens meanwhile. */
  constructor(scope: string | Promise<string>, factory: IDBFactory) {
    this.#scope = scope;
    this.#factory = factory;
    // What fails now is said at the first use.
    this.#open().catch(() => undefined);
  }

  async put(entry: JournalEntry): Promise<void> {
    const stored: Stored = { key: [await this.#scope, entry.imageId], entry };
    await this.#do('readwrite', (store) => store.put(stored));
  }

  async get(imageId: string): Promise<JournalEntry | undefined> {
    const scope = await this.#scope;
    const stored = await this.#do('readonly', (store) => store.get([scope, imageId]) as IDBRequest<Stored | undefined>);
    return stored?.entry;
  }

  async delete(imageId: string): Promise<void> {
    const scope = await this.#scope;
    await this.#do('readwrite', (store) => store.delete([scope, imageId]));
  }

  async all(): Promise<readonly JournalEntry[]> {
    const stored = await this.#do('readonly', (store) => store.getAll() as IDBRequest<Stored[]>);
    const scope = await this.#scope;
    const own = stored.filter(({ key }) => key[0] === scope);
    return own.map(({ entry }) => entry).sort((a, b) => a.at - b.at);
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    (await opening)?.close();
  }

  /** Resolves when the transaction has ended: what was put outlives the tab. */
  async #do<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await this.#open();
    return new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onabort = transaction.onerror = () => {
        reject(transaction.error ?? new Error('The browser’s database gave up.'));
      };
    });
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= this.#opened().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  #opened(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = this.#factory.open(DATABASE, VERSION);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE, { keyPath: 'key' });
      };
      request.onsuccess = () => {
        const database = request.result;
        // Another tab with a newer version must not wait for this one, and the next call opens anew.
        database.onversionchange = () => {
          database.close();
          this.#opening = undefined;
        };
        resolve(database);
      };
      request.onerror = () => {
        reject(request.error ?? new Error('The browser’s database did not open.'));
      };
    });
  }
}
