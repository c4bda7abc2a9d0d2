import { crc32c } from '../crc32c.ts';
import {
  batchAttributes,
  batchLayout,
  batchOverheadBytes,
  legacyOverheadBytes,
  logOverheadBytes,
  noTimestamp,
  readInt64,
  writeInt64,
} from './batch-layout.ts';
import {
  type CompressionCodecs,
  type CompressionType,
  compressionTypeOf,
  noCodecs,
} from './compression.ts';
import { CorruptRecordError, UnsupportedMessageFormatError } from './record-errors.ts';
import { RecordIterator } from './record-iterator.ts';

/** What one batch may grow to when it is decompressed, unless told otherwise. */
const decompressedBytesMaxDefault = 104_857_600;

export type TimestampType = 'CreateTime' | 'LogAppendTime';

/**
 * The complete batches in `bytes`, one after another, as views without copies. A truncated batch at the
 * end is left out, as Kafka's clients do: a fetch may cut the last one.
 * Throws CorruptRecordError on an impossible length and UnsupportedMessageFormatError on magic 0 and 1.
 */
export function* batchesOf(bytes: Uint8Array): Generator<RecordBatch, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  for (;;) {
    const sizeBytes = batchSizeAt(view, position);
    if (sizeBytes === undefined || bytes.length < position + sizeBytes) return;
    yield new RecordBatch(bytes.subarray(position, position + sizeBytes));
    position += sizeBytes;
  }
}

/**
 * The size in bytes of the batch that starts at `position`, even where only its head (17 bytes) is there;
 * undefined where not even that is. Throws as `batchesOf` does.
 */
export function batchSizeAt(view: DataView, position: number): number | undefined {
  if (view.byteLength < position + batchLayout.magic + 1) return undefined;
  const length = view.getInt32(position + batchLayout.batchLength);
  if (length < legacyOverheadBytes) {
    throw new CorruptRecordError(`a batch length of ${length} is less than any batch has`);
  }
  const magic = view.getInt8(position + batchLayout.magic);
  if (magic === 0 || magic === 1) throw new UnsupportedMessageFormatError(magic);
  if (magic !== 2) throw new CorruptRecordError(`invalid magic ${magic} in a record batch`);
  const sizeBytes = length + logOverheadBytes;
  if (sizeBytes < batchOverheadBytes) {
    throw new CorruptRecordError(`a batch of ${sizeBytes} bytes is shorter than its header`);
  }
  return sizeBytes;
}

