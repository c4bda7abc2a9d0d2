import { readdirSync } from 'node:fs';
import { decodeMessageExact, encodeMessageExact, isKnownVersion } from '../protocol/codec.ts';
import { messageFromJson, messageToJson } from '../protocol/json.ts';
import type { MessageSchema, StructSchema } from '../protocol/schema.ts';

/** A message that the real Kafka serialized, with its JSON form. */
interface Vector {
  readonly name: string;
  readonly type: string;
  readonly v: number | bigint;
  readonly json: unknown;
  readonly hex: string;
}

export type VectorResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'failed'; readonly reason: string };

const SCHEMAS = new URL('../protocol/schemas/', import.meta.url);
/** 4.x describes the coordinators' records anew, under the same names; the lab has 3.8's. */
const FOREIGN_TYPES = new Set(['coordinator-key', 'coordinator-value']);

/** Every message that we speak, by Kafka's name. */
export async function loadSchemas(): Promise<Map<string, MessageSchema>> {
  const found = new Map<string, MessageSchema>();
  for (const file of readdirSync(SCHEMAS, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const module: Record<string, unknown> = await import(new URL(file, SCHEMAS).href);
    for (const value of Object.values(module)) {
      if (isSchema(value)) found.set(value.name, value);
    }
  }
  return found;
}

/** Checks one line {"name","type","v","json","hex"}: hex → message → hex, json → message → hex, message → json. */
export function checkVectorLine(
  line: string,
  schemas: ReadonlyMap<string, MessageSchema>,
): VectorResult {
  let what = 'line';
  try {
    const vector = parseExactly(line) as Vector;
    what = `${vector.name} v${vector.v}`;
    const schema = FOREIGN_TYPES.has(vector.type) ? undefined : schemas.get(vector.name);
    if (schema === undefined || !isKnownVersion(schema, Number(vector.v))) {
      return { kind: 'skipped' };
    }
    checkVector(schema, vector);
    return { kind: 'passed' };
  } catch (error) {
    return { kind: 'failed', reason: `${what}: ${String(error)}` };
  }
}

function checkVector(schema: MessageSchema, vector: Vector): void {
  const version = Number(vector.v);
  const fromHex = decodeMessageExact(
    schema,
    version,
    Uint8Array.from(Buffer.from(vector.hex, 'hex')),
  );
  expectHex(schema, version, { message: fromHex, vector, way: 'hex → message → hex' });
  const fromJson = messageFromJson(schema, version, vector.json);
  expectHex(schema, version, { message: fromJson, vector, way: 'json → message → hex' });
  const expected = withCurrentNames(vector.json, formerNames(schema));
  const short = messageToJson(schema, version, fromHex);
  const full = messageToJson(schema, version, fromHex, { taggedDefaults: true });
  // Tagged fields that have their default may be in a vector or not.
  if (isPartOf(parseExactly(short), expected) && isPartOf(expected, parseExactly(full))) return;
  throw new Error(`message → json gives ${short}`);
}

/** Whether two JSON values are the same, but for members of objects that only `whole` has. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (!isObject(part) || !isObject(whole)) return Object.is(part, whole);
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && part.length !== Object.keys(whole).length) return false;
  return Object.entries(part).every(([key, value]) => key in whole && isPartOf(value, whole[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function formerNames(schema: StructSchema): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name, formerName, type } of schema.fields) {
    if (formerName !== undefined) names.set(formerName, name);
    const inner = typeof type === 'object' && 'length' in type ? type[0] : type;
    if (typeof inner === 'object') for (const pair of formerNames(inner)) names.set(...pair);
  }
  return names;
}

function withCurrentNames(json: unknown, names: ReadonlyMap<string, string>): unknown {
  if (names.size === 0 || !isObject(json)) return json;
  if (Array.isArray(json)) return json.map((element) => withCurrentNames(element, names));
  return Object.fromEntries(
    Object.entries(json).map(([k, v]) => [names.get(k) ?? k, withCurrentNames(v, names)]),
  );
}

function expectHex(
  schema: MessageSchema,
  version: number,
  check: { message: Record<string, unknown>; vector: Vector; way: string },
): void {
  const hex = Buffer.from(encodeMessageExact(schema, version, check.message)).toString('hex');
  if (hex === check.vector.hex) return;
  throw new Error(`${check.way}\n  expected ${check.vector.hex}\n  got      ${hex}`);
}

/** Integers as bigints, so that no digit of an int64 is lost. */
function parseExactly(text: string): unknown {
  const revive = (_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' && /^-?\d+$/.test(context.source ?? '')
      ? BigInt(context.source ?? '')
      : value;
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
}

function isSchema(value: unknown): value is MessageSchema {
  return typeof value === 'object' && value !== null && 'versions' in value && 'fields' in value;
}
