import { expect, test } from 'vitest';
import { votersCheckpoint, votersCheckpointName } from '../cli/storage/voters-checkpoint.ts';
import { describeQuorumCall } from '../client/api-calls.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../protocol/schemas/80-add-raft-voter.ts';
import { readMetaProperties } from '../storage/meta-properties.ts';
import { TestCluster } from '../testing/cluster.ts';
import { NodeChannel } from './channel/node-channel.ts';

const addVoterCall = {
  name: 'AddRaftVoter',
  request: addRaftVoterRequest,
  response: addRaftVoterResponse,
  minVersion: 0,
  maxVersion: 0,
} as const;

async function directoryOf(cluster: TestCluster, id: number): Promise<string> {
  const meta = await readMetaProperties(cluster.machine(id).files, '/kafka-logs');
  return meta?.directoryId ?? '';
}

/** As `kafka-storage.sh format --standalone` on node 1 and `--no-initial-controllers` on the others. */
async function formattedCluster(): Promise<TestCluster> {
  const listeners = (id: number) => `PLAINTEXT://:9092,CONTROLLER://worker${id}:9093`;
  const nodeProperties = Object.fromEntries(
    [1, 2, 3].map((id) => [id, { listeners: listeners(id) }]),
  );
  const properties = {
    'controller.quorum.voters': '',
    'controller.quorum.bootstrap.servers': 'worker1:9093,worker2:9093,worker3:9093',
  };
  const cluster = new TestCluster({ nodes: 3, properties, nodeProperties });
  await cluster.format();
  const { files } = cluster.machine(1);
  const voter = {
    nodeId: 1,
    host: 'worker1',
    port: 9093,
    directoryId: await directoryOf(cluster, 1),
  };
  await files.makeDirectory('/kafka-logs/__cluster_metadata-0');
  const file = files.create(`/kafka-logs/__cluster_metadata-0/${votersCheckpointName}`);
  file.write(0, [votersCheckpoint([voter], 'CONTROLLER', 0)]);
  await file.close();
  return cluster;
}

test('nodes join a standalone one, become voters by way of any broker, and one of them takes over', async () => {
  const cluster = await formattedCluster();
  for (const id of [1, 2, 3]) await cluster.start(id);
  const channel = new NodeChannel(cluster.client('admin'), {
    address: () => ({ host: 'worker3', port: 9092 }),
    clientId: 'admin',
    requestTimeoutMs: 30_000,
  });
  for (const id of [2, 3]) {
    const added = await cluster.run(
      channel.send(addVoterCall, {
        clusterId: null,
        timeoutMs: 5_000,
        voterId: id,
        voterDirectoryId: await directoryOf(cluster, id),
        listeners: [{ name: 'CONTROLLER', host: `worker${id}`, port: 9093 }],
      }),
    );
    expect(errorNameOf(added.errorCode)).toBe('NONE');
  }
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  const described = await cluster.run(channel.send(describeQuorumCall, { topics }));
  expect(described.topics[0]?.partitions[0]?.currentVoters.map((each) => each.replicaId)).toEqual([
    1, 2, 3,
  ]);
  await cluster.crash(1);
  await cluster.until(() => (cluster.activeController ?? 1) !== 1, 5_000);
  expect(cluster.logLines.filter((line) => /(ERROR|FATAL)/.test(line))).toEqual([]);
});
