import { joinChunks } from '../protocol/byte-writer.ts';
import { decodeMessage } from '../protocol/codec.ts';
import { DecodeError } from '../protocol/errors.ts';
import {
  type ControlBatchPlace,
  type ControlRecord,
  type ControlRecordType,
  controlBatch,
  controlRecordTypeOf,
  leaderChangeBatch,
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from '../protocol/records/control-records.ts';
import { batchesOf, type RecordBatch } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import { snapshotHeaderRecord } from '../protocol/schemas/records/snapshot-header-record.ts';
import type { QuorumState } from './quorum-types.ts';
import type { CommittedBatch, LoadedSnapshot, SnapshotContent } from './raft-listener.ts';
import type { OffsetAndEpoch } from './raft-log.ts';
import { encodeKraftVersion, encodeVoters, type KraftVersion, type VoterSet } from './voter-set.ts';

interface BatchPosition {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
}

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

/** A snapshot file: header with the voters (KIP-853), data batches, footer; offsets count from 0 (KIP-630). */
export function encodeSnapshot(
  id: OffsetAndEpoch,
  snapshot: SnapshotContent & Partial<KnownVoters>,
  timestampMs: number,
): Uint8Array {
  const { epoch } = id;
  const place = { partitionLeaderEpoch: epoch, timestamp: timestampMs };
  const header = { ...place, baseOffset: 0 };
  const voters = voterRecords(snapshot);
  const chunks = [snapshotHeaderBatch(header, snapshot.lastContainedLogTimestampMs, voters)];
  let baseOffset = 1 + voters.length;
  for (const values of split(snapshot.values)) {
    chunks.push(encodeDataBatch({ baseOffset, epoch, timestampMs }, values));
    baseOffset += values.length;
  }
  chunks.push(snapshotFooterBatch({ ...place, baseOffset }));
  return joinChunks(chunks);
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

/** Throws CorruptRecordError where the file is damaged or has no footer. */
export function decodeSnapshot(id: OffsetAndEpoch, content: Uint8Array): LoadedSnapshot {
  const values: Uint8Array[] = [];
  const controls = new Map<ControlRecordType | undefined, Uint8Array | null>();
  for (const batch of batchesOf(content)) {
    batch.verify();
    if (!batch.isControl) values.push(...valuesOf(batch));
    else
      for (const record of batch.records()) controls.set(controlRecordTypeOf(record), record.value);
  }
  const header = controls.get('SNAPSHOT_HEADER');
  if (header === undefined || header === null || !controls.has('SNAPSHOT_FOOTER')) {
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

/** The first batch of an epoch: LeaderChange, and where nobody has written them yet the voters (KIP-853). */
export function encodeEpochStart(
  place: ControlBatchPlace,
  { nodeId, voters: voterIds }: Pick<QuorumState, 'nodeId' | 'voters'>,
  start: { readonly grantingVoters: readonly number[]; readonly voters?: VoterSet },
): Uint8Array {
  const { voters, grantingVoters } = start;
  const change = { leaderId: nodeId, voters: voterIds, grantingVoters };
  const more = voters === undefined ? [] : voterRecords({ kraftVersion: 1, voters });
  return leaderChangeBatch(place, change, more);
}

export function encodeVotersBatch(place: ControlBatchPlace, voters: VoterSet): Uint8Array {
  return controlBatch(place, [{ type: 'KRAFT_VOTERS', value: encodeVoters(voters) }]);
}

interface KnownVoters {
  readonly kraftVersion: KraftVersion;
  readonly voters: VoterSet;
}

function voterRecords({ kraftVersion = 0, voters = [] }: Partial<KnownVoters>): ControlRecord[] {
  if (kraftVersion === 0) return [];
  return [
    { type: 'KRAFT_VERSION', value: encodeKraftVersion(kraftVersion) },
    { type: 'KRAFT_VOTERS', value: encodeVoters(voters) },
  ];
}

/** What `read` makes of a snapshot file. Throws CorruptRecordError that names the file. */
export function readSnapshotFile<T>(id: OffsetAndEpoch, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CorruptRecordError || error instanceof DecodeError)) throw error;
    const offset = `${id.offset}`.padStart(20, '0');
    const epoch = `${id.epoch}`.padStart(10, '0');
    const what = `The snapshot ${offset}-${epoch}.checkpoint of the metadata log is damaged`;
    throw new CorruptRecordError(`${what}: ${error.message}`, { cause: error });
  }
}
