import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { randomBelow } from '../base/random.ts';
import { nextTurn, sleep } from '../base/scheduler.ts';
import type { ClientProperties } from '../client/client-config.ts';
import { Producer } from '../client/producer.ts';
import type { SendCallback } from '../client/producer-batch.ts';
import { producerPerfTestSpec } from './options/producer-perf-test-options.ts';
import { argparseErrorText, argparseHelp, argparseUsage } from './parsers/argparse-help.ts';
import { type ArgparseValues, parseArgparse } from './parsers/argparse-parser.ts';
import { ProducerStats } from './perf/producer-stats.ts';
import { RandomPayload } from './perf/random-payload.ts';
import { ThroughputThrottle } from './perf/throughput-throttle.ts';
import { formatMetrics } from './text/print-metrics.ts';
import {
  clientPorts,
  describeError,
  JavaError,
  parseKeyValues,
  readPropertiesFile,
  readTextFile,
  resolvePath,
  runTool,
  type ToolOutput,
} from './tool.ts';

interface PerfOptions {
  readonly topic: string;
  readonly recordCount: number;
  readonly throughput: number;
  readonly recordSizeBytes: number | undefined;
  readonly payloadFile: string | undefined;
  readonly payloadDelimiter: string;
  readonly printsMetrics: boolean;
  readonly transactionDurationMs: number;
  readonly configFile: string | undefined;
  readonly props: readonly string[];
}

interface PerfRun {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly options: PerfOptions;
  readonly payload: () => Uint8Array;
}

const reportingIntervalMs = 5000;
/** Answers must get in between: the loop gives way after so long. */
const turnMs = 2;

/** `kafka-producer-perf-test.sh`: Kafka's ProducerPerformance. */
export const kafkaProducerPerfTest: Program = {
  name: 'kafka-producer-perf-test.sh',
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  if (ctx.args.length === 0) {
    output.write(argparseHelp(producerPerfTestSpec));
    return 0;
  }
  const outcome = parseArgparse(producerPerfTestSpec, ctx.args);
  if (outcome.kind !== 'parsed') {
    if (outcome.kind === 'help') output.write(outcome.text);
    else output.writeError(outcome.text);
    return 1;
  }
  const options = readOptions(outcome.parsed);
  if (options.props.length === 0 && options.configFile === undefined) {
    const message = 'Either --producer-props or --producer.config must be specified.';
    const { program } = producerPerfTestSpec;
    output.writeError(argparseUsage(producerPerfTestSpec) + argparseErrorText(program, message));
    return 1;
  }
  if (0 < options.transactionDurationMs) {
    output.err('--transaction-duration-ms: transactions are not supported yet; they are to come.');
    return 1;
  }
  const payload = await payloadSource(ctx, output, options);
  const properties = await readProperties(ctx, options);
  await runLoad({ ctx, output, options, payload }, properties);
  return 0;
}

function readOptions({ values }: ArgparseValues): PerfOptions {
  const one = (name: string) => values.get(name)?.[0];
  const size = one('record-size');
  return {
    topic: one('topic') ?? '',
    recordCount: Number(one('num-records')),
    throughput: Number(one('throughput')),
    recordSizeBytes: size === undefined ? undefined : Number(size),
    payloadFile: one('payload-file'),
    payloadDelimiter: one('payload-delimiter') ?? '\\n',
    printsMetrics: values.has('print-metrics'),
    transactionDurationMs: Number(one('transaction-duration-ms') ?? 0),
    configFile: one('producer.config'),
    props: values.get('producer-props') ?? [],
  };
}

async function readProperties(
  ctx: ProgramContext,
  options: PerfOptions,
): Promise<ClientProperties> {
  const { configFile, props } = options;
  const fromFile = await readPropertiesFile(ctx, configFile);
  const refuse = (word: string) =>
    new JavaError('java.lang.IllegalArgumentException', `Invalid property: ${word}`);
  return { 'client.id': 'perf-producer-client', ...fromFile, ...parseKeyValues(props, refuse) };
}

