import { FileError } from '../base/file-system.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import type { LogRead } from '../storage/partition-log-types.ts';
import type { FetchInterest, FetchPartition } from './fetch-partition.ts';
import type { FetchSource } from './follower-state.ts';
import type { Partition } from './partition.ts';
import type { Isolation } from './partition-types.ts';
import type { ReplicaManager } from './replica-manager.ts';

export interface FetchParams {
  readonly maxBytes: number;
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly isolation: Isolation;
  /** From v3 on a first batch comes even if it is longer than all limits (KIP-74). */
  readonly hasMinOneMessage: boolean;
  /** The broker that follows; undefined for consumers and debuggers. */
  readonly follower?: FetchingFollower;
  /** KIP-392: a consumer that may read from a follower, from v11 on. */
  readonly reader?: { readonly rackId: string; readonly listenerName: string };
}

export interface FetchingFollower {
  readonly brokerId: number;
  /** KIP-903; -1 when the request does not say. */
  readonly brokerEpoch: number;
  readonly source: FetchSource;
}

export interface PartitionFetched {
  readonly asked: FetchPartition;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly records: Uint8Array;
  /** KIP-595: where the reader's log parts from ours. */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null;
  /** KIP-392: where this consumer should read; -1 for here. */
  readonly preferredReadReplica: number;
}

/** What is read for one request: these partitions, or what changes among those of a session. */
export interface FetchScope {
  readonly interest: FetchInterest;
  /** All partitions of a full fetch; undefined for an incremental one. */
  readonly all: readonly FetchPartition[] | undefined;
}

type OnClose = (giveUp: () => void) => () => void;

const noBytes = new Uint8Array(0);

/**
 * Reads for one Fetch request, at once or when there is enough (Kafka's `fetchMessages` and `DelayedFetch`).
 * An incremental fetch looks only at partitions in which something has happened.
 */
export async function fetchRecords(
  replicas: ReplicaManager,
  scope: FetchScope,
  params: FetchParams,
  onClose: OnClose,
): Promise<readonly PartitionFetched[]> {
  const { interest } = scope;
  interest.isolation = params.isolation;
  interest.isEagerForHighWatermark = replicas.hasReplicaSelector;
  if (scope.all?.length === 0) return [];
  const first = await new Reading(replicas, params).readAll(partitionsOf(scope));
  if (mustAnswer(first, params)) return first;
  // What has no records may have other news, such as a new high watermark.
  for (const { asked } of first) interest.markDirty(asked);
  const haveBytes = first.reduce((sum, { records }) => sum + records.byteLength, 0);
  await untilReadable(replicas, interest, { ...params, haveBytes }, onClose);
  // A follower's position was recorded when its request came.
  return await new Reading(replicas, params, { isRepeated: true }).readAll(partitionsOf(scope));
}

function partitionsOf({ interest, all }: FetchScope): readonly FetchPartition[] {
  const partitions = all ?? [...interest.dirty];
  interest.dirty.clear();
  return partitions;
}

function mustAnswer(results: readonly PartitionFetched[], params: FetchParams): boolean {
  if (params.maxWaitMs <= 0) return true;
  let bytes = 0;
  for (const { errorCode, divergingEpoch, preferredReadReplica, records } of results) {
    if (errorCode !== 0 || divergingEpoch !== null || preferredReadReplica !== -1) return true;
    bytes += records.byteLength;
  }
  return params.minBytes <= bytes;
}

function untilReadable(
  replicas: ReplicaManager,
  interest: FetchInterest,
  { maxWaitMs, minBytes, haveBytes }: FetchParams & { readonly haveBytes: number },
  onClose: OnClose,
): Promise<void> {
  return new Promise((resolve) => {
    const readable = new Set<FetchPartition>();
    let isWoken = false;
    const onReadable = (partition: FetchPartition, isStateChange: boolean) => {
      if (isWoken) return;
      readable.add(partition);
      if (!isStateChange && !hasEnough(readable, minBytes - haveBytes)) return;
      isWoken = true;
      // What else is appended in this turn of the event loop goes along.
      replicas.scheduler.soon(end);
    };
    const end = () => {
      isWoken = true;
      if (interest.onReadable === onReadable) interest.onReadable = undefined;
      giveUpTimeout();
      forgetConnection();
      forgetDisposal();
      resolve();
    };
    const giveUpTimeout = replicas.timeouts.add(maxWaitMs, end);
    const forgetDisposal = replicas.onDispose(end);
    interest.onReadable = onReadable;
    const forgetConnection = onClose(() => replicas.scheduler.soon(end));
  });
}

function hasEnough(readable: ReadonlySet<FetchPartition>, neededBytes: number): boolean {
  let bytes = 0;
  for (const partition of readable) {
    bytes += partition.newBytes();
    if (0 < bytes && neededBytes <= bytes) return true;
  }
  return false;
}

