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
import type { MetadataImage, TopicImage } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  electionOf,
  isUncleanElectionEnabled,
  type PartitionPlace,
  partitionChange,
} from './partition-change.ts';
import {
  isReassigning,
  planReassignment,
  reassignmentOf,
  revertReassignment,
} from './partition-reassignment.ts';

/** AlterPartitionReassignments (45, KIP-455): starts, changes or takes back moves to other brokers, each for itself. */
export function alterPartitionReassignments(
  ctx: ControllerContext,
  request: AlterPartitionReassignmentsRequest,
): ControllerResult<AlterPartitionReassignmentsResponse> {
  const records: MetadataRecordInput[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const outcome = reassign(ctx, { name, partitionIndex, replicas });
      const { errorCode, message } = 'errorCode' in outcome ? outcome : noError;
      if (!('errorCode' in outcome)) records.push(...outcome);
      return { partitionIndex, errorCode: errorCodeOf(errorCode), errorMessage: message };
    }),
  }));
  const { allowReplicationFactorChange } = request;
  const success = { throttleTimeMs: 0, errorCode: 0, errorMessage: null };
  return { records, response: { ...success, allowReplicationFactorChange, responses } };
}

interface WantedReassignment {
  readonly name: string;
  readonly partitionIndex: number;
  /** null takes back the move under way. */
  readonly replicas: readonly number[] | null;
}

type Outcome = readonly MetadataRecordInput[] | ApiError;

function reassign(ctx: ControllerContext, wanted: WantedReassignment): Outcome {
  const { name, partitionIndex, replicas } = wanted;
  const topic = ctx.image.topics.byName.get(name);
  if (topic === undefined) {
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`);
  }
  const partition = topic.partitions[partitionIndex];
  if (partition === undefined) {
    const message = `Unable to find partition ${name}:${partitionIndex}.`;
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', message);
  }
  const place = { topic, partitionId: partitionIndex, partition };
  return replicas === null ? cancel(ctx, place) : change(ctx, place, replicas);
}

/** What needs no copying (another order, fewer replicas) is done at once; the rest waits for the ISR. */
function change(ctx: ControllerContext, place: PartitionPlace, target: readonly number[]): Outcome {
  const problem = manualAssignmentProblem(ctx.image, target, undefined);
  if (problem !== undefined) return problem;
  const { replicas, adding, removing } = planReassignment(place.partition.replicas, target);
  const record = partitionChange(ctx, {
    ...place,
    replicas,
    ...(0 < adding.length ? { adding } : {}),
    ...(0 < removing.length ? { removing } : {}),
    election: 'online',
  });
  return record === undefined ? [] : [record];
}

function cancel(ctx: ControllerContext, place: PartitionPlace): Outcome {
  const { topic, partitionId, partition } = place;
  if (!isReassigning(reassignmentOf(partition))) {
    return { errorCode: 'NO_REASSIGNMENT_IN_PROGRESS', message: null };
  }
  const { replicas, isr, isUnclean } = revertReassignment(partition);
  if (isUnclean && !isUncleanElectionEnabled(ctx, topic.name)) {
    const message = `Unable to revert partition assignment for ${topic.name}:${partitionId} because it would require an unclean leader election.`;
    return apiError('INVALID_REPLICA_ASSIGNMENT', message);
  }
  const election = electionOf(ctx, topic.name);
  const target = { ...place, replicas, isr, adding: [], removing: [], election };
  const record = partitionChange(ctx, target);
  return record === undefined ? [] : [record];
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
  return partitionIndexes.flatMap((partitionIndex) => {
    const partition = topic?.partitions[partitionIndex];
    if (partition === undefined || !isReassigning(reassignmentOf(partition))) return [];
    const { replicas, addingReplicas, removingReplicas } = partition;
    return [{ partitionIndex, replicas, addingReplicas, removingReplicas }];
  });
}
