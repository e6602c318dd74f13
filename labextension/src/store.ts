import { useSyncExternalStore } from 'react';

/** A value that tells when it changes. */
export class Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.watched();
    return () => {
      this.#listeners.delete(listener);
    };
  };

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Somebody looks, after nobody did. */
  protected watched(): void {
    // a plain value has nothing to do
  }
}

export type Load<T> =
  | { readonly state: 'loading'; readonly value?: T }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly value?: T; readonly error: unknown };

/** Something from the server, asked for once somebody looks; what was there stays while it is asked for again. */
export class Loaded<T> extends Store<Load<T>> {
  #turn = 0;

  constructor(private readonly load: () => Promise<T>) {
    super({ state: 'loading' });
  }

  readonly reload = async (): Promise<void> => {
    const turn = ++this.#turn;
    const before = this.get().value;
    const kept = before === undefined ? {} : { value: before };
    if (this.get().state === 'failed') this.set({ state: 'loading', ...kept });
    try {
      const value = await this.load();
      if (turn === this.#turn) this.set({ state: 'ready', value });
    } catch (error) {
      if (turn === this.#turn) this.set({ state: 'failed', error, ...kept });
    }
  };

  /** Ask again, but only if anybody has asked before. */
  refresh(): void {
    if (this.#turn > 0) void this.reload();
  }

  protected override watched(): void {
    if (this.#turn === 0) void this.reload();
  }
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}
