import { expect, test } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

test('the same seed gives the same sequence, another seed another', () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 8 }, () => random.uint32());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(1)).toMatchInlineSnapshot(`
    [
      287317652,
      3844763798,
      2725124882,
      3606935424,
      3903488285,
      2928387139,
      2139442858,
      2515957322,
    ]
  `);
});

test('integers spread over the whole range', () => {
  const random = new SeededRandom(42);
  const buckets = new Uint32Array(16);
  for (let i = 0; i < 16_000; i++) buckets[random.uint32() >>> 28]!++;
  expect(Math.min(...buckets)).toBeGreaterThan(850);
  expect(Math.max(...buckets)).toBeLessThan(1150);
});

test('bytes have the length asked for', () => {
  const random = new SeededRandom(3);
  expect(random.bytes(0).length).toBe(0);
  expect(random.bytes(7).length).toBe(7);
  expect(new Set(random.bytes(1000)).size).toBeGreaterThan(200);
});
