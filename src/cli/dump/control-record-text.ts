import { ByteReader } from '../../protocol/byte-reader.ts';
import { readMessage } from '../../protocol/codec.ts';
import { messageToJson } from '../../protocol/json.ts';
import { controlRecordTypeOf } from '../../protocol/records/control-records.ts';
import type { DecodedRecord } from '../../protocol/records/record-iterator.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import { kraftVersionRecord } from '../../protocol/schemas/records/kraft-version-record.ts';
import { snapshotFooterRecord } from '../../protocol/schemas/records/snapshot-footer-record.ts';
import { snapshotHeaderRecord } from '../../protocol/schemas/records/snapshot-header-record.ts';
import { votersRecord } from '../../protocol/schemas/records/voters-record.ts';

/** What DumpLogSegments 3.8 says of a control record. Throws DecodeError or CorruptRecordError. */
export function controlRecordText(record: DecodedRecord): string {
  const type = controlRecordTypeOf(record);
  const value = record.value ?? new Uint8Array(0);
  switch (type) {
    case 'ABORT':
    case 'COMMIT': {
      const coordinatorEpoch = new DataView(value.buffer, value.byteOffset).getInt32(2);
      return `endTxnMarker: ${type} coordinatorEpoch: ${coordinatorEpoch}`;
    }
    case 'SNAPSHOT_HEADER':
      return `SnapshotHeader ${versionedJson(snapshotHeaderRecord, value)}`;
    case 'SNAPSHOT_FOOTER':
      return `SnapshotFooter ${versionedJson(snapshotFooterRecord, value)}`;
    case 'KRAFT_VERSION':
      return `KRaftVersion ${versionedJson(kraftVersionRecord, value)}`;
    case 'KRAFT_VOTERS':
      return `KRaftVoters ${versionedJson(votersRecord, value)}`;
    default: {
      const { key } = record;
      const id = key === null ? -1 : new DataView(key.buffer, key.byteOffset).getInt16(2);
      return `controlType: ${type ?? 'UNKNOWN'}(${id})`;
    }
  }
}

/** These messages begin with their version, as a field. */
function versionedJson(schema: MessageSchema, value: Uint8Array): string {
  const version = new ByteReader(value).int16();
  const message = readMessage(schema, version, new ByteReader(value));
  return messageToJson(schema, version, message);
}
