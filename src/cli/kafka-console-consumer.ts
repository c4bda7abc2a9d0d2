import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { randomBelow } from '../base/random.ts';
import type { ClientProperties } from '../client/client-config.ts';
import { ClientError } from '../client/client-errors.ts';
import { Consumer } from '../client/consumer.ts';
import type { PartitionRecords } from '../client/consumer-types.ts';
import { formatRecord, type RecordFormat, readRecordFormat } from './console-consumer-format.ts';
import { type JoptCall, joptProgram } from './jopt-tool.ts';
import { consoleConsumerOptions } from './options/console-consumer-options.ts';
import type { JoptOptionSet } from './parsers/jopt-parser.ts';
import {
  clientPorts,
  describeError,
  ExitError,
  formatLogTime,
  JavaError,
  parseKeyValues,
  readPropertiesFile,
} from './tool.ts';
import { topicRegex } from './topics/topic-filter.ts';

/** `kafka-console-consumer.sh`: Kafka's ConsoleConsumer. */
export const kafkaConsoleConsumer: Program = joptProgram({
  name: 'kafka-console-consumer.sh',
  options: consoleConsumerOptions,
  purpose: 'This tool helps to read data from Kafka topics and outputs it to standard output.',
  run,
});

interface Start {
  readonly kind: 'offset' | 'earliest' | 'latest';
  readonly offset: number;
}

async function run(call: JoptCall): Promise<ExitCode> {
  const { ctx, output, options } = call;
  checkArguments(call);
  const start = readStart(call);
  const properties = await readProperties(call, start);
  const formatFile = options.valueOf('formatter-config');
  const format = readRecordFormat({
    ...(await readPropertiesFile(ctx, formatFile)),
    ...deserializers(options),
    ...parseKeyValues(options.valuesOf('property'), invalidProperty),
  });
  const consumer = new Consumer(clientPorts(ctx, output), properties);
  await subscribe(options, consumer, start);
  return await consume(call, consumer, format);
}

function checkArguments({ options, usage, output }: JoptCall): void {
  usage.require(options, 'bootstrap-server');
  const isIncluding = options.has('include') || options.has('whitelist');
  if (options.has('topic') === isIncluding) {
    const trailer = options.has('whitelist')
      ? '--whitelist is DEPRECATED use --include instead; ignored if --include specified.'
      : '';
    usage.exit(`Exactly one of --include/--topic is required. ${trailer}`);
  }
  if (options.has('partition')) {
    if (!options.has('topic')) usage.exit('The topic is required when partition is specified.');
    if (options.has('from-beginning') && options.has('offset')) {
      usage.exit('Options from-beginning and offset cannot be specified together.');
    }
  } else if (options.has('offset')) {
    usage.exit('The partition is required when offset is specified.');
  }
  const isolation = options.valueOf('isolation-level') ?? 'read_uncommitted';
  if (!['read_uncommitted', 'read_committed'].includes(isolation)) {
    output.err(
      `Invalid value ${isolation} for configuration isolation.level: String must be one of: read_committed, read_uncommitted`,
    );
    throw new ExitError(1);
  }
}

function readStart({ options, usage }: JoptCall): Start {
  const text = options.has('offset') ? (options.valueOf('offset') ?? '') : '';
  const lower = text.toLowerCase();
  if (lower === 'earliest' || lower === 'latest') return { kind: lower, offset: 0 };
  if (text !== '') {
    if (/^\d{1,15}$/.test(text)) return { kind: 'offset', offset: Number(text) };
    usage.exit(
      `The provided offset value '${text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
    );
  }
  return { kind: options.has('from-beginning') ? 'earliest' : 'latest', offset: 0 };
}

async function readProperties(
  { ctx, options, usage }: JoptCall,
  start: Start,
): Promise<ClientProperties> {
  const configFile = options.valueOf('consumer.config');
  const fromFile = await readPropertiesFile(ctx, configFile);
  const extra = parseKeyValues(options.valuesOf('consumer-property'), invalidProperty);
  const groups = new Set(
    [options.valueOf('group'), extra['group.id'], fromFile['group.id']].filter(
      (group) => group !== undefined,
    ),
  );
  if (1 < groups.size) {
    usage.exit(
      `The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer.config') do not match. Detected group ids: ${[...groups].map((group) => `'${group}'`).join(', ')}`,
    );
  }
  const [group] = groups;
  if (group !== undefined && options.has('partition')) {
    usage.exit('Options group and partition cannot be specified together.');
  }
  return {
    'client.id': 'console-consumer',
    ...fromFile,
    ...extra,
    ...offsetReset({ ...fromFile, ...extra }, start, usage),
    'bootstrap.servers': options.valueOf('bootstrap-server') ?? '',
    ...(group === undefined ? lonelyGroup(ctx) : { 'group.id': group }),
    'isolation.level': options.valueOf('isolation-level') ?? 'read_uncommitted',
  };
}

