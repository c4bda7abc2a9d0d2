import { expect, test } from 'vitest';
import { readFile } from '../base/file-system.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../protocol/schemas/80-add-raft-voter.ts';
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../protocol/schemas/81-remove-raft-voter.ts';
import { RaftCluster } from '../testing/raft/raft-cluster.ts';
import { WireClient } from '../testing/wire-client.ts';

const add = { request: addRaftVoterRequest, response: addRaftVoterResponse, version: 0 };
const remove = { request: removeRaftVoterRequest, response: removeRaftVoterResponse, version: 0 };

async function dynamicCluster(voters: readonly number[]): Promise<RaftCluster> {
  const cluster = new RaftCluster(voters);
  for (const id of voters) await cluster.formatDynamic(id);
  for (const id of voters) await cluster.start(id);
  await cluster.untilLeader();
  return cluster;
}

/** A request to the leader's controller listener. */
async function administrator(cluster: RaftCluster): Promise<WireClient> {
  const { quorum } = await cluster.untilLeader();
  const address = { host: `worker${quorum.nodeId}`, port: 9093 };
  return cluster.run(WireClient.connect(cluster.network.host('admin'), address));
}

async function addVoter(cluster: RaftCluster, id: number): Promise<string> {
  const client = await administrator(cluster);
  const listeners = cluster.endpointsOf(id);
  const key = { voterId: id, voterDirectoryId: cluster.directoryOf(id) };
  const { clusterId } = RaftCluster;
  const request = { clusterId, timeoutMs: 5_000, ...key, listeners };
  const { errorCode } = await cluster.run(client.send(add, request));
  client.close();
  return errorNameOf(errorCode);
}

async function removeVoter(cluster: RaftCluster, id: number): Promise<string> {
  const client = await administrator(cluster);
  const key = { voterId: id, voterDirectoryId: cluster.directoryOf(id) };
  const request = { clusterId: RaftCluster.clusterId, ...key };
  const { errorCode } = await cluster.run(client.send(remove, request));
  client.close();
  return errorNameOf(errorCode);
}

function votersOf(cluster: RaftCluster, id: number): readonly number[] | undefined {
  return cluster.machine(id).node?.quorum.voterSet.map((voter) => voter.id);
}

test('a quorum grows from one voter to three, which find each other by what the log says', async () => {
  const cluster = await dynamicCluster([1]);
  await cluster.commit('alone');
  for (const id of [2, 3]) {
    await cluster.formatDynamic(id);
    await cluster.start(id);
    await cluster.scheduler.advance(3_000);
    expect(await addVoter(cluster, id)).toBe('NONE');
  }
  await cluster.scheduler.advance(1_000);
  for (const id of [1, 2, 3]) expect(votersOf(cluster, id)).toEqual([1, 2, 3]);
  // The first one may go now.
  cluster.crash(1);
  const { quorum } = await cluster.untilLeader(1);
  expect([2, 3]).toContain(quorum.nodeId);
  await cluster.commit('without the first');
  for (const id of [2, 3]) {
    expect(cluster.machine(id).heard).toEqual(['alone', 'without the first']);
  }
  expect(cluster.faults).toEqual([]);
});

test('the voters and quorum-state in its version 1 last over a restart of all', async () => {
  const cluster = await dynamicCluster([1, 2, 3]);
  await cluster.commit('a');
  const path = '/kafka-logs/__cluster_metadata-0/quorum-state';
  const state = await readFile(cluster.machine(1).files, path);
  expect(JSON.parse(new TextDecoder().decode(state))).toMatchObject({
    leaderEpoch: 1,
    votedDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
    data_version: 1,
  });
  for (const id of [1, 2, 3]) cluster.crash(id);
  for (const id of [1, 2, 3]) await cluster.start(id);
  await cluster.untilLeader();
  await cluster.commit('b');
  for (const id of [1, 2, 3]) {
    expect(votersOf(cluster, id)).toEqual([1, 2, 3]);
    expect(cluster.machine(id).heard).toEqual(['a', 'b']);
  }
});

test('a leader that is removed commits that, gives way at once and stands no more', async () => {
  const cluster = await dynamicCluster([1, 2, 3]);
  const { quorum: first } = await cluster.untilLeader();
  expect(await removeVoter(cluster, first.nodeId)).toBe('NONE');
  const { quorum: second, tookMs } = await cluster.untilLeader(first.nodeId);
  expect(tookMs).toBeLessThan(1_000);
  await cluster.scheduler.advance(10_000);
  expect(cluster.machine(first.nodeId).node?.quorum.role.kind).toBe('follower');
  const rest = [1, 2, 3].filter((id) => id !== first.nodeId);
  expect(second.voterSet.map(({ id }) => id)).toEqual(rest);
  await cluster.commit('after');
  expect(cluster.machine(first.nodeId).heard).toEqual(['after']);
});

