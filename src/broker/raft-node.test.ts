import { expect, test } from 'vitest';
import { RaftCluster } from '../testing/raft/raft-cluster.ts';

async function startedCluster(properties?: Readonly<Record<string, string>>): Promise<RaftCluster> {
  const cluster = new RaftCluster([1, 2, 3], properties);
  for (const id of [1, 2, 3]) await cluster.start(id);
  await cluster.untilLeader();
  return cluster;
}

/** The log before the newest snapshot goes as soon as there is another one. */
const newestSnapshotOnly = { 'metadata.max.retention.bytes': '0' };

test('three voters elect a leader over the wire and replicate what it appends', async () => {
  const cluster = await startedCluster();
  await cluster.commit('a');
  for (const id of [1, 2, 3]) expect(cluster.machine(id).heard).toEqual(['a']);
  expect(cluster.faults).toEqual([]);
});

test('when the leader is killed, another one leads well within three seconds and nothing is lost', async () => {
  const cluster = await startedCluster();
  await cluster.commit('a');
  const { quorum: first } = await cluster.untilLeader();
  cluster.crash(first.nodeId);
  const { quorum: second, tookMs } = await cluster.untilLeader(first.nodeId);
  expect(tookMs).toBeLessThan(2_500);
  await cluster.commit('b');
  await cluster.start(first.nodeId);
  await cluster.scheduler.advance(1_000);
  for (const id of [1, 2, 3]) expect(cluster.machine(id).heard).toEqual(['a', 'b']);
  expect(second.leaderAndEpoch.epoch).toBeGreaterThan(first.leaderAndEpoch.epoch);
  expect(cluster.faults).toEqual([]);
});

test('a leader that is stopped hands over at once', async () => {
  const cluster = await startedCluster();
  const { quorum: first } = await cluster.untilLeader();
  const stopping = cluster.stop(first.nodeId);
  const { tookMs } = await cluster.untilLeader(first.nodeId);
  await stopping;
  expect(tookMs).toBeLessThan(100);
});

test('a leader that was cut off loses what nobody else had and takes what the others committed', async () => {
  const cluster = await startedCluster();
  await cluster.commit('a');
  const { quorum: old } = await cluster.untilLeader();
  const others = [1, 2, 3].filter((id) => id !== old.nodeId);
  for (const id of others) cluster.network.cut(`worker${old.nodeId}`, `worker${id}`);
  old.append(old.leaderAndEpoch.epoch, [new TextEncoder().encode('lost')]);
  await cluster.untilLeader(old.nodeId);
  await cluster.commit('b');
  cluster.network.heal();
  await cluster.scheduler.advance(8_000);
  await cluster.commit('c');
  for (const id of [1, 2, 3]) expect(cluster.machine(id).heard).toEqual(['a', 'b', 'c']);
  expect(cluster.lines.join('\n')).toMatch(/Truncat/i);
  expect(cluster.faults).toEqual([]);
});

test('a leader says that a voter which comes up late is of another cluster', async () => {
  const cluster = new RaftCluster([1, 2, 3]);
  for (const id of [1, 2]) await cluster.start(id);
  const { quorum } = await cluster.untilLeader();
  await cluster.scheduler.advance(3_000);
  const said = () =>
    cluster.lines.filter((line) => line.includes(`id=${quorum.nodeId}]`)).join('\n');
  expect(said()).toContain('Connection to node 3 (worker3:9093) could not be established');
  await cluster.start(3, 'XkU3OEVBNTcwNTJENDM2Qg');
  await cluster.scheduler.advance(3_000);
  expect(said()).toContain(
    'Unexpected error INCONSISTENT_CLUSTER_ID in BEGIN_QUORUM_EPOCH response',
  );
});

test('an observer follows, and the leader describes it', async () => {
  const cluster = await startedCluster();
  await cluster.commit('a');
  await cluster.start(9);
  await cluster.scheduler.advance(2_000);
  await cluster.commit('b');
  expect(cluster.machine(9).heard).toEqual(['a', 'b']);
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  const described = cluster.leader?.describe({ topics }).topics[0]?.partitions[0];
  expect(described?.currentVoters.map(({ replicaId }) => replicaId)).toEqual([1, 2, 3]);
  expect(described?.observers).toMatchObject([{ replicaId: 9, logEndOffset: 3 }]);
});

test('an observer that is behind the start of the log fetches the snapshot in parts and then the log', async () => {
  const cluster = await startedCluster(newestSnapshotOnly);
  const big = 'x'.repeat(5_000);
  for (const value of [big, `${big}y`, 'z']) await cluster.commit(value);
  const { quorum } = await cluster.untilLeader();
  const values = [big, `${big}y`, 'z'].map((value) => new TextEncoder().encode(value));
  await quorum.createSnapshot(2, { lastContainedLogTimestampMs: 0, values: values.slice(0, 1) });
  await quorum.createSnapshot(4, { lastContainedLogTimestampMs: 0, values });
  await cluster.start(9);
  await cluster.scheduler.advance(2_000);
  await cluster.commit('after');
  expect(cluster.machine(9).heard.map((value) => value.length)).toEqual([5_000, 5_001, 1, 5]);
  expect(cluster.lines.some((line) => line.includes('after downloading its snapshot'))).toBe(true);
  expect(cluster.faults).toEqual([]);
});

test('a damaged snapshot is never installed; with a sound one the observer goes on', async () => {
  const cluster = await startedCluster(newestSnapshotOnly);
  for (const value of ['a', 'b']) await cluster.commit(value);
  const { quorum } = await cluster.untilLeader();
  const bytes = (text: string) => new TextEncoder().encode(text);
  const content = { lastContainedLogTimestampMs: 0, values: [bytes('a'), bytes('b')] };
  await quorum.createSnapshot(2, { ...content, values: [bytes('a')] });
  await quorum.createSnapshot(3, content);
  await cluster.damageSnapshot(quorum.nodeId);
  await cluster.start(9);
  await cluster.scheduler.advance(3_000);
  expect(cluster.machine(9).heard).toEqual([]);
  expect(cluster.lines.some((line) => /^ERROR .*\(offset=3, epoch=1\).*damaged/.test(line))).toBe(
    true,
  );
  await cluster.commit('c');
  const all = { ...content, values: [...content.values, bytes('c')] };
  await quorum.createSnapshot(4, all);
  await cluster.scheduler.advance(3_000);
  expect(cluster.machine(9).heard).toEqual(['a', 'b', 'c']);
  expect(cluster.faults).toEqual([]);
});
