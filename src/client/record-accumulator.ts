import type { CompressionCodecs } from '../protocol/records/compression.ts';
import {
  RecordBatchBuilder,
  recordBatchSizeUpperBound,
} from '../protocol/records/record-batch-builder.ts';
import { BufferPool } from './buffer-pool.ts';
import { type AppendedRecord, ProducerBatch, type SendCallback } from './producer-batch.ts';
import type { ProducerConfig } from './producer-config.ts';

/** The batches of one partition that wait to be sent, oldest first. */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  readonly batches: ProducerBatch[] = [];
  /** Batches of this partition that were sent and not yet answered. */
  readonly sent = new Set<ProducerBatch>();
  /** How many batches were sent, each counted once. */
  sentCount = 0;
  /** The sequence number of the next record that is sent for the first time. */
  nextSequence = 0;
  /** Whether the partition's leader has taken a batch of the producer's epoch: from then on it checks the order. */
  hasSequenceInLog = false;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** How many batches were sent since the oldest that is not answered, it among them; answered or not. */
  get sentSinceUnanswered(): number {
    let oldest = this.sentCount;
    for (const { ordinal } of this.sent) oldest = Math.min(oldest, ordinal);
    return this.sentCount - oldest;
  }

  /** Whether batches that came before this one may be in the log or on their way to it: sent, and not heard of. */
  hasEarlierUnderWay(batch: ProducerBatch): boolean {
    for (const other of this.sent) if (other.order < batch.order) return true;
    return this.batches.some((other) => other.order < batch.order && other.isDoubtful);
  }

  /** Puts a batch that failed back to where it was. */
  reenqueue(batch: ProducerBatch): void {
    const at = this.batches.findIndex((other) => batch.order < other.order);
    if (at === -1) this.batches.push(batch);
    else this.batches.splice(at, 0, batch);
  }
}

export interface AppendOutcome {
  /** False: `buffer.memory` is used up; nothing was changed. */
  readonly isAppended: boolean;
  readonly isNewBatch: boolean;
  /** A batch of the partition can be sent without waiting for more. */
  readonly isBatchFull: boolean;
}

const noRoom: AppendOutcome = { isAppended: false, isNewBatch: false, isBatchFull: false };
const appended: AppendOutcome = { isAppended: true, isNewBatch: false, isBatchFull: false };
const appendedFull: AppendOutcome = { isAppended: true, isNewBatch: false, isBatchFull: true };
const startedBatch: AppendOutcome = { isAppended: true, isNewBatch: true, isBatchFull: false };
const startedFull: AppendOutcome = { isAppended: true, isNewBatch: true, isBatchFull: true };

/** Collects records into batches, one queue a partition (Kafka's RecordAccumulator). */
export class RecordAccumulator {
  readonly pool: BufferPool;
  readonly #config: ProducerConfig;
  readonly #codecs: CompressionCodecs;
  readonly #queues = new Map<string, PartitionQueue[]>();
  readonly #ratios = new Map<string, number>();
  #order = 0;

  constructor(config: ProducerConfig, codecs: CompressionCodecs) {
    this.#config = config;
    this.#codecs = codecs;
    this.pool = new BufferPool(config.bufferMemoryBytes, config.batchSizeBytes);
  }

  /** Whether a batch may be in the log without our knowing: with a number of a new epoch it might come twice. */
  get hasDoubtful(): boolean {
    for (const { batches } of this.queues()) {
      if (batches.some(({ isDoubtful }) => isDoubtful)) return true;
    }
    return false;
  }

  queueOf(topic: string, partition: number): PartitionQueue {
    let queues = this.#queues.get(topic);
    if (queues === undefined) {
      queues = [];
      this.#queues.set(topic, queues);
    }
    let queue = queues[partition];
    if (queue === undefined) {
      queue = new PartitionQueue(topic, partition);
      queues[partition] = queue;
    }
    return queue;
  }

  /** All queues that were ever used. */
  *queues(): Generator<PartitionQueue> {
    for (const queues of this.#queues.values()) {
      for (const queue of queues) if (queue !== undefined) yield queue;
    }
  }

  append(
    queue: PartitionQueue,
    record: AppendedRecord,
    callback: SendCallback | undefined,
    position: { readonly context: number; readonly nowMs: number },
  ): AppendOutcome {
    const { batches } = queue;
    const last = batches[batches.length - 1];
    const { context, nowMs } = position;
    if (last !== undefined && !last.isClosed && last.append(record, callback, context)) {
      return 1 < batches.length || last.builder.isFull ? appendedFull : appended;
    }
    const batch = this.#startBatch(queue, record, nowMs);
    if (batch === undefined) return noRoom;
    batch.append(record, callback, context);
    batches.push(batch);
    return 1 < batches.length || batch.builder.isFull ? startedFull : startedBatch;
  }

  /** Learns how well a topic's records compress (Kafka's CompressionRatioEstimator). */
  learnRatio(batch: ProducerBatch): void {
    if (this.#config.compression === 'none') return;
    const plain = batch.builder.uncompressedBytes;
    const observed = plain === 0 ? 1 : (batch.sizeBytes - 61) / plain;
    const known = this.#ratios.get(batch.topic) ?? 1;
    const next =
      known < observed ? Math.max(known + 0.05, observed) : Math.max(known - 0.005, observed);
    this.#ratios.set(batch.topic, next);
  }

  /** Frees the batch's memory; its buffer is used again only if nobody can still read it. */
  release(batch: ProducerBatch, isBufferFree: boolean): void {
    this.pool.give(batch.heldBytes, isBufferFree ? batch.bytes() : undefined);
  }

  #startBatch(
    queue: PartitionQueue,
    record: AppendedRecord,
    nowMs: number,
  ): ProducerBatch | undefined {
    const { batchSizeBytes, compression } = this.#config;
    const leastBytes = recordBatchSizeUpperBound(record.key, record.value, record.headers);
    const heldBytes = Math.max(batchSizeBytes, leastBytes);
    if (!this.pool.hasRoomFor(heldBytes)) return undefined;
    const builder = new RecordBatchBuilder({
      compression,
      codecs: this.#codecs,
      sizeLimitBytes: heldBytes,
      estimatedCompressionRatio: this.#ratios.get(queue.topic) ?? 1,
      buffer: this.pool.take(heldBytes),
    });
    return new ProducerBatch(queue, builder, {
      heldBytes,
      createdAtMs: nowMs,
      order: this.#order++,
    });
  }
}
