/** A map over a base map that is copied at the first change and not before. */
export class CopyOnWriteMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  #copy: Map<K, V> | undefined;

  constructor(base: ReadonlyMap<K, V>) {
    this.#base = base;
  }

  /** The base itself while nothing has changed. */
  get current(): ReadonlyMap<K, V> {
    return this.#copy ?? this.#base;
  }

  get(key: K): V | undefined {
    return this.current.get(key);
  }

  set(key: K, value: V): void {
    this.#writable().set(key, value);
  }

  delete(key: K): boolean {
    return this.current.has(key) && this.#writable().delete(key);
  }

  #writable(): Map<K, V> {
    this.#copy ??= new Map(this.#base);
    return this.#copy;
  }
}
