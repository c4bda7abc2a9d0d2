import { ByteReader } from './byte-reader.ts';
import { isKnownVersion } from './codec.ts';
import { DecodeError, rethrowAt } from './errors.ts';
import { isArray } from './internal/defaults.ts';
import {
  type FieldForm,
  isPresent,
  isTagged,
  readIsNull,
  typeCodec,
  type VersionForm,
  wireForm,
} from './internal/struct-codec.ts';
import { readCount } from './internal/value-codec.ts';
import type { FieldSchema, FieldType, MessageSchema, StructSchema } from './schema.ts';

/** One field of a message, with the bytes that hold it: what a frame inspector shows. */
export interface FieldSpan {
  /** The field's name; `[0]`, `[1]` … for the elements of an array. */
  readonly name: string;
  /** As in Kafka's definitions: `int32`, `[]string`, `TopicProduceData`. */
  readonly type: string;
  /** int64 as bigint; undefined for structs and arrays that are not null. */
  readonly value: SpanValue;
  readonly start: number;
  readonly end: number;
  readonly children: readonly FieldSpan[];
}

type SpanValue = boolean | number | bigint | string | Uint8Array | null | undefined;

export interface SpannedMessage {
  readonly fields: readonly FieldSpan[];
  /** Where the message ends, or decoding stopped. */
  readonly end: number;
  /** Why decoding stopped before the end; the fields before it are there all the same. */
  readonly error: DecodeError | undefined;
}

/**
 * Decodes from `start` on and keeps where every field stands. Slower than decodeMessage, and
 * meant for looking at single messages; damaged ones give what could be read, and the error.
 */
export function decodeWithSpans(
  schema: MessageSchema,
  version: number,
  bytes: Uint8Array,
  start = 0,
): SpannedMessage {
  const fields: FieldSpan[] = [];
  const reader = new ByteReader(bytes, start);
  if (!isKnownVersion(schema, version)) {
    const error = new DecodeError(`${schema.name} has no version ${version}`, {
      start,
      end: start,
    });
    return { fields, end: start, error };
  }
  const flexible = schema.flexibleSince !== undefined && schema.flexibleSince <= version;
  try {
    spanStruct({ reader, form: { version, flexible, exact: true } }, schema, fields);
    return { fields, end: reader.position, error: undefined };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { fields, end: reader.position, error };
  }
}

interface SpanContext {
  readonly reader: ByteReader;
  readonly form: VersionForm;
}

/** Appends to `spans` field by field, so that what was read survives an error behind it. */
function spanStruct(context: SpanContext, struct: StructSchema, spans: FieldSpan[]): void {
  const { version, flexible } = context.form;
  const present = struct.fields.filter((field) => isPresent(field, version));
  for (const field of present) {
    if (!isTagged(field, version)) spanField(context, field, spans);
  }
  if (!flexible) return;
  const tagged = present.filter((field) => isTagged(field, version));
  const count = context.reader.unsignedVarint();
  for (let i = 0; i < count; i++) spanTagged(context, tagged, spans);
}

function spanField(context: SpanContext, field: FieldSchema, spans: FieldSpan[]): void {
  spanValue(
    context,
    { name: field.name, type: field.type, wire: wireForm(field, context.form) },
    spans,
  );
}

interface SpanTarget {
  readonly name: string;
  readonly type: FieldType;
  readonly wire: FieldForm;
}

function spanValue(context: SpanContext, target: SpanTarget, spans: FieldSpan[]): void {
  const { name, type } = target;
  const start = context.reader.position;
  const children: FieldSpan[] = [];
  const add = (value: SpanValue) => {
    const end = context.reader.position;
    if (start < end) spans.push({ name, type: typeNameOf(type), value, start, end, children });
  };
  try {
    add(readValue(context, target, children));
  } catch (error) {
    // A struct or array still shows the fields that it had until then.
    add(undefined);
    rethrowAt(error, name);
  }
}

function readValue(context: SpanContext, target: SpanTarget, children: FieldSpan[]): SpanValue {
  const { type, wire } = target;
  if (isArray(type)) return readArray(context, type[0], { wire, children });
  if (typeof type === 'string') {
    return typeCodec(type, wire, context.form).read(context.reader) as SpanValue;
  }
  if (wire.nullable && readIsNull(context.reader, wire.tagged)) return null;
  spanStruct(context, type, children);
  return undefined;
}

function readArray(
  context: SpanContext,
  type: FieldType,
  array: { readonly wire: FieldForm; readonly children: FieldSpan[] },
): null | undefined {
  const wire = { ...array.wire, nullable: false, tagged: false };
  const element = typeCodec(type, wire, context.form);
  const count = readCount(context.reader, element, array.wire);
  if (count === null) return null;
  for (let i = 0; i < count; i++) {
    spanValue(context, { name: `[${i}]`, type, wire }, array.children);
  }
  return undefined;
}

/** A tagged field's span takes in its tag and its size. */
function spanTagged(context: SpanContext, known: readonly FieldSchema[], spans: FieldSpan[]): void {
  const { reader } = context;
  const start = reader.position;
  const tag = reader.unsignedVarint();
  const size = reader.unsignedVarint();
  const bytes = reader.view(size);
  const end = reader.position;
  const field = known.find((candidate) => candidate.tag === tag);
  if (field === undefined) {
    spans.push({ name: `tag ${tag}`, type: 'bytes', value: bytes, start, end, children: [] });
    return;
  }
  const inner: FieldSpan[] = [];
  const content = new ByteReader(reader.bytes.subarray(0, end), end - size);
  spanField({ ...context, reader: content }, field, inner);
  spans.push(...inner.map((span) => ({ ...span, start, end })));
  if (content.position === end) return;
  const reason = `tagged field has ${end - content.position} bytes too many`;
  throw new DecodeError(reason, { start: content.position, end }).prependPath(field.name);
}

function typeNameOf(type: FieldType): string {
  if (isArray(type)) return `[]${typeNameOf(type[0])}`;
  return typeof type === 'string' ? type : type.name;
}
