import type { PartitionRecords } from '../client/consumer-types.ts';
import type { DecodedRecord } from '../protocol/records/record-iterator.ts';

/** Turns bytes into what is printed. */
export type Deserializer = (bytes: Uint8Array) => Uint8Array | string;

export interface RecordFormat {
  readonly printsTimestamp: boolean;
  readonly printsKey: boolean;
  readonly printsOffset: boolean;
  readonly printsPartition: boolean;
  readonly printsHeaders: boolean;
  readonly printsValue: boolean;
  readonly keySeparator: string;
  readonly lineSeparator: string;
  readonly headersSeparator: string;
  readonly nullLiteral: string;
  readonly keyDeserializer: Deserializer;
  readonly valueDeserializer: Deserializer;
  readonly headersDeserializer: Deserializer;
}

const encoder = new TextEncoder();

/** Reads `print.key=true` and the like, as Kafka's DefaultMessageFormatter. */
export function readRecordFormat(properties: Readonly<Record<string, string>>): RecordFormat {
  const isSet = (key: string, fallback: boolean) =>
    (properties[key]?.trim().toLowerCase() ?? String(fallback)) === 'true';
  const deserializer = (key: string) => deserializerOf(properties[key]);
  return {
    printsTimestamp: isSet('print.timestamp', false),
    printsKey: isSet('print.key', false),
    printsOffset: isSet('print.offset', false),
    printsPartition: isSet('print.partition', false),
    printsHeaders: isSet('print.headers', false),
    printsValue: isSet('print.value', true),
    keySeparator: properties['key.separator'] ?? '\t',
    lineSeparator: properties['line.separator'] ?? '\n',
    headersSeparator: properties['headers.separator'] ?? ',',
    nullLiteral: properties['null.literal'] ?? 'null',
    keyDeserializer: deserializer('key.deserializer'),
    valueDeserializer: deserializer('value.deserializer'),
    headersDeserializer: deserializer('headers.deserializer'),
  };
}

/** One record as it goes to standard output. */
export function formatRecord(
  format: RecordFormat,
  part: PartitionRecords,
  record: DecodedRecord,
): Uint8Array {
  const fields: (Uint8Array | string)[][] = [];
  const { keyDeserializer, valueDeserializer, nullLiteral } = format;
  const shown = (bytes: Uint8Array | null, deserialize: Deserializer) => [
    bytes === null ? nullLiteral : deserialize(bytes),
  ];
  if (format.printsTimestamp) {
    const { timestamp } = record;
    fields.push([timestamp < 0 ? 'NO_TIMESTAMP' : `${part.timestampType}:${timestamp}`]);
  }
  if (format.printsPartition) fields.push([`Partition:${part.partition}`]);
  if (format.printsOffset) fields.push([`Offset:${record.offset}`]);
  if (format.printsHeaders) fields.push(formatHeaders(format, record));
  if (format.printsKey) fields.push(shown(record.key, keyDeserializer));
  if (format.printsValue) fields.push(shown(record.value, valueDeserializer));
  const parts = fields.flatMap((field, i) => (i === 0 ? field : [format.keySeparator, ...field]));
  return joinParts([...parts, format.lineSeparator]);
}

function formatHeaders(format: RecordFormat, { headers }: DecodedRecord): (Uint8Array | string)[] {
  if (headers.length === 0) return ['NO_HEADERS'];
  return headers.flatMap(({ key, value }, i) => [
    `${i === 0 ? '' : format.headersSeparator}${key}:`,
    value === null ? format.nullLiteral : format.headersDeserializer(value),
  ]);
}

function joinParts(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const chunks = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** The number deserializers of Kafka's clients; everything else is printed as its bytes. */
function deserializerOf(className: string | undefined): Deserializer {
  const name = className?.slice(className.lastIndexOf('.') + 1);
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const number = (size: number, read: (from: DataView) => number | bigint): Deserializer => {
    return (bytes) => (bytes.length === size ? String(read(view(bytes))) : bytes);
  };
  switch (name) {
    case 'LongDeserializer':
      return number(8, (from) => from.getBigInt64(0));
    case 'IntegerDeserializer':
      return number(4, (from) => from.getInt32(0));
    case 'ShortDeserializer':
      return number(2, (from) => from.getInt16(0));
    case 'DoubleDeserializer':
      return number(8, (from) => from.getFloat64(0));
    case 'FloatDeserializer':
      return number(4, (from) => from.getFloat32(0));
    default:
      return (bytes) => bytes;
  }
}
