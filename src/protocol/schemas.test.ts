import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadSchemas } from '../testing/message-vectors.ts';
import { projectRoot } from '../testing/project-root.ts';
import { apiOf, apis } from './api.ts';
import type { FieldSchema, FieldType, MessageSchema, StructSchema } from './schema.ts';

// The facts are a union of Kafka 3.8 to 4.2, read from its message definitions; where they lie
// beside the checkout, every schema is held against them.
const factsFile = `${projectRoot}../shared/facts/kafka-messages.json`;
const facts = existsSync(factsFile) ? readFacts() : undefined;
const schemas = await loadSchemas();

interface FactField {
  readonly name: string;
  readonly type: string;
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly tag?: number;
  readonly default?: string | number | boolean | null;
  readonly ignorable?: boolean | string;
  readonly flexibleVersions?: string;
  readonly fields?: readonly FactField[];
}

interface FactMessage {
  readonly name: string;
  readonly type: string;
  readonly apiKey?: number;
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly FactField[];
  readonly commonStructs?: readonly { readonly name: string; readonly fields: FactField[] }[];
  readonly listeners?: readonly string[];
  readonly validVersionsByRelease: Readonly<Record<string, string>>;
}

describe.skipIf(facts === undefined)("Kafka's message definitions (needs ../shared/facts)", () => {
  test('every schema says what the definition says', () => {
    for (const schema of schemas.values()) {
      const fact = facts?.get(schema.name);
      expect(fact, schema.name).toBeDefined();
      if (fact !== undefined) expect(flatten(schema)).toEqual(flattenFact(fact));
    }
  });

  test('every request and response of Kafka 3.8 has a schema', () => {
    const missing = [...(facts?.values() ?? [])]
      .filter((fact) => fact.type === 'request' || fact.type === 'response')
      .filter((fact) => fact.validVersionsByRelease['3.8.0'] !== undefined)
      .filter((fact) => !schemas.has(fact.name));
    expect(missing.map((fact) => fact.name)).toEqual([]);
  });

  test('every metadata record has a schema', () => {
    const records = [...(facts?.values() ?? [])].filter((fact) => fact.type === 'metadata');
    const missing = records.filter((fact) => !schemas.has(fact.name));
    // Tiered storage keeps its own records in a topic of its own, which the lab does not have.
    expect(missing.map((fact) => fact.name).filter((name) => !name.startsWith('Remote'))).toEqual(
      [],
    );
  });

  test('an API is advertised for 3.8 versions at least, on the listeners that Kafka names', () => {
    for (const api of apis.filter(({ listeners }) => 0 < listeners.length)) {
      const fact = facts?.get(api.request.name);
      const byRelease = fact?.validVersionsByRelease;
      const [first = -1, last = first] = numbers(byRelease?.['3.8.0'] ?? byRelease?.['3.9.1']);
      expect(api.versions[0], api.name).toBe(first);
      expect(api.versions[1], api.name).toBeGreaterThanOrEqual(last);
      expect(api.listeners.toSorted(), api.name).toEqual(fact?.listeners?.toSorted());
    }
  });
});

test('the APIs stand in the order of their keys, request beside response', () => {
  for (const [index, api] of apis.entries()) {
    expect(api.key).toBeGreaterThan(apis[index - 1]?.key ?? -1);
    expect(api.request.name).toBe(`${api.name}Request`);
    expect(api.response.name).toBe(`${api.name}Response`);
    expect(api.response.apiKey).toBe(api.key);
    expect(api.response.versions).toEqual(api.request.versions);
    expect(api.request.versions[1]).toBeGreaterThanOrEqual(api.versions[1]);
    expect(apiOf(api.key)).toBe(api);
  }
  expect(apiOf(-1)).toBeUndefined();
  expect(apiOf(76)).toBeUndefined();
});

function readFacts(): Map<string, FactMessage> {
  const file = JSON.parse(readFileSync(factsFile, 'utf8')) as {
    modules: Readonly<Record<string, readonly FactMessage[]>>;
  };
  const messages = Object.values(file.modules).flat();
  const ours = messages.filter(({ type }) => !type.startsWith('coordinator-'));
  return new Map(ours.map((message) => [message.name, message]));
}

