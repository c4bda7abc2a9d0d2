import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import type { CommittedBatch, Quorum, RaftListener } from '../raft/raft-listener.ts';
import { MetadataLoader } from './metadata-loader.ts';
import { encodeMetadataRecord, type MetadataRecordInput } from './metadata-record.ts';

const first = 'AAAAAAAAAAAAAAAAAAAAEQ';
const second = 'AAAAAAAAAAAAAAAAAAAAEg';

function topicRecord(name: string, topicId: string): MetadataRecordInput {
  return { kind: 'TopicRecord', version: 0, message: { name, topicId } };
}

function batch(baseOffset: number, ...records: MetadataRecordInput[]): CommittedBatch {
  const values = records.map(encodeMetadataRecord);
  const lastOffset = baseOffset + values.length - 1;
  return { baseOffset, lastOffset, epoch: 1, appendedAtMs: 5, values };
}

/** A loader that follows a quorum which says what the test says. */
function following() {
  let listener: RaftListener | undefined;
  const faults: unknown[] = [];
  const quorum: Pick<Quorum, 'register'> = {
    register: (given) => {
      listener = given;
    },
  };
  const loader = new MetadataLoader({
    quorum: quorum as Quorum,
    clock: new VirtualClock(),
    logger: silentLogger,
    snapshotBytesMax: 1_000_000,
    snapshotIntervalMs: 0,
    onFault: (error) => faults.push(error),
  });
  loader.follow();
  if (listener === undefined) throw new TypeError('the loader listens to nobody');
  return { loader, listener, faults };
}

test('a loader tells of committed records, and a late listener of all there is', () => {
  const { loader, listener } = following();
  const heard: number[] = [];
  loader.onImage((image) => heard.push(image.topics.byName.size));
  listener.handleCommit(batch(0, topicRecord('a', first)));
  listener.handleCommit(batch(1, topicRecord('b', second)));
  expect(heard).toEqual([0, 1, 2]);
  loader.onImage((image) => heard.push(image.provenance.offset));
  expect(heard.at(-1)).toBe(1);
});

test('topics that a later snapshot does not have any more are told as deleted', () => {
  const { loader, listener } = following();
  listener.handleCommit(batch(0, topicRecord('a', first)));
  const deleted: string[] = [];
  loader.onImage((_, delta) => {
    for (const { name } of delta.topics.deletedTopics.values()) deleted.push(name);
  });
  listener.handleLoadSnapshot({
    endOffset: 9,
    epoch: 2,
    lastContainedLogTimestampMs: 7,
    values: [encodeMetadataRecord(topicRecord('b', second))],
  });
  expect(deleted).toEqual(['a']);
  expect(loader.image.provenance).toEqual({ offset: 8, epoch: 2, timestampMs: 7 });
  expect([...loader.image.topics.byName.keys()]).toEqual(['b']);
});

test('a log that contradicts itself is a fault, and the image stays as it was', () => {
  const { loader, listener, faults } = following();
  listener.handleCommit(batch(0, topicRecord('a', first)));
  listener.handleCommit(batch(1, topicRecord('a', second)));
  expect(faults).toHaveLength(1);
  expect(loader.image.provenance.offset).toBe(0);
});
