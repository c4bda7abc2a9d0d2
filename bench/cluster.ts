import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { ClusterProcesses } from '../src/testing/cluster-processes.ts';
import { BenchError } from './bench-error.ts';
import { createTopics } from './create-topics.ts';
import { javaTool, ourTool, type PerfTool, type ProducerFigures, produce } from './perf-tools.ts';
import type { ClusterFigures } from './results.ts';

const partitions = 6;
const runsPerCluster = 2;

/** One cluster's life: what its runs were, and what they cost. */
interface Sitting {
  readonly runs: readonly ProducerFigures[];
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

/**
 * Three nodes on this machine, three replicas, acks=all, under the same client. Each kind has two sittings, in
 * the order ours, theirs, theirs, ours, so that nothing is won by coming first or last; in each a run warms
 * everything up and two are measured.
 */
export async function measureClusters(
  kafka: ApacheKafka | undefined,
  records: number,
): Promise<ClusterFigures[]> {
  const tool = kafka === undefined ? ourTool() : javaTool(kafka);
  const launchers = [brokerlab, ...(kafka === undefined ? [] : [apacheKafkaLauncher(kafka)])];
  const sittings = new Map<BrokerLauncher, Sitting[]>(launchers.map((each) => [each, []]));
  for (const launcher of [...launchers, ...launchers.toReversed()]) {
    sittings.get(launcher)?.push(await sit(launcher, tool, records));
  }
  return launchers.map((launcher) => summarize(launcher, tool, sittings.get(launcher) ?? []));
}

async function sit(launcher: BrokerLauncher, tool: PerfTool, records: number): Promise<Sitting> {
  const properties = { 'min.insync.replicas': '2' };
  const cluster = await ClusterProcesses.start({ launcher, properties });
  try {
    const { bootstrap } = cluster;
    const nodes = cluster.nodeIds.map((id) => cluster.node(id));
    const cpuSeconds = () => nodes.reduce((sum, node) => sum + node.cpuSeconds(), 0);
    const run = async (topic: string, count: number) => {
      await createTopics(bootstrap, [{ topic, numPartitions: partitions, replicationFactor: 3 }]);
      const properties = ['acks=all'];
      return await produce(tool, {
        bootstrap,
        topic,
        records: count,
        recordBytes: 1024,
        properties,
      });
    };
    await run('warm-up', records / 2);
    const cpuBefore = cpuSeconds();
    const runs: ProducerFigures[] = [];
    while (runs.length < runsPerCluster) {
      const figures = await run(`measured-${runs.length}`, records);
      const rate = Math.round(figures.recordsPerSecond);
      console.log(`${launcher.name}, three replicas, acks=all: ${rate} records/s`);
      runs.push(figures);
    }
    const residentBytes = nodes.reduce((sum, node) => sum + node.memory().residentBytes, 0);
    return { runs, residentBytes, cpuSeconds: (cpuSeconds() - cpuBefore) / runs.length };
  } finally {
    await cluster.dispose();
  }
}

function summarize(
  launcher: BrokerLauncher,
  tool: PerfTool,
  sittings: readonly Sitting[],
): ClusterFigures {
  const runs = sittings.flatMap((sitting) => sitting.runs);
  const sorted = runs.toSorted((a, b) => a.recordsPerSecond - b.recordsPerSecond);
  // Of an even number the lower of the two in the middle.
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (median === undefined) throw new BenchError('nothing was measured');
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    cluster: launcher.name,
    tool: tool.name,
    partitions,
    runs: runs.map(({ recordsPerSecond }) => recordsPerSecond),
    produce: median,
    residentBytes: mean(sittings.map((sitting) => sitting.residentBytes)),
    cpuSeconds: mean(sittings.map((sitting) => sitting.cpuSeconds)),
  };
}
