import { operationFailed } from '../command-errors.ts';
import { JavaError } from '../tool.ts';

/** JSON as Kafka's tools read it (`JsonValue`, `DecodeJson`): what is not as expected is said in their words. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Answers undefined for text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Throws JavaError, in Jackson's words where they are known, for text that is no JSON. */
export function parseJsonOrThrow(text: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  if (text === '') {
    throw operationFailed(
      "The input string shouldn't be empty\n at [Source: UNKNOWN; byte offset: #UNKNOWN]",
    );
  }
  const word = /^[A-Za-z_]\w*/.exec(text)?.[0];
  if (word === undefined) throw operationFailed('The input string is not a valid JSON');
  const expected = `(JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
  const source =
    '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: ';
  throw operationFailed(
    `Unrecognized token '${word}': was expecting ${expected}\n at ${source}${word.length + 1}]`,
  );
}

export function toJsonObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw mapping(`Expected JSON object, received ${JSON.stringify(value)}`);
}

export function toJsonArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw mapping(`Expected JSON array, received ${JSON.stringify(value)}`);
}

/** A field that must be there. */
export function jsonField(object: JsonObject, name: string): unknown {
  if (name in object) return object[name];
  throw mapping(`No such field exists: \`${name}\``);
}

export function toInteger(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    return value;
  }
  throw mapping(`Expected \`Integer\` value, received ${JSON.stringify(value)}`);
}

/** As far as a number of JavaScript is exact. */
export function toLong(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw mapping(`Expected \`Long\` value, received ${JSON.stringify(value)}`);
}

export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw mapping(`Expected \`String\` value, received ${JSON.stringify(value)}`);
}

export function toListOf<T>(value: unknown, element: (each: unknown) => T): readonly T[] {
  if (Array.isArray(value)) return value.map(element);
  throw mapping(`Expected \`JSON array\` value, received ${JSON.stringify(value)}`);
}

function mapping(message: string): JavaError {
  return new JavaError('com.fasterxml.jackson.databind.JsonMappingException', message);
}
