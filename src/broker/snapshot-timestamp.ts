import { decodeMessage } from '../protocol/codec.ts';
import { DecodeError } from '../protocol/errors.ts';
import { controlRecordTypeOf } from '../protocol/records/control-records.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import { snapshotHeaderRecord } from '../protocol/schemas/records/snapshot-header-record.ts';

/**
 * When the last record that a snapshot holds was appended (milliseconds since the epoch), as its header says, which
 * is the first record; undefined where `beginning` has no such header.
 */
export function lastContainedTimestampOf(beginning: Uint8Array): number | undefined {
  try {
    const [header] = batchesOf(beginning);
    const [record] = header?.records() ?? [];
    const isHeader = record !== undefined && controlRecordTypeOf(record) === 'SNAPSHOT_HEADER';
    if (!isHeader || record.value === null) return undefined;
    return decodeMessage(snapshotHeaderRecord, 0, record.value).lastContainedLogTimestamp;
  } catch (error) {
    if (!(error instanceof CorruptRecordError || error instanceof DecodeError)) throw error;
    return undefined;
  }
}
