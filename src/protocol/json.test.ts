import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, encodeMessageExact } from './codec.ts';
import { javaDoubleToString, MessageJsonError, messageFromJson, messageToJson } from './json.ts';
import { fetchResponse } from './schemas/01-fetch.ts';
import { clientQuotaRecord } from './schemas/records/client-quota-record.ts';
import { partitionChangeRecord } from './schemas/records/partition-change-record.ts';
import { topicRecord } from './schemas/records/topic-record.ts';

const topicId = 'KLZfvSjXufk_fpw4VICmHA';

test('a metadata record is the JSON that kafka-dump-log.sh prints', () => {
  const bytes = encodeMessage(topicRecord, 0, { name: 'test', topicId });
  const json = messageToJson(topicRecord, 0, decodeMessage(topicRecord, 0, bytes));
  expect(json).toBe('{"name":"test","topicId":"KLZfvSjXufk_fpw4VICmHA"}');
});

test('tagged fields are shown only where they differ from their default', () => {
  const message = { partitionId: 1, topicId, leader: 2 };
  const short = '{"partitionId":1,"topicId":"KLZfvSjXufk_fpw4VICmHA","leader":2}';
  expect(messageToJson(partitionChangeRecord, 0, message)).toBe(short);
  expect(messageToJson(partitionChangeRecord, 0, message, { taggedDefaults: true })).toContain(
    '"isr":null,"leader":2,"replicas":null',
  );
});

test('bytes are base64, int64 keep their digits, doubles look like Java', () => {
  const quota = { key: 'producer_byte_rate', value: 1024 };
  expect(messageToJson(clientQuotaRecord, 0, quota)).toContain('"value":1024.0');
  const partitions = [{ highWatermark: 2n ** 62n, records: Uint8Array.of(1, 2, 3, 255) }];
  const json = messageToJson(fetchResponse, 4, { responses: [{ topic: 't', partitions }] });
  expect(json).toContain('"highWatermark":4611686018427387904');
  expect(json).toContain('"records":"AQID/w=="');
});

test.for([
  [0, '0.0'],
  [-0, '-0.0'],
  [1.5, '1.5'],
  [0.001, '0.001'],
  [0.0001, '1.0E-4'],
  [1e7, '1.0E7'],
  [123456789.5, '1.234567895E8'],
  [Infinity, 'Infinity'],
] as const)('the double %d is written %s', ([value, text]) => {
  expect(javaDoubleToString(value)).toBe(text);
});

test('a message comes from its JSON', () => {
  const json = { partitionId: 1, topicId, leader: 2, isr: [1, 2] };
  const message = messageFromJson(partitionChangeRecord, 0, json);
  const bytes = encodeMessageExact(partitionChangeRecord, 0, message);
  expect(decodeMessage(partitionChangeRecord, 0, bytes)).toMatchObject({ leader: 2, isr: [1, 2] });
});

test.for([
  [{ topicId }, 'TopicRecord.name: is missing, but mandatory in version 0'],
  [{ name: 7, topicId }, 'TopicRecord.name: 7 is no string'],
  [{ name: 't', topicId: 'x' }, 'TopicRecord.topicId: x is no uuid'],
  [[], 'TopicRecord: expected an object'],
] as const)('JSON %j is refused with the field that is wrong', ([json, message]) => {
  const read = () => messageFromJson(topicRecord, 0, json);
  expect(read).toThrow(MessageJsonError);
  expect(read).toThrow(message);
});
