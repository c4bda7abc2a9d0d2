import type { ReplicaPlace } from '../../client/partition-admin.ts';
import { formatTopicPartition, type TopicPartition } from '../../client/topic-partition.ts';
import { commandFailed, operationFailed } from '../command-errors.ts';
import { duplicates } from '../text/duplicates.ts';
import {
  jsonField,
  parseJson,
  parseJsonOrThrow,
  toInteger,
  toJsonArray,
  toJsonObject,
  toListOf,
  toText,
} from '../text/json-value.ts';

export interface TargetPartition extends TopicPartition {
  readonly replicas: readonly number[];
}

/** A replica that shall be in this log dir of its broker. */
export interface TargetDirectory extends ReplicaPlace {
  readonly path: string;
}

export interface ReassignmentFile {
  readonly partitions: readonly TargetPartition[];
  readonly directories: readonly TargetDirectory[];
}

const anyDirectory = 'any';
const formatVersion = 1;

/** `--reassignment-json-file`. Throws JavaError. */
export function parseReassignment(text: string): ReassignmentFile {
  const json = toJsonObject(parseJsonOrThrow(text));
  checkVersion(json['version']);
  const partitions: TargetPartition[] = [];
  const directories: TargetDirectory[] = [];
  for (const each of json['partitions'] === undefined ? [] : toJsonArray(json['partitions'])) {
    const { paths, ...target } = parseTarget(each);
    partitions.push(target);
    for (const [i, brokerId] of target.replicas.entries()) {
      const path = paths?.[i] ?? anyDirectory;
      const { topic, partition } = target;
      if (path !== anyDirectory) directories.push({ topic, partition, brokerId, path });
    }
  }
  return { partitions, directories };
}

function parseTarget(value: unknown): TargetPartition & {
  readonly paths: readonly string[] | undefined;
} {
  const object = toJsonObject(value);
  const topic = toText(jsonField(object, 'topic'));
  const partition = toInteger(jsonField(object, 'partition'));
  const replicas = toListOf(jsonField(object, 'replicas'), toInteger);
  const { log_dirs: dirs } = object;
  const paths = dirs === undefined ? undefined : toListOf(dirs, toText);
  if (paths !== undefined && paths.length !== replicas.length) {
    const name = formatTopicPartition({ topic, partition });
    throw commandFailed(
      `Size of replicas list [${replicas.join(', ')}] is different from size of log dirs list [${paths.join(', ')}] for partition ${name}`,
    );
  }
  return { topic, partition, replicas, paths };
}

function checkVersion(value: unknown): void {
  const version = value === undefined ? formatVersion : toInteger(value);
  if (version !== formatVersion) {
    throw operationFailed(`Not supported version field value ${version}`);
  }
}

/** What `--execute` does not take: an empty list, empty or doubled replicas, a partition twice. Throws JavaError. */
export function checkExecutable({ partitions }: ReassignmentFile): void {
  if (partitions.length === 0) throw commandFailed('Partition reassignment list cannot be empty');
  if (partitions.some(({ replicas }) => replicas.length === 0)) {
    throw commandFailed('Partition replica list cannot be empty');
  }
  const twice = duplicates(partitions.map(formatTopicPartition));
  if (0 < twice.length) {
    throw commandFailed(
      `Partition reassignment contains duplicate topic partitions: ${twice.join(',')}`,
    );
  }
  const doubled = partitions
    .map((each) => ({ name: formatTopicPartition(each), ids: duplicates(each.replicas) }))
    .filter(({ ids }) => 0 < ids.length)
    .map(({ name, ids }) => `${name} contains multiple entries for ${ids.join(',')}`);
  if (0 < doubled.length) {
    throw commandFailed(
      `Partition replica lists may not contain duplicate entries: ${doubled.join('. ')}`,
    );
  }
}

/** `--topics-to-move-json-file`. Throws JavaError. */
export function parseTopicsToMove(text: string): readonly string[] {
  const parsed = parseJson(text);
  if (parsed === undefined) throw operationFailed('The input string is not a valid JSON');
  const json = toJsonObject(parsed);
  checkVersion(json['version']);
  const list = json['topics'] === undefined ? [] : toJsonArray(json['topics']);
  const topics = list.map((each) => toText(jsonField(toJsonObject(each), 'topic')));
  const twice = duplicates(topics);
  if (twice.length === 0) return topics;
  throw commandFailed(
    `List of topics to reassign contains duplicate entries: [${twice.join(', ')}]`,
  );
}

/** The form that `--reassignment-json-file` takes. */
export function formatReassignment(partitions: readonly TargetPartition[]): string {
  return JSON.stringify({
    version: formatVersion,
    partitions: partitions.toSorted(byPartition).map(({ topic, partition, replicas }) => ({
      topic,
      partition,
      replicas,
      log_dirs: replicas.map(() => anyDirectory),
    })),
  });
}

/** By topic, then by partition. */
export function byPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}
