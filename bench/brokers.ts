import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  BrokerProcess,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { consume, javaTool, ourTool, type PerfTool, produce } from './perf-tools.ts';
import type { BrokerFigures } from './results.ts';

const acksMeasured = ['1', 'all'] as const;

/** Our broker and Apache Kafka, one after the other, under the same client. */
export async function measureBrokers(
  kafka: ApacheKafka | undefined,
  records: number,
): Promise<BrokerFigures[]> {
  const tool = kafka === undefined ? ourTool() : javaTool(kafka);
  const launchers = [brokerlab, ...(kafka === undefined ? [] : [apacheKafkaLauncher(kafka)])];
  const measured: BrokerFigures[] = [];
  for (const launcher of launchers) {
    measured.push(await measureBroker(launcher, tool, records));
  }
  return measured;
}

async function measureBroker(
  launcher: BrokerLauncher,
  tool: PerfTool,
  records: number,
): Promise<BrokerFigures> {
  const broker = await BrokerProcess.start(launcher);
  const { startMs, bootstrap } = broker;
  await warmUp(tool, bootstrap);
  const runs: { acks: string; figures: Awaited<ReturnType<typeof produce>> }[] = [];
  for (const acks of acksMeasured) {
    const topic = `perf-${acks}`;
    const properties = [`acks=${acks}`];
    const figures = await produce(tool, {
      bootstrap,
      topic,
      records,
      recordBytes: 1024,
      properties,
    });
    console.log(
      `${launcher.name}, acks=${acks}: ${Math.round(figures.recordsPerSecond)} records/s`,
    );
    runs.push({ acks, figures });
  }
  const consumed = await consume(tool, { bootstrap, topic: 'perf-all', records });
  console.log(`${launcher.name}, consume: ${Math.round(consumed.recordsPerSecond)} records/s`);
  const figures: BrokerFigures = {
    broker: launcher.name,
    tool: tool.name,
    startMs,
    runs,
    consume: consumed,
    ...broker.memory(),
    cpuSeconds: broker.cpuSeconds(),
  };
  await broker.dispose();
  return figures;
}

/** Both virtual machines compile while they run; a short run first is fair to both. */
async function warmUp(tool: PerfTool, bootstrap: string): Promise<void> {
  const properties = ['acks=1'];
  await produce(tool, {
    bootstrap,
    topic: 'warm-up',
    records: 100_000,
    recordBytes: 1024,
    properties,
  });
}
