import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { ClusterProcesses } from '../src/testing/cluster-processes.ts';
import { javaTool, ourTool, type PerfTool, type ProducerRun, produce } from './perf-tools.ts';
import type { ClusterFigures } from './results.ts';

const partitions = 6;

/** Three nodes on this machine, three replicas, acks=all: ours and Apache's, one after the other, under the same client. */
export async function measureClusters(
  kafka: ApacheKafka | undefined,
  records: number,
): Promise<ClusterFigures[]> {
  const tool = kafka === undefined ? ourTool() : javaTool(kafka);
  const launchers = [brokerlab, ...(kafka === undefined ? [] : [apacheKafkaLauncher(kafka)])];
  const measured: ClusterFigures[] = [];
  for (const launcher of launchers) measured.push(await measureCluster(launcher, tool, records));
  return measured;
}

async function measureCluster(
  launcher: BrokerLauncher,
  tool: PerfTool,
  records: number,
): Promise<ClusterFigures> {
  const cluster = await ClusterProcesses.start({
    launcher,
    properties: {
      'num.partitions': String(partitions),
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
    },
  });
  try {
    const { bootstrap, nodeIds } = cluster;
    const run: Omit<ProducerRun, 'topic' | 'records'> = {
      bootstrap,
      recordBytes: 1024,
      properties: ['acks=all'],
    };
    await produce(tool, { ...run, topic: 'warm-up', records: records / 10 });
    const produced = await produce(tool, { ...run, topic: 'replicated', records });
    console.log(
      `${launcher.name}, three replicas, acks=all: ${Math.round(produced.recordsPerSecond)} records/s`,
    );
    const nodes = nodeIds.map((id) => cluster.node(id));
    return {
      cluster: launcher.name,
      tool: tool.name,
      partitions,
      produce: produced,
      residentBytes: nodes.reduce((sum, node) => sum + node.memory().residentBytes, 0),
      cpuSeconds: nodes.reduce((sum, node) => sum + node.cpuSeconds(), 0),
    };
  } finally {
    await cluster.dispose();
  }
}
