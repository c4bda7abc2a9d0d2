import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { ClientError, TimeoutError } from '../client/client-errors.ts';
import {
  type ElectionOutcome,
  type ElectionType,
  electionTypes,
  PartitionAdmin,
} from '../client/partition-admin.ts';
import { formatTopicPartition, type TopicPartition } from '../client/topic-partition.ts';
import { useAdmin } from './admin-tool.ts';
import { commandFailed, operationFailed } from './command-errors.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { leaderElectionOptions } from './options/leader-election-options.ts';
import { JoptError, type JoptOptionSet } from './parsers/jopt-parser.ts';
import { duplicates } from './text/duplicates.ts';
import {
  jsonField,
  parseJson,
  toInteger,
  toJsonArray,
  toJsonObject,
  toText,
} from './text/json-value.ts';
import { describeError, JavaError, javaNameOf, readTextFile } from './tool.ts';

/** `kafka-leader-election.sh`: Kafka's LeaderElectionCommand. */
export const kafkaLeaderElection: Program = joptProgram({
  name: 'kafka-leader-election.sh',
  options: leaderElectionOptions,
  purpose:
    'This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are preferred replicas and unclean replicas.',
  run,
  onError,
});

const apiTimeoutMs = 30_000;

async function run(call: JoptCall): Promise<ExitCode> {
  const { options } = call;
  checkOptions(options);
  const type = electionTypeOf(options.valueOf('election-type') ?? '');
  const partitions = await partitionsOf(call);
  const target = {
    configFile: options.valueOf('admin.config'),
    bootstrapServers: options.valueOf('bootstrap-server'),
    bootstrapControllers: undefined,
    defaults: {
      'default.api.timeout.ms': String(apiTimeoutMs),
      'request.timeout.ms': String(apiTimeoutMs / 2),
    },
  };
  await useAdmin(call, target, async (admin) => {
    report(call, type, await elect(call, admin, type, partitions));
  });
  return 0;
}

function onError(error: unknown, { output }: ErrorCall): ExitCode {
  const isKnown = error instanceof JoptError || javaNameOf(error) !== undefined;
  if (!isKnown || !(error instanceof Error)) throw error;
  output.err(error.message);
  const trace =
    error instanceof JoptError ? `${error.javaName}: ${error.message}` : describeError(error);
  output.err(`${trace}\n`);
  return 1;
}

function checkOptions(options: JoptOptionSet): void {
  const missing = ['bootstrap-server', 'election-type'].filter((name) => !options.has(name));
  if (0 < missing.length) throw commandFailed(`Missing required option(s): ${missing.join(', ')}`);
  const choices = ['topic', 'all-topic-partitions', 'path-to-json-file'];
  if (choices.filter((name) => options.has(name)).length !== 1) {
    throw commandFailed(
      `One and only one of the following options is required: ${choices.join(', ')}`,
    );
  }
  if (options.has('topic') && !options.has('partition')) {
    throw commandFailed('Missing required option(s): partition');
  }
  if (!options.has('topic') && options.has('partition')) {
    throw commandFailed('Option partition is only allowed if topic is used');
  }
}

function electionTypeOf(text: string): ElectionType {
  const name = text.toUpperCase();
  const known = (Object.keys(electionTypes) as ElectionType[]).find((type) => type === name);
  if (known !== undefined) return known;
  throw new JoptError(
    'OptionArgumentConversionException',
    `Cannot parse argument '${text}' of option election-type`,
  );
}

/** null: all there are. */
async function partitionsOf(call: JoptCall): Promise<readonly TopicPartition[] | null> {
  const { options } = call;
  const path = options.valueOf('path-to-json-file');
  if (path !== undefined) return parseElectionData(await readJsonFile(call, path));
  const topic = options.valueOf('topic');
  const partition = options.numberOf('partition');
  return topic === undefined || partition === undefined ? null : [{ topic, partition }];
}

async function readJsonFile({ ctx }: JoptCall, path: string): Promise<string> {
  try {
    return await readTextFile(ctx, path);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw wrap(error, `java.io.IOException: Unable to read file ${path}`);
  }
}

function parseElectionData(text: string): readonly TopicPartition[] {
  const json = parseJson(text);
  if (json === undefined) throw operationFailed('Replica election data is empty');
  const { partitions: list } = toJsonObject(json);
  if (list === undefined) {
    throw operationFailed('Replica election data is missing "partitions" field');
  }
  const partitions = wrapped(() => toJsonArray(list).map(toTopicPartition));
  const twice = duplicates(partitions.map(formatTopicPartition));
  if (twice.length === 0) return partitions;
  throw operationFailed(
    `Replica election data contains duplicate partitions: [${twice.join(', ')}]`,
  );
}

function toTopicPartition(value: unknown): TopicPartition {
  const object = toJsonObject(value);
  const topic = toText(jsonField(object, 'topic'));
  return { topic, partition: toInteger(jsonField(object, 'partition')) };
}

/** Kafka wraps what is wrong inside the list in an exception of its own. */
function wrapped<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw wrap(error, describeError(error));
  }
}

async function elect(
  { output }: JoptCall,
  admin: Admin,
  type: ElectionType,
  partitions: readonly TopicPartition[] | null,
): Promise<readonly ElectionOutcome[]> {
  try {
    return await new PartitionAdmin(admin).electLeaders(type, partitions);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (!(error instanceof TimeoutError)) {
      throw wrap(error, `java.util.concurrent.ExecutionException: ${describeError(error)}`);
    }
    const message = 'Timeout waiting for election results';
    output.out(message);
    throw commandFailed(message, error);
  }
}

function report(
  { output }: JoptCall,
  type: ElectionType,
  outcomes: readonly ElectionOutcome[],
): void {
  const isNoop = ({ error }: ElectionOutcome) => error?.code === 'ELECTION_NOT_NEEDED';
  const names = (own: readonly ElectionOutcome[]) => own.map(formatTopicPartition).join(', ');
  const succeeded = outcomes.filter(({ error }) => error === undefined);
  if (0 < succeeded.length) {
    output.out(
      `Successfully completed leader election (${type}) for partitions ${names(succeeded)}`,
    );
  }
  const noop = outcomes.filter(isNoop);
  if (0 < noop.length) {
    output.out(`Valid replica already elected for partitions ${names(noop)}`);
  }
  const failures = outcomes.filter((each) => each.error !== undefined && !isNoop(each));
  for (const each of failures) {
    output.out(
      `Error completing leader election (${type}) for partition: ${formatTopicPartition(each)}: ${describeError(each.error)}`,
    );
  }
  if (0 < failures.length)
    throw commandFailed(`${failures.length} replica(s) could not be elected`);
}

function wrap(cause: unknown, message: string): JavaError {
  return new JavaError('java.lang.RuntimeException', message, { cause });
}