/** One line a field, so that a difference reads well. */
function flatten(schema: MessageSchema): string[] {
  const [first, last] = schema.versions;
  const head = `${schema.name} ${schema.apiKey} ${first}-${last} flexible ${schema.flexibleSince}`;
  return [head, ...flattenFields(schema, schema.versions, '')];
}

function flattenFields(
  schema: StructSchema,
  all: MessageSchema['versions'],
  path: string,
): string[] {
  return schema.fields.flatMap((field) => {
    const struct = structOf(field.type);
    const line = describeField(path, field.name, {
      type: typeName(field.type),
      versions: canonical(field.versions ?? `${all[0]}-${all[1]}`, all),
      nullable: field.nullable,
      tag: field.tag,
      tagged: field.tagged,
      default: defaultOf(field),
      ignorable: field.ignorable === true,
      flexible: field.flexible,
    });
    return [line, ...(struct ? flattenFields(struct, all, `${path}${field.name}.`) : [])];
  });
}

function flattenFact(fact: FactMessage): string[] {
  const [first = -1, last = first] = numbers(fact.validVersions);
  const flexible = fact.flexibleVersions === 'none' ? undefined : numbers(fact.flexibleVersions)[0];
  const head = `${fact.name} ${fact.apiKey} ${first}-${last} flexible ${flexible}`;
  const common = new Map(fact.commonStructs?.map((struct) => [struct.name, struct.fields]));
  return [head, ...flattenFactFields(fact.fields, { all: [first, last], common }, '')];
}

function flattenFactFields(
  fields: readonly FactField[],
  context: { all: MessageSchema['versions']; common: ReadonlyMap<string, readonly FactField[]> },
  path: string,
): string[] {
  return fields.flatMap((field) => {
    const name = field.name.charAt(0).toLowerCase() + field.name.slice(1);
    const line = describeField(path, name, {
      type: field.type,
      versions: canonical(field.versions ?? field.taggedVersions ?? '', context.all),
      nullable: field.nullableVersions,
      tag: field.tag,
      tagged: field.taggedVersions,
      default: factDefault(field),
      ignorable: String(field.ignorable) === 'true',
      flexible: field.flexibleVersions,
    });
    const inner = field.fields ?? context.common.get(field.type.replace('[]', '')) ?? [];
    return [line, ...flattenFactFields(inner, context, `${path}${name}.`)];
  });
}

function describeField(path: string, name: string, parts: Record<string, unknown>): string {
  return `${path}${name} ${JSON.stringify(parts)}`;
}

function structOf(type: FieldType): StructSchema | undefined {
  const inner = typeof type === 'object' && 'length' in type ? type[0] : type;
  return typeof inner === 'object' ? inner : undefined;
}

function typeName(type: FieldType): string {
  if (typeof type === 'string') return type;
  return 'length' in type ? `[]${typeName(type[0])}` : type.name;
}

/** A range cut to the versions of the message, so that `0+` and leaving it out are the same. */
function canonical(range: string, all: MessageSchema['versions']): string {
  const [first = 0, last = range.endsWith('+') ? all[1] : first] = numbers(range);
  return `${Math.max(first, all[0])}-${Math.min(last, all[1])}`;
}

function numbers(range: string | undefined): number[] {
  return (range ?? '').match(/\d+/g)?.map(Number) ?? [];
}

function defaultOf(field: FieldSchema): string {
  return String(field.default ?? (field.default === null ? null : zeroOf(typeName(field.type))));
}

function factDefault(field: FactField): string {
  const text = String(field.default ?? (field.default === null ? null : zeroOf(field.type)));
  return /^-?(0x)?[0-9a-f]+$/i.test(text) && text !== 'fa' ? String(BigInt(text)) : text;
}

function zeroOf(type: string): string {
  if (type === 'bool') return 'false';
  return /^(u?int|float)\d+$/.test(type) ? '0' : '';
}
