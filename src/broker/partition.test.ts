import { expect, test } from 'vitest';
import type { AlterPartitionRequest } from '../protocol/schemas/56-alter-partition.ts';
import { batchOf, replicaLab as lab, labTopic } from '../testing/replication/replica-lab.ts';
import { FollowerState } from './follower-state.ts';
import { kafkaReplicationRules } from './replication-rules.ts';

/** What the controller says to a request for another ISR. */
function granted(request: AlterPartitionRequest, errorCode = 0, isr?: readonly number[]) {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    topics: request.topics.map(({ topicId, topicName, partitions }) => ({
      topicId,
      topicName,
      partitions: partitions.map((asked) => ({
        partitionIndex: asked.partitionIndex,
        errorCode,
        leaderId: 1,
        leaderEpoch: asked.leaderEpoch,
        isr: [...(isr ?? asked.newIsrWithEpochs.map(({ brokerId }) => brokerId))],
        leaderRecoveryState: 0,
        partitionEpoch: asked.partitionEpoch + 1,
      })),
    })),
  };
}

const inSync = (request: AlterPartitionRequest | undefined) =>
  request?.topics[0]?.partitions[0]?.newIsrWithEpochs.map(({ brokerId }) => brokerId);

test('an acknowledgement comes when the last of the in-sync replicas has the record', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2, 3], [1, 2, 3]);
  it.append(1, 'a');
  const answers: string[] = [];
  it.replica(1).awaitReplicated(1, (error) => answers.push(error));
  await it.settle();
  expect(answers).toEqual([]);
  await it.start(3);
  await it.settle();
  expect(answers).toEqual(['NONE']);
});

test('an acknowledgement that can no longer come says who leads no more', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a');
  const answers: string[] = [];
  it.replica(1).awaitReplicated(1, (error) => answers.push(error));
  await it.lead(2, [1, 2, 3]);
  expect(answers).toEqual(['NOT_LEADER_OR_FOLLOWER']);
});

test('a follower that is too slow is taken out, and counts until the controller agrees', async () => {
  const lines: string[] = [];
  const it = lab({ logger: { log: (_level, _source, line) => lines.push(line) } });
  await it.start(1, 2);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a');
  await it.advance(45_000);
  expect(inSync(it.proposals[0])).toEqual([1, 2]);
  const startedMs = it.clock.nowMs() - it.clock.monotonicMs();
  expect(lines).toContain(
    `[Partition orders-0 broker=1] Shrinking ISR from 1,2,3 to 1,2. Leader: (highWatermark: 0, endOffset: 1). Out of sync replicas: (brokerId: 3, endOffset: -1, lastCaughtUpTimeMs: ${startedMs}).`,
  );
  it.append(1, 'b');
  await it.settle();
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBe(2);
  expect(it.replica(1).highWatermark).toBe(0);
  expect(it.replica(1).isr).toEqual([1, 2, 3]);
  expect(it.proposals).toHaveLength(1);
});

test('the high watermark moves on when the controller has agreed to a shrink', async () => {
  const it = lab();
  it.onProposal = granted;
  await it.start(1, 2);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a');
  await it.advance(45_000);
  expect(it.replica(1).isr).toEqual([1, 2]);
  expect(it.replica(1).highWatermark).toBe(1);
});

test('a follower that joins is waited for before the controller has agreed', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2], [1]);
  await it.settle();
  expect(inSync(it.proposals[0])).toEqual([1, 2]);
  it.unreachable.add(1);
  // So long that nobody would wait for it if it were not about to join.
  await it.advance(45_000);
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(0);
});

test('a follower that is as far as those that join is waited for, although its turn has not come', async () => {
  const it = lab();
  await it.start(1, 2, 3);
  await it.createPartition([1, 2, 3], [1]);
  await it.settle();
  expect(inSync(it.proposals[0])).toEqual([1, 2]);
  it.crash(3);
  it.append(1, 'a');
  await it.settle();
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBe(1);
  expect(it.replica(1).highWatermark).toBe(0);
  await it.advance(31_000);
  it.append(1, 'b');
  await it.settle();
  expect(it.replica(1).highWatermark).toBe(2);
});

