import { expect, test } from 'vitest';
import type { PartitionReport } from './cluster-report.ts';
import type { ClusterSample, MetadataSample } from './cluster-sample.ts';
import { ClusterTimeline } from './cluster-timeline.ts';

function quorum(leaderId: number, epoch: number): ClusterSample['quorum'] {
  const replica = (nodeId: number) => ({
    nodeId,
    machine: `worker${nodeId}`,
    logEndOffset: 10,
    lag: 0,
    lastFetchAgoMs: 1,
    caughtUpAgoMs: 1,
  });
  const voters = [1, 2, 3].map(replica);
  return { leaderId, epoch, highWatermark: 10, voters, observers: [], rivals: [] };
}

function partition(topic: string, leader: number, isr: readonly number[]): PartitionReport {
  return {
    topic,
    partition: 0,
    leader,
    leaderEpoch: 1,
    replicas: [1, 2, 3],
    isr,
    offlineReplicas: [],
  };
}

function metadata(
  active: readonly number[],
  partitions: readonly PartitionReport[] = [],
): MetadataSample {
  const brokers = [1, 2, 3].map((brokerId) => ({
    brokerId,
    host: `worker${brokerId}`,
    port: 9_092,
    rack: null,
    isFenced: !active.includes(brokerId),
  }));
  return { from: 'worker1', clusterId: 'c', brokers, partitions, topics: partitions.length };
}

/** Events of a row of samples, each `everyMs` after the one before. */
function story(samples: readonly Partial<ClusterSample>[], everyMs = 100): readonly object[] {
  const timeline = new ClusterTimeline();
  return samples.flatMap((sample, at) =>
    timeline
      .take({
        atMs: at * everyMs,
        monotonicMs: at * everyMs,
        leaderGoneAtMs: undefined,
        isAnswered: true,
        quorum: undefined,
        metadata: undefined,
        offsets: new Map(),
        ...sample,
      })
      .map(({ atMs, ...change }) => ({ at: atMs, ...change })),
  );
}

test('a new leader is told with the time that there was none', () => {
  const samples = [
    { quorum: quorum(1, 4) },
    { quorum: quorum(1, 4) },
    {},
    {},
    {},
    { quorum: quorum(3, 6) },
  ];
  expect(story(samples)).toEqual([
    { at: 0, kind: 'leader-elected', nodeId: 1, epoch: 4, afterMs: undefined },
    { at: 200, kind: 'leader-lost', nodeId: 1, epoch: 4 },
    { at: 500, kind: 'leader-elected', nodeId: 3, epoch: 6, afterMs: 300 },
  ]);
});

test('an election is measured from the moment at which the leader’s connection broke', () => {
  const events = story([
    { quorum: quorum(1, 4) },
    { leaderGoneAtMs: 30 },
    { leaderGoneAtMs: 30 },
    { leaderGoneAtMs: 30, quorum: quorum(3, 6) },
  ]);
  expect(events.slice(1)).toEqual([
    { at: 100, kind: 'leader-lost', nodeId: 1, epoch: 4 },
    { at: 300, kind: 'leader-elected', nodeId: 3, epoch: 6, afterMs: 270 },
  ]);
});

test('an election that is over before the next question is measured all the same', () => {
  const events = story([
    { quorum: quorum(1, 4) },
    { leaderGoneAtMs: 40, quorum: quorum(2, 5) },
    { leaderGoneAtMs: 150, quorum: quorum(2, 5) },
  ]);
  expect(events.slice(1)).toEqual([
    { at: 100, kind: 'leader-elected', nodeId: 2, epoch: 5, afterMs: 60 },
  ]);
});

test('what began while nobody looked is not measured', () => {
  const timeline = new ClusterTimeline();
  const at = (atMs: number, sample: Partial<ClusterSample>) =>
    timeline.take({
      atMs,
      monotonicMs: atMs,
      leaderGoneAtMs: undefined,
      isAnswered: true,
      quorum: undefined,
      metadata: undefined,
      offsets: new Map(),
      ...sample,
    });
  at(0, { quorum: quorum(1, 4) });
  at(100, {});
  timeline.resume();
  expect(at(60_000, { quorum: quorum(2, 5) })).toEqual([
    { kind: 'leader-elected', nodeId: 2, epoch: 5, afterMs: undefined, atMs: 60_000 },
  ]);
});

test('a leader of an older epoch that does not know it yet is named once', () => {
  const rivals = [{ nodeId: 1, epoch: 4 }];
  const split = { ...quorum(2, 5), rivals } as ClusterSample['quorum'];
  const events = story([{ quorum: quorum(1, 4) }, { quorum: split }, { quorum: split }]);
  expect(events.slice(1)).toEqual([
    { at: 100, kind: 'leader-elected', nodeId: 2, epoch: 5, afterMs: undefined },
    { at: 100, kind: 'rival-leader', nodeId: 1, epoch: 4 },
  ]);
});

test('a broker that was fenced is active again after the time it was not', () => {
  const samples = [
    { metadata: metadata([1, 2, 3]) },
    { metadata: metadata([1, 2]) },
    {},
    { metadata: metadata([1, 2, 3]) },
  ];
  expect(story(samples).slice(3)).toEqual([
    { at: 100, kind: 'broker-fenced', nodeId: 3 },
    { at: 300, kind: 'broker-unfenced', nodeId: 3, afterMs: 200 },
  ]);
});

test('equal changes of many partitions are one event', () => {
  const topics = ['a', 'b', 'c'];
  const all = (leader: number, isr: readonly number[]) =>
    metadata(
      [1, 2, 3],
      topics.map((topic) => partition(topic, leader, isr)),
    );
  const samples = [
    { metadata: all(1, [1, 2, 3]) },
    { metadata: all(-1, [1]) },
    { metadata: all(2, [2, 1, 3]) },
  ];
  expect(story(samples).slice(3)).toEqual([
    { at: 100, kind: 'isr-shrunk', nodeId: 2, partitions: 3, example: 'a-0' },
    { at: 100, kind: 'isr-shrunk', nodeId: 3, partitions: 3, example: 'a-0' },
    { at: 100, kind: 'partitions-offline', partitions: 3, example: 'a-0' },
    { at: 200, kind: 'isr-grown', nodeId: 2, partitions: 3, example: 'a-0' },
    { at: 200, kind: 'isr-grown', nodeId: 3, partitions: 3, example: 'a-0' },
    { at: 200, kind: 'partitions-online', partitions: 3, example: 'a-0', afterMs: 100 },
  ]);
});

test('silence is told, and how long it lasted', () => {
  const silence = { isAnswered: false };
  const samples = [{ quorum: quorum(1, 1) }, silence, silence, { quorum: quorum(1, 2) }];
  expect(story(samples).slice(1)).toEqual([
    { at: 100, kind: 'nobody-answers' },
    { at: 100, kind: 'leader-lost', nodeId: 1, epoch: 1 },
    { at: 300, kind: 'answers-again', afterMs: 200 },
    { at: 300, kind: 'leader-elected', nodeId: 1, epoch: 2, afterMs: 200 },
  ]);
});
