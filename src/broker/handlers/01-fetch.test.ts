import { expect, test } from 'vitest';
import { emptyImage } from '../../controller/metadata-image.ts';
import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import { decodeMessage, encodeMessage } from '../../protocol/codec.ts';
import { errorNameOf } from '../../protocol/error-codes.ts';
import { fetchRequest, type PartitionData } from '../../protocol/schemas/01-fetch.ts';
import { labTopic, type ReplicaLab, replicaLab } from '../../testing/replication/replica-lab.ts';
import { FetchSessionCache } from '../fetch-session.ts';
import type { RequestContext } from '../request-context.ts';
import { fetchRoute } from './01-fetch.ts';

interface Asked {
  readonly replicaId?: number;
  readonly fetchOffset: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}

/** What broker 1 answers to a Fetch v12 of the lab's partition. */
async function fetch(it: ReplicaLab, { replicaId = -1, ...position }: Asked) {
  const request = encodeMessage(fetchRequest, 12, {
    replicaId,
    maxWaitMs: 0,
    sessionEpoch: -1,
    topics: [
      { topic: labTopic, partitions: [{ partition: 0, partitionMaxBytes: 1e6, ...position }] },
    ],
  });
  const { clock } = it;
  const context = {
    apiVersion: 12,
    client: { listenerName: 'PLAINTEXT', onClose: () => () => undefined },
    broker: {
      replicas: it.replicas(1),
      fetchSessions: new FetchSessionCache({ clock, random: new SeededRandom(1) }, 1),
      controller: { image: emptyImage },
      config: { number: () => 1e6 },
      clock,
    },
  } as unknown as RequestContext;
  const outcome = await fetchRoute.handle(context, decodeMessage(fetchRequest, 12, request));
  const message = outcome.kind === 'response' ? outcome.message : {};
  const { responses } = message as { responses: { partitions: Partial<PartitionData>[] }[] };
  const answer = responses[0]?.partitions[0];
  return { error: errorNameOf(answer?.errorCode ?? -1), diverging: answer?.divergingEpoch };
}

test('a broker that has no replica is told whether to come again', async () => {
  const it = replicaLab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  const fromStart = { fetchOffset: 0 };
  // The newcomer may have heard of its assignment first, if it names the present leader's epoch.
  const early = await fetch(it, { ...fromStart, replicaId: 3, currentLeaderEpoch: 0 });
  expect(early.error).toBe('UNKNOWN_LEADER_EPOCH');
  const stranger = await fetch(it, { ...fromStart, replicaId: 3 });
  expect(stranger.error).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  expect((await fetch(it, { ...fromStart, replicaId: 2 })).error).toBe('NONE');
});

test('who knows another epoch of the leader is refused, as follower and as consumer', async () => {
  const it = replicaLab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  await it.lead(1, [1]);
  for (const replicaId of [-1, 2]) {
    const ask = (currentLeaderEpoch: number) =>
      fetch(it, { replicaId, fetchOffset: 0, currentLeaderEpoch });
    expect((await ask(0)).error).toBe('FENCED_LEADER_EPOCH');
    expect((await ask(1)).error).toBe('NONE');
    expect((await ask(2)).error).toBe('UNKNOWN_LEADER_EPOCH');
  }
});

test('a reader whose log parts from ours hears where, unless that is before our log begins', async () => {
  const it = replicaLab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  it.append(1, 'a', 'b', 'c', 'd');
  for (let epoch = 1; epoch <= 5; epoch++) await it.lead(1, [1]);
  it.append(1, 'e');
  const ask = (fetchOffset: number) =>
    fetch(it, { replicaId: 2, fetchOffset, lastFetchedEpoch: 3 });
  expect(await ask(2)).toEqual({ error: 'NONE', diverging: { epoch: 0, endOffset: 4 } });
  it.replica(1).log.raiseLogStartOffset(3);
  expect((await ask(2)).error).toBe('OFFSET_OUT_OF_RANGE');
  expect(await ask(3)).toEqual({ error: 'NONE', diverging: { epoch: 0, endOffset: 4 } });
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBe(-1);
});
