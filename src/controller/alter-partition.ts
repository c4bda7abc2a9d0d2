import { assert } from '../base/assert.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionRequestPartitionData,
  AlterPartitionRequestTopicData,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
} from '../protocol/schemas/56-alter-partition.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { brokerEpochProblem } from './broker-heartbeat.ts';
import type { ControllerContext, ControllerResult } from './controller-context.ts';
import { isActiveBroker, type PartitionRegistration, type TopicImage } from './metadata-image.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from './metadata-record.ts';
import { electionOf, partitionChange } from './partition-change.ts';
import { mergePartition, NO_LEADER_CHANGE } from './topics-delta.ts';

const RECOVERING = 1;

/**
 * AlterPartition (56, KIP-497): a leader shrinks or grows the ISR of its partition. A move to other
 * brokers is over when all that are to stay are in the ISR; the leader may change with it.
 */
export function alterPartition(
  ctx: ControllerContext,
  request: AlterPartitionRequest,
): ControllerResult<AlterPartitionResponse> {
  const nothing = request.topics.length === 0;
  const stale = nothing ? undefined : brokerEpochProblem(ctx.image, request);
  if (stale !== undefined) {
    const errorCode = errorCodeOf(stale.errorCode);
    return { records: [], response: { throttleTimeMs: 0, errorCode, topics: [] } };
  }
  const records: MetadataRecordInput[] = [];
  const topics = request.topics.map((wanted) => {
    const topic = find(ctx, wanted);
    const partitions = wanted.partitions.map((data) =>
      alterOne({ ctx, brokerId: request.brokerId, topic, data, records, isOld: isOld(wanted) }),
    );
    return { topicName: wanted.topicName, topicId: topic?.topicId ?? wanted.topicId, partitions };
  });
  return { records, response: { throttleTimeMs: 0, errorCode: 0, topics } };
}

/** Versions 0 and 1 name topics, and do not know of the newer error codes. */
function isOld({ topicId, topicName }: AlterPartitionRequestTopicData): boolean {
  return topicId === ZERO_UUID && topicName !== '';
}

function find(
  { image }: ControllerContext,
  { topicId, topicName }: AlterPartitionRequestTopicData,
): TopicImage | undefined {
  return topicId === ZERO_UUID
    ? image.topics.byName.get(topicName)
    : image.topics.byId.get(topicId);
}

interface Alteration {
  readonly ctx: ControllerContext;
  readonly brokerId: number;
  readonly topic: TopicImage | undefined;
  readonly data: AlterPartitionRequestPartitionData;
  /** Where the record goes. */
  readonly records: MetadataRecordInput[];
  readonly isOld: boolean;
}

function alterOne(alteration: Alteration): AlterPartitionResponsePartitionData {
  const { ctx, topic, data, isOld } = alteration;
  const partitionId = data.partitionIndex;
  if (topic === undefined) {
    return failure(partitionId, isOld ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_TOPIC_ID');
  }
  const partition = topic.partitions[partitionId];
  if (partition === undefined) return failure(partitionId, 'UNKNOWN_TOPIC_OR_PARTITION');
  const problem = epochProblem(alteration, partition) ?? isrProblem(alteration, partition);
  if (problem !== undefined) return failure(partitionId, problem);
  const record = partitionChange(ctx, {
    topic,
    partitionId,
    partition,
    isr: newIsrOf(data),
    leaderRecoveryState: data.leaderRecoveryState,
    election: electionOf(ctx, topic.name),
  });
  return record === undefined
    ? success(partitionId, partition)
    : altered(alteration, partition, record);
}

function altered(
  { brokerId, data, records, isOld }: Alteration,
  before: PartitionRegistration,
  record: MetadataRecordInput,
): AlterPartitionResponsePartitionData {
  records.push(record);
  const partitionId = data.partitionIndex;
  const change = decodeMetadataRecord(encodeMetadataRecord(record));
  assert(change.kind === 'PartitionChangeRecord', 'a partition changes by a record of its kind');
  const { leader } = change.message;
  if (leader !== NO_LEADER_CHANGE && leader !== brokerId) {
    // Both a change and an error: the move is complete, and the leader that asked leads no more.
    return failure(partitionId, isOld ? 'FENCED_LEADER_EPOCH' : 'NEW_LEADER_ELECTED');
  }
  return success(partitionId, mergePartition(before, change.message));
}

function epochProblem(
  { brokerId, data }: Alteration,
  partition: PartitionRegistration,
): ErrorCode | undefined {
  // The leader knows of a later epoch than this controller: it is not the active one any more.
  if (partition.leaderEpoch < data.leaderEpoch) return 'NOT_CONTROLLER';
  if (partition.partitionEpoch < data.partitionEpoch) return 'NOT_CONTROLLER';
  if (data.leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (brokerId !== partition.leader) return 'INVALID_REQUEST';
  return data.partitionEpoch < partition.partitionEpoch ? 'INVALID_UPDATE_VERSION' : undefined;
}

function isrProblem(
  { ctx, data, isOld }: Alteration,
  partition: PartitionRegistration,
): ErrorCode | undefined {
  const isr = newIsrOf(data);
  const isSubset = isr.every((id) => partition.replicas.includes(id));
  if (!isSubset || new Set(isr).size < isr.length) return 'INVALID_REQUEST';
  if (!isr.includes(partition.leader)) return 'INVALID_REQUEST';
  const isRecovering = data.leaderRecoveryState === RECOVERING;
  if (isRecovering && 1 < isr.length) return 'INVALID_REQUEST';
  if (isRecovering && partition.leaderRecoveryState !== RECOVERING) return 'INVALID_REQUEST';
  const isEligible = isr.every((id) => isActiveBroker(ctx.image, id) && hasEpoch(ctx, data, id));
  if (isEligible) return undefined;
  return isOld ? 'OPERATION_NOT_ATTEMPTED' : 'INELIGIBLE_REPLICA';
}

/** KIP-903: a replica that restarted meanwhile is another one, perhaps with less. */
function hasEpoch(
  { image }: ControllerContext,
  { newIsrWithEpochs }: AlterPartitionRequestPartitionData,
  id: number,
): boolean {
  const epoch = newIsrWithEpochs.find(({ brokerId }) => brokerId === id)?.brokerEpoch ?? -1;
  return epoch === -1 || epoch === image.brokers.get(id)?.brokerEpoch;
}

function newIsrOf({
  newIsr,
  newIsrWithEpochs,
}: AlterPartitionRequestPartitionData): readonly number[] {
  return 0 < newIsrWithEpochs.length ? newIsrWithEpochs.map(({ brokerId }) => brokerId) : newIsr;
}

function failure(
  partitionIndex: number,
  errorCode: ErrorCode,
): AlterPartitionResponsePartitionData {
  return {
    partitionIndex,
    errorCode: errorCodeOf(errorCode),
    leaderId: 0,
    leaderEpoch: 0,
    isr: [],
    leaderRecoveryState: 0,
    partitionEpoch: 0,
  };
}

function success(
  partitionIndex: number,
  partition: PartitionRegistration,
): AlterPartitionResponsePartitionData {
  return {
    partitionIndex,
    errorCode: 0,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    isr: partition.isr,
    leaderRecoveryState: partition.leaderRecoveryState,
    partitionEpoch: partition.partitionEpoch,
  };
}
