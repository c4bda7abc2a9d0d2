import { expect, test } from 'vitest';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { placeReplicas, type UsableBroker } from './replica-placer.ts';

const broker = (id: number, rack: string | null = null, fenced = false): UsableBroker => ({
  id,
  rack,
  fenced,
});
const sixInThreeRacks = [0, 1, 2, 3, 4, 5].map((id) => broker(id, `rack-${id % 3}`));

function place(brokers: readonly UsableBroker[], numPartitions: number, replicationFactor: number) {
  const placement = placeReplicas(
    brokers,
    { numPartitions, replicationFactor },
    new SeededRandom(3),
  );
  if (placement.kind === 'impossible') throw new TypeError(placement.message);
  return placement.replicas;
}

function counts(ids: Iterable<number | undefined>): readonly number[] {
  return [...Map.groupBy(ids, (id) => id).values()].map((group) => group.length);
}

test('each partition has a replica in every rack when there are as many racks as replicas', () => {
  for (const replicas of place(sixInThreeRacks, 30, 3)) {
    expect(new Set(replicas.map((id) => id % 3)).size).toBe(3);
  }
});

test('leaders and replicas are spread evenly', () => {
  const placed = place(sixInThreeRacks, 60, 3);
  expect(counts(placed.map(([leader]) => leader))).toEqual([10, 10, 10, 10, 10, 10]);
  expect(counts(placed.flat())).toEqual([30, 30, 30, 30, 30, 30]);
});

test('every broker leads as often as the others, with and without racks', () => {
  const fourInTwoRacks = [1, 2, 3, 4].map((id) => broker(id, `r${id % 2}`));
  for (const [brokers, factor] of [
    [[broker(1), broker(2), broker(3)], 3],
    [[broker(1), broker(2), broker(3)], 1],
    [fourInTwoRacks, 2],
    [fourInTwoRacks, 3],
  ] as const) {
    const leaders = place(brokers, 12, factor).map(([leader]) => leader);
    expect(counts(leaders)).toEqual(brokers.map(() => 12 / brokers.length));
  }
});

test('a fenced broker gets a replica only when the others do not suffice, and never leads', () => {
  const brokers = [broker(1), broker(2), broker(3, null, true)];
  expect(place(brokers, 8, 2).flat()).not.toContain(3);
  for (const [leader, ...followers] of place(brokers, 8, 3)) {
    expect(leader).not.toBe(3);
    expect(followers).toContain(3);
  }
});

test('no broker has a partition twice, however many racks and replicas there are', () => {
  for (let racks = 1; racks <= 4; racks++) {
    const brokers = Array.from({ length: 7 }, (_, id) => broker(id, `r${id % racks}`, id === 5));
    for (let factor = 1; factor <= 7; factor++) {
      for (const replicas of place(brokers, 9, factor)) {
        expect(new Set(replicas).size).toBe(factor);
      }
    }
  }
});

test("what cannot be placed is refused in Kafka's words", () => {
  const refuse = (brokers: readonly UsableBroker[], replicationFactor: number) =>
    placeReplicas(brokers, { numPartitions: 1, replicationFactor }, new SeededRandom(1));
  expect(refuse([broker(1)], 3)).toMatchObject({
    message:
      'The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.',
  });
  expect(refuse([broker(1, null, true)], 1)).toMatchObject({
    message: 'All brokers are currently fenced.',
  });
});
