/** Things loaded ahead by key: asked for once, kept while they are near. */
export class Prefetch<T> {
  readonly #load: (key: string) => Promise<T>;
  readonly #drop: (key: string, value: T) => unknown;
  readonly #loading = new Map<string, Promise<T>>();
  readonly #ready = new Map<string, T>();
  #wanted: ReadonlySet<string> | undefined;

  /** `drop` may answer false: then it is kept after all. */
  constructor(load: (key: string) => Promise<T>, drop: (key: string, value: T) => unknown) {
    this.#load = load;
    this.#drop = drop;
  }

  /** What is there already. */
  ready(key: string): T | undefined {
    return this.#ready.get(key);
  }

  get(key: string): Promise<T> {
    const ready = this.#ready.get(key);
    if (ready !== undefined) return Promise.resolve(ready);
    let loading = this.#loading.get(key);
    if (loading === undefined) this.#loading.set(key, (loading = this.#begin(key)));
    return loading;
  }

  /** Load these, one after another, and let go of all others. */
  keep(keys: readonly string[]): void {
    this.#wanted = new Set(keys);
    for (const [key, value] of this.#ready) this.#release(key, value);
    void this.#fetch(this.#wanted);
  }

  clear(): void {
    this.keep([]);
  }

  async #begin(key: string): Promise<T> {
    try {
      const value = await this.#load(key);
      this.#ready.set(key, value);
      return value;
    } finally {
      // What failed is asked for again the next time.
      this.#loading.delete(key);
    }
  }

  async #fetch(wanted: ReadonlySet<string>): Promise<void> {
    for (const key of wanted) {
      if (this.#wanted !== wanted) return;
      await this.get(key).catch(() => undefined);
    }
    for (const [key, value] of this.#ready) this.#release(key, value);
  }

  #release(key: string, value: T): void {
    if (this.#wanted?.has(key) === true || this.#drop(key, value) === false) return;
    this.#ready.delete(key);
  }
}
