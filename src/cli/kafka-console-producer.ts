import type { Disposable } from '../base/disposable.ts';
import type { ByteSource, ExitCode, Program, ProgramContext } from '../base/program.ts';
import type { ClientProperties } from '../client/client-config.ts';
import { Producer } from '../client/producer.ts';
import type { ProducerRecord } from '../client/producer-record.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { LineParser } from './line-parser.ts';
import { LineReader } from './line-reader.ts';
import { consoleProducerOptions } from './options/console-producer-options.ts';
import { JoptError, type JoptOptionSet } from './parsers/jopt-parser.ts';
import {
  clientPorts,
  describeError,
  formatLogTime,
  javaNameOf,
  readPropertiesFile,
  type ToolOutput,
} from './tool.ts';

/** `kafka-console-producer.sh`: Kafka's ConsoleProducer. */
export const kafkaConsoleProducer: Program = joptProgram({
  name: 'kafka-console-producer.sh',
  options: consoleProducerOptions,
  purpose: 'This tool helps to read data from standard input and publish it to Kafka.',
  isHelpfulWithoutArguments: false,
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { ctx, output, options, usage } = call;
  if (!options.has('bootstrap-server') && !options.has('broker-list')) {
    usage.exit('Missing required option(s) [bootstrap-server]');
  }
  usage.require(options, 'topic');
  const topic = options.valueOf('topic') ?? '';
  const readerFile = options.valueOf('reader-config');
  const parser = new LineParser(topic, {
    ...(await readPropertiesFile(ctx, readerFile)),
    ...looseKeyValues(options.valuesOf('property')),
  });
  const producer = new Producer(clientPorts(ctx, output), await readProperties(ctx, options));
  let status: ExitCode | undefined;
  const source = new InterruptibleSource(ctx.stdin);
  const stop = (exitCode: ExitCode) => {
    status ??= exitCode;
    source.interrupt();
  };
  const handlers: Disposable[] = [
    ctx.onSignal('SIGINT', () => stop(130)),
    ctx.onSignal('SIGTERM', () => stop(143)),
  ];
  try {
    await sendLines({ ctx, output, options }, { producer, parser, source });
  } finally {
    for (const handler of handlers) handler.dispose();
    await producer.close();
  }
  return status ?? 0;
}

function onError(error: unknown, { output, usage }: ErrorCall): ExitCode {
  if (error instanceof JoptError) return usage.exit(error.message);
  if (javaNameOf(error) === undefined) throw error;
  output.err(describeError(error));
  return 1;
}

interface Sending {
  readonly producer: Producer;
  readonly parser: LineParser;
  readonly source: ByteSource;
}

async function sendLines(
  { ctx, output, options }: Pick<JoptCall, 'ctx' | 'output' | 'options'>,
  { producer, parser, source }: Sending,
): Promise<void> {
  const lines = new LineReader(source);
  const isSync = options.has('sync');
  for (;;) {
    if (ctx.stdin.isTerminal) output.write('>');
    const line = await lines.next();
    if (line === undefined) return;
    const record = parser.parse(line);
    if (isSync) {
      await producer.sendAndWait(record);
      continue;
    }
    if (!sendLogged(ctx, output, producer, record)) await producer.ready();
  }
}

/** As Kafka's ErrorLoggingCallback: a failure is said, and the next line goes on. */
function sendLogged(
  ctx: ProgramContext,
  output: ToolOutput,
  producer: Producer,
  record: ProducerRecord,
): boolean {
  return producer.send(record, ({ error }) => {
    if (error === undefined) return;
    const time = formatLogTime(ctx.clock.nowMs());
    const key = record.key?.length ?? null;
    const value = record.value?.length ?? null;
    output.err(
      `[${time}] ERROR Error when sending message to topic ${record.topic} with key: ${key === null ? 'null' : `${key} bytes`}, value: ${value === null ? 'null' : `${value} bytes`} with error: (org.apache.kafka.clients.producer.internals.ErrorLoggingCallback)`,
    );
    output.err(describeError(error));
  });
}

async function readProperties(
  ctx: ProgramContext,
  options: JoptOptionSet,
): Promise<ClientProperties> {
  const configFile = options.valueOf('producer.config');
  const fromFile = await readPropertiesFile(ctx, configFile);
  const extra = looseKeyValues(options.valuesOf('producer-property'));
  const given = { ...fromFile, ...extra };
  const compression = options.has('compression-codec')
    ? options.valueOf('compression-codec') || 'gzip'
    : undefined;
  return {
    'client.id': 'console-producer',
    ...given,
    'bootstrap.servers':
      options.valueOf('bootstrap-server') ?? options.valueOf('broker-list') ?? '',
    ...(compression === undefined ? {} : { 'compression.type': compression }),
    ...merged(options, given),
  };
}

/** What both an option and a property can set: the option where it was given, else the property, else the option's default. */
function merged(options: JoptOptionSet, given: ClientProperties): ClientProperties {
  const table: Readonly<Record<string, string>> = {
    'linger.ms': 'timeout',
    acks: 'request-required-acks',
    'request.timeout.ms': 'request-timeout-ms',
    retries: 'message-send-max-retries',
    'retry.backoff.ms': 'retry-backoff-ms',
    'send.buffer.bytes': 'socket-buffer-size',
    'buffer.memory': 'max-memory-bytes',
    'batch.size': 'batch-size',
    'metadata.max.age.ms': 'metadata-expiry-ms',
    'max.block.ms': 'max-block-ms',
  };
  const values: Record<string, string> = {};
  for (const [key, option] of Object.entries(table)) {
    const value = options.valueOf(option);
    if (value === undefined || (given[key] !== undefined && !options.has(option))) continue;
    values[key] = value;
  }
  if (options.has('max-partition-memory-bytes')) {
    values['batch.size'] = options.valueOf('max-partition-memory-bytes') ?? '';
  }
  return values;
}

/** `key=value` words; a word alone is a key without a value, as in Kafka. */
function looseKeyValues(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      return equals === -1 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

/** Standard input that ends when the program is told to stop. */
class InterruptibleSource implements ByteSource {
  readonly isTerminal: boolean;
  readonly #source: ByteSource;
  readonly #interrupted: Promise<null>;
  #interrupt: () => void = () => {};

  constructor(source: ByteSource) {
    this.#source = source;
    this.isTerminal = source.isTerminal;
    this.#interrupted = new Promise((resolve) => {
      this.#interrupt = () => resolve(null);
    });
  }

  read(): Promise<Uint8Array | null> {
    return Promise.race([this.#source.read(), this.#interrupted]);
  }

  interrupt(): void {
    this.#interrupt();
  }
}
