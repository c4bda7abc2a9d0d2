import { expect, test } from 'vitest';
import {
  batchOf,
  replicaLab as lab,
  labTopic,
  type ReplicaLab,
  type ReplicaLabOptions,
} from '../testing/replication/replica-lab.ts';
import { kafkaReplicationRules } from './replication-rules.ts';

/** Broker 1 leads, broker 2 follows, both have the values; only 1 has heard that they are committed. */
async function replicated(...values: string[]) {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  it.append(1, ...values);
  await it.settle();
  return it;
}

test('a follower copies its leader and knows how far the leader is committed', async () => {
  const it = await replicated('a', 'b');
  expect(await it.logOf(2)).toEqual(['0:a', '0:b']);
  expect(it.replica(1).highWatermark).toBe(2);
  await it.advance(500);
  expect(it.replica(2).highWatermark).toBe(2);
});

/** KIP-101, scenario 1: a follower that restarts with a high watermark from before must not cut what was acknowledged. */
async function highWatermarkTruncation(options: ReplicaLabOptions) {
  const it = lab(options);
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  it.append(1, 'm1', 'm2');
  await it.settle();
  // Both have both, and the leader says that they are committed; the follower has not heard of that yet.
  expect(it.replica(1).highWatermark).toBe(2);
  expect(it.replica(2).highWatermark).toBeLessThan(2);
  it.crash(2);
  it.unreachable.add(1);
  await it.start(2);
  it.crash(1);
  it.unreachable.clear();
  await it.lead(2, [1, 2]);
  await it.start(1);
  await it.advance(2_000);
  return { leader: await it.logOf(2), follower: await it.logOf(1) };
}

test('KIP-101 scenario 1: a restarted follower keeps what its old leader acknowledged, and leads with it', async () => {
  const { leader, follower } = await highWatermarkTruncation({});
  expect(leader).toEqual(['0:m1', '0:m2']);
  expect(follower).toEqual(leader);
});

test('KIP-101 scenario 1: truncation by high watermark loses it', async () => {
  const rules = { ...kafkaReplicationRules, truncation: 'by-high-watermark' } as const;
  const { leader } = await highWatermarkTruncation({ rules });
  expect(leader).not.toEqual(['0:m1', '0:m2']);
});

test('what a follower has heard to be committed stays so under a leader that has not heard of it yet', async () => {
  const it = lab();
  await it.start(1, 2, 3);
  await it.createPartition([1, 2, 3]);
  it.append(1, 'a');
  await it.advance(1_000);
  expect(it.replica(2).highWatermark).toBe(1);
  it.crash(1);
  it.unreachable.add(3);
  await it.lead(3, [1, 2, 3]);
  it.append(3, 'b');
  // As if it had been elected before it heard of the last high watermark.
  it.replica(3).log.updateHighWatermark(0);
  it.unreachable.clear();
  await it.advance(1_000);
  expect(it.replica(3).highWatermark).toBe(0);
  expect(await it.logOf(2)).toEqual(['0:a', '1:b']);
  expect(it.replica(2).highWatermark).toBe(1);
});

test('a follower is committed no further than its own log goes', async () => {
  const it = lab({ properties: { 'replica.fetch.max.bytes': '1' } });
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  it.append(1, 'a', 'b', 'c');
  expect(it.replica(1).highWatermark).toBe(3);
  it.unreachable.add(1);
  await it.start(2);
  const seen: (readonly [number, number])[] = [];
  const watch = () => seen.push([it.replica(2).highWatermark, it.replica(2).log.logEndOffset]);
  it.replica(2).watchers.add({ onLogEnd: watch, onHighWatermark: watch, onState: watch });
  it.unreachable.clear();
  await it.advance(2_000);
  expect(it.replica(2).highWatermark).toBe(3);
  for (const [highWatermark, logEndOffset] of seen)
    expect(highWatermark).toBeLessThanOrEqual(logEndOffset);
  expect(seen.length).toBeGreaterThan(2);
});

test('KIP-101 scenario 2: a log that parted from its new leader at the same offset is cut where it parted', async () => {
  const it = await replicated('m1');
  it.crash(2);
  it.append(1, 'm2');
  it.crash(1);
  await it.start(2);
  await it.lead(2, [2]);
  it.append(2, 'm3');
  await it.start(1);
  await it.advance(2_000);
  expect(await it.logOf(2)).toEqual(['0:m1', '1:m3']);
  expect(await it.logOf(1)).toEqual(['0:m1', '1:m3']);
});

