import fc from 'fast-check';
import type {
  FieldSchema,
  FieldType,
  MessageInput,
  MessageSchema,
  PrimitiveType,
  StructSchema,
} from '../protocol/schema.ts';
import { uuidToString } from '../protocol/uuid.ts';
import { includesVersion } from '../protocol/version-range.ts';

type Message = MessageInput<MessageSchema>;

/** Any message of one version, with every field that the version has. int64 are safe integers. */
export function messageArbitrary(schema: MessageSchema, version: number): fc.Arbitrary<Message> {
  return structArbitrary(schema, version);
}

function structArbitrary(struct: StructSchema, version: number): fc.Arbitrary<Message> {
  const present = struct.fields.filter(
    ({ versions }) => versions === undefined || includesVersion(versions, version),
  );
  return fc.record(
    Object.fromEntries(present.map((field) => [field.name, fieldArbitrary(field, version)])),
    { noNullPrototype: true },
  ) as fc.Arbitrary<Message>;
}

function fieldArbitrary(field: FieldSchema, version: number): fc.Arbitrary<unknown> {
  const value = typeArbitrary(field.type, version);
  return includesVersion(field.nullable, version) ? fc.option(value, { freq: 3 }) : value;
}

function typeArbitrary(type: FieldType, version: number): fc.Arbitrary<unknown> {
  if (typeof type === 'string') return scalars[type];
  if (!('length' in type)) return structArbitrary(type, version);
  return fc.array(typeArbitrary(type[0], version), { maxLength: 2 });
}

const bytes = fc.uint8Array({ maxLength: 12 });

const scalars: Record<PrimitiveType, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32768, max: 32767 }),
  uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer(),
  uint32: fc.integer({ min: 0, max: 4_294_967_295 }),
  int64: fc.maxSafeInteger(),
  float64: fc.double({ noNaN: true }),
  string: fc.string({ unit: 'grapheme', maxLength: 8 }),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => uuidToString(value)),
  bytes,
  records: bytes,
};
