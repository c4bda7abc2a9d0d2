import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type ListOffsetsRequest,
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../protocol/schemas/02-list-offsets.ts';
import type { Partition } from '../partition.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * ListOffsets (2), v0-9
 *
 * The first or last offset of partitions, or the first one at or after a time.
 *
 * - v1: one offset instead of a list. v2: isolation level. v4: leader epochs (KIP-320).
 * - v7 (KIP-734): -3, the record with the largest timestamp. v8: -4, the earliest local offset, which is the
 *   earliest one here. v9: -5, the latest tiered offset, of which there is none here.
 */
export const listOffsetsRoute = route({
  request: listOffsetsRequest,
  response: listOffsetsResponse,
  handle: handleListOffsets,
  fail: (request, errorCode) => ({
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }),
});

type Response = MessageInput<typeof listOffsetsResponse>;
type TopicResponse = NonNullable<Response['topics']>[number];
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number];
type AskedPartition = ListOffsetsRequest['topics'][number]['partitions'][number];

const latest = -1;
const earliest = -2;
const maxTimestamp = -3;
const earliestLocal = -4;
const latestTiered = -5;

interface FoundOffset {
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

const notFound: FoundOffset = { offset: -1, timestamp: -1, leaderEpoch: -1 };

async function handleListOffsets(
  context: RequestContext,
  request: ListOffsetsRequest,
): Promise<Response> {
  const topics: TopicResponse[] = [];
  for (const { name, partitions: asked } of request.topics) {
    const partitions: PartitionResponse[] = [];
    for (const one of asked) partitions.push(await find(context, request, name, one));
    topics.push({ name, partitions });
  }
  return { topics };
}

async function find(
  { broker, apiVersion }: RequestContext,
  request: ListOffsetsRequest,
  topic: string,
  asked: AskedPartition,
): Promise<PartitionResponse> {
  const { partitionIndex, currentLeaderEpoch, timestamp } = asked;
  const partition = broker.replicas.leader(topic, partitionIndex);
  if (typeof partition === 'string') return failure(partitionIndex, partition);
  const epochError = partition.checkLeaderEpoch(currentLeaderEpoch);
  if (epochError !== 'NONE') return failure(partitionIndex, epochError);
  const isConsumer = request.replicaId < 0 && request.replicaId !== -2;
  const end = endOffset(partition, isConsumer, request.isolationLevel);
  const found = await offsetFor(partition, timestamp, end);
  if (isConsumer && isLagging(partition, timestamp, found, end)) {
    return failure(
      partitionIndex,
      apiVersion < 5 ? 'LEADER_NOT_AVAILABLE' : 'OFFSET_NOT_AVAILABLE',
    );
  }
  const { offset, timestamp: foundTimestamp } = found;
  if (4 <= apiVersion) return { partitionIndex, errorCode: 0, ...found };
  if (0 < apiVersion) return { partitionIndex, errorCode: 0, offset, timestamp: foundTimestamp };
  const oldStyleOffsets = offset < 0 ? [] : [offset];
  return { partitionIndex, errorCode: 0, oldStyleOffsets };
}

/**
 * A leader that was just elected may not yet know how far its predecessor had committed: what it would answer
 * could lie before what a consumer has read (KIP-207).
 */
function isLagging(
  partition: Partition,
  timestamp: number,
  found: FoundOffset,
  end: number,
): boolean {
  if (partition.leaderEpochStartOffset <= end) return false;
  return timestamp === latest || (0 <= timestamp && found === notFound);
}

function endOffset({ log }: Partition, isConsumer: boolean, isolationLevel: number): number {
  if (!isConsumer) return log.logEndOffset;
  return isolationLevel === 1 ? log.lastStableOffset : log.highWatermark;
}

async function offsetFor(
  partition: Partition,
  timestamp: number,
  end: number,
): Promise<FoundOffset> {
  const { log, leaderEpoch } = partition;
  switch (timestamp) {
    case latest:
      return { offset: end, timestamp: -1, leaderEpoch };
    case earliest:
    case earliestLocal: {
      const { logStartOffset } = log;
      const epoch = log.epochs.epochForOffset(logStartOffset);
      return { offset: logStartOffset, timestamp: -1, leaderEpoch: epoch };
    }
    case latestTiered:
      return notFound;
    case maxTimestamp:
      return (await log.offsetOfMaxTimestamp()) ?? notFound;
    default: {
      const match = await log.offsetForTimestamp(timestamp);
      return match !== undefined && match.offset < end ? match : notFound;
    }
  }
}

function failure(partitionIndex: number, errorCode: ErrorCode): PartitionResponse {
  return { partitionIndex, errorCode: errorCodeOf(errorCode) };
}