/** One pass over partitions, within the limits of one response. */
class Reading {
  readonly #replicas: ReplicaManager;
  readonly #params: FetchParams;
  readonly #isRepeated: boolean;
  readonly #nowMs: number;
  #bytesLeft: number;
  #minOneMessage: boolean;

  constructor(replicas: ReplicaManager, params: FetchParams, { isRepeated = false } = {}) {
    this.#replicas = replicas;
    this.#params = params;
    this.#isRepeated = isRepeated;
    this.#nowMs = replicas.clock.monotonicMs();
    this.#bytesLeft = params.maxBytes;
    this.#minOneMessage = params.hasMinOneMessage;
    if (params.follower !== undefined) params.follower.source.lastFetchMs = this.#nowMs;
  }

  async readAll(partitions: readonly FetchPartition[]): Promise<readonly PartitionFetched[]> {
    const results: PartitionFetched[] = [];
    const served: PartitionFetched[] = [];
    for (const asked of partitions) {
      const reading = this.#readOne(asked);
      const result = reading instanceof Promise ? await reading : reading;
      const bytes = result.records.byteLength;
      if (0 < bytes) this.#noteBytes(asked, bytes);
      this.#bytesLeft = Math.max(0, this.#bytesLeft - bytes);
      results.push(result);
      // Partitions with data go behind the others, so that all get their turn within fetch.max.bytes.
      if (0 < bytes) served.push(result);
      else if (this.#hasMore(result)) asked.keepDirty();
    }
    for (const { asked } of served) asked.keepDirty();
    return results;
  }

  #noteBytes({ local }: FetchPartition, bytes: number): void {
    this.#minOneMessage = false;
    if (this.#params.follower === undefined || local === undefined) return;
    this.#replicas.leaderQuota.record(local, bytes);
  }

  /** Whether it has to be looked at next time, even if nothing happens to it until then. */
  #hasMore({ asked, errorCode, divergingEpoch }: PartitionFetched): boolean {
    if (errorCode !== 0 || divergingEpoch !== null || asked.local === undefined) return true;
    return asked.fetchOffset < asked.local.endOffsetFor(this.#params.isolation);
  }

  #readOne(asked: FetchPartition): PartitionFetched | Promise<PartitionFetched> {
    const partition = this.#find(asked);
    asked.watch(
      typeof partition === 'string'
        ? this.#replicas.local(asked.topic, asked.partition)
        : partition,
    );
    if (typeof partition === 'string') return failure(asked, partition);
    // What is appended and not yet shown counts as new when it is.
    const isAllShown =
      partition.endOffsetFor(this.#params.isolation) === partition.log.logEndOffset;
    if (isAllShown) asked.appendedBytesAtRead = partition.appendedBytes;
    const problem = this.#problemOf(partition, asked);
    if (problem !== undefined) return problem;
    this.#recordFollower(partition, asked);
    const preferred = this.#preferredReplica(partition, asked);
    if (preferred !== -1) {
      return {
        ...present(partition),
        asked,
        records: noBytes,
        divergingEpoch: null,
        preferredReadReplica: preferred,
      };
    }
    return this.#read(partition, asked);
  }

  #find(asked: FetchPartition): Partition | ErrorCode {
    if (asked.topicId !== '' && asked.topic === '') return 'UNKNOWN_TOPIC_ID';
    const { reader } = this.#params;
    const partition =
      reader === undefined
        ? this.#replicas.leader(asked.topic, asked.partition)
        : this.#replicas.readable(asked.topic, asked.partition);
    if (typeof partition === 'string') return partition;
    const isOther = asked.topicId !== '' && asked.topicId !== partition.topicId;
    return isOther ? 'INCONSISTENT_TOPIC_ID' : partition;
  }

