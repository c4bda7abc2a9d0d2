import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ApacheKafka } from '../src/testing/apache-kafka.ts';
import { projectRoot } from '../src/testing/project-root.ts';
import { BenchError } from './bench-error.ts';

/** What the final line of kafka-producer-perf-test says. */
export interface ProducerFigures {
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly latencyAvgMs: number;
  readonly latencyMaxMs: number;
  readonly latency50Ms: number;
  readonly latency95Ms: number;
  readonly latency99Ms: number;
  readonly latency999Ms: number;
}

/** What the summary line of kafka-consumer-perf-test says. */
export interface ConsumerFigures {
  readonly megabytesPerSecond: number;
  readonly recordsPerSecond: number;
  readonly records: number;
}

export interface ProducerRun {
  readonly bootstrap: string;
  readonly topic: string;
  readonly records: number;
  readonly recordBytes: number;
  readonly properties: readonly string[];
}

/** A perf tool: runs a class of Kafka's or a script of ours and answers what it printed. */
export interface PerfTool {
  readonly name: string;
  output(tool: 'producer' | 'consumer', args: readonly string[]): Promise<string>;
}

export function javaTool(kafka: ApacheKafka): PerfTool {
  const classes = {
    producer: 'org.apache.kafka.tools.ProducerPerformance',
    consumer: 'org.apache.kafka.tools.ConsumerPerformance',
  };
  return {
    name: 'Java',
    output: (tool, args) => Promise.resolve(kafka.output(classes[tool], args)),
  };
}

export function ourTool(): PerfTool {
  const bin = join(projectRoot, 'sandboxes', 'kafka', 'bin');
  return {
    name: 'Brokerlab',
    output: (tool, args) => runNode(join(bin, `kafka-${tool}-perf-test.sh`), args),
  };
}

export async function produce(tool: PerfTool, run: ProducerRun): Promise<ProducerFigures> {
  const output = await tool.output('producer', [
    ...['--topic', run.topic],
    ...['--num-records', String(run.records)],
    ...['--record-size', String(run.recordBytes)],
    ...['--throughput', '-1'],
    '--producer-props',
    `bootstrap.servers=${run.bootstrap}`,
    ...run.properties,
  ]);
  return parseProducerLine(output);
}

export async function consume(
  tool: PerfTool,
  run: { bootstrap: string; topic: string; records: number },
): Promise<ConsumerFigures> {
  const output = await tool.output('consumer', [
    ...['--bootstrap-server', run.bootstrap],
    ...['--topic', run.topic],
    ...['--messages', String(run.records)],
    ...['--timeout', '60000'],
  ]);
  return parseConsumerLine(output);
}

/** Reads the last line of the form `N records sent, R records/sec (M MB/sec), …`. */
export function parseProducerLine(output: string): ProducerFigures {
  const number = '([\\d.]+)';
  const pattern = new RegExp(
    `records sent, ${number} records/sec \\(${number} MB/sec\\), ${number} ms avg latency, ${number} ms max latency, ` +
      `${number} ms 50th, ${number} ms 95th, ${number} ms 99th, ${number} ms 99.9th`,
  );
  const figures = pattern.exec(output)?.slice(1).map(Number);
  if (figures === undefined) throw new BenchError(`no final line in:\n${output}`);
  const [rate = 0, megabytes = 0, avg = 0, max = 0, p50 = 0, p95 = 0, p99 = 0, p999 = 0] = figures;
  return {
    recordsPerSecond: rate,
    megabytesPerSecond: megabytes,
    latencyAvgMs: avg,
    latencyMaxMs: max,
    latency50Ms: p50,
    latency95Ms: p95,
    latency99Ms: p99,
    latency999Ms: p999,
  };
}

function parseConsumerLine(output: string): ConsumerFigures {
  const line = output.trim().split('\n').at(-1) ?? '';
  const cells = line.split(', ').map(Number);
  const [, , , megabytesPerSecond = 0, records = 0, , , , , recordsPerSecond = 0] = cells;
  if (!(0 < records)) throw new BenchError(`no summary line in:\n${output}`);
  return { megabytesPerSecond, records, recordsPerSecond };
}

function runNode(script: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('close', (status) =>
      status === 0 ? resolve(output) : reject(new BenchError(`${script}: ${status}: ${errors}`)),
    );
  });
}
