import type { FieldSchema, FieldType, PrimitiveType, StructSchema } from '../schema.ts';
import { ZERO_UUID } from '../uuid.ts';

export type Message = Record<string, unknown>;

const EMPTY_BYTES = new Uint8Array(0);
const EMPTY_ARRAY: readonly unknown[] = Object.freeze([]);

/** What a field is when nothing was said; shared between messages, so never to be changed. */
export function defaultOf(field: FieldSchema, exact: boolean): unknown {
  if (field.default === null) return null;
  const { type } = field;
  if (isArray(type)) return EMPTY_ARRAY;
  if (typeof type === 'object') return Object.freeze(defaultMessage(type, exact));
  if (type === 'int64') return defaultInt64(field.default, exact);
  return field.default ?? zeroOf(type);
}

/** A struct whose fields all have their defaults. */
export function defaultMessage(struct: StructSchema, exact: boolean): Message {
  const message: Message = {};
  for (const field of struct.fields) message[field.name] = defaultOf(field, exact);
  return message;
}

/** A function that tells whether a value is the field's default, to any depth. */
export function defaultTest(field: FieldSchema): (value: unknown) => boolean {
  if (field.default === null) return (value) => value === null;
  const { type } = field;
  if (isArray(type)) return (value) => Array.isArray(value) && value.length === 0;
  if (typeof type === 'object') return structDefaultTest(type);
  if (type === 'bytes' || type === 'records') return isEmptyBytes;
  if (type === 'int64') {
    const exact = defaultInt64(field.default, true);
    const number = defaultInt64(field.default, false);
    return (value) => value === number || value === exact;
  }
  const ordinary = field.default ?? zeroOf(type);
  return (value) => value === ordinary;
}

export function isArray(
  type: FieldType,
): type is readonly [PrimitiveType] | readonly [StructSchema] {
  return Array.isArray(type);
}

function structDefaultTest(struct: StructSchema): (value: unknown) => boolean {
  const tests = struct.fields.map((field) => ({ name: field.name, isDefault: defaultTest(field) }));
  return (value) => {
    if (value === null) return false;
    const message = value as Message;
    return tests.every(({ name, isDefault }) => {
      const fieldValue = message[name];
      return fieldValue === undefined || isDefault(fieldValue);
    });
  };
}

/**
 * Long.MAX_VALUE, which Kafka uses as a default for "no limit known", has no exact number; as
 * a number it is the largest safe integer, and is never written, since defaults are not.
 */
function defaultInt64(value: FieldSchema['default'], exact: boolean): number | bigint {
  const long = BigInt(value ?? 0);
  if (exact) return long;
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(limit < long ? limit : long);
}

function isEmptyBytes(value: unknown): boolean {
  return value instanceof Uint8Array
    ? value.byteLength === 0
    : (value as readonly Uint8Array[] | null)?.every(isEmptyBytes) === true;
}

function zeroOf(type: PrimitiveType): unknown {
  switch (type) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'uuid':
      return ZERO_UUID;
    case 'bytes':
    case 'records':
      return EMPTY_BYTES;
    default:
      return 0;
  }
}
