import type { RecordBatch } from './record-batch.ts';
import { RecordBatchBuilder } from './record-batch-builder.ts';
import { CorruptRecordError } from './record-errors.ts';
import type { DecodedRecord } from './record-iterator.ts';

/** Types of control records, by their number in the key (ControlRecordType). */
const controlRecordTypes = [
  'ABORT',
  'COMMIT',
  'LEADER_CHANGE',
  'SNAPSHOT_HEADER',
  'SNAPSHOT_FOOTER',
  'KRAFT_VERSION',
  'KRAFT_VOTERS',
] as const;
export type ControlRecordType = (typeof controlRecordTypes)[number];

const keyBytes = 4;
const endMarkerBytes = 6;

export interface EndTransactionMarker {
  readonly type: 'ABORT' | 'COMMIT';
  readonly coordinatorEpoch: number;
}

export interface LeaderChange {
  readonly leaderId: number;
  readonly voters: readonly number[];
  readonly grantingVoters: readonly number[];
}

/** Where a control batch goes and when it was made. */
export interface ControlBatchPlace {
  readonly baseOffset: number;
  readonly partitionLeaderEpoch: number;
  readonly timestamp: number;
}

/** The type that a control record's key names; undefined for types that came later. Throws CorruptRecordError. */
export function controlRecordTypeOf(record: DecodedRecord): ControlRecordType | undefined {
  const { key } = record;
  if (key === null || key.length < keyBytes) {
    throw new CorruptRecordError('a control record has a key of at least four bytes');
  }
  return controlRecordTypes[viewOf(key).getInt16(2)];
}

/** The end marker in a control batch; undefined when it holds another kind. Throws CorruptRecordError. */
export function endMarkerOf(batch: RecordBatch): EndTransactionMarker | undefined {
  const record = batch.records().next().value;
  if (record === undefined) return undefined;
  const type = controlRecordTypeOf(record);
  if (type !== 'ABORT' && type !== 'COMMIT') return undefined;
  if (record.value === null || record.value.length < endMarkerBytes) {
    throw new CorruptRecordError('an end marker has a value of at least six bytes');
  }
  return { type, coordinatorEpoch: viewOf(record.value).getInt32(2) };
}

/** COMMIT or ABORT of a transaction, as the coordinator has it written into each partition. */
export function endTransactionBatch(
  place: ControlBatchPlace,
  marker: EndTransactionMarker,
  producer: { readonly producerId: number; readonly producerEpoch: number },
): Uint8Array {
  const value = new Uint8Array(endMarkerBytes);
  viewOf(value).setInt32(2, marker.coordinatorEpoch);
  return controlBatch(place, marker.type, value, producer);
}

/** The first batch of each epoch of the metadata log (KIP-595; LeaderChangeMessage v0). */
export function leaderChangeBatch(place: ControlBatchPlace, change: LeaderChange): Uint8Array {
  const { leaderId, voters, grantingVoters } = change;
  const value = [0, 0, ...int32(leaderId), ...voterArray(voters), ...voterArray(grantingVoters), 0];
  return controlBatch(place, 'LEADER_CHANGE', Uint8Array.from(value));
}

/** The first batch of a snapshot (KIP-630; SnapshotHeaderRecord v0). */
export function snapshotHeaderBatch(
  place: ControlBatchPlace,
  lastContainedLogTimestamp: number,
): Uint8Array {
  const value = new Uint8Array(11);
  viewOf(value).setBigInt64(2, BigInt(lastContainedLogTimestamp));
  return controlBatch(place, 'SNAPSHOT_HEADER', value);
}

/** The last batch of a snapshot. */
export function snapshotFooterBatch(place: ControlBatchPlace): Uint8Array {
  return controlBatch(place, 'SNAPSHOT_FOOTER', new Uint8Array(3));
}

function controlBatch(
  place: ControlBatchPlace,
  type: ControlRecordType,
  value: Uint8Array,
  producer?: { readonly producerId: number; readonly producerEpoch: number },
): Uint8Array {
  const { baseOffset, partitionLeaderEpoch, timestamp } = place;
  const sizeLimitBytes = 128 + value.length;
  const builder = new RecordBatchBuilder({
    baseOffset,
    partitionLeaderEpoch,
    isControl: true,
    sizeLimitBytes,
  });
  const key = Uint8Array.of(0, 0, 0, controlRecordTypes.indexOf(type));
  builder.append(timestamp, key, value);
  if (producer !== undefined) {
    builder.setProducerState({ ...producer, baseSequence: -1, isTransactional: true });
  }
  return builder.close();
}

/** A compact array (length + 1 first) of voters, each an id and no tagged fields. */
function voterArray(voters: readonly number[]): number[] {
  return [voters.length + 1, ...voters.flatMap((id) => [...int32(id), 0])];
}

function int32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
