import { expect, test } from 'vitest';
import { MetadataDelta } from '../../../controller/metadata-delta.ts';
import { emptyImage, type MetadataImage } from '../../../controller/metadata-image.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from '../../../controller/metadata-record.ts';
import { InSyncPromise } from './in-sync-promise.ts';

const topicId = 'AAAAAAAAAAAAAAAAAAAAEQ';
const place = 'orders-0';

/** A cluster whose metadata a promise sees change. */
class Story {
  readonly promise = new InSyncPromise(['orders']);
  #image: MetadataImage = emptyImage;
  #nowMs = 0;

  constructor(isr: number[]) {
    this.hears({ kind: 'TopicRecord', version: 0, message: { name: 'orders', topicId } });
    for (const id of [1, 2, 3]) this.registers(id, id);
    const replicas = { replicas: [1, 2, 3], isr, leader: isr[0] ?? -1, leaderEpoch: 0 };
    const message = { partitionId: 0, topicId, partitionEpoch: 0, ...replicas };
    this.hears({ kind: 'PartitionRecord', version: 0, message });
  }

  registers(brokerId: number, brokerEpoch: number): void {
    const message = { brokerId, brokerEpoch, incarnationId: topicId, fenced: true };
    this.hears({ kind: 'RegisterBrokerRecord', version: 0, message });
  }

  inSync(...isr: number[]): void {
    const message = { partitionId: 0, topicId, isr };
    this.hears({ kind: 'PartitionChangeRecord', version: 0, message });
  }

  losesPower(id: number): void {
    this.promise.lostPower(id);
    this.promise.look(this.#image, ++this.#nowMs);
  }

  hears(record: MetadataRecordInput): void {
    const delta = new MetadataDelta(this.#image);
    delta.replay(decodeMetadataRecord(encodeMetadataRecord(record)));
    const { offset } = this.#image.provenance;
    this.#image = delta.apply({ offset: offset + 1, epoch: 1, timestampMs: 0 });
    this.promise.look(this.#image, ++this.#nowMs);
  }
}

test('the promise stands as long as somebody in sync has not lost power', () => {
  const story = new Story([1, 2]);
  story.losesPower(1);
  expect(story.promise.canSpare(2)).toBe(false);
  expect(story.promise.canSpare(3)).toBe(true);
  story.inSync(2);
  story.registers(1, 10);
  story.inSync(2, 1);
  expect(story.promise.canSpare(2)).toBe(true);
  story.losesPower(2);
  expect(story.promise.isVoid(place)).toBe(false);
});

test('it is void when all in sync lose power, one after the other before the first is out', () => {
  const story = new Story([1, 2]);
  story.losesPower(1);
  story.losesPower(2);
  expect(story.promise.isVoid(place)).toBe(true);
  expect(story.promise.voidAtMs('orders-1')).toBe(Number.NEGATIVE_INFINITY);
});

test('it is void when the one that has lost power is left alone in sync', () => {
  const story = new Story([1, 2]);
  story.losesPower(1);
  story.registers(2, 10);
  story.inSync(1);
  expect(story.promise.isVoid(place)).toBe(true);
  const { promise } = story;
  const voidAtMs = promise.voidAtMs(place);
  story.inSync(1, 2);
  story.inSync(1);
  expect(promise.voidAtMs(place)).toBe(voidAtMs);
});

test('a process that the controller still takes for alive counts as before its loss', () => {
  const story = new Story([1, 2]);
  story.losesPower(1);
  // Out and in again without a new registration: what it was asked before it lost power came late.
  story.inSync(2);
  story.inSync(2, 1);
  story.inSync(1);
  expect(story.promise.isVoid(place)).toBe(true);
});
