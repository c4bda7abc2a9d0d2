import type { Admin } from '../../client/admin.ts';
import type { ConfigEntry } from '../../client/admin-types.ts';
import type { PartitionDescription, TopicDescription } from '../../client/topic-description.ts';
import type { JoptCall } from '../jopt-tool.ts';
import { TopicCommandError } from './topic-command-error.ts';
import { topicFilter } from './topic-filter.ts';

type Reassignments = Awaited<ReturnType<Admin['listReassignments']>>;

interface Described {
  readonly topic: TopicDescription;
  readonly configs: readonly ConfigEntry[];
}

/** `--describe`: a line a topic and a line a partition. */
export async function describeTopics(call: JoptCall, admin: Admin): Promise<void> {
  const { options, output } = call;
  const names = await topicNames(call, admin);
  const limit = options.numberOf('partition-size-limit-per-response') ?? 2000;
  const topics = await admin.describeTopics(names, limit);
  const configs = await admin.describeConfigs(
    topics.map(({ name }) => ({ type: 'topic' as const, name })),
  );
  const reassignments = 0 < topics.length ? await admin.listReassignments() : new Map();
  const shown = options.has('topics-with-overrides')
    ? describeOverrides(reassignments)
    : describePartitions(reassignments, partitionFilter(call));
  for (const [i, topic] of topics.entries()) {
    for (const line of shown({ topic, configs: configs[i] ?? [] })) output.out(line);
  }
}

function describeOverrides(reassignments: Reassignments) {
  return (described: Described): string[] => {
    const overrides = overridesOf(described);
    const { topic } = described;
    const [first] = topic.partitions;
    const factor = first === undefined ? 0 : factorOf(topic, first, reassignments);
    return overrides === '' ? [] : [topicLine(topic, factor, overrides)];
  };
}

function describePartitions(reassignments: Reassignments, wanted: PartitionFilter | undefined) {
  return (described: Described): string[] => {
    const { topic } = described;
    const lines = topic.partitions
      .filter(
        (partition) =>
          wanted === undefined ||
          wanted(partition, described, factorOf(topic, partition, reassignments)),
      )
      .map((partition) => partitionLine(topic.name, partition, reassignments));
    // A filter shows partitions only, without their topics' lines.
    const [first] = topic.partitions;
    const factor = first === undefined ? 0 : factorOf(topic, first, reassignments);
    return wanted === undefined
      ? [topicLine(topic, factor, overridesOf(described)), ...lines]
      : lines;
  };
}

async function topicNames({ options }: JoptCall, admin: Admin): Promise<readonly string[]> {
  const id = options.valueOf('topic-id');
  const zeroId = 'AAAAAAAAAAAAAAAAAAAAAA';
  const all = await admin.listTopics();
  const isById = id !== undefined && id !== zeroId;
  const topics = isById
    ? all.filter(({ topicId }) => topicId === id)
    : all.filter(topicFilter(options));
  const asked = isById ? id : options.valueOf('topic');
  if (topics.length === 0 && asked !== undefined && !options.has('if-exists')) {
    const kind = isById ? 'TopicId' : 'Topic';
    const shown = isById ? asked : `Optional[${asked}]`;
    throw new TopicCommandError(`${kind} '${shown}' does not exist as expected`);
  }
  // Simplified: in order of names; Kafka's tool prints them in the order of a hash table.
  return topics.map(({ name }) => name).toSorted();
}

function overridesOf({ configs }: Described): string {
  return configs
    .filter(({ source }) => source !== 'DEFAULT_CONFIG')
    .map(({ name, value }) => `${name}=${value}`)
    .join(',');
}

/** Replicas that a reassignment adds do not count yet. */
function factorOf(
  { name }: TopicDescription,
  { partition, replicas }: PartitionDescription,
  reassignments: Reassignments,
): number {
  const adding = reassignments.get(`${name}-${partition}`)?.adding ?? [];
  return replicas.filter((replica) => !adding.includes(replica)).length;
}

function topicLine(topic: TopicDescription, factor: number, overrides: string): string {
  const { name, topicId, partitions } = topic;
  return `Topic: ${name}\tTopicId: ${topicId}\tPartitionCount: ${partitions.length}\tReplicationFactor: ${factor}\tConfigs: ${overrides}`;
}

function partitionLine(
  topic: string,
  partition: PartitionDescription,
  reassignments: Reassignments,
): string {
  const { leader, replicas, isr, eligibleLeaderReplicas, lastKnownElr } = partition;
  const moving = reassignments.get(`${topic}-${partition.partition}`);
  const moves =
    moving === undefined
      ? ''
      : `\tAdding Replicas: ${moving.adding.join(',')}\tRemoving Replicas: ${moving.removing.join(',')}`;
  const elr = `\tElr: ${eligibleLeaderReplicas?.join(',') ?? 'N/A'}\tLastKnownElr: ${lastKnownElr?.join(',') ?? 'N/A'}`;
  const shownLeader = leader < 0 ? 'none' : leader;
  return `\tTopic: ${topic}\tPartition: ${partition.partition}\tLeader: ${shownLeader}\tReplicas: ${replicas.join(',')}\tIsr: ${isr.join(',')}${moves}${elr}`;
}

type PartitionFilter = (
  partition: PartitionDescription,
  described: Described,
  replicationFactor: number,
) => boolean;

/** Undefined: all partitions, with their topics' lines. Several filters add up. */
function partitionFilter({ options }: JoptCall): PartitionFilter | undefined {
  const filters: PartitionFilter[] = [];
  if (options.has('under-replicated-partitions')) {
    filters.push(({ isr }, _, replicationFactor) => isr.length < replicationFactor);
  }
  if (options.has('unavailable-partitions')) filters.push(({ leader }) => leader < 0);
  if (options.has('under-min-isr-partitions')) {
    // What has no leader is under any minimum, whoever stands in its ISR.
    filters.push(({ leader, isr }, described) => leader < 0 || isr.length < minIsrOf(described));
  }
  if (options.has('at-min-isr-partitions')) {
    filters.push(({ isr }, described) => isr.length === minIsrOf(described));
  }
  if (filters.length === 0) return undefined;
  return (...of) => filters.some((filter) => filter(...of));
}

function minIsrOf({ configs }: Described): number {
  return Number(configs.find(({ name }) => name === 'min.insync.replicas')?.value ?? 1);
}