/** A view of one batch in format v2. Reading and setting fields goes straight to the bytes. */
export class RecordBatch {
  /** Exactly this batch. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  /** `bytes` is at least a header long; `batchesOf` sees to it. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get sizeBytes(): number {
    return this.bytes.length;
  }

  get baseOffset(): number {
    return readInt64(this.#view, batchLayout.baseOffset);
  }

  /** Outside the CRC: a broker assigns offsets without touching the rest. */
  set baseOffset(offset: number) {
    writeInt64(this.#view, batchLayout.baseOffset, offset);
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }

  get nextOffset(): number {
    return this.lastOffset + 1;
  }

  get lastOffsetDelta(): number {
    return this.#view.getInt32(batchLayout.lastOffsetDelta);
  }

  /** As written: the bytes after this field. */
  get batchLength(): number {
    return this.#view.getInt32(batchLayout.batchLength);
  }

  get partitionLeaderEpoch(): number {
    return this.#view.getInt32(batchLayout.partitionLeaderEpoch);
  }

  /** Outside the CRC, like the base offset. */
  set partitionLeaderEpoch(epoch: number) {
    this.#view.setInt32(batchLayout.partitionLeaderEpoch, epoch);
  }

  get magic(): number {
    return this.#view.getInt8(batchLayout.magic);
  }

  /** As written in the header, unsigned. */
  get crc(): number {
    return this.#view.getUint32(batchLayout.crc);
  }

  get attributes(): number {
    return this.#view.getInt16(batchLayout.attributes);
  }

  /** Throws UnsupportedCompressionTypeError for ids 5 to 7. */
  get compressionType(): CompressionType {
    return compressionTypeOf(this.attributes & batchAttributes.compressionMask);
  }

  get isCompressed(): boolean {
    return (this.attributes & batchAttributes.compressionMask) !== 0;
  }

  get timestampType(): TimestampType {
    return (this.attributes & batchAttributes.logAppendTime) === 0 ? 'CreateTime' : 'LogAppendTime';
  }

  get isTransactional(): boolean {
    return (this.attributes & batchAttributes.transactional) !== 0;
  }

  get isControl(): boolean {
    return (this.attributes & batchAttributes.control) !== 0;
  }

  /** KIP-534: when a compacted topic may drop this batch's tombstones; undefined when not set. */
  get deleteHorizonMs(): number | undefined {
    if ((this.attributes & batchAttributes.deleteHorizon) === 0) return undefined;
    return readInt64(this.#view, batchLayout.baseTimestamp);
  }

  get baseTimestamp(): number {
    return readInt64(this.#view, batchLayout.baseTimestamp);
  }

  get maxTimestamp(): number {
    return readInt64(this.#view, batchLayout.maxTimestamp);
  }

  get producerId(): number {
    return readInt64(this.#view, batchLayout.producerId);
  }

  get hasProducerId(): boolean {
    return 0 <= this.producerId;
  }

  get producerEpoch(): number {
    return this.#view.getInt16(batchLayout.producerEpoch);
  }

  get baseSequence(): number {
    return this.#view.getInt32(batchLayout.baseSequence);
  }

  get lastSequence(): number {
    const baseSequence = this.baseSequence;
    return baseSequence < 0 ? baseSequence : incrementSequence(baseSequence, this.lastOffsetDelta);
  }

  get recordCount(): number {
    return this.#view.getInt32(batchLayout.recordCount);
  }

  /** Marks all records as appended at `timestampMs`; the CRC is made right again. */
  setLogAppendTime(timestampMs: number): void {
    this.#view.setInt16(batchLayout.attributes, this.attributes | batchAttributes.logAppendTime);
    writeInt64(this.#view, batchLayout.maxTimestamp, timestampMs);
    this.#view.setUint32(batchLayout.crc, this.computeCrc());
  }

  computeCrc(): number {
    return crc32c(this.bytes, batchLayout.attributes, this.bytes.length);
  }

  hasValidCrc(): boolean {
    return this.computeCrc() === this.crc;
  }

  /**
   * Checks all that can be told without decompressing. Throws CorruptRecordError, or
   * UnsupportedMessageFormatError for magic 0 and 1.
   */
  verify(): void {
    const sizeBytes = batchSizeAt(this.#view, 0);
    if (sizeBytes !== this.bytes.length) {
      throw new CorruptRecordError(`a batch of ${sizeBytes} bytes came as ${this.bytes.length}`);
    }
    if (!this.hasValidCrc()) {
      throw new CorruptRecordError(
        `Record is corrupt (stored crc = ${this.crc}, computed crc = ${this.computeCrc()})`,
      );
    }
    if (this.lastOffsetDelta < 0) {
      throw new CorruptRecordError(`a last offset delta of ${this.lastOffsetDelta} is negative`);
    }
    this.#verifyIntegers();
  }

  #verifyIntegers(): void {
    const integers: readonly [string, number][] = [
      ['base offset', this.baseOffset],
      ['last offset', this.lastOffset],
      ['base timestamp', this.baseTimestamp],
      ['max timestamp', this.maxTimestamp],
      ['producer id', this.producerId],
    ];
    for (const [field, value] of integers) {
      // Simplified: Kafka has 64 bits for these, we have 53.
      if (!Number.isSafeInteger(value))
        throw new CorruptRecordError(`${field} ${value} is too large`);
    }
  }

  /**
   * The records, decoded one by one. Keys and values are views of the batch or of its decompressed copy.
   * Iterating throws CorruptRecordError; a compressed batch needs prepared `codecs`.
   */
  records(
    codecs: CompressionCodecs = noCodecs,
    decompressedBytesMax = decompressedBytesMaxDefault,
  ): RecordIterator {
    const body = this.bytes.subarray(batchLayout.records);
    const type = this.compressionType;
    const isLogAppendTime = this.timestampType === 'LogAppendTime';
    return new RecordIterator({
      bytes: type === 'none' ? body : codecs.decompress(type, body, decompressedBytesMax),
      recordCount: this.recordCount,
      baseOffset: this.baseOffset,
      baseTimestamp: this.baseTimestamp,
      logAppendTime: isLogAppendTime ? this.maxTimestamp : noTimestamp,
    });
  }
}

/** Sequences go round: after 2^31 - 1 comes 0. */
export function incrementSequence(sequence: number, increment: number): number {
  return (sequence + increment) % 2_147_483_648;
}