/** A function that gives the next record's value; it may be overwritten by the next call. */
async function payloadSource(
  ctx: ProgramContext,
  output: ToolOutput,
  options: PerfOptions,
): Promise<() => Uint8Array> {
  const { payloadFile, recordSizeBytes = 0, payloadDelimiter } = options;
  if (payloadFile === undefined) {
    if (recordSizeBytes < 0) {
      const javaName = 'java.lang.NegativeArraySizeException';
      throw new JavaError(javaName, String(recordSizeBytes));
    }
    const random = new RandomPayload(recordSizeBytes, ctx.random.uint32());
    return () => random.next();
  }
  const path = resolvePath(ctx, payloadFile);
  output.out(`Reading payloads from: ${path}`);
  const payloads = await readPayloads(ctx, path, payloadDelimiter);
  output.out(`Number of messages read: ${payloads.length}`);
  return () => payloads[randomBelow(ctx.random, payloads.length)] ?? new Uint8Array(0);
}

async function readPayloads(
  ctx: ProgramContext,
  path: string,
  delimiter: string,
): Promise<readonly Uint8Array[]> {
  const stat = await ctx.files.stat(path);
  if (stat === undefined || stat.sizeBytes === 0) {
    const message = 'File does not exist or empty file provided.';
    throw new JavaError('java.lang.IllegalArgumentException', message);
  }
  const text = await readTextFile(ctx, path);
  const separator = delimiter === '\\n' ? '\n' : delimiter;
  const parts = text.split(separator);
  // Java's split drops what is empty at the end.
  while (1 < parts.length && parts.at(-1) === '') parts.pop();
  return parts.map((part) => new TextEncoder().encode(part));
}

async function runLoad(run: PerfRun, properties: ClientProperties): Promise<void> {
  const { ctx, output, options } = run;
  const producer = new Producer(clientPorts(ctx, output), properties);
  const stats = new ProducerStats(
    options.recordCount,
    { nowMs: ctx.clock.nowMs(), reportingIntervalMs },
    (line) => output.out(line),
  );
  await sendAll(run, producer, stats);
  if (!options.printsMetrics) {
    await producer.close();
    stats.printTotal(ctx.clock.nowMs());
    return;
  }
  await producer.flush();
  stats.printTotal(ctx.clock.nowMs());
  for (const line of formatMetrics(producer.metrics())) output.out(line);
  await producer.close();
}

async function sendAll(run: PerfRun, producer: Producer, stats: ProducerStats): Promise<void> {
  const { ctx, output, options, payload } = run;
  const { clock, scheduler } = ctx;
  const { topic, recordCount } = options;
  // One function a payload size: with --record-size one for all records.
  const callbacks = new Map<number, SendCallback>();
  const callbackFor = (sizeBytes: number): SendCallback => {
    const known = callbacks.get(sizeBytes);
    if (known !== undefined) return known;
    const callback: SendCallback = (outcome, _, sentAtMs) => {
      const nowMs = clock.nowMs();
      if (outcome.error === undefined) stats.record(nowMs - sentAtMs, sizeBytes, nowMs);
      else output.err(describeError(outcome.error));
    };
    callbacks.set(sizeBytes, callback);
    return callback;
  };
  const throttle = new ThroughputThrottle(options.throughput, clock.nowMs());
  let turnStartMs = clock.nowMs();
  for (let i = 0; i < recordCount && !output.isBroken; i++) {
    const value = payload();
    const sentAtMs = clock.nowMs();
    const record = { topic, value, timestamp: sentAtMs };
    const isReady = producer.send(record, callbackFor(value.length), sentAtMs);
    if (!isReady) {
      await producer.ready();
      turnStartMs = clock.nowMs();
    } else if (turnMs <= sentAtMs - turnStartMs) {
      await nextTurn(scheduler);
      turnStartMs = clock.nowMs();
    }
    if (!throttle.shouldThrottle(i, sentAtMs)) continue;
    const pauseMs = throttle.pauseMs();
    if (pauseMs === 0) continue;
    const fromMs = clock.monotonicMs();
    await sleep(scheduler, Math.min(pauseMs, 2_147_483_647));
    throttle.overslept(clock.monotonicMs() - fromMs - pauseMs);
  }
}
