import { ByteReader } from '../../protocol/byte-reader.ts';
import { type ByteRange, DecodeError } from '../../protocol/errors.ts';
import { decodeWithSpans, type SpannedMessage } from '../../protocol/field-spans.ts';
import { metadataRecordSchemaOf } from '../../protocol/metadata-record-schemas.ts';
import { controlRecordTypeNumbered } from '../../protocol/records/control-records.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import { endTxnMarker } from '../../protocol/schemas/records/end-txn-marker.ts';
import { kraftVersionRecord } from '../../protocol/schemas/records/kraft-version-record.ts';
import { leaderChangeMessage } from '../../protocol/schemas/records/leader-change-message.ts';
import { snapshotFooterRecord } from '../../protocol/schemas/records/snapshot-footer-record.ts';
import { snapshotHeaderRecord } from '../../protocol/schemas/records/snapshot-header-record.ts';
import { votersRecord } from '../../protocol/schemas/records/voters-record.ts';
import { type ShownSpan, structSpan } from './shown-span.ts';

/** A key or value that Kafka itself wrote: its name and its fields, each with its bytes. */
export interface Payload {
  readonly type: string;
  readonly children: readonly ShownSpan[];
}

/** A record of the metadata log (`MetadataRecordSerde`); undefined for bytes that are none of 3.8's. */
export function metadataPayload(bytes: Uint8Array, { start, end }: ByteRange): Payload | undefined {
  const reader = new ByteReader(bytes.subarray(0, end), start);
  const frame: ShownSpan[] = [];
  const next = (name: string): number => {
    const at = reader.position;
    const value = reader.unsignedVarint();
    frame.push({ ...structSpan(name, 'varint', [at, reader.position]), value });
    return value;
  };
  try {
    next('frameVersion');
    const schema = metadataRecordSchemaOf(next('apiKey'));
    const version = next('version');
    if (schema === undefined) return undefined;
    return payloadOf(
      schema.name,
      frame,
      decodeWithSpans(schema, version, reader.bytes, reader.position),
    );
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
}

const controlKey = {
  name: 'ControlRecordType',
  versions: [0, 0],
  fields: [
    { name: 'version', type: 'int16' },
    { name: 'type', type: 'int16' },
  ],
} as const satisfies MessageSchema;

/** The key of a control record, under the name of its type. */
export function controlKeyPayload(bytes: Uint8Array, range: ByteRange): Payload | undefined {
  const type = controlTypeOf(bytes, range);
  if (type === undefined) return undefined;
  return payloadOf(
    type,
    [],
    decodeWithSpans(controlKey, 0, bytes.subarray(0, range.end), range.start),
  );
}

/** These begin with their version, as a field of their own. */
const versioned: Readonly<Record<string, MessageSchema>> = {
  LEADER_CHANGE: leaderChangeMessage,
  SNAPSHOT_HEADER: snapshotHeaderRecord,
  SNAPSHOT_FOOTER: snapshotFooterRecord,
  KRAFT_VERSION: kraftVersionRecord,
  KRAFT_VOTERS: votersRecord,
};

/** The value of the control record with this key. */
export function controlValuePayload(
  bytes: Uint8Array,
  key: ByteRange,
  { start, end }: ByteRange,
): Payload | undefined {
  const type = controlTypeOf(bytes, key);
  const value = bytes.subarray(0, end);
  if (type === undefined || end - start < 2) return undefined;
  const version = new ByteReader(value, start).int16();
  const schema = versioned[type];
  if (schema !== undefined) {
    return payloadOf(schema.name, [], decodeWithSpans(schema, version, value, start));
  }
  const versionSpan = { ...structSpan('version', 'int16', [start, start + 2]), value: version };
  const marker = decodeWithSpans(endTxnMarker, version, value, start + 2);
  return payloadOf(endTxnMarker.name, [versionSpan], marker);
}

function controlTypeOf(bytes: Uint8Array, { start, end }: ByteRange): string | undefined {
  if (end - start < 4) return undefined;
  return controlRecordTypeNumbered(new ByteReader(bytes, start + 2).int16());
}

/** What was read counts, also where the bytes end too soon. */
function payloadOf(
  type: string,
  before: readonly ShownSpan[],
  { fields, error }: SpannedMessage,
): Payload | undefined {
  const children = [...before, ...fields];
  return error !== undefined && fields.length === 0 ? undefined : { type, children };
}
