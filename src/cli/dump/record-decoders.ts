import { ByteReader } from '../../protocol/byte-reader.ts';
import { isKnownVersion, readMessage } from '../../protocol/codec.ts';
import { DecodeError } from '../../protocol/errors.ts';
import { messageToJson } from '../../protocol/json.ts';
import { metadataRecordToJson } from '../../protocol/metadata-record-json.ts';
import type { DecodedRecord } from '../../protocol/records/record-iterator.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import {
  groupMetadataKey,
  groupMetadataValue,
} from '../../protocol/schemas/records/group-metadata.ts';
import {
  offsetCommitKey,
  offsetCommitValue,
} from '../../protocol/schemas/records/offset-commit.ts';

/** What a record's key and value are shown as; undefined is left out. */
export interface ShownRecord {
  readonly key: string | undefined;
  readonly payload: string | undefined;
}

export type RecordDecoder = (record: DecodedRecord) => ShownRecord;

/** Keys and values as text. */
export function decodeAsText({ key, value }: DecodedRecord): ShownRecord {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    key: key === null ? undefined : decoder.decode(key),
    payload: value === null ? undefined : decoder.decode(value),
  };
}

/** `--cluster-metadata-decoder`. */
export function decodeMetadata({ offset, value }: DecodedRecord): ShownRecord {
  if (value === null) return { key: undefined, payload: undefined };
  try {
    return { key: undefined, payload: metadataRecordToJson(value) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { key: undefined, payload: `Error at ${offset}, skipping. ${error.message}` };
  }
}

/** By the key's version: what a value under such a key is. */
const offsetsSchemas: Readonly<
  Record<number, readonly [key: MessageSchema, value: MessageSchema]>
> = {
  0: [offsetCommitKey, offsetCommitValue],
  1: [offsetCommitKey, offsetCommitValue],
  2: [groupMetadataKey, groupMetadataValue],
};

/** `--offsets-decoder`: the records of `__consumer_offsets`. */
export function decodeOffsets({ key, value }: DecodedRecord): ShownRecord {
  if (key === null) return { key: undefined, payload: undefined };
  try {
    const reader = new ByteReader(key);
    const keyVersion = reader.int16();
    const schemas = offsetsSchemas[keyVersion];
    if (schemas === undefined || !isKnownVersion(schemas[0], keyVersion)) {
      return { key: `unknown::version=${keyVersion}`, payload: '<DELETE>' };
    }
    const [keySchema, valueSchema] = schemas;
    const decoded = readMessage(keySchema, keyVersion, reader);
    const shownKey = `{"type":"${keyVersion}","data":${messageToJson(keySchema, keyVersion, decoded)}}`;
    return {
      key: shownKey,
      payload: value === null ? '<DELETE>' : decodeValue(valueSchema, value),
    };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { key: `unreadable: ${error.message}`, payload: undefined };
  }
}

function decodeValue(schema: MessageSchema, value: Uint8Array): string {
  const reader = new ByteReader(value);
  const version = reader.int16();
  if (!isKnownVersion(schema, version)) return `unknown::version=${version}`;
  const decoded = readMessage(schema, version, reader);
  return `{"version":"${version}","data":${messageToJson(schema, version, decoded)}}`;
}
