import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DecodeError } from './errors.ts';
import { metadataRecordToJson } from './metadata-record-json.ts';

// The metadata log of a Kafka 3.8.0 that created a topic, and what its kafka-dump-log.sh printed.
const file = new URL('testdata/metadata-records.jsonl', import.meta.url);
const records = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { hex: string; printed: string });

test('metadata records are printed as the real kafka-dump-log.sh prints them', () => {
  for (const { hex, printed } of records) {
    expect(metadataRecordToJson(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(printed);
  }
  expect(records.length).toBeGreaterThan(10);
});

test.for([
  [[2, 2, 0], 'frame version 2 is not 1'],
  [[1, 99, 0], 'no metadata record has the API key 99'],
  [[1, 2, 9], 'TopicRecord has no version 9'],
  [[1], 'varint is cut off'],
] as const)('%j is no metadata record', ([bytes, message]) => {
  const print = () => metadataRecordToJson(Uint8Array.from(bytes));
  expect(print).toThrow(DecodeError);
  expect(print).toThrow(message);
});
