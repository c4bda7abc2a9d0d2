import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import {
  apacheKafkaLauncher,
  type BrokerLauncher,
  BrokerProcess,
  brokerlab,
} from '../src/testing/broker-process.ts';
import { javaTool, ourTool, type PerfTool, produce } from './perf-tools.ts';
import type { ScalingFigures } from './results.ts';

const partitionCounts = [1, 10, 100, 1000];
const recordSizes = [100, 1024, 10_240, 102_400];
const bytesMax = 200 * 1024 * 1024;

/** How the cost grows with partitions (1 to 1,000) and with the record's size (100 B to 100 KB). */
export async function measureScaling(
  kafka: ApacheKafka | undefined,
  records: number,
): Promise<ScalingFigures[]> {
  const tool = kafka === undefined ? ourTool() : javaTool(kafka);
  const measured = await measureBroker(brokerlab, tool, records);
  if (kafka === undefined) return measured;
  return [...measured, ...(await measureBroker(apacheKafkaLauncher(kafka), tool, records))];
}

async function measureBroker(
  launcher: BrokerLauncher,
  tool: PerfTool,
  records: number,
): Promise<ScalingFigures[]> {
  const shapes = [
    ...partitionCounts.map((partitions) => ({ partitions, recordBytes: 1024 })),
    ...recordSizes
      .filter((recordBytes) => recordBytes !== 1024)
      .map((recordBytes) => ({ partitions: 1, recordBytes })),
  ];
  const measured: ScalingFigures[] = [];
  for (const { partitions, recordBytes } of shapes) {
    const broker = await BrokerProcess.start(launcher, { 'num.partitions': String(partitions) });
    const figures = await produce(tool, {
      bootstrap: broker.bootstrap,
      topic: 'scaled',
      records: Math.min(records, Math.floor(bytesMax / recordBytes)),
      recordBytes,
      properties: ['acks=1'],
    });
    console.log(
      `${launcher.name}, ${partitions} partitions, ${recordBytes} B: ${figures.megabytesPerSecond} MB/s`,
    );
    measured.push({ broker: launcher.name, partitions, recordBytes, figures });
    await broker.dispose();
  }
  return measured;
}
