import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import type { PartitionInfo } from './client-metadata.ts';
import { StickyPartitioner } from './sticky-partitioner.ts';

const partitions = [0, 1, 2].map(
  (partition): PartitionInfo => ({
    partition,
    leader: 1,
    leaderEpoch: 0,
    replicas: [1],
    isr: [1],
    offlineReplicas: [],
    error: 'NONE',
  }),
);
const options = { stickyBytes: 100, isAdaptive: true };

test('it stays with a partition until a batch is full and enough bytes went there', () => {
  const partitioner = new StickyPartitioner(new SeededRandom(1), options);
  const first = partitioner.current(partitions, () => 0);
  for (let i = 0; i < 3; i++) {
    partitioner.produced(40, false);
    expect(partitioner.current(partitions, () => 0)).toBe(first);
  }
  const drawn = new Set<number>();
  for (let i = 0; i < 50; i++) {
    partitioner.produced(100, true);
    drawn.add(partitioner.current(partitions, () => 0));
  }
  expect([...drawn].sort()).toEqual([0, 1, 2]);
});

test('twice the bytes are enough without a full batch', () => {
  const partitioner = new StickyPartitioner(new SeededRandom(3), options);
  const seen = new Set<number>();
  for (let i = 0; i < 40; i++) {
    seen.add(partitioner.current(partitions, () => 0));
    partitioner.produced(200, false);
  }
  expect(seen.size).toBe(3);
});

test('a partition with a long queue is drawn less often (KIP-794)', () => {
  const partitioner = new StickyPartitioner(new SeededRandom(5), options);
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) {
    const partition = partitioner.current(partitions, (each) => (each === 0 ? 9 : 0));
    counts[partition] = (counts[partition] ?? 0) + 1;
    partitioner.produced(200, true);
  }
  // Weights 1, 10, 10.
  expect(counts[0]).toBeLessThan(250);
  expect(counts[1]).toBeGreaterThan(1200);
});

test('a partition without a leader is not drawn', () => {
  const [first, ...rest] = partitions;
  const leaderless = [{ ...first!, leader: -1 }, ...rest];
  const partitioner = new StickyPartitioner(new SeededRandom(2), options);
  for (let i = 0; i < 100; i++) {
    expect(partitioner.current(leaderless, () => 0)).not.toBe(0);
    partitioner.produced(200, true);
  }
});
