import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import { BrokerProcess } from '../src/testing/broker-process.ts';
import { consume, javaTool, ourTool, produce } from './perf-tools.ts';
import type { ToolFigures } from './results.ts';

/** Our perf tools beside the Java ones, on the same broker (ours). */
export async function measureTools(
  kafka: ApacheKafka | undefined,
  records: number,
): Promise<ToolFigures[]> {
  const measured: ToolFigures[] = [];
  for (const tool of [ourTool(), ...(kafka === undefined ? [] : [javaTool(kafka)])]) {
    const broker = await BrokerProcess.start();
    const { bootstrap } = broker;
    const properties = ['acks=1'];
    const run = { bootstrap, topic: 'test', records, recordBytes: 1024, properties };
    const produced = await produce(tool, run);
    const consumed = await consume(tool, run);
    console.log(`${tool.name} tool: ${Math.round(produced.recordsPerSecond)} records/s`);
    measured.push({ tool: tool.name, produce: produced, consume: consumed });
    await broker.dispose();
  }
  return measured;
}
