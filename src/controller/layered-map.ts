/** So many changes may lie on a layer, or the root of its size, before they are merged into it. */
const CHANGES_MIN = 64;

/**
 * A large map as a layer that nobody changes and the few changes on top of it, so that the next version
 * costs about the root of its size and not a copy. Iterates in the order that a plain map would have.
 */
export class LayeredMap<K, V> implements ReadonlyMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  /** New entries, and those of the base that have another value. */
  readonly #changed: Map<K, V>;
  /** Keys of the base that were removed, be they in `#changed` again. */
  readonly #removed: Set<K>;
  #size: number;

  /** Takes over `base`, which must not change any more. */
  constructor(base: ReadonlyMap<K, V>, changed = new Map<K, V>(), removed = new Set<K>()) {
    this.#base = base;
    this.#changed = changed;
    this.#removed = removed;
    this.#size = base.size - removed.size;
    for (const key of changed.keys()) if (!this.#isInPlace(key)) this.#size++;
  }

  get size(): number {
    return this.#size;
  }

  /** A map with the same entries that may be changed without changing this one. */
  fork(): LayeredMap<K, V> {
    const limit = Math.max(CHANGES_MIN, Math.sqrt(this.#base.size));
    if (limit < this.#changed.size + this.#removed.size) return new LayeredMap(new Map(this));
    return new LayeredMap(this.#base, new Map(this.#changed), new Set(this.#removed));
  }

  get(key: K): V | undefined {
    const changed = this.#changed.get(key);
    if (changed !== undefined || this.#changed.has(key)) return changed;
    return this.#removed.has(key) ? undefined : this.#base.get(key);
  }

  has(key: K): boolean {
    return this.#changed.has(key) || this.#isInPlace(key);
  }

  /** Only while nobody else has this version. */
  set(key: K, value: V): void {
    if (!this.has(key)) this.#size++;
    this.#changed.set(key, value);
  }

  /** Only while nobody else has this version. */
  delete(key: K): boolean {
    if (!this.has(key)) return false;
    this.#size--;
    this.#changed.delete(key);
    if (this.#base.has(key)) this.#removed.add(key);
    return true;
  }

  *entries(): Generator<[K, V], undefined> {
    for (const [key, value] of this.#base) {
      if (this.#removed.has(key)) continue;
      const changed = this.#changed.get(key);
      yield [key, changed ?? value];
    }
    for (const entry of this.#changed) if (!this.#isInPlace(entry[0])) yield entry;
    return undefined;
  }

  *keys(): Generator<K, undefined> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  *values(): Generator<V, undefined> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  [Symbol.iterator](): Generator<[K, V], undefined> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  /** Whether an entry stands where the base has it. */
  #isInPlace(key: K): boolean {
    return this.#base.has(key) && !this.#removed.has(key);
  }
}
