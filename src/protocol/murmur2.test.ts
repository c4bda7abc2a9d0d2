import { expect, test } from 'vitest';
import { murmur2, partitionForKey } from './murmur2.ts';

const text = (value: string) => new TextEncoder().encode(value);

// From org.apache.kafka.common.utils.Utils.murmur2 of Kafka 3.8.0.
test.for([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
  ['', 275646681],
] as const)('murmur2 of %j is what Kafka computes', ([key, hash]) => {
  expect(murmur2(text(key))).toBe(hash);
});

test('a key goes to the partition of its hash without the sign', () => {
  expect(partitionForKey(text('21'), 3)).toBe((-973932308 & 0x7fffffff) % 3);
});
