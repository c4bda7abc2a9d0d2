import { crc32c } from '../protocol/crc32c.ts';
import { batchLayout, writeInt64 } from '../protocol/records/batch-layout.ts';
import type { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import type { RecordHeader } from '../protocol/records/record-iterator.ts';

/** What became of one batch; a record's offset is `baseOffset` plus its index. */
export interface BatchOutcome {
  readonly topic: string;
  readonly partition: number;
  /** -1 where the broker does not say (acks=0, duplicates). */
  readonly baseOffset: number;
  /** -1 unless the topic stamps records itself. */
  readonly logAppendTimeMs: number;
  readonly error: Error | undefined;
}

/**
 * Told of each record once: the batch's outcome, the record's index in it, and the number that was given
 * with the record. One function may serve all records, so that nothing is allocated for each.
 */
export type SendCallback = (outcome: BatchOutcome, index: number, context: number) => void;

/** A batch on its way, from its first record to its acknowledgement (Kafka's ProducerBatch). */
export class ProducerBatch {
  readonly topic: string;
  readonly partition: number;
  readonly builder: RecordBatchBuilder;
  /** Its share of `buffer.memory`. */
  readonly heldBytes: number;
  readonly createdAtMs: number;
  /** Counts the producer's batches: of two of one partition the lower was filled first. */
  readonly order: number;
  /** How many batches of its partition were sent before it. */
  ordinal = 0;
  /** Times that it was sent. */
  attempts = 0;
  /** Not to be sent again before this moment. */
  notBeforeMs = 0;
  sentAtMs = 0;
  baseSequence = -1;
  producerEpoch = -1;
  readonly #callbacks: (SendCallback | undefined)[] = [];
  readonly #contexts: number[] = [];
  #bytes: Uint8Array | undefined;

  constructor(
    partition: { readonly topic: string; readonly partition: number },
    builder: RecordBatchBuilder,
    origin: { readonly heldBytes: number; readonly createdAtMs: number; readonly order: number },
  ) {
    this.topic = partition.topic;
    this.partition = partition.partition;
    this.builder = builder;
    this.heldBytes = origin.heldBytes;
    this.createdAtMs = origin.createdAtMs;
    this.order = origin.order;
  }

  /** Sent with a sequence number, so that it may be in the log: only the same number may be tried again. */
  get isDoubtful(): boolean {
    return 0 < this.attempts && 0 <= this.baseSequence;
  }

  get recordCount(): number {
    return this.#callbacks.length;
  }

  get isClosed(): boolean {
    return this.#bytes !== undefined;
  }

  /** The size that counts against `max.request.size`. */
  get sizeBytes(): number {
    return this.#bytes?.length ?? this.builder.estimatedSizeBytes;
  }

  /** False when the batch has no room. */
  append(record: AppendedRecord, callback: SendCallback | undefined, context: number): boolean {
    const { timestamp, key, value, headers } = record;
    if (!this.builder.append(timestamp, key, value, headers)) return false;
    this.#callbacks.push(callback);
    this.#contexts.push(context);
    return true;
  }

  /** The bytes to send; closes the batch on first use. */
  bytes(): Uint8Array {
    this.#bytes ??= this.builder.close();
    return this.#bytes;
  }

  /** Gives the batch its place in the producer's order, before it is first sent or after an epoch bump. */
  setSequence(producerId: number, producerEpoch: number, baseSequence: number): void {
    this.baseSequence = baseSequence;
    this.producerEpoch = producerEpoch;
    if (this.#bytes === undefined) {
      const state = { producerId, producerEpoch, baseSequence, isTransactional: false };
      this.builder.setProducerState(state);
      return;
    }
    const bytes = this.#bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    writeInt64(view, batchLayout.producerId, producerId);
    view.setInt16(batchLayout.producerEpoch, producerEpoch);
    view.setInt32(batchLayout.baseSequence, baseSequence);
    view.setUint32(batchLayout.crc, crc32c(bytes, batchLayout.attributes, bytes.length));
  }

  /** Tells every record of the batch. */
  complete(outcome: BatchOutcome): void {
    const callbacks = this.#callbacks;
    const contexts = this.#contexts;
    for (let i = 0; i < callbacks.length; i++) callbacks[i]?.(outcome, i, contexts[i] ?? 0);
  }
}

export interface AppendedRecord {
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}
