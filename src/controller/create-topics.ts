import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  CreatableTopic,
  CreatableTopicConfigs,
  CreatableTopicResult,
  CreateTopicsRequest,
  CreateTopicsResponse,
} from '../protocol/schemas/19-create-topics.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  newUuid,
  requireOneBatch,
} from './controller-context.ts';
import { manualAssignmentProblem } from './manual-assignment.ts';
import { configResourceTypes, type Uuid } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { newPartitionRecord } from './new-partition.ts';
import { placeReplicas, usableBrokers } from './replica-placer.ts';
import { validateTopicConfigs } from './topic-config-validation.ts';
import { collisionKey, topicNameProblem } from './topic-name.ts';

/** The effective configs of a topic with these overrides, for the response (KIP-525). */
export type DescribeTopicConfigs = (
  overrides: ReadonlyMap<string, string>,
) => readonly CreatableTopicConfigs[];

interface NewTopic {
  readonly topicId: Uuid;
  readonly records: readonly MetadataRecordInput[];
  readonly numPartitions: number;
  readonly replicationFactor: number;
}

type Decision = { readonly kind: 'created'; readonly topic: NewTopic } | RefusedTopic;
interface RefusedTopic {
  readonly kind: 'refused';
  readonly error: ApiError;
}

const CLUSTER_METADATA_TOPIC = '__cluster_metadata';

/** CreateTopics (19). Topics are decided on one by one. */
export function createTopics(
  ctx: ControllerContext,
  request: CreateTopicsRequest,
  describeConfigs: DescribeTopicConfigs,
): ControllerResult<CreateTopicsResponse> {
  const names = new TopicNames(ctx, request.topics);
  const records: MetadataRecordInput[] = [];
  const topics: CreatableTopicResult[] = [];
  for (const topic of names.firstOccurrences) {
    const decision = decide(ctx, topic, names);
    if (decision.kind === 'refused') {
      topics.push(refusal(topic.name, decision.error));
      continue;
    }
    records.push(...decision.topic.records);
    requireOneBatch(records.length);
    topics.push(success(topic, decision.topic, describeConfigs));
  }
  const response = { throttleTimeMs: 0, topics };
  return { records: request.validateOnly ? [] : records, response };
}

/** Names that exist or are there twice in the request. As in Kafka 3.8, names of one request may collide with each other. */
class TopicNames {
  readonly #ctx: ControllerContext;
  readonly #duplicates = new Set<string>();
  #collisions: Map<string, string> | undefined;
  readonly firstOccurrences: readonly CreatableTopic[];

  constructor(ctx: ControllerContext, topics: readonly CreatableTopic[]) {
    this.#ctx = ctx;
    const seen = new Map<string, CreatableTopic>();
    for (const topic of topics) {
      if (seen.has(topic.name)) this.#duplicates.add(topic.name);
      else seen.set(topic.name, topic);
    }
    this.firstOccurrences = [...seen.values()];
  }

  problemOf(name: string): ApiError | undefined {
    if (this.#duplicates.has(name)) return apiError('INVALID_REQUEST', 'Duplicate topic name.');
    if (name === CLUSTER_METADATA_TOPIC) {
      return apiError('TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.');
    }
    const problem = topicNameProblem(name);
    if (problem !== undefined) return apiError('INVALID_TOPIC_EXCEPTION', problem);
    if (this.#ctx.image.topics.byName.has(name)) {
      return apiError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
    }
    const key = collisionKey(name);
    const other = key === undefined ? undefined : this.#collisionsByKey().get(key);
    if (other === undefined) return undefined;
    return apiError(
      'INVALID_TOPIC_EXCEPTION',
      `Topic '${name}' collides with existing topic: ${other}`,
    );
  }

  /** Looked for only when a name has a character that can collide. */
  #collisionsByKey(): Map<string, string> {
    if (this.#collisions !== undefined) return this.#collisions;
    this.#collisions = new Map();
    for (const name of this.#ctx.image.topics.byName.keys()) {
      const key = collisionKey(name);
      if (key !== undefined) this.#collisions.set(key, name);
    }
    return this.#collisions;
  }
}

function decide(ctx: ControllerContext, topic: CreatableTopic, names: TopicNames): Decision {
  const nameProblem = names.problemOf(topic.name);
  if (nameProblem !== undefined) return refused(nameProblem);
  const configProblem = validateTopicConfigs(ctx.settings, overridesOf(topic));
  if (configProblem !== undefined) return refused(configProblem);
  return 0 < topic.assignments.length ? assignManually(ctx, topic) : assignByPlacement(ctx, topic);
}

function assignManually(ctx: ControllerContext, topic: CreatableTopic): Decision {
  const problem = manualTopicProblem(topic);
  if (problem !== undefined) return refused(problem);
  const byIndex = new Map<number, readonly number[]>();
  let replicationFactor: number | undefined;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (byIndex.has(partitionIndex)) {
      return refusedAssignment(
        `Found multiple manual partition assignments for partition ${partitionIndex}`,
      );
    }
    const invalid = manualAssignmentProblem(ctx.image, brokerIds, replicationFactor);
    if (invalid !== undefined) return refused(invalid);
    replicationFactor = brokerIds.length;
    byIndex.set(partitionIndex, brokerIds);
  }
  const assignments = topic.assignments.map((_, index) => byIndex.get(index));
  if (assignments.includes(undefined)) {
    return refusedAssignment('partitions should be a consecutive 0-based integer sequence');
  }
  return newTopic(
    ctx,
    topic,
    assignments.map((brokerIds) => brokerIds ?? []),
    (index) =>
      apiError(
        'INVALID_REPLICA_ASSIGNMENT',
        `All brokers specified in the manual partition assignment for partition ${index} are fenced or in controlled shutdown.`,
      ),
  );
}

