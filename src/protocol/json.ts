/**
 * Messages as the JSON that Kafka's JsonConverter classes write and read: every field of the
 * version, tagged ones only where they differ from their default, bytes as base64.
 * `kafka-dump-log.sh --cluster-metadata-decoder` prints this form.
 */
import { fromBase64, toBase64 } from './internal/base64.ts';
import { defaultOf, defaultTest, isArray, type Message } from './internal/defaults.ts';
import { isPresent, isTagged } from './internal/struct-codec.ts';
import type { FieldSchema, FieldType, PrimitiveType, StructSchema } from './schema.ts';
import { uuidFromString } from './uuid.ts';

/** JSON that does not describe such a message; says which field is wrong. */
export class MessageJsonError extends Error {
  override readonly name = 'MessageJsonError';
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
  }
}

export interface JsonOptions {
  /** Also shows tagged fields that have their default; Kafka leaves them out. */
  readonly taggedDefaults?: boolean;
}

/** The message as compact JSON text, int64 in all its digits, doubles as Java prints them. */
export function messageToJson(
  schema: StructSchema,
  version: number,
  message: object,
  options: JsonOptions = {},
): string {
  return structToJson({ version, options }, schema, message as Message);
}

interface JsonContext {
  readonly version: number;
  readonly options: JsonOptions;
}

function structToJson(context: JsonContext, schema: StructSchema, values: Message): string {
  const { version } = context;
  const members: string[] = [];
  for (const field of schema.fields) {
    if (!isPresent(field, version)) continue;
    const value = values[field.name] ?? defaultUnlessNull(field, values[field.name]);
    if (isOmitted(context, field, value)) continue;
    members.push(`${JSON.stringify(field.name)}:${valueToJson(context, field.type, value)}`);
  }
  return `{${members.join(',')}}`;
}

/**
 * The message that parsed JSON describes, for `encodeMessageExact`: int64 is a bigint. Where
 * all digits matter, the parser must have given them as bigints too.
 */
export function messageFromJson(schema: StructSchema, version: number, json: unknown): Message {
  return structFromJson(schema, version, json, schema.name);
}

/** A double as Java's Double.toString gives it: `1.0`, `0.001`, `1.0E10`. */
export function javaDoubleToString(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size === 0 || (1e-3 <= size && size < 1e7)) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

function isOmitted(context: JsonContext, field: FieldSchema, value: unknown): boolean {
  if (context.options.taggedDefaults === true) return false;
  return isTagged(field, context.version) && defaultTest(field)(value);
}

function defaultUnlessNull(field: FieldSchema, value: unknown): unknown {
  return value === null ? null : defaultOf(field, true);
}

function valueToJson(context: JsonContext, type: FieldType, value: unknown): string {
  if (value === null) return 'null';
  if (isArray(type)) {
    const elements = value as readonly unknown[];
    return `[${elements.map((element) => valueToJson(context, type[0], element)).join(',')}]`;
  }
  if (typeof type === 'object') return structToJson(context, type, value as Message);
  if (type === 'bytes' || type === 'records') return `"${toBase64(value as Uint8Array)}"`;
  if (type === 'float64') return doubleToJson(value as number);
  return type === 'string' || type === 'uuid' ? JSON.stringify(value) : String(value);
}

/** Jackson quotes the doubles that JSON has no numbers for. */
function doubleToJson(value: number): string {
  const text = javaDoubleToString(value);
  return Number.isFinite(value) ? text : `"${text}"`;
}

function structFromJson(
  schema: StructSchema,
  version: number,
  json: unknown,
  path: string,
): Message {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MessageJsonError(path, 'expected an object');
  }
  const members = json as Readonly<Record<string, unknown>>;
  const message: Message = {};
  for (const field of schema.fields) {
    const value = members[field.name] ?? formerMember(members, field);
    const fieldPath = `${path}.${field.name}`;
    if (value !== undefined) {
      message[field.name] = valueFromJson(field.type, version, value, fieldPath);
    } else if (isPresent(field, version) && !isTagged(field, version)) {
      throw new MessageJsonError(fieldPath, `is missing, but mandatory in version ${version}`);
    }
  }
  return message;
}

function formerMember(members: Readonly<Record<string, unknown>>, field: FieldSchema): unknown {
  if (field.name in members || field.formerName === undefined) return members[field.name];
  return members[field.formerName];
}

function valueFromJson(type: FieldType, version: number, json: unknown, path: string): unknown {
  if (json === null) return null;
  if (isArray(type)) {
    if (!Array.isArray(json)) throw new MessageJsonError(path, 'expected an array');
    return json.map((element, i) => valueFromJson(type[0], version, element, `${path}[${i}]`));
  }
  if (typeof type === 'object') return structFromJson(type, version, json, path);
  const value = primitiveFromJson(type, json);
  if (value === undefined) throw new MessageJsonError(path, `${String(json)} is no ${type}`);
  return value;
}

function primitiveFromJson(type: PrimitiveType, json: unknown): unknown {
  if (type === 'bool') return typeof json === 'boolean' ? json : undefined;
  if (typeof json === 'string') return textFromJson(type, json);
  if (type === 'int64') return isInteger(json) ? BigInt(json) : undefined;
  if (type === 'float64') return numberOf(json);
  return isInteger(json) && isNumeric(type) ? Number(json) : undefined;
}

function textFromJson(type: PrimitiveType, text: string): unknown {
  switch (type) {
    case 'string':
      return text;
    case 'uuid':
      return uuidFromString(text) === undefined ? undefined : text;
    case 'bytes':
    case 'records':
      return fromBase64(text);
    case 'float64':
      return specialDouble(text);
    default:
      return undefined;
  }
}

function isNumeric(type: PrimitiveType): boolean {
  return type.startsWith('int') || type.startsWith('uint');
}

function isInteger(json: unknown): json is number | bigint {
  return typeof json === 'bigint' || Number.isInteger(json);
}

function numberOf(json: unknown): number | undefined {
  return typeof json === 'number' || typeof json === 'bigint' ? Number(json) : undefined;
}

function specialDouble(text: string): number | undefined {
  return ['NaN', 'Infinity', '-Infinity'].includes(text) ? Number(text) : undefined;
}
