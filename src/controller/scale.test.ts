import { expect, test } from 'vitest';
import { decodeBatches } from '../raft/raft-batches.ts';
import {
  bringUpBrokers,
  ControllerHarness,
  heartbeatOf,
} from '../testing/controller/controller-harness.ts';
import type { Controller } from './controller.ts';
import { RECORDS_PER_BATCH_MAX } from './controller-context.ts';
import type { MetadataImage } from './metadata-image.ts';

const brokers = [2, 3, 4];

async function createPartitions(
  controller: Controller,
  topics: number,
  partitionsEach: number,
  assignment: readonly number[],
): Promise<void> {
  const assignments = Array.from({ length: partitionsEach }, (_, partitionIndex) => ({
    partitionIndex,
    brokerIds: assignment,
  }));
  for (let i = 0; i < topics; i++) {
    const { topics: results } = await controller.createTopics({
      timeoutMs: 60_000,
      validateOnly: false,
      topics: [
        {
          name: `topic-${i}`,
          numPartitions: -1,
          replicationFactor: -1,
          assignments,
          configs: [],
        },
      ],
    });
    expect(results[0]?.errorCode).toBe(0);
  }
}

function partitionsLedBy(image: MetadataImage, leader: number): number {
  const topics = [...image.topics.byName.values()];
  return topics.reduce(
    (sum, { partitions }) => sum + partitions.filter((each) => each.leader === leader).length,
    0,
  );
}

test('a broker that leads more partitions than a batch has records is fenced in several batches', async () => {
  const node = new ControllerHarness({ isCombined: false, sessionTimeoutMs: 600_000 });
  const controller = await node.start();
  const epochs = await bringUpBrokers(controller, brokers);
  await createPartitions(controller, 3, 4_000, [2, 3]);
  const from = node.raft.logEndOffset;
  const before = node.log.batches.length;
  await controller.heartbeat(heartbeatOf(2, epochs.get(2) ?? -1, { wantFence: true }));
  expect(node.raft.logEndOffset - from).toBe(12_001);
  const sizes = node.log.batches
    .slice(before)
    .flatMap(({ bytes }) => [...decodeBatches(bytes)].map(({ values }) => values.length));
  expect(sizes).toEqual([RECORDS_PER_BATCH_MAX, 2_001]);
  expect(controller.image.brokers.get(2)?.fenced).toBe(true);
  expect(partitionsLedBy(controller.image, 3)).toBe(12_000);
});

test('what a user asks for is one batch or refused', async () => {
  const node = new ControllerHarness({ isCombined: false });
  const controller = await node.start();
  await bringUpBrokers(controller, brokers);
  await createPartitions(controller, 3, 4_000, [2]);
  const everything = [...controller.image.topics.byName.values()].map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((_, partitionIndex) => ({ partitionIndex, replicas: [3] })),
  }));
  const move = (topics: typeof everything) =>
    controller.alterPartitionReassignments({
      timeoutMs: 1,
      allowReplicationFactorChange: true,
      topics,
    });
  await expect(move(everything)).rejects.toMatchObject({ errorCode: 'POLICY_VIOLATION' });
  await move(everything.slice(0, 2));
  const { topics } = await controller.listPartitionReassignments({ timeoutMs: 1, topics: null });
  expect(topics.map(({ partitions }) => partitions.length)).toEqual([4_000, 4_000]);
});

test('a request for far too many partitions is refused before they are placed', async () => {
  const node = new ControllerHarness({ isCombined: false });
  const controller = await node.start();
  await bringUpBrokers(controller, brokers);
  const sized = { numPartitions: 10_000, replicationFactor: 3, assignments: [], configs: [] };
  const topics = Array.from({ length: 1_000 }, (_, i) => ({ name: `huge-${i}`, ...sized }));
  const creation = controller.createTopics({ timeoutMs: 1, validateOnly: true, topics });
  await expect(creation).rejects.toMatchObject({ errorCode: 'POLICY_VIOLATION' });
  await createPartitions(controller, 500, 1, [2]);
  const growth = [...controller.image.topics.byName.keys()].map((name) => {
    return { name, count: 9_001, assignments: null };
  });
  const growing = controller.createPartitions({ timeoutMs: 1, validateOnly: true, topics: growth });
  await expect(growing).rejects.toMatchObject({ errorCode: 'POLICY_VIOLATION' });
});

test('more leaders than may move at a time go home in several turns, one shortly after the other', async () => {
  const node = new ControllerHarness(
    { isCombined: false, sessionTimeoutMs: 6_000_000 },
    { maxIdleIntervalMs: 0, snapshotBytesMax: 20_971_520, balanceIntervalMs: 300_000 },
  );
  const controller = await node.start();
  const epochs = await bringUpBrokers(controller, [2, 3]);
  await createPartitions(controller, 1, 2_500, [2, 3]);
  const topic = [...controller.image.topics.byName.values()][0];
  // The preferred replica becomes the other one, which leads nothing yet.
  await controller.alterPartitionReassignments({
    timeoutMs: 1,
    allowReplicationFactorChange: true,
    topics: [
      {
        name: 'topic-0',
        partitions: (topic?.partitions ?? []).map((_, partitionIndex) => ({
          partitionIndex,
          replicas: [3, 2],
        })),
      },
    ],
  });
  expect(epochs.size).toBe(2);
  expect(partitionsLedBy(controller.image, 3)).toBe(0);
  await node.scheduler.advance(300_000);
  expect(partitionsLedBy(controller.image, 3)).toBe(1_000);
  await node.scheduler.advance(30);
  expect(partitionsLedBy(controller.image, 3)).toBe(2_500);
});
