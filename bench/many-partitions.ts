import type { NodeChannel } from '../src/broker/channel/node-channel.ts';
import { createTopicsCall, describeQuorumCall, metadataCall } from '../src/client/api-calls.ts';
import { type ErrorCode, errorNameOf } from '../src/protocol/error-codes.ts';
import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { eventually } from '../src/testing/clients/eventually.ts';
import { ClusterProcesses } from '../src/testing/cluster-processes.ts';
import { channelTo } from '../src/testing/local-node.ts';
import { BenchError } from './bench-error.ts';
import { createTopics } from './create-topics.ts';
import type { ManyPartitionsFigures } from './results.ts';

const partitionsPerTopic = 500;
const deadlineMs = 300_000;
const answerMsMax = 10_000;
const clientId = 'bench';

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
    await createTopics(cluster.bootstrap, topicsOf(partitions));
    const createMs = performance.now() - startedAt;
    await Promise.all(cluster.nodeIds.map((id) => untilInSync(cluster, id, partitions)));
    const inSyncMs = performance.now() - startedAt;
    const residentBytes = cluster.nodeIds.map((id) => cluster.node(id).memory().residentBytes);
    const failOverTimes = await failOver(cluster);
    const figures = {
      cluster: launcher.name,
      partitions,
      createMs,
      inSyncMs,
      ...failOverTimes,
      residentBytesMax: Math.max(...residentBytes),
    };
    console.log(
      `${launcher.name}, ${partitions} partitions: created in ${Math.round(createMs)} ms, in sync after ${Math.round(inSyncMs)} ms, new controller after ${Math.round(figures.failoverMs)} ms`,
    );
    return figures;
  } finally {
    await cluster.dispose();
  }
}

function topicsOf(partitions: number) {
  return Array.from({ length: partitions / partitionsPerTopic }, (_, index) => ({
    topic: `many-${index}`,
    numPartitions: partitionsPerTopic,
    replicationFactor: 3,
  }));
}

/** Until this node says of every partition that it has a leader and all three replicas in sync. */
async function untilInSync(
  cluster: ClusterProcesses,
  id: number,
  partitions: number,
): Promise<void> {
  const channel = channelTo(cluster.ports(id).client, clientId, answerMsMax);
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

/** Kills the active controller; how long until there is another, and until it has made a topic. */
async function failOver(
  cluster: ClusterProcesses,
): Promise<{ failoverMs: number; firstChangeMs: number }> {
  const open = (kind: 'client' | 'controller') =>
    new Map(
      cluster.nodeIds.map((id) => [id, channelTo(cluster.ports(id)[kind], clientId, answerMsMax)]),
    );
  const controllers = open('controller');
  const brokers = open('client');
  const active = await eventually(
    () => activeOf(controllers),
    (id) => id !== undefined,
  );
  if (active === undefined) throw new BenchError('no controller is active');
  await cluster.node(active).kill('SIGKILL');
  const killedAt = performance.now();
  const timed = async (isDone: () => Promise<boolean>) => {
    await eventually(isDone, (done) => done, deadlineMs);
    return performance.now() - killedAt;
  };
  brokers.get(active)?.dispose();
  brokers.delete(active);
  const [failoverMs, firstChangeMs] = await Promise.all([
    timed(async () => ![undefined, active].includes(await activeOf(controllers))),
    timed(() => hasMadeTopic([...brokers.values()])),
  ]);
  for (const channel of [...controllers.values(), ...brokers.values()]) channel.dispose();
  return { failoverMs, firstChangeMs };
}

/** Asks the brokers for a topic, any of which passes it on to the controller. */
async function hasMadeTopic(brokers: readonly NodeChannel[]): Promise<boolean> {
  const wanted = { name: 'after', numPartitions: 1, replicationFactor: 1 };
  const answers = await Promise.all(
    brokers.map((broker) =>
      broker.send(createTopicsCall, { topics: [wanted], timeoutMs: 1_000 }).catch(() => undefined),
    ),
  );
  const made: readonly ErrorCode[] = ['NONE', 'TOPIC_ALREADY_EXISTS'];
  return answers.some((answer) =>
    answer?.topics.some(({ errorCode }) => made.includes(errorNameOf(errorCode))),
  );
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
