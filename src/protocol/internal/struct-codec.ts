import type { ByteReader } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { DecodeError, EncodeError, rethrowAt } from '../errors.ts';
import type { FieldSchema, FieldType, StructSchema } from '../schema.ts';
import { includesVersion } from '../version-range.ts';
import { defaultMessage, defaultOf, defaultTest, isArray, type Message } from './defaults.ts';
import { arrayCodec, primitiveCodec, type ValueCodec, type WireForm } from './value-codec.ts';

/** A tagged field that the schema does not know; kept, so that encoding gives the same bytes. */
interface UnknownTaggedField {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

const UNKNOWN = 'unknownTaggedFields';

interface FieldCodec {
  readonly name: string;
  readonly codec: ValueCodec;
  readonly default: unknown;
}

interface TaggedFieldCodec extends FieldCodec {
  readonly tag: number;
  isDefault(value: unknown): boolean;
}

interface AbsentField {
  readonly name: string;
  isDefault(value: unknown): boolean;
}

interface StructPlan {
  /** The struct with all defaults; a copy of it is cheaper than adding fields one by one. */
  readonly template: Message;
  readonly fields: readonly FieldCodec[];
  readonly tagged: readonly TaggedFieldCodec[];
  /** Fields that this version lacks and that must not be lost. */
  readonly absent: readonly AbsentField[];
  readonly flexible: boolean;
}

/** What a message's version fixes for all its structs. */
export interface VersionForm {
  readonly version: number;
  readonly flexible: boolean;
  readonly exact: boolean;
}

export function structCodec(struct: StructSchema, form: VersionForm): ValueCodec {
  const plan = planOf(struct, form);
  const minBytes = plan.fields.reduce(
    (sum, field) => sum + field.codec.minBytes,
    form.flexible ? 1 : 0,
  );
  return {
    minBytes,
    read: (reader) => readStruct(plan, reader),
    write: (writer, value) => writeStruct(plan, writer, value as Message),
  };
}

function planOf(struct: StructSchema, form: VersionForm): StructPlan {
  const present = struct.fields.filter((field) => isPresent(field, form.version));
  return {
    template: defaultMessage(struct, form.exact),
    fields: present
      .filter((field) => !isTagged(field, form.version))
      .map((field) => fieldCodec(field, form)),
    tagged: present
      .filter((field) => isTagged(field, form.version))
      .map((field) => ({
        ...fieldCodec(field, form),
        tag: field.tag ?? 0,
        isDefault: defaultTest(field),
      }))
      .sort((a, b) => a.tag - b.tag),
    absent: struct.fields
      .filter((field) => !isPresent(field, form.version) && field.ignorable !== true)
      .map((field) => ({ name: field.name, isDefault: defaultTest(field) })),
    flexible: form.flexible,
  };
}

export function isPresent(field: FieldSchema, version: number): boolean {
  return field.versions === undefined || includesVersion(field.versions, version);
}

export function isTagged(field: FieldSchema, version: number): boolean {
  return includesVersion(field.tagged, version);
}

function fieldCodec(field: FieldSchema, form: VersionForm): FieldCodec {
  return {
    name: field.name,
    codec: typeCodec(field.type, wireForm(field, form), form),
    default: defaultOf(field, form.exact),
  };
}

/** A field's wire form, and whether it stands inside a tag. */
export interface FieldForm extends WireForm {
  readonly tagged: boolean;
}

export function wireForm(field: FieldSchema, form: VersionForm): FieldForm {
  return {
    flexible: form.flexible && field.flexible !== 'none',
    nullable: includesVersion(field.nullable, form.version),
    exact: form.exact,
    tagged: isTagged(field, form.version),
  };
}

export function typeCodec(type: FieldType, wire: FieldForm, form: VersionForm): ValueCodec {
  if (isArray(type)) {
    const element = typeCodec(type[0], { ...wire, nullable: false, tagged: false }, form);
    return arrayCodec(element, wire);
  }
  if (typeof type === 'string') return primitiveCodec(type, wire);
  const codec = structCodec(type, form);
  return wire.nullable ? nullableStruct(codec, wire.tagged) : codec;
}

/** A nullable struct has a byte before it, -1 for null; inside a tag it is a varint, 0 for null. */
function nullableStruct(codec: ValueCodec, tagged: boolean): ValueCodec {
  return {
    minBytes: 1,
    read(reader) {
      return readIsNull(reader, tagged) ? null : codec.read(reader);
    },
    write(writer, value) {
      if (value === null) return writer.int8(tagged ? 0 : -1);
      writer.int8(1);
      codec.write(writer, value);
    },
  };
}

/** Reads what stands before a nullable struct. */
export function readIsNull(reader: ByteReader, tagged: boolean): boolean {
  return tagged ? reader.unsignedVarint() === 0 : reader.int8() < 0;
}

function readStruct(plan: StructPlan, reader: ByteReader): Message {
  const message = { ...plan.template };
  const { fields } = plan;
  let i = 0;
  try {
    for (; i < fields.length; i++) {
      const field = fields[i] as FieldCodec;
      message[field.name] = field.codec.read(reader);
    }
  } catch (error) {
    rethrowAt(error, fields[i]?.name ?? '');
  }
  if (plan.flexible) readTagged(plan, reader, message);
  return message;
}

function readTagged(plan: StructPlan, reader: ByteReader, message: Message): void {
  const start = reader.position;
  const count = reader.unsignedVarint();
  if (count === 0) return;
  if (reader.remaining < 2 * count) {
    const reason = `${count} tagged fields exceed the ${reader.remaining} bytes left`;
    throw new DecodeError(reason, { start, end: reader.position });
  }
  const unknown: UnknownTaggedField[] = [];
  for (let i = 0; i < count; i++) {
    const tag = reader.unsignedVarint();
    const size = reader.unsignedVarint();
    const field = plan.tagged.find((candidate) => candidate.tag === tag);
    if (field === undefined) unknown.push({ tag, bytes: reader.view(size) });
    else message[field.name] = readTaggedField(field, reader, size);
  }
  if (0 < unknown.length) message[UNKNOWN] = unknown;
}

/** The field may read no further than its size says, and must read all of it. */
function readTaggedField(field: TaggedFieldCodec, reader: ByteReader, size: number): unknown {
  const start = reader.position;
  const outerEnd = reader.end;
  const end = start + size;
  try {
    if (outerEnd < end) {
      const reason = `tagged field of ${size} bytes exceeds the ${outerEnd - start} bytes left`;
      throw new DecodeError(reason, { start, end: outerEnd });
    }
    reader.end = end;
    const value = field.codec.read(reader);
    if (reader.position !== end) {
      const reason = `tagged field has ${end - reader.position} bytes too many`;
      throw new DecodeError(reason, { start: reader.position, end });
    }
    reader.end = outerEnd;
    return value;
  } catch (error) {
    rethrowAt(error, field.name);
  }
}

function writeStruct(plan: StructPlan, writer: ByteWriter, message: Message): void {
  const { fields } = plan;
  let i = 0;
  try {
    for (; i < fields.length; i++) {
      const field = fields[i] as FieldCodec;
      const value = message[field.name];
      field.codec.write(writer, value === undefined ? field.default : value);
    }
  } catch (error) {
    rethrowAt(error, fields[i]?.name ?? '');
  }
  for (const field of plan.absent) checkAbsent(field, message[field.name]);
  if (plan.flexible) writeTagged(plan, writer, message);
}

function checkAbsent(field: AbsentField, value: unknown): void {
  if (value === undefined || field.isDefault(value)) return;
  const error = new EncodeError('has a value that this version cannot carry');
  throw error.prependPath(field.name);
}

function writeTagged(plan: StructPlan, writer: ByteWriter, message: Message): void {
  const unknown = message[UNKNOWN] as readonly UnknownTaggedField[] | undefined;
  if (plan.tagged.length === 0 && unknown === undefined) {
    writer.unsignedVarint(0);
    return;
  }
  const entries = plan.tagged
    .filter((field) => {
      const value = message[field.name];
      return value !== undefined && !field.isDefault(value);
    })
    .map((field) => ({ tag: field.tag, chunks: encodeTagged(field, message[field.name]) }));
  for (const { tag, bytes } of unknown ?? []) entries.push({ tag, chunks: [bytes] });
  entries.sort((a, b) => a.tag - b.tag);

  writer.unsignedVarint(entries.length);
  for (const { tag, chunks } of entries) {
    writer.unsignedVarint(tag);
    writer.unsignedVarint(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    for (const chunk of chunks) writer.bytes(chunk);
  }
}

function encodeTagged(field: TaggedFieldCodec, value: unknown): Uint8Array[] {
  const writer = new ByteWriter(64);
  try {
    field.codec.write(writer, value);
  } catch (error) {
    rethrowAt(error, field.name);
  }
  return writer.chunks();
}
