import type { ErrorCode } from '../protocol/error-codes.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import { batchesOf, type RecordBatch } from '../protocol/records/record-batch.ts';
import {
  CorruptRecordError,
  UnsupportedCompressionTypeError,
  UnsupportedMessageFormatError,
} from '../protocol/records/record-errors.ts';
import type { LogConfig } from './log-config.ts';

/** Who appends: a client's batches are trusted least (AppendOrigin). */
export type AppendOrigin = 'client' | 'coordinator' | 'raft-leader' | 'replication';

export interface AppendError {
  readonly kind: 'error';
  readonly errorCode: ErrorCode;
  readonly message: string;
  /** Which records of the batch were refused, for the produce response; empty unless single records were. */
  readonly recordErrors: readonly RecordError[];
}

interface RecordError {
  readonly batchIndex: number;
  readonly message: string;
}

export interface BatchCheck {
  readonly config: LogConfig;
  readonly origin: AppendOrigin;
  readonly codecs: CompressionCodecs;
  /** For messages, such as `test-0`. */
  readonly name: string;
  readonly nowMs: number;
}

const recordErrorsMax = 100;

export function appendError(errorCode: ErrorCode, message: string): AppendError {
  return { kind: 'error', errorCode, message, recordErrors: [] };
}

/** What a leader accepts: batches that are whole and keep the rules; of a client exactly one. */
export function leaderBatches(
  bytes: Uint8Array,
  check: BatchCheck,
): readonly [RecordBatch, ...RecordBatch[]] | AppendError {
  const batches = checkedBatches(bytes);
  if ('kind' in batches) return batches;
  const [first, ...others] = batches;
  if (first === undefined || (check.origin === 'client' && 0 < others.length)) {
    const message = `exactly one record batch is expected for a partition, not ${batches.length}`;
    return appendError('INVALID_RECORD', message);
  }
  for (const batch of batches) {
    const error = validateBatch(batch, check);
    if (error !== undefined) return error;
  }
  return [first, ...others];
}

/** What a follower accepts: batches that are whole, in order, and come after `logEndOffset`. */
export function followerBatches(
  bytes: Uint8Array,
  name: string,
  logEndOffset: number,
): readonly RecordBatch[] | AppendError {
  const batches = checkedBatches(bytes);
  if ('kind' in batches) return batches;
  if (batches.length === 0) return appendError('INVALID_RECORD', 'there is no batch to append');
  let nextOffset = logEndOffset;
  for (const batch of batches) {
    if (batch.baseOffset < nextOffset) {
      const message =
        `Unexpected offset in append to ${name}. First offset ${batch.baseOffset} ` +
        `is less than the next offset ${nextOffset}.`;
      return appendError('OFFSET_OUT_OF_RANGE', message);
    }
    nextOffset = batch.nextOffset;
  }
  return batches;
}

/** The batches in `bytes`, all of them whole and right; or what a broker says to such bytes. */
function checkedBatches(bytes: Uint8Array): readonly RecordBatch[] | AppendError {
  try {
    const batches: RecordBatch[] = [];
    let sizeBytes = 0;
    for (const batch of batchesOf(bytes)) {
      batch.verify();
      batches.push(batch);
      sizeBytes += batch.sizeBytes;
    }
    if (sizeBytes === bytes.length) return batches;
    return appendError('CORRUPT_MESSAGE', `${bytes.length - sizeBytes} bytes are no whole batch`);
  } catch (error) {
    return asAppendError(error);
  }
}

/** What the bytes of batches can do wrong is a value; anything else is thrown on. */
export function asAppendError(error: unknown): AppendError {
  if (error instanceof CorruptRecordError) return appendError('CORRUPT_MESSAGE', error.message);
  if (error instanceof UnsupportedMessageFormatError) {
    return appendError('UNSUPPORTED_FOR_MESSAGE_FORMAT', error.message);
  }
  if (error instanceof UnsupportedCompressionTypeError) {
    return appendError('UNSUPPORTED_COMPRESSION_TYPE', error.message);
  }
  throw error;
}

/**
 * What a leader checks of one batch (LogValidator), beyond its CRC. Records of a compressed batch are
 * looked at only where a rule needs them. Simplified: Kafka decompresses every batch to validate its records.
 */
