import { type Random, randomBelow } from '../base/random.ts';
import type { MetadataImage } from './metadata-image.ts';

export interface UsableBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

export type Placement =
  | { readonly kind: 'placed'; readonly replicas: readonly (readonly number[])[] }
  | { readonly kind: 'impossible'; readonly message: string };

/** Brokers that may get replicas: all but those that are shutting down. One that is down may come back. */
export function usableBrokers(image: MetadataImage): readonly UsableBroker[] {
  return [...image.brokers.values()]
    .filter(({ inControlledShutdown, fenced }) => fenced || !inControlledShutdown)
    .map(({ brokerId, rack, fenced }) => ({ id: brokerId, rack, fenced }));
}

/**
 * Spreads replicas over racks and, within a rack, over brokers, as `StripedReplicaPlacer` does:
 * partition after partition the first replica moves on to the next rack, fenced brokers come
 * last and never first, and racks are repeated only when there are fewer racks than replicas.
 */
export function placeReplicas(
  brokers: readonly UsableBroker[],
  request: { readonly numPartitions: number; readonly replicationFactor: number },
  random: Random,
): Placement {
  const { numPartitions, replicationFactor } = request;
  const problem = placementProblem(brokers, replicationFactor);
  if (problem !== undefined) return { kind: 'impossible', message: problem };
  const racks = shuffled(groupByRack(brokers, random), random);
  const replicas: (readonly number[])[] = [];
  for (let i = 0; i < numPartitions; i++) {
    replicas.push(
      placePartition(rotated(racks, i), Math.floor(i / racks.length), replicationFactor),
    );
  }
  return { kind: 'placed', replicas };
}

function placementProblem(
  brokers: readonly UsableBroker[],
  replicationFactor: number,
): string | undefined {
  if (replicationFactor <= 0) {
    return `Invalid replication factor ${replicationFactor}: the replication factor must be positive.`;
  }
  if (brokers.every(({ fenced }) => fenced)) return 'All brokers are currently fenced.';
  if (replicationFactor <= brokers.length) return undefined;
  return `The target replication factor of ${replicationFactor} cannot be reached because only ${brokers.length} broker(s) are registered.`;
}

/** Brokers of one rack: each time the rack has led a partition, the next one of them comes first. */
class Rack {
  readonly #unfenced: readonly number[];
  readonly #fenced: readonly number[];
  readonly #start: number;

  constructor(brokers: readonly UsableBroker[], random: Random) {
    const ids = (fenced: boolean) =>
      brokers
        .filter((broker) => broker.fenced === fenced)
        .map(({ id }) => id)
        .sort((a, b) => a - b);
    this.#unfenced = ids(false);
    this.#fenced = ids(true);
    this.#start = randomBelow(random, brokers.length);
  }

  get hasUnfenced(): boolean {
    return 0 < this.#unfenced.length;
  }

  /** The next broker that is not taken, an unfenced one if there is one, when every rack has led `round` times. */
  next(round: number, taken: ReadonlySet<number>): number | undefined {
    return [this.#unfenced, this.#fenced]
      .flatMap((ids) => rotated(ids, this.#start + round))
      .find((candidate) => !taken.has(candidate));
  }
}

function groupByRack(brokers: readonly UsableBroker[], random: Random): Rack[] {
  const racks = [...new Set(brokers.map(({ rack }) => rack))];
  return racks.map(
    (name) =>
      new Rack(
        brokers.filter(({ rack }) => rack === name),
        random,
      ),
  );
}

function placePartition(
  racks: readonly Rack[],
  round: number,
  replicationFactor: number,
): readonly number[] {
  const leaderRack = racks.findIndex((rack) => rack.hasUnfenced);
  const order = rotated(racks, leaderRack);
  const taken = new Set<number>();
  while (taken.size < replicationFactor) {
    for (const rack of order) {
      const id = taken.size < replicationFactor ? rack.next(round, taken) : undefined;
      if (id !== undefined) taken.add(id);
    }
  }
  return [...taken];
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; 0 < i; i--) {
    const j = randomBelow(random, i + 1);
    const [a, b] = [result[i], result[j]];
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a];
  }
  return result;
}
