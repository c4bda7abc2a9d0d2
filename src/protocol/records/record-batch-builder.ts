import { assert } from '../../base/assert.ts';
import { crc32c } from '../crc32c.ts';
import {
  batchAttributes,
  batchLayout,
  batchOverheadBytes,
  logOverheadBytes,
  noLeaderEpoch,
  noProducerEpoch,
  noProducerId,
  noSequence,
  writeInt64,
} from './batch-layout.ts';
import {
  type CompressionCodecs,
  type CompressionType,
  compressionIdOf,
  noCodecs,
} from './compression.ts';
import type { RecordHeader } from './record-iterator.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

export interface RecordBatchBuilderOptions {
  readonly compression?: CompressionType;
  /** Needed when `compression` is not `none`; prepared. */
  readonly codecs?: CompressionCodecs;
  /** `batch.size`: no record is taken that would make the estimated batch longer; the first one always is. 16,384 by default. */
  readonly sizeLimitBytes?: number;
  /** Compressed size over plain size, as seen so far for this topic; 1 by default. Kafka's CompressionRatioEstimator. */
  readonly estimatedCompressionRatio?: number;
  /** Memory to write into; replaced when too small. By default `sizeLimitBytes` are allocated. */
  readonly buffer?: Uint8Array<ArrayBuffer>;
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
  readonly isControl?: boolean;
}

export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
}

const utf8 = new TextEncoder();
const noHeaders: readonly RecordHeader[] = [];
/** Kafka multiplies its guess of the compressed size by this, to be on the safe side. */
const compressionEstimateMargin = 1.05;

/**
 * Writes records into one buffer and closes it into a batch (MemoryRecordsBuilder). `append` copies the
 * key and value once and allocates nothing; records of a compressed batch are compressed at `close`.
 */
export class RecordBatchBuilder {
  readonly #compression: CompressionType;
  readonly #codecs: CompressionCodecs;
  readonly #sizeLimitBytes: number;
  readonly #ratio: number;
  readonly #baseOffset: number;
  readonly #partitionLeaderEpoch: number;
  readonly #isControl: boolean;
  #producer: ProducerState | undefined;
  #buffer: Uint8Array<ArrayBuffer>;
  #position: number = batchOverheadBytes;
  #recordCount = 0;
  #baseTimestamp = 0;
  #maxTimestamp = -1;
  #isClosed = false;

