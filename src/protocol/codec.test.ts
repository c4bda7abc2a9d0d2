import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageArbitrary } from '../testing/message-arbitrary.ts';
import { loadSchemas } from '../testing/message-vectors.ts';
import { joinChunks } from './byte-writer.ts';
import {
  decodeMessage,
  decodeMessageExact,
  encodeMessage,
  encodeMessageChunks,
  encodeMessageExact,
} from './codec.ts';
import { DecodeError, EncodeError } from './errors.ts';
import type { MessageSchema } from './schema.ts';
import { produceRequest } from './schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from './schemas/01-fetch.ts';
import { metadataRequest, metadataResponse } from './schemas/03-metadata.ts';
import { listGroupsRequest } from './schemas/16-list-groups.ts';
import { apiVersionsResponse } from './schemas/18-api-versions.ts';
import { consumerGroupHeartbeatRequest } from './schemas/68-consumer-group-heartbeat.ts';
import { requestHeader } from './schemas/headers.ts';

const schemas = [...(await loadSchemas()).values()];
const SEED = 20240801;

const formsOf = (schema: MessageSchema) =>
  Array.from({ length: schema.versions[1] - schema.versions[0] + 1 }, (_, i) => ({
    schema,
    version: schema.versions[0] + i,
  }));

describe('for every message and version', () => {
  test.for(schemas.map((schema) => [schema.name, schema] as const))(
    '%s comes back from its bytes',
    ([, schema]) => {
      for (const { version } of formsOf(schema)) {
        fc.assert(
          fc.property(messageArbitrary(schema, version), (message) => {
            const bytes = encodeMessage(schema, version, message);
            const decoded = decodeMessage(schema, version, bytes);
            expect(decoded).toMatchObject(message);
            expect(encodeMessage(schema, version, decoded)).toEqual(bytes);
          }),
          { seed: SEED, numRuns: 4 },
        );
      }
    },
  );

  test.for(schemas.map((schema) => [schema.name, schema] as const))(
    'bytes of %s, damaged, throw DecodeError or nothing',
    ([, schema]) => {
      for (const { version } of formsOf(schema)) {
        fc.assert(
          fc.property(messageArbitrary(schema, version), damage, (message, { at, value, cut }) => {
            const bytes = encodeMessage(schema, version, message).slice();
            if (0 < bytes.byteLength) bytes[at % bytes.byteLength] = value;
            decodesOrFails(schema, version, bytes.subarray(0, bytes.byteLength - (cut % 4)));
          }),
          { seed: SEED, numRuns: 4 },
        );
      }
    },
  );
});

const damage = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }), cut: fc.nat() });

