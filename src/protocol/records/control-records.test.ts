import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  controlRecordTypeOf,
  endMarkerOf,
  endTransactionBatch,
  leaderChangeBatch,
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from './control-records.ts';
import { RecordBatch } from './record-batch.ts';
import { RecordBatchBuilder } from './record-batch-builder.ts';
import { CorruptRecordError } from './record-errors.ts';

const lines = readFileSync(new URL('testdata/record-batches.jsonl', import.meta.url), 'utf8');
const vectors = lines
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { name: string; hex: string });

const timestamp = 1_700_000_000_000;
const producer = { producerId: 4000, producerEpoch: 3 };
const place = (baseOffset: number, partitionLeaderEpoch: number) => ({
  baseOffset,
  partitionLeaderEpoch,
  timestamp,
});

const batches: Readonly<Record<string, Uint8Array>> = {
  'ctrl-commit': endTransactionBatch(
    place(500, 2),
    { type: 'COMMIT', coordinatorEpoch: 9 },
    producer,
  ),
  'ctrl-abort': endTransactionBatch(
    place(501, 2),
    { type: 'ABORT', coordinatorEpoch: 9 },
    producer,
  ),
  'ctrl-leader-change-v0': leaderChangeBatch(place(0, 5), {
    leaderId: 1,
    voters: [1, 2, 3],
    grantingVoters: [1, 2],
  }),
  'ctrl-snapshot-header': snapshotHeaderBatch(place(0, 5), timestamp),
  'ctrl-snapshot-footer': snapshotFooterBatch(place(3, 5)),
};

test.for(Object.keys(batches))('%s has the bytes that Java writes', (name) => {
  const expected = vectors.find((vector) => vector.name === name)?.hex;
  expect(Buffer.from(batches[name] ?? []).toString('hex')).toBe(expected);
});

test('types and end markers are read back', () => {
  const types = Object.values(batches).map((bytes) => {
    const record = new RecordBatch(bytes).records().next().value;
    return record && controlRecordTypeOf(record);
  });
  expect(types).toEqual(['COMMIT', 'ABORT', 'LEADER_CHANGE', 'SNAPSHOT_HEADER', 'SNAPSHOT_FOOTER']);
  const markers = Object.values(batches).map((bytes) => endMarkerOf(new RecordBatch(bytes)));
  expect(markers.slice(0, 3)).toEqual([
    { type: 'COMMIT', coordinatorEpoch: 9 },
    { type: 'ABORT', coordinatorEpoch: 9 },
    undefined,
  ]);
});

test('a control record without its key or value is corrupt', () => {
  for (const [key, value] of [
    [null, null],
    [Uint8Array.of(0, 0, 0), null],
    [Uint8Array.of(0, 0, 0, 1), null],
    [Uint8Array.of(0, 0, 0, 1), Uint8Array.of(0, 0, 0, 0, 0)],
  ] as const) {
    const builder = new RecordBatchBuilder({ isControl: true });
    builder.append(timestamp, key, value);
    const batch = new RecordBatch(builder.close());
    expect(() => endMarkerOf(batch)).toThrow(CorruptRecordError);
  }
});
