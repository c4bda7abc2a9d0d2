import type { Disposable } from '../base/disposable.ts';
import { FileError } from '../base/file-system.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import type { FetchPartition } from './fetch-session.ts';
import type { Isolation, Partition } from './partition.ts';
import type { ReplicaManager } from './replica-manager.ts';

export interface FetchParams {
  readonly maxBytes: number;
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly isolation: Isolation;
  /** From v3 on a first batch comes even if it is longer than all limits (KIP-74). */
  readonly hasMinOneMessage: boolean;
}

export interface PartitionFetched {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly records: Uint8Array;
  /** KIP-595: where the reader's log parts from ours. */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null;
}

const noBytes = new Uint8Array(0);

/** Reads for one Fetch request, at once or when there is enough (Kafka's `fetchMessages` and `DelayedFetch`). */
export async function fetchRecords(
  replicas: ReplicaManager,
  partitions: readonly FetchPartition[],
  params: FetchParams,
  onClose: (giveUp: () => void) => () => void,
): Promise<readonly PartitionFetched[]> {
  const before = partitions.map((asked) => positionOf(replicas, asked, params.isolation));
  const results = await readAll(replicas, partitions, params);
  const bytes = results.reduce((sum, { records }) => sum + records.byteLength, 0);
  const mustAnswer =
    params.maxWaitMs <= 0 ||
    params.minBytes <= bytes ||
    partitions.length === 0 ||
    results.some(({ errorCode, divergingEpoch }) => errorCode !== 0 || divergingEpoch !== null);
  if (mustAnswer) return results;

  await new Promise<void>((answer) => {
    const resolve = () => {
      forgetConnection();
      answer();
    };
    const enoughBytes = params.minBytes - bytes;
    let handle: Disposable | undefined;
    const forgetConnection = onClose(() => {
      handle?.dispose();
      answer();
    });
    handle = replicas.fetchPurgatory.tryCompleteElseWatch(
      {
        timeoutMs: params.maxWaitMs,
        tryComplete() {
          if (!hasNews(replicas, partitions, { before, enoughBytes }, params.isolation))
            return false;
          resolve();
          return true;
        },
        complete: resolve,
      },
      partitions.map(({ topic, partition }) => `${topic}-${partition}`),
    );
  });
  return await readAll(replicas, partitions, params);
}

interface Position {
  readonly partition: Partition | ErrorCode;
  readonly leaderEpoch: number;
  readonly appendedBytes: number;
  readonly endOffset: number;
}

function positionOf(
  replicas: ReplicaManager,
  { topic, partition: index }: FetchPartition,
  isolation: Isolation,
): Position {
  const partition = replicas.leader(topic, index);
  if (typeof partition === 'string') {
    return { partition, leaderEpoch: -1, appendedBytes: 0, endOffset: 0 };
  }
  const { leaderEpoch, appendedBytes } = partition;
  return { partition, leaderEpoch, appendedBytes, endOffset: partition.endOffsetFor(isolation) };
}

/** Whether enough bytes have come since, or a partition is not what it was. */
function hasNews(
  replicas: ReplicaManager,
  partitions: readonly FetchPartition[],
  { before, enoughBytes }: { before: readonly Position[]; enoughBytes: number },
  isolation: Isolation,
): boolean {
  let bytes = 0;
  for (const [index, asked] of partitions.entries()) {
    const then = before[index];
    const now = positionOf(replicas, asked, isolation);
    if (then === undefined || then.partition !== now.partition) return true;
    if (then.leaderEpoch !== now.leaderEpoch) return true;
    if (then.endOffset < now.endOffset) bytes += now.appendedBytes - then.appendedBytes;
  }
  return enoughBytes <= bytes && 0 < bytes;
}

async function readAll(
  replicas: ReplicaManager,
  partitions: readonly FetchPartition[],
  params: FetchParams,
): Promise<readonly PartitionFetched[]> {
  const results: PartitionFetched[] = [];
  let bytesLeft = params.maxBytes;
  let minOneMessage = params.hasMinOneMessage;
  for (const asked of partitions) {
    const limits = { bytesLeft, minOneMessage, isolation: params.isolation };
    const result = await readOne(replicas, asked, limits);
    if (0 < result.records.byteLength) minOneMessage = false;
    bytesLeft = Math.max(0, bytesLeft - result.records.byteLength);
    results.push(result);
  }
  return results;
}

interface ReadLimits {
  readonly bytesLeft: number;
  readonly minOneMessage: boolean;
  readonly isolation: Isolation;
}

async function readOne(
  replicas: ReplicaManager,
  asked: FetchPartition,
  { bytesLeft, minOneMessage, isolation }: ReadLimits,
): Promise<PartitionFetched> {
  const isUnknownId = asked.topicId !== '' && asked.topic === '';
  if (isUnknownId) return failure('UNKNOWN_TOPIC_ID');
  const partition = replicas.leader(asked.topic, asked.partition);
  if (typeof partition === 'string') return failure(partition);
  if (asked.topicId !== '' && asked.topicId !== partition.topicId) {
    return failure('INCONSISTENT_TOPIC_ID');
  }
  const epochError = partition.checkLeaderEpoch(asked.currentLeaderEpoch);
  if (epochError !== 'NONE') return failure(epochError);
  const diverging = divergenceOf(partition, asked);
  if (typeof diverging === 'string') return failure(diverging, partition);
  if (diverging !== null)
    return { ...present(partition), records: noBytes, divergingEpoch: diverging };
  const maxBytes = Math.min(asked.partitionMaxBytes, bytesLeft);
  const { fetchOffset } = asked;
  try {
    const read = await partition.read({ fetchOffset, maxBytes, minOneMessage, isolation });
    if (read.kind === 'error') return failure(read.errorCode, partition);
    const { highWatermark, lastStableOffset, logStartOffset, bytes: records } = read;
    const offsets = { highWatermark, lastStableOffset, logStartOffset };
    return { errorCode: 0, ...offsets, records, divergingEpoch: null };
  } catch (error) {
    if (error instanceof FileError) return failure('KAFKA_STORAGE_ERROR');
    if (error instanceof CorruptRecordError) return failure('CORRUPT_MESSAGE');
    throw error;
  }
}

/** KIP-595 and KIP-320: the reader says of which epoch its last record is. */
function divergenceOf(
  partition: Partition,
  { lastFetchedEpoch, fetchOffset }: FetchPartition,
): { epoch: number; endOffset: number } | null | ErrorCode {
  if (lastFetchedEpoch < 0) return null;
  const { epoch, endOffset } = partition.log.endOffsetFor(lastFetchedEpoch);
  if (epoch === -1 || endOffset === -1) return 'OFFSET_OUT_OF_RANGE';
  return epoch < lastFetchedEpoch || endOffset < fetchOffset ? { epoch, endOffset } : null;
}

function present({ log }: Partition) {
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  return { errorCode: 0, highWatermark, lastStableOffset, logStartOffset };
}

function failure(errorCode: ErrorCode, partition?: Partition): PartitionFetched {
  const offsets =
    partition === undefined
      ? { highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 }
      : present(partition);
  return { ...offsets, errorCode: errorCodeOf(errorCode), records: noBytes, divergingEpoch: null };
}