test('a voter whose disk was lost is another one: it comes back by removing the old and adding the new', async () => {
  const cluster = await dynamicCluster([1, 2, 3]);
  await cluster.commit('a');
  const { quorum } = await cluster.untilLeader();
  const lost = quorum.nodeId === 3 ? 2 : 3;
  cluster.wipe(lost);
  const oldDirectory = cluster.directoryOf(lost);
  cluster.directoryOf = (id) => `${id === lost ? 'changed' : 'directo'}ry0000000000${id}AA`;
  await cluster.formatEmpty(lost);
  await cluster.start(lost);
  await cluster.scheduler.advance(3_000);
  expect(cluster.machine(lost).heard).toEqual(['a']);
  expect(await addVoter(cluster, lost)).toBe('DUPLICATE_VOTER');
  expect(await removeVoter(cluster, lost)).toBe('VOTER_NOT_FOUND');
  const newDirectory = cluster.directoryOf(lost);
  cluster.directoryOf = (id) => (id === lost ? oldDirectory : `directory0000000000${id}AA`);
  expect(await removeVoter(cluster, lost)).toBe('NONE');
  cluster.directoryOf = (id) => (id === lost ? newDirectory : `directory0000000000${id}AA`);
  expect(await addVoter(cluster, lost)).toBe('NONE');
  expect(cluster.faults).toEqual([]);
});

test('a snapshot names the voters, and a newcomer learns them from it', async () => {
  const cluster = await dynamicCluster([1, 2]);
  await cluster.commit('a');
  const { quorum } = await cluster.untilLeader();
  const values = [new TextEncoder().encode('a')];
  await quorum.createSnapshot(4, { lastContainedLogTimestampMs: 0, values });
  await cluster.formatDynamic(3);
  await cluster.start(3);
  await cluster.scheduler.advance(3_000);
  expect(cluster.machine(3).heard).toEqual(['a']);
  expect(votersOf(cluster, 3)).toEqual([1, 2]);
  expect(await addVoter(cluster, 3)).toBe('NONE');
  expect(votersOf(cluster, 3)).toEqual([1, 2, 3]);
});

test('with configured voters nobody is added or removed', async () => {
  const cluster = new RaftCluster([1, 2, 3]);
  for (const id of [1, 2, 3]) await cluster.start(id);
  await cluster.untilLeader();
  await cluster.commit('a');
  expect(await addVoter(cluster, 4)).toBe('UNSUPPORTED_VERSION');
  expect(await removeVoter(cluster, 2)).toBe('UNSUPPORTED_VERSION');
});

function loggedPorts(
  cluster: RaftCluster,
  id: number,
): readonly (number | undefined)[] | undefined {
  return cluster.machine(id).node?.quorum.voterSet.map(({ endpoints }) => endpoints[0]?.port);
}

test('a voter that comes back on another port tells the leader, and the log tells the others', async () => {
  const cluster = await dynamicCluster([1, 2, 3]);
  const { quorum } = await cluster.untilLeader();
  const moved = quorum.nodeId === 3 ? 2 : 3;
  cluster.crash(moved);
  cluster.move(moved, 9193);
  await cluster.start(moved);
  await cluster.scheduler.advance(5_000);
  expect(loggedPorts(cluster, quorum.nodeId)).toEqual([9093, 9093, 9093]);
  await cluster.scheduler.advance(5_000);
  const expected = [1, 2, 3].map((id) => (id === moved ? 9193 : 9093));
  for (const id of [1, 2, 3]) expect(loggedPorts(cluster, id)).toEqual(expected);
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  const { nodes } = cluster.machine(1).node?.describe({ topics }) ?? { nodes: [] };
  expect(nodes.map(({ listeners }) => listeners[0]?.port)).toEqual(expected);
  // It votes from there: without it the two that are left elect nobody.
  cluster.crash(quorum.nodeId);
  await cluster.untilLeader(quorum.nodeId);
  await cluster.commit('a');
  expect(cluster.machine(moved).heard).toEqual(['a']);
  expect(cluster.faults).toEqual([]);
});

test('a leader that has moved is followed where it says that it is, and writes that into the log', async () => {
  const cluster = await dynamicCluster([1, 2]);
  for (const id of [1, 2]) cluster.crash(id);
  cluster.move(2, 9193);
  for (const id of [1, 2]) await cluster.start(id);
  // Nobody finds 2 but by its own requests.
  const { quorum } = await cluster.untilLeader();
  expect(quorum.nodeId).toBe(2);
  await cluster.commit('a');
  for (const id of [1, 2]) {
    expect(cluster.machine(id).heard).toEqual(['a']);
    expect(loggedPorts(cluster, id)).toEqual([9093, 9193]);
  }
  expect(cluster.faults).toEqual([]);
});
