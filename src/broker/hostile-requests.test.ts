import { expect, test } from 'vitest';
import { voteRequest, voteResponse } from '../protocol/schemas/52-vote.ts';
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../protocol/schemas/53-begin-quorum-epoch.ts';
import {
  type AttackedQuorum,
  errorsOf,
  hostileRequests,
} from '../testing/raft/hostile-requests.ts';
import { RaftCluster } from '../testing/raft/raft-cluster.ts';
import { WireClient } from '../testing/wire-client.ts';

/**
 * What Apache Kafka 3.8.0 answered to the same requests. It differs in two places: a vote for somebody who is
 * no voter it counts (here INCONSISTENT_VOTER_SET, as until 3.7), and an error of FetchSnapshot it cannot
 * encode, so that it says UNKNOWN_SERVER_ERROR.
 */
const answers = `
Vote of another cluster: INCONSISTENT_CLUSTER_ID
Vote in another topic: INVALID_REQUEST
Vote in no topic: INVALID_REQUEST
Vote in another partition: INVALID_REQUEST
Vote of an older epoch: NONE/FENCED_LEADER_EPOCH
Vote of a negative epoch: NONE/INVALID_REQUEST
Vote of an unknown voter: NONE/INCONSISTENT_VOTER_SET
Vote of a negative voter: NONE/INVALID_REQUEST
Vote of an unknown voter in a later epoch: NONE/INCONSISTENT_VOTER_SET
Vote with a log of its own epoch: NONE/INVALID_REQUEST
Vote with a negative log: NONE/INVALID_REQUEST
Vote with a negative last epoch: NONE/INVALID_REQUEST
Vote in the present epoch: NONE/NONE
BeginQuorumEpoch of another cluster: INCONSISTENT_CLUSTER_ID
BeginQuorumEpoch of an older epoch: NONE/FENCED_LEADER_EPOCH
BeginQuorumEpoch of a negative epoch: NONE/FENCED_LEADER_EPOCH
BeginQuorumEpoch of an unknown leader: NONE/INCONSISTENT_VOTER_SET
BeginQuorumEpoch of a negative leader: NONE/INVALID_REQUEST
EndQuorumEpoch of another cluster: INCONSISTENT_CLUSTER_ID
EndQuorumEpoch of an older epoch: NONE/FENCED_LEADER_EPOCH
EndQuorumEpoch of an unknown leader: NONE/INCONSISTENT_VOTER_SET
EndQuorumEpoch of a negative leader: NONE/INVALID_REQUEST
Fetch of another cluster: INCONSISTENT_CLUSTER_ID
Fetch of another topic: INVALID_REQUEST
Fetch of no topic: INVALID_REQUEST
Fetch of an older epoch: NONE/FENCED_LEADER_EPOCH
Fetch of a later epoch: NONE/UNKNOWN_LEADER_EPOCH
Fetch of a negative epoch: NONE/INVALID_REQUEST
Fetch from a negative offset: NONE/INVALID_REQUEST
Fetch after a negative epoch: NONE/INVALID_REQUEST
Fetch with a negative wait: NONE/INVALID_REQUEST
Fetch beyond the end: NONE/NONE diverging
Fetch after a later epoch: NONE/INVALID_REQUEST
FetchSnapshot of another cluster: INCONSISTENT_CLUSTER_ID
FetchSnapshot of another partition: NONE/UNKNOWN_TOPIC_OR_PARTITION
FetchSnapshot of an older epoch: NONE/FENCED_LEADER_EPOCH
FetchSnapshot of a later epoch: NONE/UNKNOWN_LEADER_EPOCH
FetchSnapshot of no snapshot: NONE/SNAPSHOT_NOT_FOUND
`;

/** Three voters whose epochs are in the tens, so that there are older ones. */
async function attackedCluster(): Promise<RaftCluster> {
  const cluster = new RaftCluster([1, 2, 3]);
  for (const id of [1, 2, 3]) await cluster.start(id);
  for (let i = 0; i < 4; i++) {
    const { quorum } = await cluster.untilLeader();
    quorum.resign(quorum.leaderAndEpoch.epoch);
    await cluster.scheduler.advance(3_000);
  }
  await cluster.untilLeader();
  await cluster.commit('kept');
  return cluster;
}

