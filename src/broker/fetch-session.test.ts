import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import type { MessageInput } from '../protocol/schema.ts';
import { fetchRequest } from '../protocol/schemas/01-fetch.ts';
import { FetchSessionCache } from './fetch-session.ts';

function lab(slots = 10) {
  const clock = new VirtualClock();
  const cache = new FetchSessionCache({ clock, random: new SeededRandom(1) }, slots);
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
