import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { CopyOnWriteMap } from './copy-on-write-map.ts';

test('versions of a large map have the entries, the order and the size of a plain map, and never change', () => {
  const random = new SeededRandom(5);
  const plain = new Map<number, string>();
  let current: ReadonlyMap<number, string> = new Map();
  const kept: { readonly version: ReadonlyMap<number, string>; readonly entries: unknown }[] = [];
  for (let round = 0; round < 300; round++) {
    const next = new CopyOnWriteMap(current);
    for (let i = 0; i < 1 + (random.uint32() % 20); i++) {
      const key = random.uint32() % 1_000;
      if (random.uint32() % 4 === 0) {
        expect(next.delete(key)).toBe(plain.delete(key));
      } else {
        plain.set(key, `${round}-${i}`);
        next.set(key, `${round}-${i}`);
      }
    }
    current = next.current;
    if (round % 50 === 0) kept.push({ version: current, entries: [...plain] });
    expect(current.size).toBe(plain.size);
    const probe = random.uint32() % 1_000;
    expect([current.get(probe), current.has(probe)]).toEqual([plain.get(probe), plain.has(probe)]);
  }
  expect([...current]).toEqual([...plain]);
  expect([...current.keys()]).toEqual([...plain.keys()]);
  expect([...current.values()]).toEqual([...plain.values()]);
  for (const { version, entries } of kept) expect([...version.entries()]).toEqual(entries);
});
