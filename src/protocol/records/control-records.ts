import { encodeMessage } from '../codec.ts';
import { leaderChangeMessage } from '../schemas/records/leader-change-message.ts';
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

export interface ControlRecord {
  readonly type: ControlRecordType;
  readonly value: Uint8Array;
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
  return controlRecordTypeNumbered(viewOf(key).getInt16(2));
}

/** Undefined for types that came later. */
export function controlRecordTypeNumbered(id: number): ControlRecordType | undefined {
  return controlRecordTypes[id];
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
  return controlBatch(place, [{ type: marker.type, value }], producer);
}

/**
 * The first batch of each epoch of the metadata log (KIP-595). Of LeaderChangeMessage Kafka up to 4.0 writes and
 * understands version 0 alone, with dynamic voters too, although there is a version 1 with their directories.
 */
export function leaderChangeBatch(
  place: ControlBatchPlace,
  change: LeaderChange,
  more: readonly ControlRecord[] = [],
): Uint8Array {
  const voters = change.voters.map((voterId) => ({ voterId }));
  const grantingVoters = change.grantingVoters.map((voterId) => ({ voterId }));
  const message = { version: 0, leaderId: change.leaderId, voters, grantingVoters };
  const value = encodeMessage(leaderChangeMessage, 0, message);
  return controlBatch(place, [{ type: 'LEADER_CHANGE', value }, ...more]);
}

/** Control records, one after another, in a batch of their own. */
export function controlBatch(
  place: ControlBatchPlace,
  records: readonly ControlRecord[],
  producer?: { readonly producerId: number; readonly producerEpoch: number },
): Uint8Array {
  const { baseOffset, partitionLeaderEpoch, timestamp } = place;
  const sizeLimitBytes = records.reduce((sum, { value }) => sum + value.length + 64, 128);
  const builder = new RecordBatchBuilder({
    baseOffset,
    partitionLeaderEpoch,
    isControl: true,
    sizeLimitBytes,
  });
  for (const { type, value } of records) {
    const key = Uint8Array.of(0, 0, 0, controlRecordTypes.indexOf(type));
    builder.append(timestamp, key, value);
  }
  if (producer !== undefined) {
    builder.setProducerState({ ...producer, baseSequence: -1, isTransactional: true });
  }
  return builder.close();
}

/** The first batch of a snapshot (KIP-630; SnapshotHeaderRecord v0), with the voters where it knows them (KIP-853). */
export function snapshotHeaderBatch(
  place: ControlBatchPlace,
  lastContainedLogTimestamp: number,
  more: readonly ControlRecord[] = [],
): Uint8Array {
  const value = new Uint8Array(11);
  viewOf(value).setBigInt64(2, BigInt(lastContainedLogTimestamp));
  return controlBatch(place, [{ type: 'SNAPSHOT_HEADER', value }, ...more]);
}

/** The last batch of a snapshot. */
export function snapshotFooterBatch(place: ControlBatchPlace): Uint8Array {
  return controlBatch(place, [{ type: 'SNAPSHOT_FOOTER', value: new Uint8Array(3) }]);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