  constructor(options: RecordBatchBuilderOptions = {}) {
    this.#compression = options.compression ?? 'none';
    this.#codecs = options.codecs ?? noCodecs;
    this.#sizeLimitBytes = options.sizeLimitBytes ?? 16_384;
    this.#ratio = options.estimatedCompressionRatio ?? 1;
    this.#baseOffset = options.baseOffset ?? 0;
    this.#partitionLeaderEpoch = options.partitionLeaderEpoch ?? noLeaderEpoch;
    this.#isControl = options.isControl ?? false;
    this.#buffer =
      options.buffer ?? new Uint8Array(Math.max(this.#sizeLimitBytes, batchOverheadBytes));
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  get isEmpty(): boolean {
    return this.#recordCount === 0;
  }

  /** Of the records before compression, without the header. */
  get uncompressedBytes(): number {
    return this.#position - batchOverheadBytes;
  }

  /** What the batch will weigh, as Kafka guesses it before it has compressed. */
  get estimatedSizeBytes(): number {
    if (this.#compression === 'none') return this.#position;
    const records = this.uncompressedBytes * this.#ratio * compressionEstimateMargin;
    return batchOverheadBytes + Math.floor(records);
  }

  /** Whether a next record surely goes into another batch. */
  get isFull(): boolean {
    return 0 < this.#recordCount && this.#sizeLimitBytes <= this.estimatedSizeBytes;
  }

  /**
   * Adds a record; answers false and changes nothing when there is no room for it. The first record
   * always has room.
   */
  append(
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = noHeaders,
  ): boolean {
    assert(!this.#isClosed, 'a closed batch takes no records');
    const offsetDelta = this.#recordCount;
    if (offsetDelta === 0) this.#baseTimestamp = timestamp;
    const timestampDelta = timestamp - this.#baseTimestamp;
    const bodyBytes =
      1 +
      sizeOfVarlong(timestampDelta) +
      sizeOfVarint(offsetDelta) +
      sizeOfBytes(key) +
      sizeOfBytes(value) +
      (headers.length === 0 ? 1 : sizeOfHeaders(headers));
    const end = this.#position + sizeOfVarint(bodyBytes) + bodyBytes;
    if (0 < offsetDelta && !this.#hasRoomFor(end - this.#position)) return false;
    if (this.#buffer.length < end) this.#grow(end);

    const buffer = this.#buffer;
    let position = writeVarint(buffer, this.#position, bodyBytes);
    buffer[position++] = 0; // attributes: unused in v2
    position = writeVarlong(buffer, position, timestampDelta);
    position = writeVarint(buffer, position, offsetDelta);
    position = writeBytes(buffer, position, key);
    position = writeBytes(buffer, position, value);
    if (headers.length === 0) buffer[position++] = 0;
    else position = writeHeaders(buffer, position, headers);
    assert(position === end, 'a record takes the bytes that were counted for it');
    this.#position = position;
    this.#recordCount = offsetDelta + 1;
    if (this.#maxTimestamp < timestamp) this.#maxTimestamp = timestamp;
    return true;
  }

  /** Idempotence and transactions: known when a batch is about to be sent. */
  setProducerState(producer: ProducerState): void {
    assert(!this.#isClosed, 'a closed batch is not changed');
    this.#producer = producer;
  }

  /** Compresses, writes the header, and answers the batch's bytes; they are the caller's. */
  close(): Uint8Array {
    assert(!this.#isClosed, 'a batch is closed once');
    assert(0 < this.#recordCount, 'a batch has at least one record');
    this.#isClosed = true;
    const batch = this.#body();
    this.#writeHeader(batch);
    return batch;
  }

  #hasRoomFor(recordBytes: number): boolean {
    return this.estimatedSizeBytes + recordBytes <= this.#sizeLimitBytes;
  }

  #grow(sizeBytes: number): void {
    const larger = new Uint8Array(Math.max(sizeBytes, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#position));
    this.#buffer = larger;
  }

  #body(): Uint8Array {
    if (this.#compression === 'none') return this.#buffer.subarray(0, this.#position);
    const plain = this.#buffer.subarray(batchOverheadBytes, this.#position);
    const compressed = this.#codecs.compress(this.#compression, plain);
    const sizeBytes = batchOverheadBytes + compressed.length;
    const batch =
      sizeBytes <= this.#buffer.length
        ? this.#buffer.subarray(0, sizeBytes)
        : new Uint8Array(sizeBytes);
    batch.set(compressed, batchOverheadBytes);
    return batch;
  }

  #writeHeader(batch: Uint8Array): void {
    const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
    const producer = this.#producer;
    const attributes =
      compressionIdOf(this.#compression) |
      (producer?.isTransactional ? batchAttributes.transactional : 0) |
      (this.#isControl ? batchAttributes.control : 0);
    writeInt64(view, batchLayout.baseOffset, this.#baseOffset);
    view.setInt32(batchLayout.batchLength, batch.length - logOverheadBytes);
    view.setInt32(batchLayout.partitionLeaderEpoch, this.#partitionLeaderEpoch);
    view.setInt8(batchLayout.magic, 2);
    view.setInt16(batchLayout.attributes, attributes);
    view.setInt32(batchLayout.lastOffsetDelta, this.#recordCount - 1);
    writeInt64(view, batchLayout.baseTimestamp, this.#baseTimestamp);
    writeInt64(view, batchLayout.maxTimestamp, this.#maxTimestamp);
    writeInt64(view, batchLayout.producerId, producer?.producerId ?? noProducerId);
    view.setInt16(batchLayout.producerEpoch, producer?.producerEpoch ?? noProducerEpoch);
    view.setInt32(batchLayout.baseSequence, producer?.baseSequence ?? noSequence);
    view.setInt32(batchLayout.recordCount, this.#recordCount);
    view.setUint32(batchLayout.crc, crc32c(batch, batchLayout.attributes, batch.length));
  }
}

/** What a record weighs at most in a batch of its own: Kafka's `estimateSizeInBytesUpperBound`. */
export function recordBatchSizeUpperBound(
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[] = noHeaders,
): number {
  const recordOverheadMax = 21;
  return (
    batchOverheadBytes +
    recordOverheadMax +
    sizeOfBytes(key) +
    sizeOfBytes(value) +
    sizeOfHeaders(headers)
  );
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function sizeOfHeaders(headers: readonly RecordHeader[]): number {
  let size = sizeOfVarint(headers.length);
  for (const { key, value } of headers) {
    const keyBytes = utf8Length(key);
    size += sizeOfVarint(keyBytes) + keyBytes + sizeOfBytes(value);
  }
  return size;
}

function writeHeaders(buffer: Uint8Array, start: number, headers: readonly RecordHeader[]): number {
  let position = writeVarint(buffer, start, headers.length);
  for (const { key, value } of headers) {
    position = writeBytes(buffer, position, utf8.encode(key));
    position = writeBytes(buffer, position, value);
  }
  return position;
}

function writeBytes(buffer: Uint8Array, start: number, bytes: Uint8Array | null): number {
  if (bytes === null) {
    buffer[start] = 1; // zigzag of -1
    return start + 1;
  }
  const position = writeVarint(buffer, start, bytes.length);
  buffer.set(bytes, position);
  return position + bytes.length;
}

/** Bytes that TextEncoder makes of `text`; a lone surrogate becomes U+FFFD, three bytes. */
function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    length += code < 0x800 ? 1 : 2;
    const isPair = 0xd800 <= code && code < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (!isPair) continue;
    i++;
  }
  return length;
}
