import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import type { MessageInput } from '../protocol/schema.ts';
import { fetchRequest } from '../protocol/schemas/01-fetch.ts';
import { FetchSessionCache } from './fetch-session.ts';

function lab(slots = 10, partitionsMax?: number) {
  const clock = new VirtualClock();
  const cache = new FetchSessionCache({ clock, random: new SeededRandom(1) }, slots, partitionsMax);
  const ask = (input: MessageInput<typeof fetchRequest>) => {
    const bytes = encodeMessage(fetchRequest, 11, {
      maxWaitMs: 0,
      minBytes: 1,
      replicaId: -1,
      ...input,
    });
    return cache.contextFor(decodeMessage(fetchRequest, 11, bytes), false, () => '');
  };
  return { clock, cache, ask };
}

const orders = (fetchOffset: number) => [
  { topic: 'orders', partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000 }] },
];
const sent = {
  errorCode: 0,
  highWatermark: 5,
  logStartOffset: 0,
  recordBytes: 0,
  isDiverging: false,
  preferredReadReplica: -1,
};

test('a full fetch opens a session, the next one says only what changed', () => {
  const { ask } = lab();
  const first = ask({ sessionEpoch: 0, topics: orders(0) });
  if (first.kind !== 'full' || first.session === null) throw new TypeError('no session');
  const { sessionId } = first.session;
  const next = ask({ sessionId, sessionEpoch: 1, topics: [] });
  expect(next.kind).toBe('incremental');
  const moved = ask({ sessionId, sessionEpoch: 2, topics: orders(7) });
  if (moved.kind !== 'incremental') throw new TypeError('not incremental');
  expect([...moved.session.partitions.values()].map(({ fetchOffset }) => fetchOffset)).toEqual([7]);
});

test('a partition without news is left out, until there is some', () => {
  const { ask } = lab();
  const first = ask({ sessionEpoch: 0, topics: orders(0) });
  if (first.kind !== 'full' || first.session === null) throw new TypeError('no session');
  const [partition] = first.session.partitions.values();
  if (partition === undefined) throw new TypeError('no partition');
  expect(partition.noteSent(sent)).toBe(true);
  expect(partition.noteSent(sent)).toBe(false);
  expect(partition.noteSent({ ...sent, highWatermark: 6 })).toBe(true);
  expect(partition.noteSent({ ...sent, highWatermark: 6, errorCode: 6 })).toBe(true);
  expect(partition.noteSent({ ...sent, highWatermark: 6 })).toBe(true);
});

test('a wrong epoch and an unknown session are refused', () => {
  const { ask } = lab();
  const first = ask({ sessionEpoch: 0, topics: orders(0) });
  const sessionId = first.kind === 'full' ? (first.session?.sessionId ?? 0) : 0;
  expect(ask({ sessionId, sessionEpoch: 5, topics: [] })).toEqual({
    kind: 'error',
    errorCode: 'INVALID_FETCH_SESSION_EPOCH',
  });
  expect(ask({ sessionId: sessionId + 1, sessionEpoch: 1, topics: [] })).toEqual({
    kind: 'error',
    errorCode: 'FETCH_SESSION_ID_NOT_FOUND',
  });
});

test('forgetting the last partition ends the session', () => {
  const { ask, cache } = lab();
  const first = ask({ sessionEpoch: 0, topics: orders(0) });
  const sessionId = first.kind === 'full' ? (first.session?.sessionId ?? 0) : 0;
  const forgottenTopicsData = [{ topic: 'orders', partitions: [0] }];
  ask({ sessionId, sessionEpoch: 1, topics: [], forgottenTopicsData });
  expect(cache.size).toBe(0);
});

test('a full cache gives no session until the oldest was silent for two minutes', () => {
  const { ask, clock, cache } = lab(1);
  ask({ sessionEpoch: 0, topics: orders(0) });
  expect(ask({ sessionEpoch: 0, topics: orders(0) })).toMatchObject({
    kind: 'full',
    session: null,
  });
  clock.advance(120_001);
  expect(ask({ sessionEpoch: 0, topics: orders(0) })).not.toMatchObject({ session: null });
  expect(cache.size).toBe(1);
});

test('a session does not grow without end: it is taken back, or not given at all', () => {
  const { ask, cache } = lab(10, 3);
  const partitions = (...indexes: number[]) => [
    {
      topic: 'orders',
      partitions: indexes.map((partition) => ({
        partition,
        fetchOffset: 0,
        partitionMaxBytes: 1_000,
      })),
    },
  ];
  const first = ask({ sessionEpoch: 0, topics: partitions(0, 1) });
  const sessionId = first.kind === 'full' ? (first.session?.sessionId ?? 0) : 0;
  expect(ask({ sessionId, sessionEpoch: 1, topics: partitions(2) }).kind).toBe('incremental');
  expect(ask({ sessionId, sessionEpoch: 2, topics: partitions(3) })).toEqual({
    kind: 'error',
    errorCode: 'FETCH_SESSION_ID_NOT_FOUND',
  });
  expect(cache.size).toBe(0);
  expect(ask({ sessionEpoch: 0, topics: partitions(0, 1, 2, 3) })).toMatchObject({ session: null });
});

test('a follower takes the place of a consumer, and no consumer that of a follower', () => {
  const { ask, cache } = lab(1);
  const consumer = ask({ sessionEpoch: 0, topics: orders(0) });
  expect(consumer).not.toMatchObject({ session: null });
  const follower = ask({ replicaId: 2, sessionEpoch: 0, topics: orders(0) });
  expect(follower).toMatchObject({ session: { isFollower: true } });
  expect(cache.size).toBe(1);
  expect(ask({ sessionEpoch: 0, topics: orders(0) })).toMatchObject({ session: null });
  expect(ask({ replicaId: 3, sessionEpoch: 0, topics: orders(0) })).toMatchObject({
    session: null,
  });
});
