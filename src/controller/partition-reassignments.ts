import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../protocol/schemas/45-alter-partition-reassignments.ts';
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../protocol/schemas/46-list-partition-reassignments.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  noError,
} from './controller-context.ts';
import { manualAssignmentProblem } from './manual-assignment.ts';
import type { MetadataImage, PartitionRegistration, TopicImage } from './metadata-image.ts';
import { metadataVersionOf } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { partitionRecordVersion } from './metadata-version.ts';

/**
 * AlterPartitionReassignments (45, KIP-455).
 *
 * Simplified: replicas may be put in another order, which takes effect at once. A move to other
 * brokers needs replication between brokers, and is refused until there is some.
 */
export function alterPartitionReassignments(
  ctx: ControllerContext,
  request: AlterPartitionReassignmentsRequest,
): ControllerResult<AlterPartitionReassignmentsResponse> {
  const records: MetadataRecordInput[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const outcome = reassign(ctx, ctx.image.topics.byName.get(name), {
        name,
        partitionIndex,
        replicas,
      });
      const { errorCode, message } = 'errorCode' in outcome ? outcome : noError;
      if (!('errorCode' in outcome)) records.push(...outcome);
      return { partitionIndex, errorCode: errorCodeOf(errorCode), errorMessage: message };
    }),
  }));
  const { allowReplicationFactorChange } = request;
  return {
    records,
    response: {
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: 0,
      errorMessage: null,
      responses,
    },
  };
}

interface Reassignment {
  readonly name: string;
  readonly partitionIndex: number;
  readonly replicas: readonly number[] | null;
}

function reassign(
  { image }: ControllerContext,
  topic: TopicImage | undefined,
  { name, partitionIndex, replicas }: Reassignment,
): readonly MetadataRecordInput[] | ApiError {
  if (topic === undefined) {
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`);
  }
  const partition = topic.partitions[partitionIndex];
  if (partition === undefined) {
    return apiError(
      'UNKNOWN_TOPIC_OR_PARTITION',
      `Unable to find partition ${name}:${partitionIndex}.`,
    );
  }
  if (replicas === null) return apiError('NO_REASSIGNMENT_IN_PROGRESS');
  const problem = manualAssignmentProblem(image, replicas, undefined);
  if (problem !== undefined) return problem;
  const isReordering =
    replicas.length === partition.replicas.length &&
    replicas.every((id) => partition.replicas.includes(id));
  if (!isReordering) {
    return apiError('INVALID_REQUEST', 'Moving replicas to other brokers is not supported yet.');
  }
  return reorder(image, topic, partitionIndex, replicas);
}

function reorder(
  image: MetadataImage,
  { topicId, partitions }: TopicImage,
  partitionId: number,
  replicas: readonly number[],
): readonly MetadataRecordInput[] {
  const before = partitions[partitionId];
  if (before === undefined || replicas.every((id, i) => before.replicas[i] === id)) return [];
  const directories = replicas.map((id) => before.directories[before.replicas.indexOf(id)] ?? '');
  return [
    {
      kind: 'PartitionChangeRecord',
      version: partitionRecordVersion(metadataVersionOf(image)),
      message: { partitionId, topicId, replicas, directories },
    },
  ];
}

/** ListPartitionReassignments (46). */
export function listPartitionReassignments(
  image: MetadataImage,
  request: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponse {
  const wanted =
    request.topics?.map(({ name, partitionIndexes }) => ({ name, partitionIndexes })) ??
    [...image.topics.byName.values()].map(({ name, partitions }) => ({
      name,
      partitionIndexes: [...partitions.keys()],
    }));
  const topics = wanted
    .map(({ name, partitionIndexes }) => ({
      name,
      partitions: ongoing(image.topics.byName.get(name), partitionIndexes),
    }))
    .filter(({ partitions }) => 0 < partitions.length);
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics };
}

function ongoing(topic: TopicImage | undefined, partitionIndexes: readonly number[]) {
  const isMoving = ({ addingReplicas, removingReplicas }: PartitionRegistration) =>
    0 < addingReplicas.length + removingReplicas.length;
  return partitionIndexes.flatMap((partitionIndex) => {
    const partition = topic?.partitions[partitionIndex];
    if (partition === undefined || !isMoving(partition)) return [];
    const { replicas, addingReplicas, removingReplicas } = partition;
    return [{ partitionIndex, replicas, addingReplicas, removingReplicas }];
  });
}
