import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecodeError } from '../protocol/errors.ts';
import { decodeBatches } from '../raft/raft-batches.ts';
import { MetadataDelta } from './metadata-delta.ts';
import { emptyImage, type MetadataImage } from './metadata-image.ts';
import { decodeMetadataRecord, type MetadataRecord } from './metadata-record.ts';
import { MetadataReplayError } from './metadata-replay-error.ts';

const log = readFileSync(
  new URL('./testdata/kafka-3.8.0/cluster-metadata.log.bin', import.meta.url),
);
const values = [...decodeBatches(new Uint8Array(log))].flatMap((batch) => batch.values);
const records = values.map(decodeMetadataRecord);

function replayIn(batches: readonly (readonly MetadataRecord[])[]): MetadataImage {
  let image = emptyImage;
  for (const batch of batches) {
    const delta = new MetadataDelta(image);
    for (const record of batch) delta.replay(record);
    image = delta.apply(emptyImage.provenance);
  }
  return image;
}

test('the same records give an equal image, however they are batched', () => {
  const whole = replayIn([records]);
  const cuts = fc.uniqueArray(fc.nat(records.length), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (at) => {
      const sorted = [0, ...at.toSorted((a, b) => a - b), records.length];
      const batches = sorted.slice(1).map((end, i) => records.slice(sorted[i], end));
      expect(replayIn(batches)).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test('an image does not change when a delta on top of it does', () => {
  const half = replayIn([records.slice(0, 30)]);
  const copy = structuredClone(half);
  const after = replayIn([records.slice(0, 30), records.slice(30)]);
  expect(half).toEqual(copy);
  expect(after).not.toEqual(half);
});

test('damaged records throw DecodeError when decoded, MetadataReplayError when replayed, and nothing else', () => {
  const byte = fc.record({
    record: fc.nat(values.length - 1),
    at: fc.nat(200),
    value: fc.nat(255),
  });
  fc.assert(
    fc.property(byte, ({ record, at, value }) => {
      const damaged = Uint8Array.from(values[record] ?? []);
      damaged[at % damaged.length] = value;
      expectTyped(damaged);
    }),
    { numRuns: 1500 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), expectTyped), { numRuns: 1500 });
});

function expectTyped(bytes: Uint8Array): void {
  try {
    new MetadataDelta(emptyImage).replay(decodeMetadataRecord(bytes));
  } catch (error) {
    const isTyped = error instanceof DecodeError || error instanceof MetadataReplayError;
    if (!isTyped) throw error;
  }
}

const begin: MetadataRecord = {
  kind: 'BeginTransactionRecord',
  version: 0,
  message: { name: 'x' },
};
const end: MetadataRecord = { kind: 'EndTransactionRecord', version: 0, message: {} };
const abort: MetadataRecord = {
  kind: 'AbortTransactionRecord',
  version: 0,
  message: { reason: null },
};
const feature: MetadataRecord = {
  kind: 'FeatureLevelRecord',
  version: 0,
  message: { name: 'metadata.version', featureLevel: 20 },
};

test('records of a transaction are not seen before its end, and never after an abort (KIP-868)', () => {
  expect(replayIn([[begin, feature]]).features.size).toBe(0);
  expect(replayIn([[begin], [feature], [end]]).features.get('metadata.version')).toBe(20);
  const aborted = replayIn([[begin, feature], [abort]]);
  expect([aborted.features.size, aborted.openTransaction]).toEqual([0, null]);
});

test('a record that contradicts the image is refused: nobody can have written it', () => {
  expect(() => replayIn([[end]])).toThrow(MetadataReplayError);
  expect(() => replayIn([[begin, begin]])).toThrow(MetadataReplayError);
  const topic = records.find(({ kind }) => kind === 'TopicRecord');
  const partition = records.find(({ kind }) => kind === 'PartitionRecord');
  if (topic === undefined || partition === undefined) throw new TypeError('the log has topics');
  expect(() => replayIn([[partition]])).toThrow(MetadataReplayError);
  expect(() => replayIn([[topic, topic]])).toThrow(MetadataReplayError);
});

test('removing a topic removes its configs; the delta names what changed', () => {
  const withTopics = replayIn([records.slice(0, 40)]);
  const topic = withTopics.topics.byName.get('conf');
  if (topic === undefined) throw new TypeError('conf was created by then');
  const delta = new MetadataDelta(withTopics);
  const message = { topicId: topic.topicId };
  delta.replay({ kind: 'RemoveTopicRecord', version: 0, message });
  const after = delta.apply(withTopics.provenance);
  expect(after.configs.has('2:conf')).toBe(false);
  expect([...delta.changedConfigs]).toEqual(['2:conf']);
  expect([...delta.topics.deletedTopics.keys()]).toEqual([topic.topicId]);
});
