import type { Story } from '../story.ts';
import { MonotonicHighWatermark } from '../theorems/monotonic-high-watermark.ts';
import { NoOwnFault } from '../theorems/no-own-fault.ts';
import { SameMetadataAtSameOffset } from '../theorems/same-metadata-at-same-offset.ts';
import { SingleLeaderPerEpoch } from '../theorems/single-leader-per-epoch.ts';
import type { Report } from '../theorems/theorem.ts';
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
  readonly #logs = new WeakMap<object, number>();
  #logCount = 0;
  readonly #heard = new Set<string>();
  readonly #told = new Map<string, string>();
  /** The topics that are never deleted: others get the same names again. */
  readonly #topics: ReadonlySet<string>;

  constructor(report: Report, story: Story, topics: readonly string[]) {
    this.fault = new NoOwnFault(report);
    this.#leader = new SingleLeaderPerEpoch(report);
    this.#highWatermark = new MonotonicHighWatermark(report);
    this.#metadata = new SameMetadataAtSameOffset(report);
    this.#story = story;
    this.#topics = new Set(topics);
  }

  look(nodes: readonly SimulatedNode[]): void {
    for (const node of nodes) {
      const { broker } = node;
      if (broker === undefined) continue;
      const raft = broker.quorum.raft.quorum;
      this.#hear(node);
      const { role } = raft;
      if (role.kind === 'leader') this.#leads(quorumScope, role.epoch, node);
      const life = `${node.name} in its life ${node.lives}`;
      this.#highWatermark.knows(`the metadata log of ${life}`, raft.highWatermark ?? 0);
      for (const partition of broker.services.replicas.partitions()) {
        const { topic, partition: index, highWatermark } = partition.log;
        if (!this.#topics.has(topic)) continue;
        // A replica that was moved away and back has a new log.
        const log = `log ${this.#numberOf(partition.log)} of ${topic}-${index}`;
        this.#highWatermark.knows(`${log} on ${life}`, highWatermark);
        if (partition.isLeader) this.#leads(`${topic}-${index}`, partition.leaderEpoch, node);
      }
    }
  }

  #numberOf(log: object): number {
    const number = this.#logs.get(log) ?? ++this.#logCount;
    this.#logs.set(log, number);
    return number;
  }

  #leads(scope: string, epoch: number, node: SimulatedNode): void {
    this.#leader.leads(scope, epoch, node.id);
    const text = `${node.name} leads ${scope} in epoch ${epoch}`;
    if (this.#told.get(`${scope}@${epoch}`) === text) return;
    this.#told.set(`${scope}@${epoch}`, text);
    this.leaderCount++;
    this.#story.tell(text);
  }

  /** Every node hears of every committed record of the metadata log. */
  #hear(node: SimulatedNode): void {
    const life = `${node.name} in its life ${node.lives}`;
    if (this.#heard.has(life)) return;
    this.#heard.add(life);
    node.broker?.quorum.raft.quorum.register({
      handleCommit: ({ baseOffset, epoch, values }) => {
        const content = values.map((value) => decoder.decode(value)).join('|');
        this.#metadata.has(life, baseOffset, `${epoch}:${content}`);
      },
      handleLoadSnapshot: () => undefined,
      handleLeaderChange: () => undefined,
    });
  }
}
