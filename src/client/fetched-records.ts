import type { CompressionCodecs } from '../protocol/records/compression.ts';
import { controlRecordTypeOf } from '../protocol/records/control-records.ts';
import {
  batchesOf,
  type RecordBatch,
  type TimestampType,
} from '../protocol/records/record-batch.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import type { DecodedRecord, RecordIterator } from '../protocol/records/record-iterator.ts';

export interface FetchedOptions {
  readonly bytes: Uint8Array;
  readonly fetchOffset: number;
  readonly codecs: CompressionCodecs;
  readonly checksCrcs: boolean;
  /** With `read_committed`: what to leave out. */
  readonly abortedTransactions: readonly AbortedTransaction[] | undefined;
}

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** One partition's part of a fetch response, decoded as it is asked for (Kafka's CompletedFetch). */
export class FetchedRecords {
  /** Of the record after the last one that was taken. */
  nextOffset: number;
  timestampType: TimestampType = 'CreateTime';
  readonly #options: FetchedOptions;
  readonly #batches: Iterator<RecordBatch, void>;
  readonly #aborted: AbortedTransaction[];
  readonly #abortedProducers = new Set<number>();
  #records: RecordIterator | undefined;
  #batch: RecordBatch | undefined;
  #isDone = false;

  constructor(options: FetchedOptions) {
    this.#options = options;
    this.nextOffset = options.fetchOffset;
    this.#batches = batchesOf(options.bytes);
    this.#aborted = (options.abortedTransactions ?? []).toSorted(
      (a, b) => a.firstOffset - b.firstOffset,
    );
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * At most `max` records more, all with one timestamp type. Fewer, or none, do not mean the end: see
   * `isDone`. Throws CorruptRecordError.
   */
  take(max: number): DecodedRecord[] {
    const taken: DecodedRecord[] = [];
    while (taken.length < max) {
      const record = this.#next(taken.length);
      if (record === undefined) break;
      if (record.offset < this.nextOffset) continue;
      taken.push(record);
      this.nextOffset = record.offset + 1;
    }
    return taken;
  }

  #next(takenCount: number): DecodedRecord | undefined {
    for (;;) {
      const next = this.#records?.next();
      if (next?.done === false) return next.value;
      this.#finishBatch();
      if (!this.#openBatch(takenCount)) return undefined;
    }
  }

  /** Compaction may have removed a batch's last records: the position goes past them all the same. */
  #finishBatch(): void {
    if (this.#batch === undefined) return;
    this.nextOffset = Math.max(this.nextOffset, this.#batch.nextOffset);
    this.#batch = undefined;
    this.#records = undefined;
  }

  /** False at the end. */
  #openBatch(takenCount: number): boolean {
    if (0 < takenCount) {
      // A poll's records of one partition have one timestamp type; most logs have only one anyway.
      const following = this.#peekBatch();
      if (following !== undefined && following.timestampType !== this.timestampType) return false;
    }
    const batch = this.#takeBatch();
    if (batch === undefined) {
      this.#isDone = true;
      return false;
    }
    if (this.#options.checksCrcs && !batch.hasValidCrc()) {
      throw new CorruptRecordError(
        `Record batch with offset ${batch.baseOffset} failed its CRC check`,
      );
    }
    this.#batch = batch;
    if (this.#isSkipped(batch)) return true;
    this.timestampType = batch.timestampType;
    this.#records = batch.records(this.#options.codecs);
    return true;
  }

  #peeked: RecordBatch | undefined;

  #peekBatch(): RecordBatch | undefined {
    this.#peeked ??= this.#batches.next().value ?? undefined;
    return this.#peeked;
  }

  #takeBatch(): RecordBatch | undefined {
    const batch = this.#peekBatch();
    this.#peeked = undefined;
    return batch;
  }

  /** Control batches are never shown; with read_committed neither are aborted transactions. */
  #isSkipped(batch: RecordBatch): boolean {
    if (this.#options.abortedTransactions !== undefined) this.#trackAborted(batch);
    if (batch.isControl) return true;
    return batch.isTransactional && this.#abortedProducers.has(batch.producerId);
  }

  #trackAborted(batch: RecordBatch): void {
    for (;;) {
      const [first] = this.#aborted;
      if (first === undefined || batch.lastOffset < first.firstOffset) break;
      this.#abortedProducers.add(first.producerId);
      this.#aborted.shift();
    }
    if (!batch.isControl) return;
    const record = batch.records().next().value;
    if (record !== undefined && controlRecordTypeOf(record) === 'ABORT') {
      this.#abortedProducers.delete(batch.producerId);
    }
  }
}
