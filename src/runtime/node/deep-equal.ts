/** `util.isDeepStrictEqual`. Simplified: no cyclic values, no own symbols. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && b instanceof Error && a.message !== b.message) return false;
  if (a instanceof Map && b instanceof Map) return equalMaps(a, b);
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...a].every((item) => hasEqual(b, item));
  }
  return equalProperties(a as Record<string, unknown>, b as Record<string, unknown>);
}

function equalMaps(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return (
    a.size === b.size &&
    [...a].every(([key, value]) => b.has(key) && isDeepStrictEqual(value, b.get(key)))
  );
}

function hasEqual(set: ReadonlySet<unknown>, item: unknown): boolean {
  return set.has(item) || [...set].some((other) => isDeepStrictEqual(item, other));
}

function equalProperties(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isDeepStrictEqual(a[key], b[key]));
}
