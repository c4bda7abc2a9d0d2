import { expect, onTestFinished, test } from 'vitest';
import {
  createTopicsCall,
  describeClusterCall,
  describeConfigsCall,
  describeQuorumCall,
  metadataCall,
} from '../client/api-calls.ts';
import { writeMetaProperties } from '../storage/meta-properties.ts';
import { startTestCluster, TestCluster } from '../testing/cluster.ts';
import { NodeChannel } from './channel/node-channel.ts';

const roles = { 1: 'controller', 2: 'broker', 3: 'broker', 4: 'controller', 5: 'controller' };

function clientOf(cluster: TestCluster, id: number, port = 9092): NodeChannel {
  const channel = new NodeChannel(cluster.client(), {
    address: () => ({ host: `worker${id}`, port }),
    clientId: 'test',
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  return channel;
}

test('brokers and controllers on machines of their own make a cluster', async () => {
  const cluster = await startTestCluster({ nodes: 5, roles });
  const client = clientOf(cluster, 2);
  const created = await cluster.run(
    client.send(createTopicsCall, {
      topics: [{ name: 'a', numPartitions: 2, replicationFactor: 2 }],
      timeoutMs: 10_000,
    }),
  );
  expect(created.topics).toMatchObject([{ errorCode: 0, name: 'a' }]);
  await cluster.scheduler.advance(1_000);
  const { brokers, topics } = await cluster.run(
    clientOf(cluster, 3).send(metadataCall, { topics: [{ name: 'a' }] }),
  );
  expect(brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3]);
  expect(topics[0]?.partitions.map(({ leaderId }) => leaderId).sort()).toEqual([2, 3]);
});

test('a controller listener shows the controllers, and who is active', async () => {
  const cluster = await startTestCluster({ nodes: 5, roles });
  await cluster.scheduler.advance(1_000);
  const controller = clientOf(cluster, 4, 9093);
  const response = await cluster.run(controller.send(describeClusterCall, { endpointType: 2 }));
  expect(response.controllerId).toBe(cluster.activeController);
  expect(response.brokers).toMatchObject([
    { brokerId: 1, host: 'worker1', port: 9093 },
    { brokerId: 4, host: 'worker4', port: 9093 },
    { brokerId: 5, host: 'worker5', port: 9093 },
  ]);
  const { controllers } = cluster.node(2).quorum.metadata.image;
  expect([...controllers.keys()].sort()).toEqual([1, 4, 5]);
  const mismatch = await cluster.run(controller.send(describeClusterCall, { endpointType: 1 }));
  expect(mismatch).toMatchObject({
    errorCode: 114,
    errorMessage:
      'The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER',
  });
});

test('a controller describes its own configs and refuses to describe other nodes', async () => {
  const cluster = await startTestCluster({ nodes: 5, roles });
  const describe = (name: string) =>
    cluster.run(
      clientOf(cluster, 4, 9093).send(describeConfigsCall, {
        resources: [
          { resourceType: 4, resourceName: name, configurationKeys: ['node.id', 'process.roles'] },
        ],
      }),
    );
  const own = await describe('4');
  expect(own.results[0]?.configs).toMatchObject([
    { name: 'node.id', value: '4' },
    { name: 'process.roles', value: 'controller' },
  ]);
  const other = await describe('2');
  expect(other.results).toMatchObject([{ errorCode: 42 }]);
});

test('a controller that is not active refuses changes, and any of them tells of the quorum', async () => {
  const cluster = await startTestCluster({ nodes: 5, roles });
  const idle = [1, 4, 5].find((id) => id !== cluster.activeController) ?? 0;
  const refused = await cluster.run(
    clientOf(cluster, idle, 9093).send(createTopicsCall, {
      topics: [{ name: 'a', numPartitions: 1, replicationFactor: 1 }],
      timeoutMs: 1_000,
    }),
  );
  expect(refused.topics).toMatchObject([{ errorCode: 41 }]);
  const quorum = await cluster.run(
    clientOf(cluster, 3).send(describeQuorumCall, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    }),
  );
  const partition = quorum.topics[0]?.partitions[0];
  expect(partition?.errorCode).toBe(0);
  expect(partition?.currentVoters.map(({ replicaId }) => replicaId).sort()).toEqual([1, 4, 5]);
  expect(partition?.observers.map(({ replicaId }) => replicaId).sort()).toEqual([2, 3]);
});

test('what a controller answers is what Kafka 3.8 has controllers answer', async () => {
  const cluster = await startTestCluster({ nodes: 3, roles: { 1: 'controller', 2: 'broker' } });
  const keys = async (id: number, port: number) => {
    const { versions } = await cluster.run(clientOf(cluster, id, port).connected());
    return [...versions.keys()];
  };
  const controller = await keys(1, 9093);
  expect(controller).toEqual(
    expect.arrayContaining([1, 18, 19, 32, 52, 55, 56, 58, 60, 62, 63, 70]),
  );
  for (const brokersOnly of [0, 2, 3, 8, 10, 22]) expect(controller).not.toContain(brokersOnly);
  const broker = await keys(2, 9092);
  for (const controllersOnly of [52, 56, 58, 62, 63, 67, 70]) {
    expect(broker).not.toContain(controllersOnly);
  }
});

test('brokers outlive their controllers for a while and find the new active one', async () => {
  const cluster = await startTestCluster({ nodes: 5, roles });
  const first = cluster.activeController ?? 0;
  await cluster.crash(first);
  await cluster.until(() => ![undefined, first].includes(cluster.activeController), 10_000);
  await cluster.scheduler.advance(20_000);
  const { brokers } = cluster.node(3).quorum.metadata.image;
  expect([...brokers.values()].every(({ fenced }) => !fenced)).toBe(true);
  await cluster.stop(3);
  expect(cluster.node(2).quorum.metadata.image.brokers.get(3)?.fenced).toBe(true);
});

test('two controllers with one id do not fill the metadata log with their registrations', async () => {
  const cluster = new TestCluster({ nodes: 3, nodeProperties: { 2: { 'node.id': '1' } } });
  await cluster.format();
  const directoryId = 'YFNSu1SAtBpJ6pQLm0oRFg';
  const meta = { version: 1, clusterId: 'MkU3OEVBNTcwNTJENDM2Qk', nodeId: 1, directoryId };
  await writeMetaProperties(cluster.machine(2).files, '/kafka-logs', meta, 0);
  const starting = cluster.nodes.map((machine) => machine.start().catch(() => undefined));
  await cluster.scheduler.advance(6_000);
  const suspicion = /Does another node have the same node\.id\?/;
  expect(cluster.logLines.some((line) => suspicion.test(line))).toBe(true);
  expect(cluster.node(3).quorum.metadata.image.provenance.offset).toBeLessThan(200);
  for (const machine of cluster.nodes) machine.crash();
  expect(starting).toHaveLength(3);
});
