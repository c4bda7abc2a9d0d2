import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../crc32c.ts';
import { batchesOf, RecordBatch } from './record-batch.ts';
import { RecordBatchBuilder } from './record-batch-builder.ts';
import { CorruptRecordError, UnsupportedMessageFormatError } from './record-errors.ts';

const bytes = (value: string) => new TextEncoder().encode(value);
const text = (value: Uint8Array | null) =>
  value === null ? null : new TextDecoder().decode(value);

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly batch: { readonly compression: string } & Record<string, unknown>;
}

/** Batches that Kafka's own Java client wrote; see testdata/README.md. */
const vectors = vectorsFrom('testdata/record-batches.jsonl');
const sharedPath = new URL(
  '../../../../shared/facts/vectors/record-batches.jsonl',
  import.meta.url,
);
const uncompressed = vectors.filter(({ batch }) => batch.compression === 'none');

function vectorsFrom(path: string): readonly Vector[] {
  const lines = readFileSync(new URL(path, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Vector);
}

function batchOf(vector: Vector): RecordBatch {
  return new RecordBatch(new Uint8Array(Buffer.from(vector.hex, 'hex')));
}

function namedVector(name: string): RecordBatch {
  const vector = vectors.find((candidate) => candidate.name === name);
  if (vector === undefined) throw new TypeError(`no vector ${name}`);
  return batchOf(vector);
}

describe('a batch that Java wrote', () => {
  test.for(vectors)('$name: every header field is read as Java wrote it', (vector) => {
    const batch = batchOf(vector);
    batch.verify();
    expect({
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      count: batch.recordCount,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      partitionLeaderEpoch: batch.partitionLeaderEpoch,
      isTransactional: batch.isTransactional,
      isControl: batch.isControl,
      compression: batch.compressionType,
      timestampType: batch.timestampType,
      maxTimestamp: batch.maxTimestamp,
      crc: batch.crc,
      sizeInBytes: batch.sizeBytes,
    }).toEqual(vector.batch);
  });

  test.for(uncompressed)(
    '$name: building it again from its records gives the same bytes',
    (vector) => {
      const batch = batchOf(vector);
      const builder = new RecordBatchBuilder({
        baseOffset: batch.baseOffset,
        partitionLeaderEpoch: batch.partitionLeaderEpoch,
        isControl: batch.isControl,
        sizeLimitBytes: 100_000,
      });
      builder.setProducerState(batch);
      for (const { timestamp, key, value, headers } of batch.records()) {
        builder.append(timestamp, key, value, headers);
      }
      expect(Buffer.from(builder.close()).equals(Buffer.from(vector.hex, 'hex'))).toBe(true);
    },
  );

  test('its records come with offsets, timestamps, nulls and headers', () => {
    const records = [...namedVector('plain-none').records()].map((record) => ({
      ...record,
      key: text(record.key),
      value: text(record.value),
      headers: record.headers.map(({ key, value }) => [key, text(value)]),
    }));
    expect(records).toMatchSnapshot();
  });

  test('the recorded sample is a part of the facts', ({ skip }) => {
    if (!existsSync(sharedPath)) skip('the shared facts are not beside this checkout');
    const facts = readFileSync(sharedPath, 'utf8');
    for (const { hex } of vectors) expect(facts).toContain(hex);
  });
});

describe('several batches in one buffer', () => {
  const one = namedVector('plain-none').bytes;
  const two = namedVector('idempotent-none').bytes;

  test('are views of it, in order', () => {
    const buffer = concat(one, two);
    const found = [...batchesOf(buffer)];
    expect(found.map(({ baseOffset }) => baseOffset)).toEqual([100, 0]);
    expect(found[1]?.bytes.buffer).toBe(buffer.buffer);
    expect([...batchesOf(new Uint8Array(0))]).toEqual([]);
  });

  test('a truncated last one is left out, wherever it is cut', () => {
    const buffer = concat(one, two);
    for (let length = one.length; length < buffer.length; length++) {
      expect([...batchesOf(buffer.subarray(0, length))].length).toBe(1);
    }
  });

  test('offset and leader epoch can be set without breaking the CRC', () => {
    const buffer = concat(one, two);
    for (const batch of batchesOf(buffer)) {
      batch.baseOffset = 5_000_000_000;
      batch.partitionLeaderEpoch = 9;
      batch.verify();
      expect([batch.baseOffset, batch.lastOffset]).toEqual([5_000_000_000, 5_000_000_003]);
    }
  });
});

describe('LogAppendTime', () => {
  test('gives every record the time of the append, with a right CRC', () => {
    const batch = new RecordBatch(namedVector('plain-none').bytes.slice());
    batch.setLogAppendTime(1_800_000_000_000);
    batch.verify();
    expect(batch.timestampType).toBe('LogAppendTime');
    for (const { timestamp } of batch.records()) expect(timestamp).toBe(1_800_000_000_000);
  });
});

describe('damaged bytes', () => {
  test('any flipped bit after the CRC field is noticed', () => {
    const { bytes: good } = namedVector('plain-none');
    for (let at = 17; at < good.length; at++) {
      const bad = good.slice();
      bad[at]! ^= 1 << (at % 8);
      expect(() => new RecordBatch(bad).verify()).toThrow(CorruptRecordError);
    }
  });

  test('old message formats are named', () => {
    const old = namedVector('plain-none').bytes.slice();
    old[16] = 1;
    expect(() => new RecordBatch(old).verify()).toThrow(UnsupportedMessageFormatError);
    expect(() => [...batchesOf(old)]).toThrow('message format v1');
  });

  test('a length that no batch has is refused before it is believed', () => {
    for (const length of [-1, 0, 13, 48]) {
      const bad = namedVector('plain-none').bytes.slice();
      new DataView(bad.buffer).setInt32(8, length);
      expect(() => [...batchesOf(bad)]).toThrow(CorruptRecordError);
    }
  });

  test('records that lie about a length under a right CRC throw nothing but CorruptRecordError', () => {
    const { bytes: good } = namedVector('plain-none');
    for (let at = 57; at < good.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bad = good.slice();
        bad[at] = value;
        new DataView(bad.buffer).setUint32(17, crc32c(bad, 21));
        expectOnlyCorrupt(() => [...new RecordBatch(bad).records()]);
      }
    }
  });
});

