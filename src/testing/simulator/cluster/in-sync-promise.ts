import {
  type MetadataImage,
  type PartitionRegistration,
  topicByName,
} from '../../../controller/metadata-image.ts';

/**
 * What Kafka promises of acknowledged records when machines lose power.
 *
 * Kafka acknowledges before it flushes. A machine that loses power may come back with shorter logs, and what was
 * acknowledged is on the others that are in sync. So the promise is void for what was sent before the moment when
 * all who are in a partition's ISR have lost power while they were in it: all together, or one who was left alone
 * in it. Whoever was in sync before and still has the records is cut back then (KIP-966 remembers such replicas; it
 * comes with 4.0).
 */
export class InSyncPromise {
  readonly #topics: readonly string[];
  /** Nodes that have lost power, by partition, as long as the ISR may count them by what they had before. */
  readonly #bereft = new Map<string, Set<number>>();
  /** The broker epoch that each of them had. */
  readonly #epochs = new Map<number, number>();
  readonly #voidAtMs = new Map<string, number>();
  #image: MetadataImage | undefined;
  /** Somebody has lost power since the last look. */
  #hasNews = false;

  constructor(topics: readonly string[]) {
    this.#topics = topics;
  }

  /** When the promise became void, the last time; what was sent later is promised. */
  voidAtMs(place: string): number {
    return this.#voidAtMs.get(place) ?? Number.NEGATIVE_INFINITY;
  }

  isVoid(place: string): boolean {
    return this.#voidAtMs.has(place);
  }

  isVoidSomewhere(topic: string): boolean {
    return [...this.#voidAtMs.keys()].some((place) => place.startsWith(`${topic}-`));
  }

  /** Whether somebody else would be left in every ISR, should this node lose its logs' ends now. */
  canSpare(nodeId: number): boolean {
    return [...this.#partitions()].every(([place, { isr }]) => {
      const bereft = this.#bereftOf(place);
      return !isr.includes(nodeId) || isr.some((id) => id !== nodeId && !bereft.has(id));
    });
  }

  lostPower(nodeId: number): void {
    this.#hasNews = true;
    this.#epochs.set(nodeId, this.#brokerEpochOf(nodeId));
    for (const [place] of this.#partitions()) this.#bereftOf(place).add(nodeId);
  }

  /** Some node knows this committed image. Answers the partitions whose promise is void from now on. */
  look(image: MetadataImage, nowMs: number): readonly string[] {
    const isNew = (this.#image?.provenance.offset ?? -1) < image.provenance.offset;
    if (!isNew && !this.#hasNews) return [];
    if (isNew) this.#image = image;
    this.#hasNews = false;
    const broken: string[] = [];
    for (const [place, { isr }] of this.#partitions()) {
      const bereft = this.#bereft.get(place);
      if (bereft === undefined || bereft.size === 0) continue;
      for (const id of bereft) {
        // Out of the ISR as a process from before: it comes back only with all that the leader has (KIP-903).
        const isReborn = this.#brokerEpochOf(id) !== this.#epochs.get(id);
        if (isReborn && !isr.includes(id)) bereft.delete(id);
      }
      if (!isr.every((id) => bereft.has(id))) continue;
      // What they have left is what counts from now on.
      for (const id of isr) bereft.delete(id);
      this.#voidAtMs.set(place, nowMs);
      broken.push(place);
    }
    return broken;
  }

  #brokerEpochOf(id: number): number {
    return this.#image?.brokers.get(id)?.brokerEpoch ?? -1;
  }

  *#partitions(): Generator<readonly [string, PartitionRegistration]> {
    for (const topic of this.#topics) {
      const partitions = this.#image && topicByName(this.#image, topic)?.partitions;
      for (const [index, partition] of partitions?.entries() ?? []) {
        yield [`${topic}-${index}`, partition];
      }
    }
  }

  #bereftOf(place: string): Set<number> {
    const known = this.#bereft.get(place);
    if (known !== undefined) return known;
    const bereft = new Set<number>();
    this.#bereft.set(place, bereft);
    return bereft;
  }
}
