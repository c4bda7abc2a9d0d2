import { incrementSequence, type RecordBatch } from '../protocol/records/record-batch.ts';

/** How many batches of a producer are remembered: as many as it may have in flight (KIP-98). */
const batchesRemembered = 5;

export interface BatchMetadata {
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
}

/** What the log knows of one producer (ProducerStateEntry). */
export interface ProducerStateEntry {
  readonly producerId: number;
  producerEpoch: number;
  coordinatorEpoch: number;
  lastTimestamp: number;
  /** -1 when no transaction is open. */
  currentTxnFirstOffset: number;
  /** The last ones, oldest first. */
  batches: BatchMetadata[];
}

export type ProducerCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'duplicate'; readonly batch: BatchMetadata }
  | {
      readonly kind: 'error';
      readonly errorCode:
        | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
        | 'INVALID_PRODUCER_EPOCH'
        | 'INVALID_TXN_STATE';
      readonly message: string;
    };

const ok: ProducerCheck = { kind: 'ok' };

/** The producers of one log: sequences, epochs, open transactions (ProducerStateManager). */
export class ProducerState {
  readonly #entries = new Map<number, ProducerStateEntry>();
  /** Producer id → first offset of its open transaction: few, where producers may be many. */
  readonly #openTransactions = new Map<number, number>();
  /** Ended transactions whose end is above the high watermark: by the offset of the end marker. */
  readonly #unreplicated: { readonly firstOffset: number; readonly lastOffset: number }[] = [];

  get entries(): Iterable<ProducerStateEntry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  entryOf(producerId: number): ProducerStateEntry | undefined {
    return this.#entries.get(producerId);
  }

  /** What a leader has to say to a client's batch, before anything is appended. */
  check(batch: RecordBatch): ProducerCheck {
    const entry = this.#entries.get(batch.producerId);
    if (entry === undefined) return ok;
    const { producerEpoch, baseSequence, lastSequence } = batch;
    if (producerEpoch === entry.producerEpoch) {
      const duplicate = entry.batches.find(
        (known) => known.lastSequence === lastSequence && firstSequenceOf(known) === baseSequence,
      );
      if (duplicate !== undefined) return { kind: 'duplicate', batch: duplicate };
    }
    if (producerEpoch < entry.producerEpoch) return epochTooOld(batch, entry);
    const sequenceError = checkSequence(batch, entry);
    if (sequenceError !== undefined) return sequenceError;
    if (0 <= entry.currentTxnFirstOffset && !batch.isTransactional) {
      const message = `Expected transactional write from producer ${batch.producerId}`;
      return { kind: 'error', errorCode: 'INVALID_TXN_STATE', message };
    }
    return ok;
  }

  /** Takes an appended batch in. `coordinatorEpoch` comes with end markers of transactions. */
  update(batch: RecordBatch, coordinatorEpoch?: number): void {
    const producerId = batch.producerId;
    if (producerId < 0) return;
    const entry = this.#entryFor(producerId, batch.producerEpoch);
    entry.lastTimestamp = batch.maxTimestamp;
    if (batch.isControl) {
      this.#endTransaction(entry, batch, coordinatorEpoch);
      return;
    }
    if (batch.isTransactional && entry.currentTxnFirstOffset < 0) {
      entry.currentTxnFirstOffset = batch.baseOffset;
      this.#openTransactions.set(producerId, batch.baseOffset);
    }
    entry.batches.push({
      lastSequence: batch.lastSequence,
      lastOffset: batch.lastOffset,
      offsetDelta: batch.lastOffsetDelta,
      timestamp: batch.maxTimestamp,
    });
    if (batchesRemembered < entry.batches.length) entry.batches.shift();
  }

  /**
   * The first offset of a transaction that is open, or ended above the high watermark; undefined when there
   * is none. Bounds what a `read_committed` consumer sees.
   */
  firstUnstableOffset(): number | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const firstOffset of this.#openTransactions.values()) first = Math.min(first, firstOffset);
    for (const { firstOffset } of this.#unreplicated) first = Math.min(first, firstOffset);
    return first === Number.POSITIVE_INFINITY ? undefined : first;
  }

