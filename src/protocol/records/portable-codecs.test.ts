import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeCompression } from '../../host/node/node-compression.ts';
import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import { type CompressionType, compressionTypes } from './compression.ts';
import { portableCodecs } from './portable-codecs.ts';
import { RecordBatch } from './record-batch.ts';
import { RecordBatchBuilder } from './record-batch-builder.ts';
import { CorruptRecordError } from './record-errors.ts';

const hosts = { portable: portableCodecs(), 'on Node': portableCodecs(nodeCompression) };
const compressing = compressionTypes.filter((type) => type !== 'none');
const cases = Object.keys(hosts).flatMap((host) =>
  compressing.map((type) => ({ host: host as keyof typeof hosts, type })),
);
const maxBytes = 10_000_000;

function javaBatch(type: CompressionType): RecordBatch {
  const lines = readFileSync(new URL('testdata/record-batches.jsonl', import.meta.url), 'utf8');
  const line = lines.split('\n').find((candidate) => candidate.includes(`"five-${type}"`)) ?? '';
  return new RecordBatch(new Uint8Array(Buffer.from(JSON.parse(line).hex, 'hex')));
}

function text(length: number): Uint8Array {
  const line = '{"id":12345,"name":"a line of JSON","tags":["x","y"],"value":0.5}\n';
  return new TextEncoder().encode(line.repeat(Math.ceil(length / line.length)).slice(0, length));
}

describe.for(cases)('$type, $host', ({ host, type }) => {
  const codecs = hosts[host];
  const roundTrip = (bytes: Uint8Array) =>
    codecs.decompress(type, codecs.compress(type, bytes), bytes.length);

  test('what Java compressed is read as Java read it', () => {
    const plain = [...javaBatch('none').records()];
    expect([...javaBatch(type).records(codecs)]).toEqual(plain);
  });

  test('what is compressed comes back, of every length and kind', () => {
    const random = new SeededRandom(5);
    for (const length of [0, 1, 3, 12, 13, 14, 100, 4096, 32_768, 32_769, 65_536, 200_000]) {
      for (const bytes of [text(length), random.bytes(length), new Uint8Array(length).fill(7)]) {
        expect(Buffer.compare(roundTrip(bytes), bytes)).toBe(0);
      }
    }
  });

  test('any bytes come back', () => {
    const repetitive = fc
      .array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 30 })
      .map((parts) => new Uint8Array(Buffer.concat([...parts, ...parts, ...parts])));
    const property = fc.property(repetitive, (bytes) => {
      expect(Buffer.compare(roundTrip(bytes), bytes)).toBe(0);
    });
    fc.assert(property, { numRuns: 50 });
  });

  test('a result longer than allowed is refused', () => {
    const bomb = codecs.compress(type, new Uint8Array(5_000_000));
    expect(() => codecs.decompress(type, bomb, 4_999_999)).toThrow(CorruptRecordError);
  });

  test('damaged bytes throw nothing but CorruptRecordError', () => {
    const good = codecs.compress(type, text(3000));
    const random = new SeededRandom(9);
    for (let run = 0; run < 300; run++) {
      const bad = good.slice(0, 1 + (random.uint32() % good.length));
      for (let flips = 0; flips < 3; flips++) bad[random.uint32() % bad.length] = random.uint32();
      try {
        codecs.decompress(type, bad, maxBytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptRecordError);
      }
    }
  });
});

describe.for(compressing)('%s', (type) => {
  test('what one host compresses, the other reads', () => {
    const bytes = text(100_000);
    const { portable, 'on Node': onNode } = hosts;
    const crossed = portable.decompress(type, onNode.compress(type, bytes), maxBytes);
    expect(Buffer.compare(crossed, bytes)).toBe(0);
    const back = onNode.decompress(type, portable.compress(type, bytes), maxBytes);
    expect(Buffer.compare(back, bytes)).toBe(0);
  });

  test('a batch is built and read with it', () => {
    const codecs = hosts.portable;
    const builder = new RecordBatchBuilder({ compression: type, codecs, sizeLimitBytes: 100_000 });
    for (let i = 0; i < 50; i++) builder.append(1000 + i, null, text(200));
    const batch = new RecordBatch(builder.close());
    batch.verify();
    expect(batch.compressionType).toBe(type);
    expect([...batch.records(codecs)].map(({ value }) => value?.length)).toEqual(
      Array.from({ length: 50 }, () => 200),
    );
  });
});

test('snappy without the framing is read', () => {
  const codecs = hosts.portable;
  const framed = codecs.compress('snappy', text(2000));
  const raw = framed.subarray(20);
  expect(Buffer.compare(codecs.decompress('snappy', raw, maxBytes), text(2000))).toBe(0);
});
