import { ByteReader } from '../protocol/byte-reader.ts';
import { ByteWriter, joinChunks } from '../protocol/byte-writer.ts';
import { isKnownVersion, readMessage, writeMessage } from '../protocol/codec.ts';
import { DecodeError } from '../protocol/errors.ts';
import { metadataRecordSchemas as schemas } from '../protocol/metadata-record-schemas.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';

type Schemas = typeof schemas;
type MetadataRecordKind = keyof Schemas;

/** A record of the metadata log, decoded: every field is there. */
export type MetadataRecord = {
  [K in MetadataRecordKind]: {
    readonly kind: K;
    readonly version: number;
    readonly message: MessageOf<Schemas[K]>;
  };
}[MetadataRecordKind];

/** A record that a decision writes: fields left out have Kafka's defaults. */
export type MetadataRecordInput = {
  [K in MetadataRecordKind]: {
    readonly kind: K;
    readonly version: number;
    readonly message: MessageInput<Schemas[K]>;
  };
}[MetadataRecordKind];

const FRAME_VERSION = 1;

const kindsByApiKey: ReadonlyMap<number, MetadataRecordKind> = new Map(
  Object.entries(schemas).map(([kind, schema]) => [schema.apiKey, kind as MetadataRecordKind]),
);

/** As a record's value: frame version 1, API key and version as varints, then the message (`MetadataRecordSerde`). */
export function encodeMetadataRecord(record: MetadataRecordInput): Uint8Array {
  const schema = schemas[record.kind];
  const writer = new ByteWriter();
  writer.unsignedVarint(FRAME_VERSION);
  writer.unsignedVarint(schema.apiKey);
  writer.unsignedVarint(record.version);
  // Kind and message belong together by the record's type; TypeScript cannot follow that here.
  writeMessage<MessageSchema>(schema, record.version, record.message as object, writer);
  return joinChunks(writer.chunks());
}

/** Throws DecodeError for bytes that are no record, and for kinds and versions that 3.8 does not know. */
export function decodeMetadataRecord(value: Uint8Array): MetadataRecord {
  const reader = new ByteReader(value);
  const frameVersion = reader.unsignedVarint();
  if (frameVersion !== FRAME_VERSION) {
    return refuse(reader, `frame version ${frameVersion} of a metadata record is not 1`);
  }
  const apiKey = reader.unsignedVarint();
  const version = reader.unsignedVarint();
  const kind = kindsByApiKey.get(apiKey);
  if (kind === undefined) return refuse(reader, `no metadata record has the API key ${apiKey}`);
  const schema: MessageSchema = schemas[kind];
  if (!isKnownVersion(schema, version)) {
    return refuse(reader, `${kind} has no version ${version}`);
  }
  const message = readMessage(schema, version, reader);
  if (reader.remaining !== 0) refuse(reader, `${reader.remaining} bytes follow the ${kind}`);
  // The schema was looked up by the kind, so the message has the kind's type.
  return { kind, version, message } as unknown as MetadataRecord;
}

function refuse(reader: ByteReader, reason: string): never {
  throw new DecodeError(reason, { start: 0, end: reader.position });
}
