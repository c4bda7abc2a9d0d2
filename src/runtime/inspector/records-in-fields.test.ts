import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMetadataRecord } from '../../controller/metadata-record.ts';
import { encodeMessage } from '../../protocol/codec.ts';
import { decodeWithSpans } from '../../protocol/field-spans.ts';
import { leaderChangeBatch } from '../../protocol/records/control-records.ts';
import { portableCodecs } from '../../protocol/records/portable-codecs.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../../protocol/records/record-batch-builder.ts';
import { produceRequest } from '../../protocol/schemas/00-produce.ts';
import { fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import { METADATA_TOPIC_ID } from '../../protocol/uuid.ts';
import { takeRecordsApart } from './records-in-fields.ts';
import type { ShownSpan } from './shown-span.ts';
import { jsonOf, valueText } from './span-text.ts';

const fixtures = new URL('../../protocol/records/testdata/record-batches.jsonl', import.meta.url);
const kafkaBatches = readFileSync(fixtures, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as KafkaBatch);

interface KafkaBatch {
  readonly name: string;
  readonly batch: Readonly<Record<string, unknown>>;
  readonly hex: string;
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function produce(records: Uint8Array): Uint8Array {
  const partitionData = [{ index: 0, records }];
  return encodeMessage(produceRequest, 9, { topicData: [{ name: 'orders', partitionData }] });
}

function fetched(topicId: string, records: Uint8Array): Uint8Array {
  const responses = [{ topicId, partitions: [{ partitionIndex: 0, records }] }];
  return encodeMessage(fetchResponse, 17, { responses });
}

function taken(bytes: Uint8Array, form = { schema: produceRequest, version: 9 } as Form) {
  const { fields, error } = decodeWithSpans(form.schema, form.version, bytes);
  return takeRecordsApart(fields, bytes, error === undefined);
}

type Form =
  | { readonly schema: typeof produceRequest; readonly version: number }
  | { readonly schema: typeof fetchResponse; readonly version: number };

function all(spans: readonly ShownSpan[]): readonly ShownSpan[] {
  return spans.flatMap((span) => [span, ...all(span.children)]);
}

function valuesOf(spans: readonly ShownSpan[], name: string): readonly unknown[] {
  return all(spans)
    .filter((span) => span.name === name)
    .map(({ value }) => value);
}

/** One line a field, as deep as it lies. */
function print(spans: readonly ShownSpan[], indent = ''): readonly string[] {
  return spans.flatMap((span) => [
    `${indent}${span.name} ${span.type} ${valueText(span) ?? ''}`.trimEnd(),
    ...print(span.children, `${indent}  `),
  ]);
}

test.for(kafkaBatches)('the batch $name that Kafka wrote is taken apart', ({ batch, hex }) => {
  const { spans, error } = taken(produce(bytesOf(hex)));
  expect(error).toBeUndefined();
  const numbers = [
    'baseOffset',
    'partitionLeaderEpoch',
    'crc',
    'maxTimestamp',
    'producerId',
    'producerEpoch',
    'baseSequence',
  ];
  for (const name of numbers) expect(Number(valuesOf(spans, name)[0])).toBe(batch[name]);
  const texts = new Map(all(spans).map((span) => [span.name, span.text]));
  expect(texts.get('isvalid')).toBe('true');
  expect(texts.get('compression')).toBe(batch['compression']);
  expect(texts.get('timestampType')).toBe(batch['timestampType']);
  expect(texts.get('isControl')).toBe(String(batch['isControl']));
  expect(texts.get('isTransactional')).toBe(String(batch['isTransactional']));
  const records = [...new RecordBatch(bytesOf(hex)).records(portableCodecs())];
  const shown = all(spans).filter(({ type }) => type === 'Record');
  expect(shown.map(({ text }) => text)).toEqual(records.map(({ offset }) => `offset ${offset}`));
});

test('a record is its fields: key, value and headers as text where they are text', () => {
  const builder = new RecordBatchBuilder({ sizeLimitBytes: 1_000, baseOffset: 7 });
  const text = (words: string) => new TextEncoder().encode(words);
  const header = { key: 'trace', value: Uint8Array.of(0, 255) };
  builder.append(1_700_000_000_000, text('订单'), text('{"sum": 3}'), [header]);
  const { spans } = taken(produce(builder.close()));
  const record = all(spans).find(({ type }) => type === 'Record');
  expect(print(record?.children ?? [])).toEqual([
    'length varint 31',
    'attributes int8 0',
    'timestampDelta varlong 0',
    'offsetDelta varint 0',
    'keyLength varint 6',
    'key bytes "订单"',
    'valueLength varint 10',
    'value bytes "{\\"sum\\": 3}"',
    'headersCount varint 1',
    'headers []Header',
    '  [0] Header',
    '    headerKeyLength varint 5',
    '    headerKey bytes "trace"',
    '    headerValueLength varint 2',
    '    value bytes 00ff',
  ]);
  expect(JSON.parse(jsonOf(spans))).toMatchObject({
    topicData: [{ partitionData: [{ records: [{ records: [{ key: '订单' }] }] }] }],
  });
});

test('records of the metadata log and control records have their names and fields', () => {
  const place = { baseOffset: 0, partitionLeaderEpoch: 1, timestamp: 0 };
  const change = leaderChangeBatch(place, { leaderId: 2, voters: [1, 2], grantingVoters: [2] });
  const builder = new RecordBatchBuilder({ sizeLimitBytes: 1_000, baseOffset: 1 });
  const message = { name: 'orders', topicId: METADATA_TOPIC_ID };
  builder.append(0, null, encodeMetadataRecord({ kind: 'TopicRecord', version: 0, message }));
  const bytes = fetched(METADATA_TOPIC_ID, Uint8Array.from([...change, ...builder.close()]));
  const { spans, error } = taken(bytes, { schema: fetchResponse, version: 17 });
  expect(error).toBeUndefined();
  const lines = print(spans).map((line) => line.trim());
  expect(lines).toEqual(
    expect.arrayContaining([
      'key LEADER_CHANGE',
      'value LeaderChangeMessage',
      'leaderId int32 2',
      'value TopicRecord',
      'apiKey varint 2',
      'name string "orders"',
    ]),
  );
  const name = all(spans).find((span) => span.name === 'name' && span.value === 'orders');
  expect(new TextDecoder().decode(bytes.subarray((name?.start ?? 0) + 1, name?.end))).toBe(
    'orders',
  );
});

test('of a frame that is kept in part the records at its beginning are shown', () => {
  const builder = new RecordBatchBuilder({ sizeLimitBytes: 100_000 });
  for (let i = 0; i < 20; i++) builder.append(0, null, new Uint8Array(1_000).fill(97));
  const bytes = produce(builder.close()).slice(0, 16_384);
  const { spans, error } = taken(bytes);
  expect(error).toBeUndefined();
  expect(valuesOf(spans, 'recordsCount')).toEqual([20]);
  expect(valuesOf(spans, 'value').filter((value) => typeof value === 'string')).toHaveLength(16);
  expect(valuesOf(spans, 'isvalid')).toEqual([]);
});

test('a damaged batch says what is wrong, and the next one is shown all the same', () => {
  const [first, second] = [0, 1].map((baseOffset) => {
    const builder = new RecordBatchBuilder({ sizeLimitBytes: 1_000, baseOffset });
    builder.append(0, null, new TextEncoder().encode(`record ${baseOffset}`));
    return builder.close();
  });
  const bytes = Uint8Array.from([...(first ?? []), ...(second ?? [])]);
  bytes[(first?.length ?? 0) - 2] = 65;
  const { spans, error } = taken(produce(bytes));
  expect(error).toMatch(/^Record is corrupt \(stored crc = \d+, computed crc = \d+\)$/);
  const validity = all(spans).filter(({ name }) => name === 'isvalid');
  expect(validity.map(({ text }) => text)).toEqual(['false', 'true']);
  expect(valuesOf(spans, 'value')).toContain('record 1');
});

test('more records than anybody reads are counted, and what explodes is left compressed', () => {
  const many = new RecordBatchBuilder({ sizeLimitBytes: 100_000 });
  for (let i = 0; i < 1_500; i++) many.append(0, null, null);
  expect(taken(produce(many.close())).recordsLeftOut).toBe(500);
  const codecs = portableCodecs();
  const bomb = new RecordBatchBuilder({ sizeLimitBytes: 4_000_000, compression: 'gzip', codecs });
  bomb.append(0, null, new Uint8Array(3_000_000));
  const { spans, error } = taken(produce(bomb.close()));
  expect(error).toMatch(/1048576/);
  expect(valuesOf(spans, 'records').at(-1)).toBeInstanceOf(Uint8Array);
});

test('whatever the bytes are, they are shown', () => {
  const seed = fc.constantFrom(...kafkaBatches.map(({ hex }) => bytesOf(hex)));
  fc.assert(
    fc.property(seed, fc.nat(), fc.nat(255), fc.boolean(), (batch, at, byte, isTwice) => {
      const bytes = isTwice ? Uint8Array.from([...batch, ...batch]) : Uint8Array.from(batch);
      bytes[at % bytes.length] = byte;
      const { spans } = taken(fetched(METADATA_TOPIC_ID, bytes), {
        schema: fetchResponse,
        version: 17,
      });
      jsonOf(spans);
      const outside = all(spans).filter(({ start, end }) => end < start);
      expect(outside).toEqual([]);
    }),
    { seed: 5, numRuns: 60 },
  );
});
