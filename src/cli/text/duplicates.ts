/** What stands in a list more than once, each once, in the order of its second mention. */
export function duplicates<T>(items: readonly T[]): readonly T[] {
  const seen = new Set<T>();
  const twice = new Set<T>();
  for (const item of items) {
    if (seen.has(item)) twice.add(item);
    seen.add(item);
  }
  return [...twice];
}
