import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  CreatePartitionsTopic,
} from '../protocol/schemas/37-create-partitions.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  duplicatesOf,
  noError,
  requireOneBatch,
} from './controller-context.ts';
import { manualAssignmentProblem } from './manual-assignment.ts';
import type { TopicImage } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { newPartitionRecord } from './new-partition.ts';
import { placeReplicas, usableBrokers } from './replica-placer.ts';

type Growth = readonly MetadataRecordInput[] | ApiError;

/** CreatePartitions (37). */
export function createPartitions(
  ctx: ControllerContext,
  request: CreatePartitionsRequest,
): ControllerResult<CreatePartitionsResponse> {
  const duplicates = duplicatesOf(request.topics.map(({ name }) => name));
  const records: MetadataRecordInput[] = [];
  const results = request.topics.map((topic) => {
    const growth = duplicates.has(topic.name)
      ? apiError('INVALID_REQUEST', 'Duplicate topic name.')
      : grow(ctx, topic);
    const { errorCode, message } = isError(growth) ? growth : noError;
    if (!isError(growth)) records.push(...growth);
    requireOneBatch(records.length);
    return { name: topic.name, errorCode: errorCodeOf(errorCode), errorMessage: message };
  });
  const response = { throttleTimeMs: 0, results };
  return { records: request.validateOnly ? [] : records, response };
}

function isError(growth: Growth): growth is ApiError {
  return 'errorCode' in growth;
}

function grow(ctx: ControllerContext, request: CreatePartitionsTopic): Growth {
  const topic = ctx.image.topics.byName.get(request.name);
  if (topic === undefined) return { errorCode: 'UNKNOWN_TOPIC_OR_PARTITION', message: null };
  const additional = request.count - topic.partitions.length;
  const problem = countProblem(request, topic, additional);
  if (problem !== undefined) return problem;
  const assignments = chooseReplicas(ctx, request, topic);
  if ('errorCode' in assignments) return assignments;
  return newPartitions(ctx, topic, assignments);
}

function countProblem(
  { name, count, assignments }: CreatePartitionsTopic,
  topic: TopicImage,
  additional: number,
): ApiError | undefined {
  const present = topic.partitions.length;
  if (additional === 0) {
    return apiError('INVALID_PARTITIONS', `Topic already has ${present} partition(s).`);
  }
  if (additional < 0) {
    const message = `The topic ${name} currently has ${present} partition(s); ${count} would not be an increase.`;
    return apiError('INVALID_PARTITIONS', message);
  }
  requireOneBatch(additional);
  if (assignments === null || assignments.length === additional) return undefined;
  const message = `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were specified.`;
  return apiError('INVALID_REPLICA_ASSIGNMENT', message);
}

function chooseReplicas(
  ctx: ControllerContext,
  { count, assignments }: CreatePartitionsTopic,
  topic: TopicImage,
): readonly (readonly number[])[] | ApiError {
  const replicationFactor = topic.partitions[0]?.replicas.length ?? 1;
  if (assignments !== null) {
    for (const { brokerIds } of assignments) {
      const problem = manualAssignmentProblem(ctx.image, brokerIds, replicationFactor);
      if (problem !== undefined) return problem;
    }
    return assignments.map(({ brokerIds }) => brokerIds);
  }
  const numPartitions = count - topic.partitions.length;
  const brokers = usableBrokers(ctx.image);
  const placement = placeReplicas(brokers, { numPartitions, replicationFactor }, ctx.random);
  if (placement.kind === 'placed') return placement.replicas;
  const message = `Unable to replicate the partition ${replicationFactor} time(s): ${placement.message}`;
  return apiError('INVALID_REPLICATION_FACTOR', message);
}

function newPartitions(
  ctx: ControllerContext,
  { topicId, partitions }: TopicImage,
  assignments: readonly (readonly number[])[],
): Growth {
  const records: MetadataRecordInput[] = [];
  for (const [i, replicas] of assignments.entries()) {
    const index = partitions.length + i;
    const record = newPartitionRecord(ctx.image, topicId, index, replicas);
    if (record === undefined) {
      const message = `All brokers specified in the manual partition assignment for partition ${index} are fenced or in controlled shutdown.`;
      return apiError('INVALID_REPLICA_ASSIGNMENT', message);
    }
    records.push(record);
  }
  return records;
}