function quorumOf({ leader }: RaftCluster): AttackedQuorum {
  if (leader === undefined) throw new TypeError('nobody leads');
  const { nodeId: leaderId, logEndOffset } = leader;
  const clusterId = RaftCluster.clusterId;
  const followerId = leaderId === 1 ? 2 : 1;
  return { clusterId, leaderId, followerId, epoch: leader.leaderAndEpoch.epoch, logEndOffset };
}

function attacker(cluster: RaftCluster, id: number): Promise<WireClient> {
  const network = cluster.network.host('attacker');
  return cluster.run(WireClient.connect(network, { host: `worker${id}`, port: 9093 }));
}

test('what no replica asks is refused with the error that Kafka gives, and changes nothing', async () => {
  const cluster = await attackedCluster();
  const quorum = quorumOf(cluster);
  const client = await attacker(cluster, quorum.leaderId);
  const lines: string[] = [];
  for (const { name, api, message } of hostileRequests) {
    const response = await cluster.run(client.send(api, message(quorum)));
    lines.push(`${name}: ${errorsOf(response)}`);
  }
  expect(lines.join('\n')).toBe(answers.trim());
  expect(quorumOf(cluster)).toEqual(quorum);
  await cluster.commit('more');
  for (const id of [1, 2, 3]) expect(cluster.machine(id).heard).toEqual(['kept', 'more']);
  expect(cluster.faults).toEqual([]);
});

const largest = 0x7fff_ffff;
const vote = { request: voteRequest, response: voteResponse, version: 0 };
const begin = { request: beginQuorumEpochRequest, response: beginQuorumEpochResponse, version: 0 };

function forgedVote(epoch: number, candidateId: number) {
  const partition = {
    partitionIndex: 0,
    replicaEpoch: epoch,
    replicaId: candidateId,
    lastOffsetEpoch: epoch - 1,
    lastOffset: 1e15,
  };
  return { topics: [{ topicName: '__cluster_metadata', partitions: [partition] }] };
}

function forgedLeader(epoch: number, leaderId: number) {
  const partition = { partitionIndex: 0, leaderId, leaderEpoch: epoch };
  return { topics: [{ topicName: '__cluster_metadata', partitions: [partition] }] };
}

test('the last epochs are believed of nobody: there would be none left to elect in', async () => {
  const cluster = await attackedCluster();
  const { leaderId, followerId, epoch } = quorumOf(cluster);
  const client = await attacker(cluster, leaderId);
  const voted = await cluster.run(client.send(vote, forgedVote(largest, followerId)));
  expect(errorsOf(voted)).toBe('NONE/INVALID_REQUEST');
  const begun = await cluster.run(client.send(begin, forgedLeader(largest - 1, followerId)));
  expect(errorsOf(begun)).toBe('NONE/INVALID_REQUEST');
  expect(quorumOf(cluster).epoch).toBe(epoch);
});

test('forged votes and leaders cost elections, and nothing that was committed', async () => {
  const cluster = await attackedCluster();
  for (let i = 1; i <= 5; i++) {
    const { leaderId, followerId, epoch } = quorumOf(cluster);
    const client = await attacker(cluster, leaderId);
    await cluster.run(client.send(vote, forgedVote(epoch + 1000, followerId)));
    await cluster.run(client.send(begin, forgedLeader(epoch + 2000, followerId)));
    // Nobody speaks for a replica but itself.
    const itself = await cluster.run(client.send(vote, forgedVote(epoch + 3000, leaderId)));
    expect(errorsOf(itself)).toMatch('INVALID_REQUEST');
    client.close();
    await cluster.scheduler.advance(8_000);
    await cluster.untilLeader();
    await cluster.commit(`${i}`);
  }
  for (const id of [1, 2, 3]) {
    expect(cluster.machine(id).heard).toEqual(['kept', '1', '2', '3', '4', '5']);
  }
  expect(cluster.faults).toEqual([]);
});