test('KIP-279: a follower with an epoch that its leader never had is cut to where the last common one ended', async () => {
  const it = await replicated('m0');
  // Quick failovers: 2 writes in epoch 1, 1 in epoch 2, neither hears of the other.
  it.crash(1);
  await it.lead(2, [2]);
  it.append(2, 'm1', 'm2', 'm3');
  it.crash(2);
  await it.start(1);
  await it.lead(1, [1]);
  it.append(1, 'n1', 'n2');
  await it.start(2);
  await it.advance(2_000);
  expect(await it.logOf(1)).toEqual(['0:m0', '2:n1', '2:n2']);
  expect(await it.logOf(2)).toEqual(['0:m0', '2:n1', '2:n2']);
  expect(it.replica(2).log.epochs.entries).toEqual(it.replica(1).log.epochs.entries);
});

test('KIP-279: where the leader has an epoch that the follower never had, they compare once more', async () => {
  const it = await replicated('m0');
  it.crash(1);
  await it.lead(2, [2]); // 1
  it.append(2, 'x1', 'x2');
  it.crash(2);
  await it.start(1);
  await it.lead(1, [1]); // 2
  it.append(1, 'y1', 'y2', 'y3', 'y4');
  it.crash(1);
  await it.start(2);
  await it.lead(2, [2]); // 3
  it.append(2, 'x3');
  it.crash(2);
  await it.start(1);
  await it.lead(1, [1]); // 4
  it.append(1, 'y5');
  await it.start(2);
  await it.advance(5_000);
  const all = ['0:m0', '2:y1', '2:y2', '2:y3', '2:y4', '4:y5'];
  expect(await it.logOf(1)).toEqual(all);
  expect(await it.logOf(2)).toEqual(all);
});

test("KIP-101: a follower whose part of an epoch is shorter than its leader's is cut where its own part ended", async () => {
  const it = await replicated('a');
  it.crash(2);
  it.append(1, 'b', 'c');
  it.crash(1);
  await it.start(2);
  await it.lead(2, [2]);
  it.append(2, 'x');
  it.crash(2);
  await it.start(1);
  // It need not write anything: its epoch counts from when it began.
  await it.lead(1, [1]);
  await it.start(2);
  await it.advance(2_000);
  expect(await it.logOf(2)).toEqual(['0:a', '0:b', '0:c']);
});

test('a follower that is longer than a leader which cannot compare epochs is cut to its length', async () => {
  const it = await replicated('a', 'b');
  it.crash(2);
  const { log } = it.replica(1);
  await log.truncateTo(1);
  log.epochs.clear();
  await it.start(2);
  await it.advance(2_000);
  expect(await it.logOf(2)).toEqual(['0:a']);
});

test('a leader that wrote nothing in its epoch follows the next one', async () => {
  const it = await replicated('a');
  await it.lead(2, [1, 2]);
  await it.lead(1, [1, 2]);
  it.append(1, 'b');
  await it.advance(2_000);
  expect(await it.logOf(2)).toEqual(['0:a', '2:b']);
  expect(it.replica(1).highWatermark).toBe(2);
});

test('a follower that was away for longer than records are kept begins where its leader does', async () => {
  const it = await replicated('a');
  it.crash(2);
  it.append(1, 'b', 'c', 'd');
  it.replica(1).log.raiseLogStartOffset(3);
  await it.start(2);
  await it.advance(2_000);
  expect(await it.logOf(2)).toEqual(['0:d']);
  expect(it.replica(2).logStartOffset).toBe(3);
});

test('a follower that begins within a batch, because the records before were deleted, takes the whole batch', async () => {
  const it = lab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  it.replica(1).append(batchOf('a', 'b', 'c'), 'client');
  expect(it.replica(1).deleteRecords(2)).toBe(true);
  await it.start(2);
  await it.advance(2_000);
  const { log } = it.replica(2);
  expect([log.logStartOffset, log.logEndOffset]).toEqual([2, 3]);
  it.append(1, 'd');
  await it.advance(1_000);
  expect((await it.logOf(2)).slice(-1)).toEqual(['0:d']);
  expect(it.proposals[0]?.topics[0]?.partitions[0]?.newIsrWithEpochs).toHaveLength(2);
});

test('a follower takes over how far its leader has deleted records', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  it.append(1, 'a', 'b', 'c');
  await it.advance(1_000);
  it.replica(1).log.raiseLogStartOffset(2);
  it.append(1, 'd');
  await it.advance(1_000);
  expect(it.replica(2).logStartOffset).toBe(2);
});

test('deleted records are deleted everywhere when the answer comes', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  it.append(1, 'a', 'b', 'c');
  await it.advance(1_000);
  expect(it.replica(1).deleteRecords(2)).toBe(true);
  await it.settle();
  expect(it.replica(2).logStartOffset).toBe(2);
  expect(it.replicas(1).lowWatermarkOf(it.replica(1))).toBe(2);
});