/** Without --group a run is nobody's successor: its group is of its own and commits nothing. */
function lonelyGroup(ctx: ProgramContext): ClientProperties {
  const group = `console-consumer-${randomBelow(ctx.random, 100_000)}`;
  return { 'group.id': group, 'enable.auto.commit': 'false' };
}

function offsetReset(
  given: ClientProperties,
  start: Start,
  usage: JoptCall['usage'],
): ClientProperties {
  const reset = given['auto.offset.reset'];
  if (reset === undefined) {
    return { 'auto.offset.reset': start.kind === 'earliest' ? 'earliest' : 'latest' };
  }
  if (start.kind === 'earliest' && reset !== 'earliest') {
    usage.exit(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', please remove one option`,
    );
  }
  return {};
}

function deserializers(options: JoptOptionSet): Record<string, string> {
  const found: Record<string, string> = {};
  for (const kind of ['key', 'value']) {
    const name = options.valueOf(`${kind}-deserializer`);
    if (name !== undefined) found[`${kind}.deserializer`] = name;
  }
  return found;
}

async function subscribe(options: JoptOptionSet, consumer: Consumer, start: Start): Promise<void> {
  const topic = options.valueOf('topic');
  const partition = options.numberOf('partition');
  if (topic === undefined) {
    consumer.subscribe(
      topicRegex(options.valueOf('include') ?? options.valueOf('whitelist') ?? ''),
    );
    return;
  }
  if (partition === undefined) {
    consumer.subscribe([topic]);
    return;
  }
  await consumer.partitionsFor(topic);
  consumer.assign([{ topic, partition }]);
  if (start.kind === 'offset') consumer.seek({ topic, partition }, start.offset);
  else consumer.seekTo(start.kind);
}

async function consume(
  { ctx, output, options }: JoptCall,
  consumer: Consumer,
  format: RecordFormat,
): Promise<ExitCode> {
  const limit = options.numberOf('max-messages') ?? -1;
  const timeoutMs = options.numberOf('timeout-ms') ?? -1;
  const counter = { count: 0 };
  let status: ExitCode | undefined;
  const stop = (exitStatus: ExitCode) => {
    status ??= exitStatus;
    consumer.wakeUp();
  };
  const handlers = [
    ctx.onSignal('SIGINT', () => stop(130)),
    ctx.onSignal('SIGTERM', () => stop(143)),
  ];
  try {
    const isStopped = () => status !== undefined || output.isBroken;
    await printRecords({
      call: { ctx, output },
      consumer,
      format,
      limit,
      timeoutMs,
      counter,
      isStopped,
    });
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof JavaError)) throw error;
    const time = formatLogTime(ctx.clock.nowMs());
    output.err(
      `[${time}] ERROR Error processing message, terminating consumer process:  (org.apache.kafka.tools.consumer.ConsoleConsumer)`,
    );
    output.err(describeError(error));
    if (!isTimeout(error)) status ??= 1;
  } finally {
    for (const handler of handlers) handler.dispose();
    await consumer.close();
    output.err(`Processed a total of ${counter.count} messages`);
  }
  return status ?? 0;
}

interface Printing {
  readonly call: Pick<JoptCall, 'ctx' | 'output'>;
  readonly consumer: Consumer;
  readonly format: RecordFormat;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly counter: { count: number };
  readonly isStopped: () => boolean;
}

/** Longest wait between two looks at whether to stop. */
const pollMs = 1000;

async function printRecords(printing: Printing): Promise<void> {
  const { call, consumer, limit, timeoutMs, counter, isStopped } = printing;
  const { clock } = call.ctx;
  let lastAtMs = clock.monotonicMs();
  while (!isStopped() && (limit < 0 || counter.count < limit)) {
    const leftMs = timeoutMs < 0 ? pollMs : lastAtMs + timeoutMs - clock.monotonicMs();
    if (leftMs <= 0) throw consumeTimeout();
    const polled = await consumer.poll(Math.min(leftMs, pollMs));
    if (0 < polled.length) lastAtMs = clock.monotonicMs();
    for (const part of polled) printPart(printing, part);
    await call.output.settled();
  }
}

function printPart(printing: Printing, part: PartitionRecords): void {
  const { call, consumer, format, limit, counter } = printing;
  for (const record of part.records) {
    if (0 <= limit && limit <= counter.count) {
      // What was not printed is not committed either.
      consumer.seek(part, record.offset);
      return;
    }
    call.output.write(formatRecord(format, part, record));
    counter.count += 1;
  }
}

function consumeTimeout(): JavaError {
  return new JavaError('org.apache.kafka.common.errors.TimeoutException', '');
}

function isTimeout(error: Error): boolean {
  return error instanceof JavaError && error.javaName.endsWith('.TimeoutException');
}

function invalidProperty(word: string): JavaError {
  const javaName = 'java.lang.IllegalArgumentException';
  return new JavaError(javaName, `Invalid command line properties: '${word}'`);
}
