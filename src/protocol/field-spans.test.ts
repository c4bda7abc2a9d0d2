import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageArbitrary } from '../testing/message-arbitrary.ts';
import { loadSchemas } from '../testing/message-vectors.ts';
import { decodeMessageExact, encodeMessage } from './codec.ts';
import { decodeWithSpans, type FieldSpan } from './field-spans.ts';
import { metadataRequest } from './schemas/03-metadata.ts';
import { apiVersionsResponse } from './schemas/18-api-versions.ts';

const schemas = [...(await loadSchemas()).values()];

/** One line a field: where, what, how much. */
function print(spans: readonly FieldSpan[], indent = ''): string[] {
  return spans.flatMap(({ name, type, value, start, end, children }) => [
    `${start}-${end} ${indent}${name} ${type}${value === undefined ? '' : ` ${value}`}`,
    ...print(children, `${indent}  `),
  ]);
}

test('every field of a message is shown with its bytes', () => {
  const bytes = encodeMessage(metadataRequest, 4, { topics: [{ name: 'ab' }, { name: 'c' }] });
  expect(print(decodeWithSpans(metadataRequest, 4, bytes).fields)).toEqual([
    '0-11 topics []MetadataRequestTopic',
    '4-8   [0] MetadataRequestTopic',
    '4-8     name string ab',
    '8-11   [1] MetadataRequestTopic',
    '8-11     name string c',
    '11-12 allowAutoTopicCreation bool true',
  ]);
});

test('tagged fields are shown with their tags, unknown ones too', () => {
  const head = [0, 0, 1, 0, 0, 0, 0];
  const bytes = Uint8Array.of(...head, 2, 3, 1, 1, 9, 2, 7, 8);
  expect(print(decodeWithSpans(apiVersionsResponse, 3, bytes).fields)).toEqual([
    '0-2 errorCode int16 0',
    '2-3 apiKeys []ApiVersion',
    '3-7 throttleTimeMs int32 0',
    '8-11 zkMigrationReady bool true',
    '11-15 tag 9 bytes 7,8',
  ]);
});

test('a damaged message shows what could be read, and the error', () => {
  const bytes = encodeMessage(metadataRequest, 4, { topics: [{ name: 'ab' }, { name: 'c' }] });
  const { fields, error } = decodeWithSpans(metadataRequest, 4, bytes.subarray(0, 9));
  expect(error).toMatchObject({
    path: 'topics[1].name',
    reason: 'int16 of 2 bytes exceeds the 1 bytes left',
  });
  expect(print(fields)).toEqual([
    '0-8 topics []MetadataRequestTopic',
    '4-8   [0] MetadataRequestTopic',
    '4-8     name string ab',
  ]);
  expect(decodeWithSpans(metadataRequest, 99, bytes).error?.reason).toContain('no version 99');
});

test('a tagged field that is longer than its value is an error', () => {
  const bytes = Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 1, 3, 2, 1, 0);
  expect(decodeWithSpans(apiVersionsResponse, 3, bytes).error?.message).toBe(
    'zkMigrationReady: tagged field has 1 bytes too many (bytes 11 to 12)',
  );
});

test('spans take in the whole message, and fail only where decoding does', () => {
  const forms = schemas.flatMap((schema) =>
    [...new Set(schema.versions)].map((version) => ({ schema, version })),
  );
  for (const { schema, version } of forms) {
    fc.assert(
      fc.property(messageArbitrary(schema, version), fc.nat(), (message, cut) => {
        const bytes = encodeMessage(schema, version, message);
        expect(decodeWithSpans(schema, version, bytes)).toMatchObject({
          end: bytes.byteLength,
          error: undefined,
        });
        const damaged = bytes.subarray(0, bytes.byteLength - 1 - (cut % 3));
        const spanned = decodeWithSpans(schema, version, damaged);
        expect(spanned.error !== undefined || spanned.end !== damaged.byteLength).toBe(
          fails(() => decodeMessageExact(schema, version, damaged)),
        );
      }),
      { seed: 7, numRuns: 2 },
    );
  }
});

function fails(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
