import type { Random } from '../../../base/random.ts';
import type { ReplicationRules } from '../../../broker/replication-rules.ts';
import { SeededRandom } from '../../../host/virtual/seeded-random.ts';
import { VirtualClock } from '../../../host/virtual/virtual-clock.ts';
import { VirtualNetwork } from '../../../host/virtual/virtual-network.ts';
import { VirtualScheduler } from '../../../host/virtual/virtual-scheduler.ts';
import { noMicrotaskIsLeft } from '../settle.ts';
import type { Traits } from '../simulation.ts';
import { Story } from '../story.ts';
import type { Finding, Report } from '../theorems/theorem.ts';
import { ClusterTheorems } from './cluster-theorems.ts';
import { InSyncPromise } from './in-sync-promise.ts';
import { RecordLedger } from './record-ledger.ts';
import { SimulatedNode } from './simulated-node.ts';

/** Rules broken on purpose. */
export interface ClusterDefects {
  readonly replication?: ReplicationRules;
  /** Of the producers: what they should be told otherwise. */
  readonly producer?: Readonly<Record<string, string>>;
}

export interface ClusterWorldOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly traits: Traits;
  readonly defects: ClusterDefects;
}

/** The topic that is written and read all the time. */
export const orders = { topic: 'orders', partitionCount: 3 };

/** The topics that are never deleted: others get the same names again. */
const watchedTopics = [orders.topic, '__consumer_offsets'];

/** Kafka nodes on virtual machines, watched by the theorems. */
export class ClusterWorld {
  readonly clock = new VirtualClock();
  readonly scheduler = new VirtualScheduler(this.clock, { settle: noMicrotaskIsLeft });
  readonly network = new VirtualNetwork(this.scheduler);
  readonly random: Random;
  readonly traits: Traits;
  readonly defects: ClusterDefects;
  readonly story = new Story(this.clock);
  readonly theorems: ClusterTheorems;
  readonly promise = new InSyncPromise(watchedTopics);
  readonly ledger: RecordLedger;
  readonly nodes: readonly SimulatedNode[];
  /** The first theorem that was found to be broken. */
  finding: Finding | undefined;
  /** Told when a process has ended. */
  onDown: (node: SimulatedNode) => void = () => undefined;

  constructor({ seed, nodes, traits, defects }: ClusterWorldOptions) {
    this.random = new SeededRandom(seed);
    this.traits = traits;
    this.defects = defects;
    const { promise } = this;
    this.theorems = new ClusterTheorems(this.report, this.story, {
      topics: watchedTopics,
      promise,
    });
    this.ledger = new RecordLedger(this.report, promise);
    const { clock, scheduler, network, random } = this;
    network.delayMs = 1;
    const parts = { nodes, traits, clock, scheduler, network, random };
    this.nodes = Array.from(
      { length: nodes },
      (_, index) =>
        new SimulatedNode({
          ...parts,
          id: index + 1,
          replicationRules: defects.replication,
          onEnd: (node, error) => this.#end(node, error),
        }),
    );
  }

  readonly report: Report = (finding) => {
    this.finding ??= finding;
  };

  get bootstrap(): string {
    return this.nodes.map(({ name }) => `${name}:9092`).join(',');
  }

  /** Ports of a program on a machine of its own. */
  client(name: string) {
    const { clock, scheduler } = this;
    const random = new SeededRandom(this.random.uint32());
    return { network: this.network.host(name), clock, scheduler, random };
  }

  /** Lets time go by until `isDone`, or a theorem is broken, or the time is over; answers whether it is done. */
  async passUntil(withinMs: number, isDone: () => boolean): Promise<boolean> {
    const { scheduler, clock } = this;
    const endMs = clock.monotonicMs() + withinMs;
    await scheduler.settle();
    while (this.finding === undefined && !isDone()) {
      const stepMs = scheduler.nextTimerInMs ?? withinMs;
      if (endMs < clock.monotonicMs() + stepMs) return isDone();
      await scheduler.advance(stepMs);
      this.theorems.look(this.nodes);
      this.#lookAtPromise();
    }
    return this.finding === undefined;
  }

  #lookAtPromise(): void {
    for (const { broker } of this.nodes) {
      const image = broker?.quorum.metadata.image;
      const broken = image && this.promise.look(image, this.clock.monotonicMs());
      for (const place of broken ?? []) {
        this.story.tell(
          `all in sync of ${place} have lost power: what was acknowledged there may be lost`,
        );
      }
    }
  }

  /** A process may end when it was told to, or when its disk fails it. */
  #end(node: SimulatedNode, how: unknown): void {
    const hasExcuse = node.disk.hasBeenFull || how === 'stopped';
    const reason = how instanceof Error ? how.message : String(how);
    this.story.tell(`the process of ${node.name} ends: ${reason}`);
    node.kill();
    if (!hasExcuse) {
      const lines = node.logLines.slice(-5).join('\n');
      this.theorems.fault.hasFailed(node.name, how instanceof Error ? how : `${reason}\n${lines}`);
    }
    this.onDown(node);
  }
}
