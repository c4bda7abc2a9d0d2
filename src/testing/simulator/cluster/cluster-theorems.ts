import type { Partition } from '../../../broker/partition.ts';
import type { RaftClient } from '../../../raft/raft-client.ts';
import type { Story } from '../story.ts';
import { MonotonicHighWatermark } from '../theorems/monotonic-high-watermark.ts';
import { NoOwnFault } from '../theorems/no-own-fault.ts';
import { SameMetadataAtSameOffset } from '../theorems/same-metadata-at-same-offset.ts';
import { SingleLeaderPerEpoch } from '../theorems/single-leader-per-epoch.ts';
import type { Report } from '../theorems/theorem.ts';
import type { InSyncPromise } from './in-sync-promise.ts';
import type { SimulatedNode } from './simulated-node.ts';

const quorumScope = 'the metadata quorum';
const decoder = new TextDecoder('latin1');

/** What can be seen of running nodes at any moment; looked at after every event of the simulation. */
export class ClusterTheorems {
  readonly fault: NoOwnFault;
  leaderCount = 0;
  readonly #leader: SingleLeaderPerEpoch;
  readonly #highWatermark: MonotonicHighWatermark;
  readonly #metadata: SameMetadataAtSameOffset;
  readonly #story: Story;
  /** A replica that was moved away and back has a new log. */
  readonly #logs = new WeakMap<object, number>();
  #logCount = 0;
  /** What was seen last of each thing, so that a look at what has not changed costs next to nothing. */
  readonly #seen = new WeakMap<object, { highWatermark: number; epoch: number }>();
  readonly #told = new Set<string>();
  /** The topics that are never deleted: others get the same names again. */
  readonly #topics: ReadonlySet<string>;
  readonly #promise: InSyncPromise;

  constructor(
    report: Report,
    story: Story,
    watched: { readonly topics: readonly string[]; readonly promise: InSyncPromise },
  ) {
    this.fault = new NoOwnFault(report);
    this.#leader = new SingleLeaderPerEpoch(report);
    this.#highWatermark = new MonotonicHighWatermark(report);
    this.#metadata = new SameMetadataAtSameOffset(report);
    this.#story = story;
    this.#topics = new Set(watched.topics);
    this.#promise = watched.promise;
  }

  look(nodes: readonly SimulatedNode[]): void {
    for (const node of nodes) {
      const { broker } = node;
      if (broker === undefined) continue;
      this.#lookAtQuorum(node, broker.quorum.raft.quorum);
      for (const partition of broker.services.replicas.partitions()) {
        if (this.#topics.has(partition.topic)) this.#lookAtPartition(node, partition);
      }
    }
  }

  #lookAtQuorum(node: SimulatedNode, raft: RaftClient): void {
    if (!this.#seen.has(raft)) this.#hear(node, raft);
    const seen = this.#seenOf(raft);
    const { role, highWatermark = 0 } = raft;
    if (seen.highWatermark !== highWatermark) {
      seen.highWatermark = highWatermark;
      this.#highWatermark.knows(`the metadata log of ${lifeOf(node)}`, highWatermark);
    }
    if (role.kind !== 'leader' || seen.epoch === role.epoch) return;
    seen.epoch = role.epoch;
    this.#leads(quorumScope, role.epoch, node);
  }

  #lookAtPartition(node: SimulatedNode, partition: Partition): void {
    const { log } = partition;
    const seenLog = this.#seenOf(log);
    if (seenLog.highWatermark !== log.highWatermark) {
      seenLog.highWatermark = log.highWatermark;
      const name = `log ${this.#numberOf(log)} of ${partition.name} on ${lifeOf(node)}`;
      // After the promise was void, followers are cut back to what is left.
      if (!this.#promise.isVoid(partition.name)) this.#highWatermark.knows(name, log.highWatermark);
    }
    const seen = this.#seenOf(partition);
    if (!partition.isLeader || seen.epoch === partition.leaderEpoch) return;
    seen.epoch = partition.leaderEpoch;
    this.#leads(partition.name, partition.leaderEpoch, node);
  }

  #seenOf(thing: object): { highWatermark: number; epoch: number } {
    const known = this.#seen.get(thing);
    if (known !== undefined) return known;
    const seen = { highWatermark: 0, epoch: -1 };
    this.#seen.set(thing, seen);
    return seen;
  }

  #numberOf(log: object): number {
    const number = this.#logs.get(log) ?? ++this.#logCount;
    this.#logs.set(log, number);
    return number;
  }

  #leads(scope: string, epoch: number, node: SimulatedNode): void {
    this.#leader.leads(scope, epoch, node.id);
    const text = `${node.name} leads ${scope} in epoch ${epoch}`;
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.leaderCount++;
    this.#story.tell(text);
  }

  /** Every node hears of every committed record of the metadata log. */
  #hear(node: SimulatedNode, raft: RaftClient): void {
    const life = lifeOf(node);
    raft.register({
      handleCommit: ({ baseOffset, epoch, values }) => {
        const content = values.map((value) => decoder.decode(value)).join('|');
        this.#metadata.has(life, baseOffset, `${epoch}:${content}`);
      },
      handleLoadSnapshot: () => undefined,
      handleLeaderChange: () => undefined,
    });
  }
}

function lifeOf({ name, lives }: SimulatedNode): string {
  return `${name} in its life ${lives}`;
}