test('random bytes throw DecodeError or nothing, whatever they are decoded as', () => {
  const forms = schemas.flatMap(formsOf);
  fc.assert(
    fc.property(fc.nat(forms.length - 1), fc.uint8Array({ maxLength: 200 }), (index, bytes) => {
      const form = forms[index];
      if (form !== undefined) decodesOrFails(form.schema, form.version, bytes);
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

function decodesOrFails(schema: MessageSchema, version: number, bytes: Uint8Array): void {
  for (const decode of [decodeMessage, decodeMessageExact]) {
    try {
      decode(schema, version, bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      expect(error.start).toBeLessThanOrEqual(error.end);
      expect(error.end).toBeLessThanOrEqual(bytes.byteLength);
    }
  }
}

test('a decoded message has every field, the defaults of absent ones included', () => {
  const message = decodeMessage(fetchRequest, 0, encodeMessage(fetchRequest, 0, { maxWaitMs: 5 }));
  expect(message).toMatchObject({
    clusterId: null,
    replicaId: -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: 5,
    maxBytes: 0x7fffffff,
    sessionEpoch: -1,
    topics: [],
    rackId: '',
  });
});

test('a decode error names the field and its bytes', () => {
  const bytes = encodeMessage(metadataRequest, 1, { topics: [{ name: 'ab' }, { name: 'cd' }] });
  const error = catchError(() => decodeMessage(metadataRequest, 1, bytes.subarray(0, 11)));
  expect(error).toBeInstanceOf(DecodeError);
  expect(error).toMatchObject({
    path: 'topics[1].name',
    start: 10,
    end: 11,
    message: 'topics[1].name: string of 2 bytes exceeds the 1 bytes left (bytes 10 to 11)',
  });
});

test('an array that announces more elements than there are bytes is refused before it is read', () => {
  const bytes = Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 1, 2, 3);
  expect(() => decodeMessage(metadataRequest, 0, bytes)).toThrow(
    'topics: array of 2147483647 exceeds the 3 bytes left',
  );
});

test('null where the version allows none is refused in both directions', () => {
  expect(() => decodeMessage(metadataRequest, 0, Uint8Array.of(255, 255, 255, 255))).toThrow(
    'topics: null where null is not allowed',
  );
  expect(() => encodeMessage(metadataRequest, 0, { topics: null })).toThrow(
    'topics: null where null is not allowed',
  );
});

test('bytes after a message are an error', () => {
  const bytes = joinChunks([encodeMessage(metadataRequest, 1, { topics: [] }), new Uint8Array(2)]);
  expect(() => decodeMessage(metadataRequest, 1, bytes)).toThrow('2 bytes follow the message');
});

test('a value that the version lacks and that may not be dropped is an EncodeError', () => {
  const encode = () => encodeMessage(listGroupsRequest, 3, { statesFilter: ['Stable'] });
  expect(encode).toThrow(EncodeError);
  expect(encode).toThrow('statesFilter: has a value that this version cannot carry');
  expect(encodeMessage(listGroupsRequest, 3, { statesFilter: [] })).toEqual(Uint8Array.of(0));
});

test('an ignorable value is dropped where the version lacks it', () => {
  const bytes = encodeMessage(metadataResponse, 0, { clusterId: 'c', throttleTimeMs: 7 });
  expect(decodeMessage(metadataResponse, 0, bytes).clusterId).toBeNull();
});

test('an encode error names the field', () => {
  const partitionData = [{ index: 0 }, { index: 2 ** 31 }];
  const error = catchError(() =>
    encodeMessage(produceRequest, 7, { topicData: [{ name: 't', partitionData }] }),
  );
  expect(error).toMatchObject({
    path: 'topicData[0].partitionData[1].index',
    reason: '2147483648 does not fit int32',
  });
});

test('a string longer than an int16 is an EncodeError in either form', () => {
  for (const version of [1, 9]) {
    const encode = () =>
      encodeMessage(metadataRequest, version, { topics: [{ name: 'x'.repeat(32768) }] });
    expect(encode).toThrow('topics[0].name: string of 32768 bytes is longer than 32767');
  }
});

test('an int64 beyond 2^53 is a DecodeError, and exact as a bigint', () => {
  const bytes = encodeMessageExact(apiVersionsResponse, 3, { finalizedFeaturesEpoch: 2n ** 53n });
  expect(() => decodeMessage(apiVersionsResponse, 3, bytes)).toThrow(
    'finalizedFeaturesEpoch: int64 9007199254740992 is beyond 2^53',
  );
  const exact = decodeMessageExact(apiVersionsResponse, 3, bytes);
  expect(exact['finalizedFeaturesEpoch']).toBe(2n ** 53n);
});

test('a tagged field that we do not know survives, in its place among the others', () => {
  // error code 0, no APIs, throttle 0; tags 1 (finalizedFeaturesEpoch 5), 2 (empty) and 9 (unknown)
  const bytes = Uint8Array.of(
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    3,
    1,
    8,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    5,
    3,
    1,
    1,
    9,
    2,
    7,
    7,
  );
  const message = decodeMessage(apiVersionsResponse, 3, bytes);
  expect(message).toMatchObject({
    finalizedFeaturesEpoch: 5,
    zkMigrationReady: true,
    unknownTaggedFields: [{ tag: 9, bytes: Uint8Array.of(7, 7) }],
  });
  expect(encodeMessage(apiVersionsResponse, 3, message)).toEqual(bytes);
});

test('a tagged field must fill the size that it announces', () => {
  const head = [0, 0, 1, 0, 0, 0, 0, 1, 3];
  expect(() => decodeMessage(apiVersionsResponse, 3, Uint8Array.of(...head, 2, 1, 0))).toThrow(
    'zkMigrationReady: tagged field has 1 bytes too many',
  );
  expect(() => decodeMessage(apiVersionsResponse, 3, Uint8Array.of(...head, 5, 1))).toThrow(
    'zkMigrationReady: tagged field of 5 bytes exceeds the 1 bytes left',
  );
});

test('the client id keeps its old form in the flexible request header', () => {
  const header = { requestApiKey: 3, requestApiVersion: 9, correlationId: 1, clientId: 'a' };
  expect([...encodeMessage(requestHeader, 2, header)]).toEqual([
    0, 3, 0, 9, 0, 0, 0, 1, 0, 1, 97, 0,
  ]);
});

test('large bytes are handed over without a copy, and may come in parts', () => {
  const parts = [new Uint8Array(5000).fill(1), new Uint8Array(3000).fill(2)];
  const partitions = [
    { partitionIndex: 0, records: parts },
    { partitionIndex: 1, records: null },
  ];
  const responses = [{ topic: 't', partitions }];
  const chunks = encodeMessageChunks(fetchResponse, 12, { responses });
  expect(chunks).toContain(parts[0]);
  expect(chunks).toContain(parts[1]);
  const decoded = decodeMessage(fetchResponse, 12, joinChunks(chunks));
  expect(decoded.responses[0]?.partitions[0]?.records).toEqual(joinChunks(parts));
});

test('decoded bytes are views of what was decoded', () => {
  const message = {
    topicData: [{ name: 't', partitionData: [{ index: 0, records: new Uint8Array(9) }] }],
  };
  const bytes = encodeMessage(produceRequest, 9, message);
  const records = decodeMessage(produceRequest, 9, bytes).topicData[0]?.partitionData[0]?.records;
  expect(records?.buffer).toBe(bytes.buffer);
});

test('text of every kind comes back, a byte order mark included', () => {
  for (const memberId of ['\ufeffbom', 'žluťoučký', '数据', '🦊', 'x'.repeat(5000), '']) {
    const bytes = encodeMessage(consumerGroupHeartbeatRequest, 0, { memberId });
    expect(decodeMessage(consumerGroupHeartbeatRequest, 0, bytes).memberId).toBe(memberId);
  }
});

test('a version that the schema does not know is an error of the right kind', () => {
  expect(() => decodeMessage(metadataRequest, 99, new Uint8Array(9))).toThrow(DecodeError);
  expect(() => encodeMessage(metadataRequest, 99, {})).toThrow(EncodeError);
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
