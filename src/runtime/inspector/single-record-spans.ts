import { ByteReader } from '../../protocol/byte-reader.ts';
import { type ByteRange, DecodeError } from '../../protocol/errors.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import {
  controlKeyPayload,
  controlValuePayload,
  metadataPayload,
  type Payload,
} from './payload-spans.ts';
import { attempt, bytesSpan, type ShownSpan, structSpan } from './shown-span.ts';

/** Who wrote the keys and values. */
export type PayloadKind = 'plain' | 'control' | 'metadata';

/** How many more records may be taken apart; what exceeds it is counted. */
export interface RecordBudget {
  records: number;
  recordsLeftOut: number;
}

export interface RecordsPlace {
  readonly batch: RecordBatch;
  /** The frame, or what was compressed in it. */
  readonly bytes: Uint8Array;
  readonly range: ByteRange;
  readonly kind: PayloadKind;
  /** The last records may be missing. */
  readonly isCut: boolean;
}

const recordBytesMin = 7;

/** The records of one batch (DefaultRecord), each field with its bytes. */
export function spanRecordsOf(
  { batch, bytes, range, kind, isCut }: RecordsPlace,
  budget: RecordBudget,
): { readonly spans: readonly ShownSpan[]; readonly error: string | undefined } {
  const { recordCount, baseOffset } = batch;
  const reader = new ByteReader(bytes.subarray(0, range.end), range.start);
  const spans: ShownSpan[] = [];
  while (spans.length < recordCount && recordBytesMin <= reader.remaining) {
    if (budget.records === 0) {
      const most = Math.floor(reader.remaining / recordBytesMin);
      budget.recordsLeftOut += Math.min(recordCount - spans.length, most);
      return { spans, error: undefined };
    }
    budget.records -= 1;
    const { error } = attempt(() => spanRecord(reader, { kind, baseOffset }, spans));
    if (error === undefined) continue;
    addRest(reader, spans);
    return { spans, error: isCut ? undefined : error };
  }
  const isWrong = !isCut && (0 < reader.remaining || spans.length < recordCount);
  addRest(reader, spans);
  const error = `${recordCount} records do not fill the ${range.end - range.start} bytes of the batch`;
  return { spans, error: isWrong ? error : undefined };
}

function addRest({ bytes, position, remaining }: ByteReader, spans: ShownSpan[]): void {
  if (0 < remaining) spans.push(bytesSpan('rest', bytes, [position, bytes.length]));
}

/** Appends the record also where it turns out to be damaged: with the fields before the damage. */
function spanRecord(
  reader: ByteReader,
  { kind, baseOffset }: { readonly kind: PayloadKind; readonly baseOffset: number },
  records: ShownSpan[],
): void {
  const start = reader.position;
  const fields: ShownSpan[] = [];
  let text: string | undefined;
  try {
    const length = takeVarint(reader, 'length', fields);
    expectLength(reader, length);
    const end = reader.position + length;
    const take = new RecordFields(reader, fields);
    take.scalar('attributes', 'int8', () => reader.int8());
    take.scalar('timestampDelta', 'varlong', () => varlong(reader));
    const offsetDelta = takeVarint(reader, 'offsetDelta', fields);
    text = `offset ${baseOffset + offsetDelta}`;
    takeKeyAndValue(take, kind);
    takeHeaders(take);
    if (reader.position !== end)
      fail(reader, `a record ends at byte ${reader.position} instead of ${end}`);
  } finally {
    const name = `[${records.length}]`;
    records.push({ ...structSpan(name, 'Record', [start, reader.position], fields), text });
  }
}

function takeKeyAndValue(take: RecordFields, kind: PayloadKind): void {
  const { bytes } = take.reader;
  const key = take.bytes('key', (range) =>
    kind === 'control' ? controlKeyPayload(bytes, range) : undefined,
  );
  take.bytes('value', (range) => {
    if (kind === 'metadata') return metadataPayload(bytes, range);
    return kind === 'control' && key !== null ? controlValuePayload(bytes, key, range) : undefined;
  });
}

function takeHeaders({ reader, spans }: RecordFields): void {
  const count = takeVarint(reader, 'headersCount', spans);
  const start = reader.position;
  const headers: ShownSpan[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const at = reader.position;
      const fields: ShownSpan[] = [];
      const header = new RecordFields(reader, fields);
      header.bytes('headerKey', () => undefined);
      header.bytes('value', () => undefined, 'headerValueLength');
      headers.push(structSpan(`[${i}]`, 'Header', [at, reader.position], fields));
    }
  } finally {
    if (0 < headers.length) {
      spans.push(structSpan('headers', '[]Header', [start, reader.position], headers));
    }
  }
}

/** The fields of a record or a header, appended as they are read. */
class RecordFields {
  readonly reader: ByteReader;
  readonly spans: ShownSpan[];

  constructor(reader: ByteReader, spans: ShownSpan[]) {
    this.reader = reader;
    this.spans = spans;
  }

  scalar(name: string, type: string, read: () => number | bigint): void {
    const start = this.reader.position;
    const value = read();
    this.spans.push({ ...structSpan(name, type, [start, this.reader.position]), value });
  }

  /** A length and as many bytes, as text where they are text; answers where they lie, null for null. */
  bytes(
    name: string,
    payloadOf: (range: ByteRange) => Payload | undefined,
    lengthName = `${name}Length`,
  ): ByteRange | null {
    const { reader, spans } = this;
    const length = takeVarint(reader, lengthName, spans);
    const start = reader.position;
    if (length === -1) {
      spans.push({ ...structSpan(name, 'bytes', [start, start]), value: null });
      return null;
    }
    expectLength(reader, length);
    const view = reader.view(length);
    const range = { start, end: reader.position };
    const payload = payloadOf(range);
    const place = [start, range.end] as const;
    spans.push(
      payload === undefined
        ? { ...structSpan(name, 'bytes', place), value: textOf(view) ?? view }
        : structSpan(name, payload.type, place, payload.children),
    );
    return range;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined for bytes that nobody would read as text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function takeVarint(reader: ByteReader, name: string, spans: ShownSpan[]): number {
  const start = reader.position;
  const raw = reader.unsignedVarint();
  const value = (raw >>> 1) ^ -(raw & 1);
  spans.push({ ...structSpan(name, 'varint', [start, reader.position]), value });
  return value;
}

/** Zigzag, at most 64 bits. */
function varlong(reader: ByteReader): bigint {
  let raw = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.int8();
    raw |= BigInt(byte & 0x7f) << shift;
    if (0 <= byte) return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
  }
  return fail(reader, 'a varlong is longer than ten bytes');
}

function expectLength(reader: ByteReader, length: number): void {
  if (length < 0) fail(reader, `a length of ${length} is negative`);
}

function fail(reader: ByteReader, reason: string): never {
  throw new DecodeError(reason, { start: reader.position, end: reader.position });
}