test('under a steady load a follower that has what there was at its last fetch is in sync', () => {
  const follower = new FollowerState(2);
  const source = { lastFetchMs: 0 };
  const fetches = [
    { nowMs: 0, fetchOffset: 0, leaderEndOffset: 10 },
    { nowMs: 1_000, fetchOffset: 10, leaderEndOffset: 20 },
    { nowMs: 2_000, fetchOffset: 19, leaderEndOffset: 30 },
    { nowMs: 3_000, fetchOffset: 30, leaderEndOffset: 40 },
  ];
  const caughtUpMs = fetches.map((fetch) => {
    follower.record({ ...fetch, logStartOffset: 0, brokerEpoch: 1, source });
    return follower.lastCaughtUpMs;
  });
  expect(caughtUpMs).toEqual([Number.NEGATIVE_INFINITY, 0, 0, 2_000]);
});

test('an idle follower joins as soon as the image says that nobody else is joining', async () => {
  const it = lab();
  const invalidUpdateVersion = 95;
  it.onProposal = (request) => granted(request, invalidUpdateVersion);
  await it.start(1, 2, 3);
  await it.createPartition([1, 2, 3], [1]);
  await it.settle();
  expect(it.proposals.map(inSync)).toEqual([[1, 2]]);
  const message = { partitionId: 0, topicId: it.topicId, isr: [1, 2] };
  await it.write({ kind: 'PartitionChangeRecord', version: 1, message });
  expect(it.proposals.map(inSync)).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});

test('a refused newcomer is proposed again', async () => {
  const it = lab();
  let refusals = 2;
  it.onProposal = (request) => granted(request, refusals-- > 0 ? 107 : 0);
  await it.start(1, 2);
  await it.createPartition([1, 2], [1]);
  await it.advance(5_000);
  expect(it.replica(1).isr).toEqual([1, 2]);
  expect(it.proposals).toHaveLength(3);
});

test('an answer for an older state of the partition changes nothing', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2], [1]);
  await it.settle();
  const [request] = it.proposals;
  const partition = it.replica(1);
  const proposed = partition.isrState;
  const answer = () =>
    partition.onIsrAnswer(proposed, {
      kind: 'changed',
      leaderEpoch: 0,
      committed: { isr: inSync(request) ?? [], leaderRecoveryState: 0, partitionEpoch: 1 },
    });
  // The leader and its epoch stay: only the partition's epoch says that the answer is out of date.
  const message = { partitionId: 0, topicId: it.topicId, isr: [1] };
  const change = { kind: 'PartitionChangeRecord', version: 1, message } as const;
  await it.write(change, change);
  answer();
  expect(partition.isr).toEqual([1]);
});

test('a broker that has restarted since it fetched is not taken for the one that was caught up', async () => {
  const it = lab();
  const invalidUpdateVersion = 95;
  it.onProposal = (request) => granted(request, invalidUpdateVersion);
  await it.start(1, 2);
  await it.createPartition([1, 2], [1]);
  await it.settle();
  const [first] = it.proposals;
  it.unreachable.add(1);
  it.crash(2);
  await it.lead(1, [1]);
  await it.start(2);
  await it.advance(1_000);
  expect(it.proposals).toEqual([first]);
  it.unreachable.clear();
  await it.advance(2_000);
  const epochs = it.proposals.map(
    ({ topics }) => topics[0]?.partitions[0]?.newIsrWithEpochs[1]?.brokerEpoch ?? 0,
  );
  expect(epochs).toHaveLength(2);
  expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
});

test('an idle follower is not out of sync the moment that something is written', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  it.append(1, 'a');
  await it.advance(59_990);
  it.append(1, 'b');
  it.replica(1).maybeShrinkIsr();
  await it.settle();
  expect(it.proposals).toEqual([]);
  expect(it.replica(1).highWatermark).toBe(2);
});

test('what fewer than min.insync.replicas have is not shown to anybody, until there are enough again', async () => {
  const it = lab();
  it.onProposal = granted;
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  await it.configure('min.insync.replicas', '2');
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(0);
  await it.start(2);
  await it.advance(1_000);
  expect(it.replica(1).isr).toEqual([1, 2]);
  expect(it.replica(1).highWatermark).toBe(1);
});

test('a record that is in all in-sync replicas while they have become too few is acknowledged with an error', async () => {
  const it = lab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(1);
  await it.configure('min.insync.replicas', '2');
  const answers: string[] = [];
  it.replica(1).awaitReplicated(1, (error) => answers.push(error));
  expect(answers).toEqual(['NOT_ENOUGH_REPLICAS_AFTER_APPEND']);
  expect(it.replica(1).isAcknowledged(1)).toBe(false);
});

test('acks=all is refused before anything is written where the in-sync replicas are too few', async () => {
  const it = lab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  await it.configure('min.insync.replicas', '2');
  const append = (acks: number) =>
    it.replicas(1).append(it.replica(1), batchOf('a'), { acks, origin: 'client' });
  expect(append(-1)).toMatchObject({ kind: 'error', errorCode: 'NOT_ENOUGH_REPLICAS' });
  expect(it.replica(1).log.logEndOffset).toBe(0);
  expect(append(1)).toMatchObject({ kind: 'appended' });
});