  /** What keeps this reader from reading, if anything does. */
  #problemOf(partition: Partition, asked: FetchPartition): PartitionFetched | undefined {
    const epochError = partition.checkLeaderEpoch(asked.currentLeaderEpoch);
    if (epochError !== 'NONE') return failure(asked, epochError);
    const followerError = this.#followerError(partition, asked);
    if (followerError !== 'NONE') return failure(asked, followerError);
    const diverging = divergenceOf(partition, asked);
    if (typeof diverging === 'string') return failure(asked, diverging, partition);
    if (diverging !== null) {
      return {
        ...present(partition),
        asked,
        records: noBytes,
        divergingEpoch: diverging,
        preferredReadReplica: -1,
      };
    }
    const { logStartOffset, logEndOffset } = partition.log;
    const isInRange = logStartOffset <= asked.fetchOffset && asked.fetchOffset <= logEndOffset;
    return isInRange ? undefined : failure(asked, 'OFFSET_OUT_OF_RANGE', partition);
  }

  #followerError(partition: Partition, { currentLeaderEpoch }: FetchPartition): ErrorCode {
    const { follower } = this.#params;
    if (follower === undefined) return 'NONE';
    const { brokerId, brokerEpoch } = follower;
    if (!partition.followers.has(brokerId)) {
      // KIP-455: the follower may have heard of its assignment before us.
      return currentLeaderEpoch === -1 ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_LEADER_EPOCH';
    }
    // KIP-903: a request of a process that has died since says nothing about the one that lives.
    const aliveEpoch = this.#replicas.registeredBrokerEpoch(brokerId) ?? -1;
    return brokerEpoch !== -1 && brokerEpoch < aliveEpoch ? 'NOT_LEADER_OR_FOLLOWER' : 'NONE';
  }

  #recordFollower(partition: Partition, asked: FetchPartition): void {
    const { follower } = this.#params;
    if (follower === undefined || this.#isRepeated) return;
    partition.recordFollowerFetch(follower.brokerId, {
      fetchOffset: asked.fetchOffset,
      logStartOffset: asked.logStartOffset,
      leaderEndOffset: partition.log.logEndOffset,
      brokerEpoch: follower.brokerEpoch,
      nowMs: this.#nowMs,
      source: follower.source,
    });
  }

  #preferredReplica(partition: Partition, asked: FetchPartition): number {
    const { reader } = this.#params;
    if (reader === undefined || !partition.isLeader) return -1;
    return this.#replicas.preferredReadReplica(partition, asked.fetchOffset, reader);
  }

  #read(partition: Partition, asked: FetchPartition): PartitionFetched | Promise<PartitionFetched> {
    const { isolation } = this.#params;
    const { fetchOffset } = asked;
    const maxBytes = Math.min(asked.partitionMaxBytes, this.#bytesLeft);
    const upTo = partition.endOffsetFor(isolation);
    if (upTo <= fetchOffset) return fetched(asked, partition, noBytes);
    const minOneMessage = this.#minOneMessage;
    if (this.#isThrottled(partition)) return fetched(asked, partition, noBytes);
    if (maxBytes <= 0 && !minOneMessage) return fetched(asked, partition, noBytes);
    const options = { minOneMessage, upTo };
    const recent = partition.log.readRecent({ ...options, startOffset: fetchOffset, maxBytes });
    if (recent !== undefined) return fetched(asked, partition, recent);
    return this.#readFile(partition, asked, partition.log.read(fetchOffset, maxBytes, options));
  }

  /** KIP-73: a follower that is in sync is never held back, or acks=all would be. */
  #isThrottled(partition: Partition): boolean {
    const { follower } = this.#params;
    const { leaderQuota } = this.#replicas;
    if (follower === undefined || !leaderQuota.isThrottled(partition)) return false;
    return !partition.isr.includes(follower.brokerId) && 0 < leaderQuota.waitMs();
  }

  async #readFile(
    partition: Partition,
    asked: FetchPartition,
    reading: Promise<LogRead>,
  ): Promise<PartitionFetched> {
    try {
      const read = await reading;
      if (read.kind === 'error') return failure(asked, read.errorCode, partition);
      return fetched(asked, partition, read.bytes);
    } catch (error) {
      if (error instanceof FileError) return failure(asked, 'KAFKA_STORAGE_ERROR');
      if (error instanceof CorruptRecordError) return failure(asked, 'CORRUPT_MESSAGE');
      throw error;
    }
  }
}

/** KIP-595 and KIP-320: the reader says of which epoch its last record is. */
function divergenceOf(
  partition: Partition,
  { lastFetchedEpoch, fetchOffset }: FetchPartition,
): { epoch: number; endOffset: number } | null | ErrorCode {
  if (lastFetchedEpoch < 0) return null;
  const { epoch, endOffset } = partition.log.endOffsetFor(lastFetchedEpoch);
  const isUnknown = epoch === -1 || endOffset === -1;
  // What is before the log's start cannot be compared: the reader begins anew.
  if (isUnknown || fetchOffset < partition.log.logStartOffset) return 'OFFSET_OUT_OF_RANGE';
  return epoch < lastFetchedEpoch || endOffset < fetchOffset ? { epoch, endOffset } : null;
}

function fetched(
  asked: FetchPartition,
  partition: Partition,
  records: Uint8Array,
): PartitionFetched {
  return { ...present(partition), asked, records, divergingEpoch: null, preferredReadReplica: -1 };
}

function present({ log }: Partition) {
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  return { errorCode: 0, highWatermark, lastStableOffset, logStartOffset };
}

function failure(
  asked: FetchPartition,
  errorCode: ErrorCode,
  partition?: Partition,
): PartitionFetched {
  const offsets =
    partition === undefined
      ? { highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 }
      : present(partition);
  return {
    ...offsets,
    asked,
    errorCode: errorCodeOf(errorCode),
    records: noBytes,
    divergingEpoch: null,
    preferredReadReplica: -1,
  };
}
