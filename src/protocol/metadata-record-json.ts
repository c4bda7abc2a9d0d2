import { ByteReader } from './byte-reader.ts';
import { decodeMessageExact } from './codec.ts';
import { DecodeError } from './errors.ts';
import { messageToJson } from './json.ts';
import { metadataRecordSchemaOf } from './metadata-record-schemas.ts';
import type { MessageSchema } from './schema.ts';

/**
 * A metadata record's value as `kafka-dump-log.sh --cluster-metadata-decoder` prints it:
 * `{"type":"TOPIC_RECORD","version":0,"data":{…}}`. Throws DecodeError for bytes that are none.
 */
export function metadataRecordToJson(value: Uint8Array): string {
  const reader = new ByteReader(value);
  const frameVersion = reader.unsignedVarint();
  if (frameVersion !== 1) fail(`frame version ${frameVersion} is not 1`, reader);
  const apiKey = reader.unsignedVarint();
  const schema = metadataRecordSchemaOf(apiKey);
  if (schema === undefined) return fail(`no metadata record has the API key ${apiKey}`, reader);
  const version = reader.unsignedVarint();
  const message = decodeMessageExact(schema, version, value.subarray(reader.position));
  const data = messageToJson(schema, version, message);
  return `{"type":"${typeNameOf(schema)}","version":${version},"data":${data}}`;
}

/** As Kafka's MetadataRecordType spells it. */
function typeNameOf(schema: MessageSchema): string {
  return schema.name.replace(/(?!^)[A-Z]/g, '_$&').toUpperCase();
}

function fail(reason: string, reader: ByteReader): never {
  throw new DecodeError(reason, { start: 0, end: reader.position });
}
