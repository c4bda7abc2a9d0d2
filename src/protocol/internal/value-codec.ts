import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { DecodeError, EncodeError, rethrowAt } from '../errors.ts';
import type { PrimitiveType } from '../schema.ts';

/** How one type is read and written in one version. */
export interface ValueCodec {
  /** No value takes fewer bytes; bounds an array's count before anything is allocated. */
  readonly minBytes: number;
  read(reader: ByteReader): unknown;
  write(writer: ByteWriter, value: unknown): void;
}

/** The wire form in which a value stands. */
export interface WireForm {
  /** Compact lengths and tagged fields (KIP-482). */
  readonly flexible: boolean;
  readonly nullable: boolean;
  /** int64 as bigint. */
  readonly exact: boolean;
}

/** The longest string that Kafka writes, in either form. */
const STRING_BYTES_MAX = 0x7fff;

const scalars = {
  bool: codec<boolean>(
    1,
    (reader) => reader.int8() !== 0,
    (writer, value) => writer.int8(value ? 1 : 0),
  ),
  int8: codec<number>(
    1,
    (reader) => reader.int8(),
    (writer, value) => writer.int8(value),
  ),
  int16: codec<number>(
    2,
    (reader) => reader.int16(),
    (writer, value) => writer.int16(value),
  ),
  uint16: codec<number>(
    2,
    (reader) => reader.uint16(),
    (writer, value) => writer.uint16(value),
  ),
  int32: codec<number>(
    4,
    (reader) => reader.int32(),
    (writer, value) => writer.int32(value),
  ),
  uint32: codec<number>(
    4,
    (reader) => reader.uint32(),
    (writer, value) => writer.uint32(value),
  ),
  int64: codec<number | bigint>(
    8,
    (reader) => reader.int64(),
    (writer, value) => writer.int64(value),
  ),
  float64: codec<number>(
    8,
    (reader) => reader.float64(),
    (writer, value) => writer.float64(value),
  ),
  uuid: codec<string>(
    16,
    (reader) => reader.uuid(),
    (writer, value) => writer.uuid(value),
  ),
};

const exactInt64 = codec<number | bigint>(
  8,
  (reader) => reader.bigInt64(),
  (writer, value) => writer.int64(value),
);

export function primitiveCodec(type: PrimitiveType, form: WireForm): ValueCodec {
  if (type === 'string') return stringCodec(form);
  if (type === 'bytes' || type === 'records') return bytesCodec(form);
  if (type === 'int64' && form.exact) return exactInt64;
  return scalars[type];
}

export function arrayCodec(element: ValueCodec, form: WireForm): ValueCodec {
  const { write: writeLength, bytes } = lengthForm(form.flexible, 'array');
  return {
    minBytes: bytes,
    read(reader) {
      const count = readCount(reader, element, form);
      return count === null ? null : readElements(reader, element, count);
    },
    write(writer, value) {
      if (value === null) return writeNull(form, writer, writeLength);
      const elements = value as readonly unknown[];
      writeLength(writer, elements.length);
      writeElements(writer, element, elements);
    },
  };
}

/** The count before an array's elements, held against the bytes that are left; null for a null array. */
export function readCount(reader: ByteReader, element: ValueCodec, form: WireForm): number | null {
  const start = reader.position;
  const count = form.flexible ? reader.unsignedVarint() - 1 : reader.int32();
  if (count < 0) return nullOrFail(form, reader, start);
  // In old versions a struct without fields would take no bytes; no message has an array of such.
  if (reader.remaining < count * Math.max(1, element.minBytes)) {
    const reason = `array of ${count} exceeds the ${reader.remaining} bytes left`;
    throw new DecodeError(reason, { start, end: reader.position });
  }
  return count;
}

function readElements(reader: ByteReader, element: ValueCodec, count: number): unknown[] {
  const values: unknown[] = [];
  let i = 0;
  try {
    for (; i < count; i++) values.push(element.read(reader));
  } catch (error) {
    rethrowAt(error, `[${i}]`);
  }
  return values;
}

function writeElements(writer: ByteWriter, element: ValueCodec, values: readonly unknown[]): void {
  let i = 0;
  try {
    for (; i < values.length; i++) element.write(writer, values[i]);
  } catch (error) {
    rethrowAt(error, `[${i}]`);
  }
}

function stringCodec(form: WireForm): ValueCodec {
  const { read: readLength, write: writeLength, bytes } = lengthForm(form.flexible, 'string');
  return {
    minBytes: bytes,
    read(reader) {
      const start = reader.position;
      const length = readLength(reader);
      if (length < 0) return nullOrFail(form, reader, start);
      return reader.string(length);
    },
    write(writer, value) {
      if (value === null) return writeNull(form, writer, writeLength);
      writer.string(value as string, writeLength);
    },
  };
}

function bytesCodec(form: WireForm): ValueCodec {
  const { read: readLength, write: writeLength, bytes } = lengthForm(form.flexible, 'bytes');
  return {
    minBytes: bytes,
    read(reader) {
      const start = reader.position;
      const length = readLength(reader);
      if (length < 0) return nullOrFail(form, reader, start);
      return reader.view(length);
    },
    write(writer, value) {
      if (value === null) return writeNull(form, writer, writeLength);
      if (value instanceof Uint8Array) {
        writeLength(writer, value.byteLength);
        writer.bytes(value);
        return;
      }
      const parts = value as readonly Uint8Array[];
      writeLength(
        writer,
        parts.reduce((sum, part) => sum + part.byteLength, 0),
      );
      for (const part of parts) writer.bytes(part);
    },
  };
}

interface LengthForm {
  /** -1 stands for null. */
  read(reader: ByteReader): number;
  write(writer: ByteWriter, length: number): void;
  readonly bytes: number;
}

/** Compact: one more than the length, as a varint. Else an int16 for strings, an int32 for all others. */
function lengthForm(flexible: boolean, what: 'string' | 'bytes' | 'array'): LengthForm {
  const write = flexible ? writeCompactLength : writeInt32Length;
  if (what !== 'string') {
    return flexible
      ? { read: (reader) => reader.unsignedVarint() - 1, write, bytes: 1 }
      : { read: (reader) => reader.int32(), write, bytes: 4 };
  }
  const writeShort = flexible ? writeCompactLength : writeInt16Length;
  return {
    read: flexible ? (reader) => reader.unsignedVarint() - 1 : (reader) => reader.int16(),
    write(writer, length) {
      if (STRING_BYTES_MAX < length) {
        throw new EncodeError(`string of ${length} bytes is longer than ${STRING_BYTES_MAX}`);
      }
      writeShort(writer, length);
    },
    bytes: flexible ? 1 : 2,
  };
}

function writeCompactLength(writer: ByteWriter, length: number): void {
  writer.unsignedVarint(length + 1);
}

function writeInt16Length(writer: ByteWriter, length: number): void {
  writer.int16(length);
}

function writeInt32Length(writer: ByteWriter, length: number): void {
  writer.int32(length);
}

function nullOrFail(form: WireForm, reader: ByteReader, start: number): null {
  if (form.nullable) return null;
  throw new DecodeError('null where null is not allowed', { start, end: reader.position });
}

function writeNull(form: WireForm, writer: ByteWriter, write: LengthForm['write']): void {
  if (!form.nullable) throw new EncodeError('null where null is not allowed');
  write(writer, -1);
}

function codec<T>(
  minBytes: number,
  read: (reader: ByteReader) => T,
  write: (writer: ByteWriter, value: T) => void,
): ValueCodec {
  return { minBytes, read, write: (writer, value) => write(writer, value as T) };
}
