import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { batchesOf, type RecordBatch } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import { leaderChangeMessage } from '../protocol/schemas/records/leader-change-message.ts';
import { snapshotFooterRecord } from '../protocol/schemas/records/snapshot-footer-record.ts';
import { snapshotHeaderRecord } from '../protocol/schemas/records/snapshot-header-record.ts';
import type { CommittedBatch, LoadedSnapshot, SnapshotContent } from './raft-listener.ts';
import type { OffsetAndEpoch } from './raft-log.ts';

export interface BatchPosition {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
}

const controlTypes = { leaderChange: 2, snapshotHeader: 3, snapshotFooter: 4 } as const;

/** As long as Kafka's own batches in snapshots may be (`MAX_BATCH_SIZE_BYTES`). */
const SNAPSHOT_BATCH_BYTES_MAX = 8 * 1024 * 1024;

/** Records without keys, as the users of the quorum write them. */
export function encodeDataBatch(
  position: BatchPosition,
  values: readonly Uint8Array[],
): Uint8Array {
  const size = values.reduce((sum, value) => sum + value.byteLength + 21, 100);
  const builder = new RecordBatchBuilder({
    baseOffset: position.baseOffset,
    partitionLeaderEpoch: position.epoch,
    sizeLimitBytes: size,
  });
  for (const value of values) builder.append(position.timestampMs, null, value);
  return builder.close();
}

/** The first record of each leader's epoch (KIP-595). */
export function encodeLeaderChange(
  position: BatchPosition,
  change: {
    readonly leaderId: number;
    readonly voters: readonly number[];
    readonly grantingVoters: readonly number[];
  },
): Uint8Array {
  const value = encodeMessage(leaderChangeMessage, 0, {
    version: 0,
    leaderId: change.leaderId,
    voters: change.voters.map((voterId) => ({ voterId })),
    grantingVoters: change.grantingVoters.map((voterId) => ({ voterId })),
  });
  return encodeControlBatch(position, controlTypes.leaderChange, value);
}

function encodeControlBatch(position: BatchPosition, type: number, value: Uint8Array): Uint8Array {
  const builder = new RecordBatchBuilder({
    baseOffset: position.baseOffset,
    partitionLeaderEpoch: position.epoch,
    isControl: true,
    sizeLimitBytes: 256,
  });
  // The key is int16 version 0 and int16 type.
  builder.append(position.timestampMs, new Uint8Array([0, 0, 0, type]), value);
  return builder.close();
}

/**
 * Whole batches as records by position; control batches have no values.
 * Throws CorruptRecordError on a bad CRC, bad bytes or a record without a value.
 */
export function* decodeBatches(bytes: Uint8Array): Generator<CommittedBatch> {
  for (const batch of batchesOf(bytes)) {
    batch.verify();
    yield {
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      epoch: batch.partitionLeaderEpoch,
      appendedAtMs: batch.maxTimestamp,
      values: batch.isControl ? [] : valuesOf(batch),
    };
  }
}

function valuesOf(batch: RecordBatch): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  for (const { value } of batch.records()) {
    if (value === null) throw new CorruptRecordError('a record of the metadata log has no value');
    values.push(value);
  }
  return values;
}

/** A snapshot file: header, data batches, footer; offsets count from 0 (KIP-630). */
export function encodeSnapshot(
  id: OffsetAndEpoch,
  snapshot: SnapshotContent,
  timestampMs: number,
): Uint8Array {
  const { epoch } = id;
  const header = encodeMessage(snapshotHeaderRecord, 0, {
    version: 0,
    lastContainedLogTimestamp: snapshot.lastContainedLogTimestampMs,
  });
  const chunks = [
    encodeControlBatch({ baseOffset: 0, epoch, timestampMs }, controlTypes.snapshotHeader, header),
  ];
  let baseOffset = 1;
  for (const values of split(snapshot.values)) {
    chunks.push(encodeDataBatch({ baseOffset, epoch, timestampMs }, values));
    baseOffset += values.length;
  }
  const footer = encodeMessage(snapshotFooterRecord, 0, { version: 0 });
  chunks.push(
    encodeControlBatch({ baseOffset, epoch, timestampMs }, controlTypes.snapshotFooter, footer),
  );
  return concatenate(chunks);
}

function* split(values: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  let part: Uint8Array[] = [];
  let size = 0;
  for (const value of values) {
    if (0 < part.length && SNAPSHOT_BATCH_BYTES_MAX < size + value.byteLength) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(value);
    size += value.byteLength + 21;
  }
  if (0 < part.length) yield part;
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.byteLength;
  }
  return whole;
}

/** Throws CorruptRecordError where the file is damaged or has no footer. */
export function decodeSnapshot(id: OffsetAndEpoch, content: Uint8Array): LoadedSnapshot {
  const values: Uint8Array[] = [];
  const controls = new Map<number, Uint8Array>();
  for (const batch of batchesOf(content)) {
    batch.verify();
    if (batch.isControl) readControls(batch, controls);
    else values.push(...valuesOf(batch));
  }
  const header = controls.get(controlTypes.snapshotHeader);
  if (header === undefined || !controls.has(controlTypes.snapshotFooter)) {
    throw new CorruptRecordError('a snapshot lacks its header or its footer');
  }
  return {
    endOffset: id.offset,
    epoch: id.epoch,
    lastContainedLogTimestampMs: decodeMessage(snapshotHeaderRecord, 0, header)
      .lastContainedLogTimestamp,
    values,
  };
}

function readControls(batch: RecordBatch, controls: Map<number, Uint8Array>): void {
  for (const { key, value } of batch.records()) {
    if (key !== null && 4 <= key.byteLength && value !== null) controls.set(key[3] ?? 0, value);
  }
}