  /** End markers below the high watermark are final. */
  onHighWatermark(highWatermark: number): void {
    for (let i = this.#unreplicated.length - 1; 0 <= i; i--) {
      const ended = this.#unreplicated[i];
      if (ended !== undefined && ended.lastOffset < highWatermark) this.#unreplicated.splice(i, 1);
    }
  }

  /** Forgets producers that have been silent for `expirationMs`; those with an open transaction stay. */
  expire(nowMs: number, expirationMs: number): void {
    for (const [producerId, entry] of this.#entries) {
      const isOpen = 0 <= entry.currentTxnFirstOffset;
      if (!isOpen && expirationMs <= nowMs - entry.lastTimestamp) this.#entries.delete(producerId);
    }
  }

  /** Takes an entry from a snapshot. */
  restore(entry: ProducerStateEntry): void {
    const { producerId, currentTxnFirstOffset } = entry;
    this.#entries.set(producerId, entry);
    if (0 <= currentTxnFirstOffset) this.#openTransactions.set(producerId, currentTxnFirstOffset);
  }

  #entryFor(producerId: number, producerEpoch: number): ProducerStateEntry {
    const known = this.#entries.get(producerId);
    if (known !== undefined) {
      if (known.producerEpoch !== producerEpoch) {
        known.producerEpoch = producerEpoch;
        known.batches = [];
      }
      return known;
    }
    const entry: ProducerStateEntry = {
      producerId,
      producerEpoch,
      coordinatorEpoch: -1,
      lastTimestamp: -1,
      currentTxnFirstOffset: -1,
      batches: [],
    };
    this.#entries.set(producerId, entry);
    return entry;
  }

  #endTransaction(entry: ProducerStateEntry, batch: RecordBatch, coordinatorEpoch = -1): void {
    entry.coordinatorEpoch = coordinatorEpoch;
    if (entry.currentTxnFirstOffset < 0) return;
    const firstOffset = entry.currentTxnFirstOffset;
    this.#unreplicated.push({ firstOffset, lastOffset: batch.lastOffset });
    entry.currentTxnFirstOffset = -1;
    this.#openTransactions.delete(entry.producerId);
  }
}

/** The sequence of the first record of a remembered batch; sequences go round after 2^31 - 1. */
function firstSequenceOf(batch: BatchMetadata): number {
  if (batch.lastSequence < 0) return batch.lastSequence;
  const first = batch.lastSequence - batch.offsetDelta;
  return first < 0 ? incrementSequence(first, 2_147_483_648) : first;
}

export function firstOffsetOf(batch: BatchMetadata): number {
  return batch.lastOffset - batch.offsetDelta;
}

function epochTooOld(batch: RecordBatch, entry: ProducerStateEntry): ProducerCheck {
  const message =
    `Epoch of producer ${batch.producerId} is ${batch.producerEpoch}, ` +
    `which is smaller than the last seen epoch ${entry.producerEpoch}`;
  return { kind: 'error', errorCode: 'INVALID_PRODUCER_EPOCH', message };
}

/** ProducerAppendInfo.checkSequence: a new epoch starts at 0; else the next number is the only right one. */
function checkSequence(batch: RecordBatch, entry: ProducerStateEntry): ProducerCheck | undefined {
  const { producerEpoch, baseSequence, producerId } = batch;
  if (producerEpoch !== entry.producerEpoch) {
    if (baseSequence === 0) return undefined;
    const message =
      `Invalid sequence number for new epoch of producer ${producerId}: ` +
      `${producerEpoch} (request epoch), ${baseSequence} (seq. number), ${entry.producerEpoch} (current producer epoch)`;
    return { kind: 'error', errorCode: 'OUT_OF_ORDER_SEQUENCE_NUMBER', message };
  }
  const last = entry.batches.at(-1)?.lastSequence ?? -1;
  if (baseSequence === (last < 0 ? 0 : incrementSequence(last, 1))) return undefined;
  const message =
    `Out of order sequence number for producer ${producerId}: ` +
    `${baseSequence} (incoming seq. number), ${last} (current end sequence number)`;
  return { kind: 'error', errorCode: 'OUT_OF_ORDER_SEQUENCE_NUMBER', message };
}
