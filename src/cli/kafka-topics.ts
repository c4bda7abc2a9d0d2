import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { BrokerError, ClientError } from '../client/client-errors.ts';
import { AdminCreationError, withAdmin } from './admin-tool.ts';
import { commandFailed, operationFailed } from './command-errors.ts';
import { type ErrorCall, type JoptCall, joptProgram, type Usage } from './jopt-tool.ts';
import { topicsOptions } from './options/topics-options.ts';
import { JoptError, type JoptOptionSet } from './parsers/jopt-parser.ts';
import { duplicates } from './text/duplicates.ts';
import { describeError, formatLogTime, JavaError } from './tool.ts';
import { describeTopics } from './topics/describe-topics.ts';
import { TopicCommandError } from './topics/topic-command-error.ts';
import { knownTopicConfigs } from './topics/topic-configs.ts';
import { topicFilter } from './topics/topic-filter.ts';

const actions = ['create', 'list', 'alter', 'describe', 'delete'];

/** `kafka-topics.sh`: Kafka's TopicCommand. */
export const kafkaTopics: Program = joptProgram({
  name: 'kafka-topics.sh',
  options: topicsOptions,
  purpose: 'Create, delete, describe, or change a topic.',
  helpPurpose: 'This tool helps to create, delete, describe, or change a topic.',
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  const { ctx, output } = call;
  checkArguments(call);
  try {
    await withAdmin(call, (admin) => act(call, admin));
    return 0;
  } catch (error) {
    if (error instanceof AdminCreationError) throw error;
    const isKnown =
      error instanceof ClientError || error instanceof JavaError || error instanceof JoptError;
    if (!isKnown) throw error;
    output.out(`Error while executing topic command : ${error.message}`);
    const time = formatLogTime(ctx.clock.nowMs());
    output.err(`[${time}] ERROR ${toText(error)}\n (org.apache.kafka.tools.TopicCommand)`);
    return 1;
  }
}

function toText(error: Error): string {
  return error instanceof JoptError ? `${error.javaName}: ${error.message}` : describeError(error);
}

/** What the options' constructor throws, Kafka prints twice and without more words. */
function onError(error: unknown, { output }: ErrorCall): ExitCode {
  if (!(error instanceof JoptError || error instanceof JavaError)) throw error;
  output.err(error.message);
  output.err(`${toText(error)}\n`);
  return 1;
}

function checkArguments({ options, usage }: JoptCall): void {
  if (actions.filter((action) => options.has(action)).length !== 1) {
    usage.exit(
      'Command must include exactly one action: --list, --describe, --create, --alter or --delete',
    );
  }
  if (!options.has('bootstrap-server')) {
    throw new TopicCommandError('--bootstrap-server must be specified');
  }
  if (options.has('describe') && options.has('if-exists')) {
    if (!options.has('topic') && !options.has('topic-id')) {
      usage.exit('--topic or --topic-id is required to describe a topic');
    }
  }
  if (!options.has('list') && !options.has('describe')) usage.require(options, 'topic');
  if (options.has('alter')) {
    const trailer =
      ' (the kafka-configs CLI supports altering topic configs with a --bootstrap-server option)';
    usage.excludeSet(options, ['bootstrap-server', 'config'], ['alter'], trailer);
    usage.require(options, 'partitions');
  }
  checkCombinations(options, usage);
}

const partitionFilters = [
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
  'unavailable-partitions',
];

function checkCombinations(options: JoptOptionSet, usage: Usage): void {
  const allBut = (...allowed: readonly string[]) =>
    actions.filter((action) => !allowed.includes(action));
  usage.exclude(options, 'config', ...allBut('alter', 'create'));
  usage.excludeSet(options, ['bootstrap-server', 'delete-config'], ['alter']);
  usage.exclude(options, 'delete-config', ...allBut('alter'));
  usage.exclude(options, 'partitions', ...allBut('alter', 'create'));
  usage.exclude(options, 'replication-factor', ...allBut('create'));
  usage.exclude(options, 'replica-assignment', ...allBut('create', 'alter'));
  if (options.has('create')) {
    usage.exclude(options, 'replica-assignment', 'partitions', 'replication-factor');
  }
  for (const filter of partitionFilters) {
    usage.exclude(options, filter, ...allBut('describe'), 'topics-with-overrides');
  }
  usage.exclude(options, 'topics-with-overrides', ...allBut('describe'));
  usage.exclude(options, 'if-exists', ...allBut('alter', 'delete', 'describe'));
  usage.exclude(options, 'if-not-exists', ...allBut('create'));
  usage.exclude(options, 'exclude-internal', ...allBut('list', 'describe'));
}

async function act(call: JoptCall, admin: Admin): Promise<void> {
  const { options } = call;
  if (options.has('create')) await create(call, admin);
  else if (options.has('alter')) await alter(call, admin);
  else if (options.has('list')) await list(call, admin);
  else if (options.has('describe')) await describeTopics(call, admin);
  else await remove(call, admin);
}

async function create({ options, output }: JoptCall, admin: Admin): Promise<void> {
  const name = options.valueOf('topic') ?? '';
  const configs = parseConfigs(options.valuesOf('config'));
  if (/[._]/.test(name)) {
    output.out(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.",
    );
  }
  const replicationFactor = options.numberOf('replication-factor') ?? -1;
  if (options.has('replication-factor') && !isBetween(replicationFactor, 1, 32_767)) {
    throw new TopicCommandError('The replication factor must be between 1 and 32767 inclusive');
  }
  const partitionCount = options.numberOf('partitions') ?? -1;
  if (options.has('partitions') && partitionCount < 1) {
    throw new TopicCommandError('The partitions must be greater than 0');
  }
  const assignments = parseAssignments(options.valueOf('replica-assignment'));
  try {
    const topic = { name, partitionCount, replicationFactor, configs, ...assignments };
    await admin.createTopic(topic);
    output.out(`Created topic ${name}.`);
  } catch (error) {
    const isThere = error instanceof BrokerError && error.code === 'TOPIC_ALREADY_EXISTS';
    if (!isThere || !options.has('if-not-exists')) throw error;
  }
}

async function alter(call: JoptCall, admin: Admin): Promise<void> {
  const { options } = call;
  const names = await matchingTopics(call, admin);
  const count = options.numberOf('partitions') ?? 0;
  const { assignments } = parseAssignments(options.valueOf('replica-assignment'));
  if (names.length === 0) return;
  const described = await admin.describeTopics(names);
  const topics = described.map(({ name, partitions }) => {
    const added = assignments?.slice(partitions.length) ?? null;
    return [name, { count, assignments: added }] as const;
  });
  await admin.createPartitions(new Map(topics));
}

async function list({ options, output }: JoptCall, admin: Admin): Promise<void> {
  const matches = topicFilter(options);
  const topics = (await admin.listTopics()).filter(matches).map(({ name }) => name);
  output.out(topics.toSorted().join('\n'));
}

async function remove(call: JoptCall, admin: Admin): Promise<void> {
  const names = await matchingTopics(call, admin);
  if (0 < names.length) await admin.deleteTopics(names);
}

/** Throws where there is none, unless --if-exists says that this is fine. */
async function matchingTopics({ options }: JoptCall, admin: Admin): Promise<readonly string[]> {
  const topics = (await admin.listTopics()).filter(topicFilter(options));
  if (topics.length === 0 && !options.has('if-exists')) {
    throw new TopicCommandError(
      `Topic 'Optional[${options.valueOf('topic')}]' does not exist as expected`,
    );
  }
  return topics.map(({ name }) => name);
}

function parseConfigs(words: readonly string[]): Record<string, string> {
  const configs: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals === -1) {
      throw new TopicCommandError(
        'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
      );
    }
    const name = word.slice(0, equals).trim();
    if (!knownTopicConfigs.has(name)) {
      const javaName = 'org.apache.kafka.common.errors.InvalidConfigurationException';
      throw new JavaError(javaName, `Unknown topic config name: ${name}`);
    }
    configs[name] = word.slice(equals + 1).trim();
  }
  return configs;
}

/** `0:1,1:2` → partition 0 on brokers 0 and 1, partition 1 on brokers 1 and 2. */
function parseAssignments(text: string | undefined): { assignments?: number[][] } {
  if (text === undefined) return {};
  const assignments: number[][] = [];
  for (const partition of text.split(',')) {
    const brokers = partition.split(':').map((broker) => parseBrokerId(broker));
    const twice = duplicates(brokers);
    if (0 < twice.length) {
      throw commandFailed(
        `Partition replica lists may not contain duplicate entries: ${twice.join(',')}`,
      );
    }
    if (brokers.length !== (assignments[0] ?? brokers).length) {
      throw operationFailed(
        `Partition ${assignments.length} has different replication factor: [${brokers.join(', ')}]`,
      );
    }
    assignments.push(brokers);
  }
  return { assignments };
}

function parseBrokerId(text: string): number {
  if (/^\s*-?\d+\s*$/.test(text)) return Number(text);
  const javaName = 'java.lang.NumberFormatException';
  throw new JavaError(javaName, `For input string: "${text}"`);
}

function isBetween(value: number, least: number, most: number): boolean {
  return least <= value && value <= most;
}
