import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { randomBelow } from '../base/random.ts';
import type { ClientProperties } from '../client/client-config.ts';
import { Consumer } from '../client/consumer.ts';
import type { PartitionRecords } from '../client/consumer-types.ts';
import { Usage } from './jopt-tool.ts';
import { consumerPerfTestOptions } from './options/consumer-perf-test-options.ts';
import { joptHelp } from './parsers/jopt-help.ts';
import { JoptError, type JoptOptionSet, parseJopt } from './parsers/jopt-parser.ts';
import { ConsumerStats } from './perf/consumer-stats.ts';
import { DateFormat } from './text/date-format.ts';
import { formatMetrics } from './text/print-metrics.ts';
import {
  clientPorts,
  describeError,
  kafkaVersion,
  readPropertiesFile,
  runTool,
  type ToolOutput,
} from './tool.ts';

interface PerfCall {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly options: JoptOptionSet;
}

const pollMs = 100;

/** `kafka-consumer-perf-test.sh`: Kafka's ConsumerPerformance. */
export const kafkaConsumerPerfTest: Program = {
  name: 'kafka-consumer-perf-test.sh',
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const group = `perf-consumer-${randomBelow(ctx.random, 100_000)}`;
  const options = consumerPerfTestOptions.map((option) =>
    option.names[0] === 'group' ? { ...option, defaultValue: group } : option,
  );
  const usage = new Usage(options, output);
  let parsed: JoptOptionSet;
  try {
    parsed = parseJopt(options, ctx.args);
  } catch (error) {
    if (!(error instanceof JoptError)) throw error;
    const isVersion = ctx.args.length === 1 && ctx.args[0] === '--version';
    const isHelp = ctx.args.length === 1 && ctx.args[0] === '--help';
    if (isVersion) {
      output.out(kafkaVersion);
      return 0;
    }
    output.err(isHelp ? 'This tool is used to verify the consumer performance.' : error.message);
    output.writeError(joptHelp(options));
    return 1;
  }
  if (parsed.has('help')) usage.exit('This tool is used to verify the consumer performance.');
  if (parsed.has('version')) {
    output.out(kafkaVersion);
    return 0;
  }
  // In Kafka the parser itself asks for these, so that this comes before all else.
  if (!parsed.has('bootstrap-server') && !parsed.has('broker-list')) {
    usage.exit('Missing required option(s) [bootstrap-server]');
  }
  usage.require(parsed, 'topic', 'messages');
  if (parsed.has('threads') || parsed.has('num-fetch-threads')) {
    output.out(
      'WARNING: option [threads] and [num-fetch-threads] have been deprecated and will be ignored by the test',
    );
  }
  return await measure({ ctx, output, options: parsed });
}

async function measure({ ctx, output, options }: PerfCall): Promise<ExitCode> {
  const isDetailed = options.has('show-detailed-stats');
  if (!options.has('hide-header')) output.out(header(isDetailed));
  try {
    const limit = options.numberOf('messages') ?? 0;
    const consumer = new Consumer(clientPorts(ctx, output), await readProperties(ctx, options));
    const stats = new ConsumerStats({
      startMs: ctx.clock.nowMs(),
      reportingIntervalMs: isDetailed
        ? (options.numberOf('reporting-interval') ?? 5000)
        : undefined,
      dates: new DateFormat(options.valueOf('date-format') ?? ''),
      print: (line) => output.out(line),
    });
    await consume({ ctx, output, options }, consumer, { stats, limit });
    const endMs = ctx.clock.nowMs();
    const printsMetrics = options.has('print-metrics');
    if (printsMetrics) for (const line of formatMetrics(consumer.metrics())) output.out(line);
    await consumer.close();
    if (!isDetailed) stats.printTotal(endMs);
    return 0;
  } catch (error) {
    const isOfParser = error instanceof JoptError;
    const described = isOfParser ? `${error.javaName}: ${error.message}` : describeError(error);
    if (error instanceof Error) output.err(error.message);
    output.err(described);
    return 1;
  }
}

async function readProperties(
  ctx: ProgramContext,
  options: JoptOptionSet,
): Promise<ClientProperties> {
  const configFile = options.valueOf('consumer.config');
  const fromFile = await readPropertiesFile(ctx, configFile);
  const bootstrap = options.valueOf('bootstrap-server') ?? options.valueOf('broker-list') ?? '';
  return {
    'client.id': 'perf-consumer-client',
    ...fromFile,
    'bootstrap.servers': bootstrap,
    'group.id': options.valueOf('group') ?? '',
    'receive.buffer.bytes': options.valueOf('socket-buffer-size') ?? '',
    'max.partition.fetch.bytes': options.valueOf('fetch-size') ?? '',
    'auto.offset.reset': options.has('from-latest') ? 'latest' : 'earliest',
    'check.crcs': 'false',
  };
}

async function consume(
  { ctx, output, options }: PerfCall,
  consumer: Consumer,
  goal: { readonly stats: ConsumerStats; readonly limit: number },
): Promise<void> {
  const { stats, limit } = goal;
  const { clock } = ctx;
  const timeoutMs = options.numberOf('timeout') ?? 10_000;
  consumer.subscribe([options.valueOf('topic') ?? ''], {
    onRevoked: () => stats.joinStarted(clock.nowMs()),
    onAssigned: () => stats.joinEnded(clock.nowMs()),
  });
  stats.joinStarted(clock.nowMs());
  let lastAtMs = clock.nowMs();
  while (stats.recordCount < limit && clock.nowMs() - lastAtMs <= timeoutMs) {
    if (output.isBroken) return;
    const polled = await consumer.poll(pollMs);
    const nowMs = clock.nowMs();
    if (0 < polled.length) lastAtMs = nowMs;
    for (const part of polled) stats.count(part.records.length, sizeOf(part));
    stats.tick(nowMs);
  }
  if (stats.recordCount < limit) {
    output.out(
      `WARNING: Exiting before consuming the expected number of messages: timeout (${timeoutMs} ms) exceeded. You can use the --timeout option to increase the timeout.`,
    );
  }
}

function sizeOf({ records }: PartitionRecords): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += (key?.length ?? 0) + (value?.length ?? 0);
  return bytes;
}

function header(isDetailed: boolean): string {
  const columns =
    'data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec';
  return isDetailed ? `time, threadId, ${columns}` : `start.time, end.time, ${columns}`;
}
