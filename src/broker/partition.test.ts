import { expect, onTestFinished, test } from 'vitest';
import type { AlterPartitionRequest } from '../protocol/schemas/56-alter-partition.ts';
import { ReplicaLab, type ReplicaLabOptions } from '../testing/replication/replica-lab.ts';
import { kafkaReplicationRules } from './replication-rules.ts';

function lab(options: ReplicaLabOptions = {}): ReplicaLab {
  const started = new ReplicaLab(options);
  onTestFinished(() => {
    for (const id of [1, 2, 3]) started.crash(id);
  });
  return started;
}

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
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a');
  await it.advance(45_000);
  expect(inSync(it.proposals[0])).toEqual([1, 2]);
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
  await it.advance(1_000);
  it.append(1, 'a');
  expect(it.replica(1).highWatermark).toBe(0);
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
  await it.lead(1, [1]);
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
  await it.start(2);
  await it.lead(1, [1]);
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
  expect(it.proposals).toEqual([]);
  await it.settle();
  expect(it.replica(1).highWatermark).toBe(2);
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
