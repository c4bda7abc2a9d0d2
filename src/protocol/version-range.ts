import type { VersionRange } from './schema.ts';

/** Whether `version` lies in `range`; in none when the range is absent. */
export function includesVersion(range: VersionRange | undefined, version: number): boolean {
  if (range === undefined) return false;
  const { first, last } = parseVersionRange(range);
  return first <= version && version <= last;
}

/** `last` is Infinity for open ranges like `3+`. */
function parseVersionRange(range: VersionRange): { first: number; last: number } {
  if (range.endsWith('+')) return { first: Number(range.slice(0, -1)), last: Infinity };
  const dash = range.indexOf('-');
  if (dash < 0) return { first: Number(range), last: Number(range) };
  return { first: Number(range.slice(0, dash)), last: Number(range.slice(dash + 1)) };
}
