import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leaderChangeBatch } from '../protocol/records/control-records.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import {
  decodeBatches,
  decodeSnapshot,
  encodeDataBatch,
  encodeSnapshot,
} from '../raft/raft-batches.ts';
import { decodeBootstrapCheckpoint, encodeBootstrapCheckpoint } from './bootstrap.ts';
import { recordsOfImage } from './image-records.ts';
import { MetadataDelta } from './metadata-delta.ts';
import { emptyImage, type MetadataImage } from './metadata-image.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from './metadata-record.ts';

// What Apache Kafka 3.8.0 wrote: one combined node, the admin requests of admin-outcomes.json, two starts.
const recorded = (name: string) =>
  new Uint8Array(readFileSync(new URL(`./testdata/kafka-3.8.0/${name}`, import.meta.url)));
const log = recorded('cluster-metadata.log.bin');
const snapshotId = { offset: 66, epoch: 1 };

function imageOf(values: Iterable<Uint8Array>): MetadataImage {
  const delta = new MetadataDelta(emptyImage);
  for (const value of values) delta.replay(decodeMetadataRecord(value));
  return delta.apply(emptyImage.provenance);
}

test('every record of a real metadata log decodes to what kafka-dump-log shows, and encodes to the same bytes', () => {
  const shown = new TextDecoder().decode(recorded('cluster-metadata.jsonl')).trim().split('\n');
  const dumped = shown.map((line) => JSON.parse(line) as Dumped);
  const decoded = [...decodeBatches(log)].flatMap(({ baseOffset, values }) =>
    values.map((value, i) => ({ offset: baseOffset + i, value })),
  );
  expect(decoded).toHaveLength(dumped.length);
  for (const [i, { offset, value }] of decoded.entries()) {
    const record = decodeMetadataRecord(value);
    const type = record.kind.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();
    expect({ offset, type, version: record.version }).toMatchObject(head(dumped[i]));
    expect(record.message).toMatchObject(dumped[i]?.data ?? {});
    expect(Buffer.from(encodeMetadataRecord(record)).equals(value)).toBe(true);
  }
});

interface Dumped {
  readonly offset: number;
  readonly type: string;
  readonly version: number;
  readonly data: Record<string, unknown>;
}

function head(dumped: Dumped | undefined) {
  return { offset: dumped?.offset, type: dumped?.type, version: dumped?.version };
}

test("building each batch again gives Kafka's bytes, LeaderChange batches too", () => {
  for (const batch of batchesOf(log)) {
    const timestamps = new Set([...batch.records()].map(({ timestamp }) => timestamp));
    expect(timestamps.size).toBe(1);
    const { baseOffset, partitionLeaderEpoch, maxTimestamp: timestamp } = batch;
    const position = { baseOffset, epoch: partitionLeaderEpoch, timestampMs: timestamp };
    const values = [...batch.records()].map(({ value }) => value ?? new Uint8Array(0));
    const place = { baseOffset, partitionLeaderEpoch, timestamp };
    const built = batch.isControl
      ? leaderChangeBatch(place, { leaderId: 1, voters: [1], grantingVoters: [1] })
      : encodeDataBatch(position, values);
    expect(Buffer.from(built).equals(batch.bytes)).toBe(true);
  }
});

test('replaying the real log gives the image of the real snapshot', () => {
  const before = [...decodeBatches(log)]
    .filter(({ lastOffset }) => lastOffset < snapshotId.offset)
    .flatMap(({ values }) => values);
  const snapshot = decodeSnapshot(snapshotId, recorded('snapshot-66-1.checkpoint'));
  expect(imageOf(before)).toEqual(imageOf(snapshot.values));
});

test('our snapshot of that image holds the records of the real one', () => {
  const real = decodeSnapshot(snapshotId, recorded('snapshot-66-1.checkpoint'));
  const image = imageOf(real.values);
  const ours = [...recordsOfImage(image)].map(encodeMetadataRecord);
  const hex = (values: readonly Uint8Array[]) =>
    values.map((value) => Buffer.from(value).toString('hex'));
  expect(hex(ours).sort()).toEqual(hex(real.values).sort());
  const content = { lastContainedLogTimestampMs: 5, values: ours };
  const again = decodeSnapshot(snapshotId, encodeSnapshot(snapshotId, content, 7));
  expect(imageOf(again.values)).toEqual(image);
});

test('bootstrap.checkpoint is read and written as kafka-storage.sh format writes it, but for the times', () => {
  const real = recorded('bootstrap.checkpoint');
  const written = encodeBootstrapCheckpoint(20, 1_800_000_000_000);
  expect(written).toHaveLength(real.length);
  expect(shown(written)).toEqual(shown(real));
  expect(decodeBootstrapCheckpoint(real)).toEqual([
    {
      kind: 'FeatureLevelRecord',
      version: 0,
      message: { name: 'metadata.version', featureLevel: 20 },
    },
  ]);
});

function shown(file: Uint8Array) {
  const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex');
  return [...batchesOf(file)].map((batch) => ({
    baseOffset: batch.baseOffset,
    attributes: batch.attributes,
    epoch: batch.partitionLeaderEpoch,
    records: [...batch.records()].map(({ key, value }) => [hex(key), hex(value)]),
  }));
}