function validateBatch(batch: RecordBatch, check: BatchCheck): AppendError | undefined {
  const { config, origin } = check;
  if (config.maxMessageBytes < batch.sizeBytes) {
    const message =
      `The record batch size in the append to ${check.name} is ${batch.sizeBytes} bytes ` +
      `which exceeds the maximum configured value of ${config.maxMessageBytes}.`;
    return appendError('MESSAGE_TOO_LARGE', message);
  }
  if (config.segmentBytes < batch.sizeBytes) {
    const message =
      `Message batch size is ${batch.sizeBytes} bytes in append to partition ${check.name}, ` +
      `which exceeds the maximum configured segment size of ${config.segmentBytes}.`;
    return appendError('RECORD_LIST_TOO_LARGE', message);
  }
  const headerError = validateHeader(batch, origin);
  if (headerError !== undefined) return appendError('INVALID_RECORD', headerError);
  if (batch.isControl || origin !== 'client') return undefined;
  try {
    return validateRecords(batch, check);
  } catch (error) {
    return asAppendError(error);
  }
}

function validateHeader(batch: RecordBatch, origin: AppendOrigin): string | undefined {
  if (origin !== 'client') return undefined;
  if (batch.isControl) return 'Clients are not allowed to write control records';
  if (batch.recordCount <= 0) {
    return `Invalid reported count for record batch: ${batch.recordCount}`;
  }
  if (batch.lastOffsetDelta + 1 !== batch.recordCount) {
    return (
      `Inconsistent batch offset range [${batch.baseOffset}, ${batch.lastOffset}] ` +
      `and count of records ${batch.recordCount}`
    );
  }
  if (batch.hasProducerId && batch.baseSequence < 0) {
    return (
      `Invalid sequence number ${batch.baseSequence} in record batch with producerId ` +
      `${batch.producerId}`
    );
  }
  if (batch.isTransactional && !batch.hasProducerId) {
    return 'Transactional batch has no producer id';
  }
  return undefined;
}

function validateRecords(batch: RecordBatch, check: BatchCheck): AppendError | undefined {
  const rules = recordRules(check);
  if (rules === undefined) {
    if (!batch.isCompressed) batch.records().verifyRest();
    return undefined;
  }
  const errors: RecordError[] = [];
  let errorCode: ErrorCode = 'INVALID_RECORD';
  let batchIndex = 0;
  for (const record of batch.records(check.codecs)) {
    if (rules.needsKeys && record.key === null) {
      const message = `Compacted topic cannot accept message without key in topic partition ${check.name}.`;
      errors.push({ batchIndex, message });
    } else if (isOutOfTime(record.timestamp, rules)) {
      errorCode = 'INVALID_TIMESTAMP';
      const message =
        `Timestamp ${record.timestamp} of message with offset ${record.offset} is out of range. ` +
        `The timestamp should be within [${rules.earliestMs}, ${rules.latestMs}]`;
      errors.push({ batchIndex, message });
    }
    batchIndex++;
  }
  return errors.length === 0 ? undefined : recordsRefused(errorCode, errors);
}

interface RecordRules {
  readonly needsKeys: boolean;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Undefined when no rule looks at single records. */
function recordRules({ config, nowMs }: BatchCheck): RecordRules | undefined {
  const needsKeys = config.cleanupPolicy.includes('compact');
  const isCreateTime = config.messageTimestampType === 'CreateTime';
  const beforeMs = isCreateTime ? config.messageTimestampBeforeMaxMs : Number.POSITIVE_INFINITY;
  const afterMs = isCreateTime ? config.messageTimestampAfterMaxMs : Number.POSITIVE_INFINITY;
  if (!needsKeys && !Number.isFinite(beforeMs) && !Number.isFinite(afterMs)) return undefined;
  return { needsKeys, earliestMs: nowMs - beforeMs, latestMs: nowMs + afterMs };
}

function isOutOfTime(timestamp: number, { earliestMs, latestMs }: RecordRules): boolean {
  return 0 <= timestamp && (timestamp < earliestMs || latestMs < timestamp);
}

function recordsRefused(errorCode: ErrorCode, errors: readonly RecordError[]): AppendError {
  const shown = errors
    .slice(0, 3)
    .map(
      ({ batchIndex, message }) => `RecordError(batchIndex=${batchIndex}, message='${message}')`,
    );
  const message =
    `One or more records have been rejected due to ${errors.length} record errors in total, ` +
    `and only showing the first three errors at most: [${shown.join(', ')}]`;
  return { kind: 'error', errorCode, message, recordErrors: errors.slice(0, recordErrorsMax) };
}
