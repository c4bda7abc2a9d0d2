import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkVectorLine, loadSchemas } from '../testing/message-vectors.ts';

// One message of each kind in its first and last version, serialized by Kafka 3.8.0's own classes.
const lines = readFileSync(new URL('testdata/messages.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const schemas = await loadSchemas();

test('the bytes and the JSON of every kind of message are those of Kafka 3.8.0', () => {
  const results = lines.map((line) => checkVectorLine(line, schemas));
  expect(results.filter((result) => result.kind !== 'passed')).toEqual([]);
  expect(results.length).toBeGreaterThan(200);
});

test('a byte or a digit that differs fails the check', () => {
  const line = lines.find((text) => text.includes('"MetadataResponse"') && text.includes('"v":12'));
  const otherByte = line!.replace(/(..)"\}$/, (_, byte) => `${byte === '00' ? '01' : '00'}"}`);
  const otherJson = line!.replace('"throttleTimeMs":', '"throttleTimeMs":7');
  expect(checkVectorLine(line!, schemas).kind).toBe('passed');
  expect(checkVectorLine(otherByte, schemas).kind).toBe('failed');
  expect(checkVectorLine(otherJson, schemas).kind).toBe('failed');
});

test('messages and versions that we do not speak are skipped', () => {
  const line = '{"name":"ShareFetchRequest","type":"request","v":1,"json":{},"hex":""}';
  expect(checkVectorLine(line, schemas)).toEqual({ kind: 'skipped' });
  expect(
    checkVectorLine(
      line.replace('ShareFetchRequest', 'HeartbeatRequest').replace('"v":1', '"v":99'),
      schemas,
    ),
  ).toEqual({ kind: 'skipped' });
});
