import { type Random, randomBelow } from '../../base/random.ts';
import { JavaError } from '../tool.ts';

export interface BrokerRack {
  readonly id: number;
  readonly rack: string | null;
}

/**
 * Replicas for partitions 0 to n - 1, spread over brokers and over racks if there are any (Kafka's
 * `AdminUtils.assignReplicasToBrokers`). Throws JavaError where there are too few brokers.
 */
export function assignReplicas(
  brokers: readonly BrokerRack[],
  numPartitions: number,
  replicationFactor: number,
  random: Random,
): readonly (readonly number[])[] {
  if (brokers.length < replicationFactor) {
    throw new JavaError(
      'org.apache.kafka.common.errors.InvalidReplicationFactorException',
      `Replication factor: ${replicationFactor} larger than available brokers: ${brokers.length}.`,
    );
  }
  const arranged = alternateRacks(brokers);
  const start = randomBelow(random, arranged.length);
  let shift = randomBelow(random, arranged.length);
  return Array.from({ length: numPartitions }, (_, partition) => {
    if (0 < partition && partition % arranged.length === 0) shift++;
    const first = (partition + start) % arranged.length;
    return choose(arranged, { first, shift }, replicationFactor);
  });
}

/** Brokers in the order of their ids, but one of each rack after the other. */
function alternateRacks(brokers: readonly BrokerRack[]): readonly BrokerRack[] {
  const names = [...new Set(brokers.map(({ rack }) => rack))].sort((a, b) =>
    (a ?? '') < (b ?? '') ? -1 : 1,
  );
  const racks = names.map((name) =>
    brokers.filter(({ rack }) => rack === name).toSorted((a, b) => a.id - b.id),
  );
  const longest = Math.max(0, ...racks.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => racks.flatMap((rack) => rack[i] ?? [])).flat();
}

function choose(
  arranged: readonly BrokerRack[],
  { first, shift }: { readonly first: number; readonly shift: number },
  replicationFactor: number,
): readonly number[] {
  const leader = arranged[first];
  if (leader === undefined) return [];
  const numRacks = new Set(arranged.map(({ rack }) => rack)).size;
  const hasRacks = arranged.some(({ rack }) => rack !== null);
  const chosen = [leader];
  // Without racks each broker is as good as a rack of its own.
  const firstShift = hasRacks ? shift * numRacks : shift;
  for (let k = 0; chosen.length < replicationFactor; k++) {
    const step = 1 + ((firstShift + k) % (arranged.length - 1));
    const next = arranged[(first + step) % arranged.length];
    if (next !== undefined && isFit(next, chosen, hasRacks ? numRacks : 1)) chosen.push(next);
  }
  return chosen.map(({ id }) => id);
}

/** A rack has a second replica only when every rack has one. */
function isFit(next: BrokerRack, chosen: readonly BrokerRack[], numRacks: number): boolean {
  if (chosen.some(({ id }) => id === next.id)) return false;
  const taken = new Set(chosen.map(({ rack }) => rack));
  return !taken.has(next.rack) || taken.size === numRacks;
}
