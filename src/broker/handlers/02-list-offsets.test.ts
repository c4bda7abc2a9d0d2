import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from '../../protocol/codec.ts';
import { errorNameOf } from '../../protocol/error-codes.ts';
import { listOffsetsRequest } from '../../protocol/schemas/02-list-offsets.ts';
import { labTopic, type ReplicaLab, replicaLab } from '../../testing/replication/replica-lab.ts';
import type { RequestContext } from '../request-context.ts';
import { listOffsetsRoute } from './02-list-offsets.ts';

const timestamps = { latest: -1, earliest: -2 } as const;

async function offsetOf(
  it: ReplicaLab,
  which: keyof typeof timestamps,
  { replicaId = -1, apiVersion = 7 } = {},
): Promise<number | string> {
  const asked = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: timestamps[which] };
  const request = encodeMessage(listOffsetsRequest, apiVersion, {
    replicaId,
    topics: [{ name: labTopic, partitions: [asked] }],
  });
  const context = { apiVersion, broker: { replicas: it.replicas(2) } } as unknown as RequestContext;
  const decoded = decodeMessage(listOffsetsRequest, apiVersion, request);
  const outcome = await listOffsetsRoute.handle(context, decoded);
  const message = outcome.kind === 'response' ? outcome.message : {};
  const { topics } = message as {
    topics: { partitions: { errorCode: number; offset: number }[] }[];
  };
  const { errorCode = -1, offset = -1 } = topics[0]?.partitions[0] ?? {};
  return errorCode === 0 ? offset : errorNameOf(errorCode);
}

test('KIP-207: a new leader names no end for consumers before it knows how far its predecessor had committed', async () => {
  const it = replicaLab();
  await it.start(1, 2);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a', 'b', 'c');
  await it.settle();
  it.crash(1);
  await it.lead(2, [2, 3]);
  expect(await offsetOf(it, 'latest')).toBe('OFFSET_NOT_AVAILABLE');
  expect(await offsetOf(it, 'latest', { apiVersion: 4 })).toBe('LEADER_NOT_AVAILABLE');
  expect(await offsetOf(it, 'earliest')).toBe(0);
  // Followers copy what there is, committed or not.
  expect(await offsetOf(it, 'latest', { replicaId: 3 })).toBe(3);
  await it.start(3);
  await it.advance(1_000);
  expect(await offsetOf(it, 'latest')).toBe(3);
});