function manualTopicProblem(topic: CreatableTopic): ApiError | undefined {
  const refuse = (what: string) =>
    apiError(
      'INVALID_REQUEST',
      `A manual partition assignment was specified, but ${what} was not set to -1.`,
    );
  if (topic.replicationFactor !== -1) return refuse('replication factor');
  return topic.numPartitions === -1 ? undefined : refuse('numPartitions');
}

function assignByPlacement(ctx: ControllerContext, topic: CreatableTopic): Decision {
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    const message = 'Replication factor must be larger than 0, or -1 to use the default value.';
    return refused(apiError('INVALID_REPLICATION_FACTOR', message));
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    const message = 'Number of partitions was set to an invalid non-positive value.';
    return refused(apiError('INVALID_PARTITIONS', message));
  }
  const { settings, image, random } = ctx;
  const numPartitions =
    topic.numPartitions === -1 ? settings.defaultNumPartitions : topic.numPartitions;
  const replicationFactor =
    topic.replicationFactor === -1 ? settings.defaultReplicationFactor : topic.replicationFactor;
  requireOneBatch(numPartitions);
  const prefix = `Unable to replicate the partition ${replicationFactor} time(s): `;
  const placement = placeReplicas(
    usableBrokers(image),
    { numPartitions, replicationFactor },
    random,
  );
  if (placement.kind === 'impossible') {
    return refused(apiError('INVALID_REPLICATION_FACTOR', `${prefix}${placement.message}`));
  }
  const message = `${prefix}All brokers are currently fenced or in controlled shutdown.`;
  return newTopic(ctx, topic, placement.replicas, () =>
    apiError('INVALID_REPLICATION_FACTOR', message),
  );
}

/** In Kafka's order: the topic, its configs, its partitions. */
function newTopic(
  ctx: ControllerContext,
  topic: CreatableTopic,
  assignments: readonly (readonly number[])[],
  noLeaderError: (partition: number) => ApiError,
): Decision {
  const topicId = newUuid(ctx.random);
  const records: MetadataRecordInput[] = [
    { kind: 'TopicRecord', version: 0, message: { name: topic.name, topicId } },
  ];
  for (const [name, value] of overridesOf(topic)) {
    const resource = { resourceType: configResourceTypes.TOPIC, resourceName: topic.name };
    records.push({ kind: 'ConfigRecord', version: 0, message: { ...resource, name, value } });
  }
  for (const [index, replicas] of assignments.entries()) {
    const record = newPartitionRecord(ctx.image, topicId, index, replicas);
    if (record === undefined) return refused(noLeaderError(index));
    records.push(record);
  }
  return {
    kind: 'created',
    topic: {
      topicId,
      records,
      numPartitions: assignments.length,
      replicationFactor: assignments[0]?.length ?? 0,
    },
  };
}

function overridesOf(topic: CreatableTopic): ReadonlyMap<string, string> {
  const set = topic.configs.filter((config) => config.value !== null);
  return new Map(set.map(({ name, value }) => [name, value ?? '']));
}

function refused(error: ApiError): RefusedTopic {
  return { kind: 'refused', error };
}

function refusedAssignment(message: string): RefusedTopic {
  return refused(apiError('INVALID_REPLICA_ASSIGNMENT', message));
}

function refusal(name: string, { errorCode, message }: ApiError): CreatableTopicResult {
  return {
    name,
    topicId: ZERO_UUID,
    errorCode: errorCodeOf(errorCode),
    errorMessage: message,
    topicConfigErrorCode: 0,
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  };
}

function success(
  topic: CreatableTopic,
  { topicId, numPartitions, replicationFactor }: NewTopic,
  describeConfigs: DescribeTopicConfigs,
): CreatableTopicResult {
  return {
    name: topic.name,
    topicId,
    errorCode: 0,
    errorMessage: null,
    topicConfigErrorCode: 0,
    numPartitions,
    replicationFactor,
    configs: describeConfigs(overridesOf(topic)),
  };
}