function expectOnlyCorrupt(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(CorruptRecordError);
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe('the builder', () => {
  test('stops at the size limit, and always takes one record', () => {
    const builder = new RecordBatchBuilder({ sizeLimitBytes: 16_384 });
    const value = new Uint8Array(1024);
    let count = 0;
    while (builder.append(1000, null, value)) count++;
    // 16,384 bytes less the header hold 15 records of 1,024 bytes and 8 to 9 of overhead.
    expect(count).toBe(15);
    expect(builder.estimatedSizeBytes).toBeLessThanOrEqual(16_384);
    const large = new RecordBatchBuilder({ sizeLimitBytes: 100 });
    expect(large.append(1000, null, new Uint8Array(5000))).toBe(true);
    expect(large.isFull).toBe(true);
    expect(large.append(1000, null, null)).toBe(false);
    const batch = new RecordBatch(large.close());
    batch.verify();
    expect([...batch.records()][0]?.value?.length).toBe(5000);
  });

  test('writes any timestamps, keys, values and headers so that they read back', () => {
    const builder = new RecordBatchBuilder({ sizeLimitBytes: 1_000_000 });
    const input = [
      { timestamp: 1_700_000_000_000, key: null, value: null, headers: [] },
      { timestamp: 0, key: bytes(''), value: bytes('v'), headers: [{ key: '', value: null }] },
      {
        timestamp: 1_900_000_000_000,
        key: bytes('键'),
        value: bytes('x'.repeat(300)),
        headers: [{ key: '头 😀 \ud800', value: bytes('值') }],
      },
      { timestamp: -1, key: null, value: bytes('no timestamp'), headers: [] },
    ];
    for (const { timestamp, key, value, headers } of input) {
      expect(builder.append(timestamp, key, value, headers)).toBe(true);
    }
    const batch = new RecordBatch(builder.close());
    batch.verify();
    expect(batch.maxTimestamp).toBe(1_900_000_000_000);
    const output = [...batch.records()];
    expect(output.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect(output.map(({ timestamp }) => timestamp)).toEqual(input.map((r) => r.timestamp));
    expect(output.map(({ key }) => text(key))).toEqual([null, '', '键', null]);
    expect(output[2]?.headers[0]?.key).toBe('头 😀 \ufffd');
  });

  test('offers a compressed batch the room that the estimated ratio promises', () => {
    const options = {
      compression: 'lz4',
      sizeLimitBytes: 10_000,
      estimatedCompressionRatio: 0.25,
    } as const;
    const builder = new RecordBatchBuilder(options);
    let count = 0;
    while (builder.append(1000, null, new Uint8Array(1000))) count++;
    expect(count).toBeGreaterThan(30);
  });
});
