import { Kafka, logLevel } from 'kafkajs';
import { NodeChannel } from '../src/broker/channel/node-channel.ts';
import { describeQuorumCall, metadataCall } from '../src/client/api-calls.ts';
import { nodeClock } from '../src/host/node/node-clock.ts';
import { NodeNetwork } from '../src/host/node/node-network.ts';
import { NodeRandom } from '../src/host/node/node-random.ts';
import { nodeScheduler } from '../src/host/node/node-scheduler.ts';
import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { eventually } from '../src/testing/clients/eventually.ts';
import { ClusterProcesses } from '../src/testing/cluster-processes.ts';
import type { ManyPartitionsFigures } from './results.ts';

const partitionsPerTopic = 500;
const deadlineMs = 300_000;

/** Three nodes with `partitions` partitions of three replicas each: how long metadata takes, and a controller's death. */
export async function measureManyPartitions(
  kafka: ApacheKafka | undefined,
  partitions: number,
): Promise<ManyPartitionsFigures[]> {
  const launchers = [brokerlab, ...(kafka === undefined ? [] : [apacheKafkaLauncher(kafka)])];
  const measured: ManyPartitionsFigures[] = [];
  for (const launcher of launchers) measured.push(await measure(launcher, partitions));
  return measured;
}

async function measure(
  launcher: BrokerLauncher,
  partitions: number,
): Promise<ManyPartitionsFigures> {
  const cluster = await ClusterProcesses.start({ launcher });
  try {
    const startedAt = performance.now();
    await createTopics(cluster.bootstrap, partitions);
    const createMs = performance.now() - startedAt;
    await Promise.all(cluster.nodeIds.map((id) => untilInSync(cluster, id, partitions)));
    const inSyncMs = performance.now() - startedAt;
    const residentBytes = cluster.nodeIds.map((id) => cluster.node(id).memory().residentBytes);
    const failoverMs = await failOver(cluster);
    const figures = {
      cluster: launcher.name,
      partitions,
      createMs,
      inSyncMs,
      failoverMs,
      residentBytesMax: Math.max(...residentBytes),
    };
    console.log(
      `${launcher.name}, ${partitions} partitions: created in ${Math.round(createMs)} ms, in sync after ${Math.round(inSyncMs)} ms, new controller after ${Math.round(failoverMs)} ms`,
    );
    return figures;
  } finally {
    await cluster.dispose();
  }
}

async function createTopics(bootstrap: string, partitions: number): Promise<void> {
  const brokers = bootstrap.split(',');
  const kafka = new Kafka({ brokers, requestTimeout: deadlineMs, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  for (let index = 0; index < partitions / partitionsPerTopic; index += 1) {
    await admin.createTopics({
      waitForLeaders: false,
      timeout: deadlineMs,
      topics: [{ topic: `many-${index}`, numPartitions: partitionsPerTopic, replicationFactor: 3 }],
    });
  }
  await admin.disconnect();
}

/** Until this node says of every partition that it has a leader and all three replicas in sync. */
async function untilInSync(
  cluster: ClusterProcesses,
  id: number,
  partitions: number,
): Promise<void> {
  const channel = channelTo(cluster.ports(id).client);
  await eventually(
    () => countInSync(channel),
    (count) => partitions <= count,
    deadlineMs,
  );
  channel.dispose();
}

async function countInSync(channel: NodeChannel): Promise<number> {
  const metadata = await channel.send(metadataCall, { topics: null }).catch(() => undefined);
  const all = (metadata?.topics ?? []).flatMap((topic) => topic.partitions);
  return all.filter(({ leaderId, isrNodes }) => 0 <= leaderId && isrNodes.length === 3).length;
}

/** Kills the active controller and waits for the next one, which has all metadata before it says that it is active. */
async function failOver(cluster: ClusterProcesses): Promise<number> {
  const channels = new Map(
    cluster.nodeIds.map((id) => [id, channelTo(cluster.ports(id).controller)] as const),
  );
  const active = await eventually(
    () => activeOf(channels),
    (id) => id !== undefined,
  );
  if (active === undefined) return Number.NaN;
  await cluster.node(active).kill('SIGKILL');
  const killedAt = performance.now();
  await eventually(
    () => activeOf(channels),
    (id) => id !== undefined && id !== active,
  );
  const failoverMs = performance.now() - killedAt;
  for (const channel of channels.values()) channel.dispose();
  return failoverMs;
}

async function activeOf(channels: ReadonlyMap<number, NodeChannel>): Promise<number | undefined> {
  const answers = await Promise.all(
    [...channels].map(async ([id, channel]) => {
      const described = await channel
        .send(describeQuorumCall, {
          topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
        })
        .catch(() => undefined);
      const isActive = described?.topics[0]?.partitions[0]?.errorCode === 0;
      return isActive ? id : undefined;
    }),
  );
  return answers.find((id) => id !== undefined);
}

function channelTo(port: number): NodeChannel {
  const ports = {
    network: new NodeNetwork(),
    clock: nodeClock,
    scheduler: nodeScheduler,
    random: new NodeRandom(),
  };
  return new NodeChannel(ports, {
    address: () => ({ host: 'localhost', port }),
    clientId: 'bench',
    requestTimeoutMs: 10_000,
  });
}
