import type { Clock } from '../base/clock.ts';
import type { CoordinatorLog } from '../coordinator/coordinator-runtime.ts';
import type { CoordinatorRecord } from '../coordinator/group-record.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import { batchesOf, type RecordBatch } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import { consumerOffsetsTopic } from './internal-topics.ts';
import type { Partition } from './partition.ts';
import type { ReplicaManager } from './replica-manager.ts';

export interface CoordinatorLogPorts {
  readonly replicas: ReplicaManager;
  readonly clock: Clock;
  readonly codecs: CompressionCodecs;
  /** `offsets.load.buffer.size` */
  readonly loadBufferBytes: number;
  /** `offsets.commit.timeout.ms` */
  readonly commitTimeoutMs: number;
}

const acksAll = -1;

/** The coordinator's log: partitions of `__consumer_offsets` that this broker leads. */
export function coordinatorLog({
  replicas,
  clock,
  codecs,
  loadBufferBytes,
  commitTimeoutMs,
}: CoordinatorLogPorts): CoordinatorLog {
  /** As acks=all: when every in-sync replica has what comes before `requiredOffset`. */
  const committedAt = (partition: Partition, requiredOffset: number): Promise<ErrorCode> =>
    new Promise((resolve) => {
      const giveUpTimeout = replicas.timeouts.add(commitTimeoutMs, () => {
        giveUp();
        resolve('REQUEST_TIMED_OUT');
      });
      const giveUp = partition.awaitReplicated(requiredOffset, (errorCode) => {
        giveUpTimeout();
        resolve(errorCode);
      });
    });
  return {
    append(partitionIndex, records) {
      const partition = replicas.leader(consumerOffsetsTopic, partitionIndex);
      if (typeof partition === 'string') return failed('NOT_LEADER_OR_FOLLOWER');
      const bytes = batchOf(records, clock.nowMs());
      const result = replicas.append(partition, bytes, { acks: acksAll, origin: 'coordinator' });
      if (result.kind === 'error') return failed(result.errorCode);
      return { errorCode: 'NONE', committed: committedAt(partition, result.lastOffset + 1) };
    },

    async *read(partitionIndex) {
      const log = replicas.local(consumerOffsetsTopic, partitionIndex)?.log;
      if (log === undefined) return;
      for await (const batch of batchesIn(log, loadBufferBytes)) {
        if (batch.isCompressed) await codecs.prepare(batch.compressionType);
        for (const { key, value } of batch.records(codecs)) {
          if (key !== null) yield { key, value };
        }
      }
    },
  };
}

/** All batches of data that are in the log now, a buffer at a time. */
async function* batchesIn(log: PartitionLog, bufferBytes: number): AsyncGenerator<RecordBatch> {
  let offset = log.logStartOffset;
  while (offset < log.logEndOffset) {
    const read = await log.read(offset, bufferBytes, { minOneMessage: true });
    if (read.kind === 'error' || read.bytes.length === 0) return;
    for (const batch of batchesOf(read.bytes)) {
      offset = batch.nextOffset;
      if (!batch.isControl) yield batch;
    }
  }
}

function failed(errorCode: ErrorCode) {
  return { errorCode, committed: Promise.resolve(errorCode) };
}

function batchOf(records: readonly CoordinatorRecord[], timestamp: number): Uint8Array {
  const builder = new RecordBatchBuilder({ sizeLimitBytes: sizeOf(records) });
  for (const { key, value } of records) builder.append(timestamp, key, value);
  return builder.close();
}

/** An upper bound: the head of the batch, and 21 bytes around each key and value. */
function sizeOf(records: readonly CoordinatorRecord[]): number {
  return records.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0) + 32, 128);
}