test('more replicas than there are need not be in sync', async () => {
  const it = lab();
  await it.start(1);
  await it.createPartition([1]);
  await it.configure('min.insync.replicas', '2');
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(1);
});

test('a process leads nothing by metadata from before its own registration', async () => {
  const it = lab();
  await it.start(1);
  await it.createPartition([1]);
  it.crash(1);
  await it.startUnregistered(1);
  await it.lead(1, [1]);
  expect(it.replicas(1).local(labTopic, 0)).toBeUndefined();
  it.crash(1);
  await it.start(1);
  expect(it.replica(1).isLeader).toBe(true);
});

test('KIP-841: a broker that is fenced does not join, and joins when it is back in service', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.setFenced(2, true);
  await it.createPartition([1, 2], [1]);
  await it.advance(2_000);
  expect(it.proposals).toEqual([]);
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(1);
  await it.setFenced(2, false);
  await it.settle();
  expect(inSync(it.proposals[0])).toEqual([1, 2]);
});

test('KIP-903: fetches of a process whose broker has registered anew since count for nothing', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2], [1]);
  await it.settle();
  it.proposals.splice(0);
  await it.replaceRegistration(2);
  await it.lead(1, [1]);
  it.append(1, 'a');
  await it.advance(2_000);
  expect(it.proposals).toEqual([]);
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBeLessThan(1);
});

test('a follower joins when it has what there was before its leader began, not when it has what was committed', async () => {
  const it = lab({ properties: { 'replica.fetch.max.bytes': '1' } });
  await it.start(1, 2);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a', 'b', 'c');
  await it.settle();
  it.crash(1);
  await it.lead(2, [1, 2]);
  expect(it.replica(2).highWatermark).toBe(0);
  const ends: number[] = [];
  it.onProposal = (request) => {
    ends.push(it.replica(2).followers.get(3)?.logEndOffset ?? -1);
    return granted(request);
  };
  await it.start(3);
  await it.advance(1_000);
  expect(ends).toEqual([3]);
});

test('a follower joins when it has all that is committed', async () => {
  const it = lab({ properties: { 'replica.fetch.max.bytes': '1' } });
  const ends: number[] = [];
  it.onProposal = (request) => {
    ends.push(it.replica(1).followers.get(2)?.logEndOffset ?? -1);
    return granted(request);
  };
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  it.append(1, 'a', 'b', 'c');
  await it.start(2);
  await it.advance(1_000);
  expect(ends).toEqual([3]);
});

test('a replica that has not asked its new leader for anything holds up nobody', async () => {
  const it = lab();
  await it.start(1, 2);
  it.unreachable.add(1);
  await it.createPartition([1, 2]);
  const message = { partitionId: 0, topicId: it.topicId, isr: [1] };
  await it.write({ kind: 'PartitionChangeRecord', version: 1, message });
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(1);
});

test('a leader that missed another one in between knows nothing of its followers any more', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  it.append(1, 'a');
  await it.settle();
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBe(1);
  it.unreachable.add(1);
  const leads = (leader: number) => {
    const message = { partitionId: 0, topicId: it.topicId, leader };
    return { kind: 'PartitionChangeRecord', version: 1, message } as const;
  };
  await it.write(leads(1));
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBe(1);
  await it.write(leads(2), leads(1));
  expect(it.replica(1).followers.get(2)?.logEndOffset).toBe(-1);
});

test('KIP-320: who knows another leader epoch is told so', async () => {
  const it = lab();
  await it.start(1);
  await it.createPartition([1]);
  await it.lead(1, [1]);
  const told = [-1, 0, 1, 2].map((epoch) => it.replica(1).checkLeaderEpoch(epoch));
  expect(told).toEqual(['NONE', 'FENCED_LEADER_EPOCH', 'NONE', 'UNKNOWN_LEADER_EPOCH']);
});

test('the rule that is broken answers before the followers have the record', async () => {
  const rules = { ...kafkaReplicationRules, isReplicated: () => true };
  const it = lab({ rules });
  await it.start(1);
  await it.createPartition([1, 2]);
  it.append(1, 'a');
  const answers: string[] = [];
  it.replica(1).awaitReplicated(1, (error) => answers.push(error));
  expect(answers).toEqual(['NONE']);
  expect(it.replica(1).highWatermark).toBe(0);
});
