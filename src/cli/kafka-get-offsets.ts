import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { specialTimestamps } from '../client/admin.ts';
import type { TopicPartition } from '../client/topic-partition.ts';
import { withAdmin } from './admin-tool.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { getOffsetsOptions } from './options/get-offsets-options.ts';
import { JoptError, type JoptOptionSet } from './parsers/jopt-parser.ts';
import { JavaError, javaNameOf } from './tool.ts';
import { matchTopics, topicRegex } from './topics/topic-filter.ts';

/** `kafka-get-offsets.sh`: Kafka's GetOffsetShell. */
export const kafkaGetOffsets: Program = joptProgram({
  name: 'kafka-get-offsets.sh',
  options: getOffsetsOptions,
  purpose: 'An interactive shell for getting topic-partition offsets.',
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { options, output } = call;
  if (!options.has('bootstrap-server') && !options.has('broker-list')) {
    const missing = 'Missing required option(s) [bootstrap-server]';
    throw new JoptError('MissingRequiredOptionsException', missing);
  }
  const filters = ['topic', 'partitions'].some((name) => options.has(name));
  if (options.has('topic-partitions') && filters) {
    throw failure('--topic-partitions cannot be used with --topic or --partitions');
  }
  const isWanted = partitionFilter(options);
  const timestamp = parseTime(options.valueOf('time') ?? 'latest');
  const offsets = await withAdmin(call, async (admin) => {
    const partitions = await matchingPartitions(admin, options, isWanted);
    return await admin.listOffsets(partitions.map((each) => ({ ...each, timestamp })));
  });
  const known = offsets.filter(({ offset }) => 0 <= offset);
  known.sort((a, b) => compare(a.topic, b.topic) || a.partition - b.partition);
  for (const { topic, partition, offset } of known) output.out(`${topic}:${partition}:${offset}`);
  return 0;
}

function onError(error: unknown, { output }: ErrorCall): ExitCode {
  const isKnown = error instanceof JoptError || javaNameOf(error) !== undefined;
  if (!isKnown || !(error instanceof Error)) throw error;
  output.err(`Error occurred: ${error.message}`);
  return 1;
}

async function matchingPartitions(
  admin: Admin,
  options: JoptOptionSet,
  isWanted: (partition: TopicPartition) => boolean,
): Promise<readonly TopicPartition[]> {
  const isShown = matchTopics(undefined, options.has('exclude-internal-topics'));
  const topics = (await admin.listTopics()).filter(isShown);
  const partitions = topics
    .flatMap(({ name, partitions: own }) =>
      own.map(({ partition }) => ({ topic: name, partition })),
    )
    .filter(isWanted);
  if (0 < partitions.length) return partitions;
  throw failure('Could not match any topic-partitions with the specified filters');
}

function partitionFilter(options: JoptOptionSet): (partition: TopicPartition) => boolean {
  const patterns = options.valueOf('topic-partitions');
  if (patterns !== undefined) {
    const filters = patterns.split(',').map(parsePattern);
    return (partition) => filters.some((filter) => filter(partition));
  }
  const topic = options.valueOf('topic');
  const regex = topic === undefined ? undefined : topicRegex(topic);
  const ids = parsePartitions(options.valueOf('partitions'));
  return (each) =>
    (regex === undefined || regex.test(each.topic)) &&
    (ids === undefined || ids.has(each.partition));
}

/** `topic:5`, `topic:1-3` (3 is out), `topic:5-`, `topic:-3`; topic is a regular expression, or nothing. */
function parsePattern(pattern: string): (partition: TopicPartition) => boolean {
  const match = /^([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?$/.exec(pattern);
  if (match === null) throw failure(`Invalid rule specification: ${pattern}`);
  const [, topic = '', exact, from, until] = match;
  const regex = topic === '' ? undefined : topicRegex(topic);
  const isNumberWanted = (partition: number): boolean => {
    if (exact !== undefined && exact !== '') return partition === Number(exact);
    const isAfter = from === undefined || from === '' || Number(from) <= partition;
    return isAfter && (until === undefined || until === '' || partition < Number(until));
  };
  return (each) =>
    (regex === undefined || regex.test(each.topic)) && isNumberWanted(each.partition);
}

function parsePartitions(text: string | undefined): ReadonlySet<number> | undefined {
  if (text === undefined || text === '') return undefined;
  const words = text.split(',');
  if (words.every((word) => /^\d+$/.test(word))) return new Set(words.map(Number));
  throw failure(
    `--partitions expects a comma separated list of numeric partition ids, but received: ${text}`,
  );
}

function parseTime(text: string): number {
  switch (text) {
    case 'latest':
    case '-1':
      return specialTimestamps.latest;
    case 'earliest':
    case '-2':
      return specialTimestamps.earliest;
    case 'max-timestamp':
    case '-3':
      return specialTimestamps.maxTimestamp;
    default:
      break;
  }
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw failure(
    `Malformed time argument ${text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp, or a specified long format timestamp`,
  );
}

function failure(message: string): JavaError {
  return new JavaError('org.apache.kafka.server.util.TerseException', message);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