test('a follower that is out of service keeps nobody from saying that records are deleted', async () => {
  const it = await replicated('a', 'b');
  it.unreachable.add(1);
  expect(it.replica(1).deleteRecords(2)).toBe(true);
  await it.advance(1_000);
  expect(it.replicas(1).lowWatermarkOf(it.replica(1))).toBe(0);
  await it.setFenced(2, true);
  expect(it.replicas(1).lowWatermarkOf(it.replica(1))).toBe(2);
});

/** The replica on one side of the move is throttled to so many bytes a second (KIP-73). */
async function throttle(it: ReplicaLab, side: string, bytesPerSecond: number): Promise<void> {
  const broker = side === 'leader' ? '1' : '2';
  const set = (resourceType: number, resourceName: string, name: string, value: string) => {
    const message = { resourceType, resourceName, name, value };
    return { kind: 'ConfigRecord', version: 0, message } as const;
  };
  await it.write(
    set(4, broker, `${side}.replication.throttled.rate`, `${bytesPerSecond}`),
    set(2, labTopic, `${side}.replication.throttled.replicas`, `0:${broker}`),
  );
}

test.for(['leader', 'follower'])(
  'a throttled %s lets a replica catch up at its rate',
  async (side) => {
    const it = lab({ properties: { 'replica.fetch.max.bytes': '10000' } });
    await it.start(1);
    await it.createPartition([1, 2], [1]);
    const value = 'x'.repeat(5_000);
    for (let i = 0; i < 60; i++) it.append(1, value);
    await throttle(it, side, 50_000);
    await it.start(2);
    await it.advance(2_000);
    const early = it.replica(2).log.sizeBytes;
    expect(early).toBeGreaterThan(20_000);
    expect(early).toBeLessThan(160_000);
    await it.advance(8_000);
    expect(it.replica(2).log.logEndOffset).toBe(60);
  },
);

test.for(['leader', 'follower'])(
  'a throttled %s holds back no replica that is in sync: acks=all would wait for it',
  async (side) => {
    const it = lab();
    await it.start(1, 2);
    await it.createPartition([1, 2]);
    await throttle(it, side, 1_000);
    for (let i = 0; i < 10; i++) {
      it.append(1, 'x'.repeat(5_000));
      await it.advance(100);
    }
    expect(it.replica(1).highWatermark).toBe(10);
  },
);

test('a follower that nobody has placed here yet is told to come again', async () => {
  const it = lab();
  await it.start(1, 2, 3);
  await it.createPartition([1, 2]);
  it.append(1, 'a');
  await it.write({
    kind: 'PartitionChangeRecord',
    version: 1,
    message: {
      partitionId: 0,
      topicId: it.topicId,
      replicas: [1, 2, 3],
      addingReplicas: [3],
      directories: ['', '', ''].map(() => 'AAAAAAAAAAAAAAAAAAAAAA'),
    },
  });
  await it.advance(1_000);
  expect(await it.logOf(3)).toEqual(['0:a']);
  const asked = it.proposals.at(-1)?.topics[0]?.partitions[0]?.newIsrWithEpochs;
  expect(asked?.map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
});

test('a replica that is moved to other brokers is deleted here', async () => {
  const it = await replicated('a');
  const { folder } = it.replica(2).log;
  await it.write({
    kind: 'PartitionChangeRecord',
    version: 1,
    message: {
      partitionId: 0,
      topicId: it.topicId,
      replicas: [1],
      isr: [1],
      directories: ['AAAAAAAAAAAAAAAAAAAAAA'],
    },
  });
  expect(it.replicas(2).local(labTopic, 0)).toBeUndefined();
  expect(await it.files(2).stat(folder)).toBeUndefined();
  expect(it.replica(1).highWatermark).toBe(1);
});

test('a topic that was deleted while a broker was away is gone from its disk when it is back', async () => {
  const it = lab();
  await it.start(1, 2);
  await it.createPartition([1, 2]);
  const { folder } = it.replica(2).log;
  it.crash(2);
  await it.write({ kind: 'RemoveTopicRecord', version: 0, message: { topicId: it.topicId } });
  await it.start(2);
  expect(await it.files(2).stat(folder)).toBeUndefined();
});

test('a leader that does not say where its log begins holds up no change of leadership', async () => {
  const it = await replicated('a');
  it.crash(2);
  it.append(1, 'b', 'c');
  it.replica(1).log.raiseLogStartOffset(3);
  it.silentAboutOffsets.add(1);
  await it.start(2);
  await it.advance(1_000);
  await it.lead(2, [2]);
  expect(it.replica(2).isLeader).toBe(true);
});
