import { LayeredMap } from './layered-map.ts';

/** Up to here a copy costs next to nothing. */
const SMALL_SIZE = 128;

/** A map over a base map that is copied, or laid over where it is large, at the first change and not before. */
export class CopyOnWriteMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  #copy: Map<K, V> | LayeredMap<K, V> | undefined;

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

  #writable(): Map<K, V> | LayeredMap<K, V> {
    this.#copy ??= copyOf(this.#base);
    return this.#copy;
  }
}

function copyOf<K, V>(base: ReadonlyMap<K, V>): Map<K, V> | LayeredMap<K, V> {
  if (base.size <= SMALL_SIZE) return new Map(base);
  return base instanceof LayeredMap ? base.fork() : new LayeredMap(base);
}
