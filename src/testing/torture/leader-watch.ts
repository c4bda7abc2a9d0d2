import { sleep } from '../../base/scheduler.ts';
import type { NodeChannel } from '../../broker/channel/node-channel.ts';
import { describeQuorumCall, metadataCall } from '../../client/api-calls.ts';
import { nodeClock } from '../../host/node/node-clock.ts';
import { nodeScheduler } from '../../host/node/node-scheduler.ts';
import type { ClusterProcesses } from '../cluster-processes.ts';
import { channelTo } from '../local-node.ts';

/** The longest times without a leader, in ms, as seen from nodes that are neither dead nor cut off. */
export interface LeaderlessTimes {
  /** Of the metadata quorum: no reachable controller is active. */
  readonly controllerMsMax: number;
  /** Of any partition of the topic: no reachable node leads it. */
  readonly partitionMsMax: number;
}

const pollMs = 20;
const answerMsMax = 1_000;
const clientId = 'leader-watch';

/** What a node last said about who leads. */
interface Report {
  isActiveController: boolean;
  controllerEpoch: number;
  readonly leaders: Map<number, { readonly leader: number; readonly epoch: number }>;
}

/** Asks every node, all the time, who leads, and measures how long nobody does. */
export class LeaderWatch {
  readonly #cluster: ClusterProcesses;
  readonly #topic: string;
  readonly #unreachable = new Set<number>();
  readonly #reports = new Map<number, Report>();
  readonly #spells = new Map<string, number>();
  #controllerMsMax = 0;
  #recentControllerMsMax = 0;
  #partitionMsMax = 0;
  #isStopping = false;

  constructor(cluster: ClusterProcesses, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** Watches until `stop`. */
  async run(): Promise<void> {
    await Promise.all(this.#cluster.nodeIds.map((id) => this.#watch(id)));
  }

  stop(): LeaderlessTimes {
    this.#isStopping = true;
    return { controllerMsMax: this.#controllerMsMax, partitionMsMax: this.#partitionMsMax };
  }

  /** A node died or was cut off: what it leads has no leader from this moment on. */
  lose(id: number): void {
    this.#unreachable.add(id);
    this.#reports.delete(id);
    this.#judge();
  }

  /** The longest time without an active controller since the last call, in ms. */
  takeControllerMsMax(): number {
    const longest = this.#recentControllerMsMax;
    this.#recentControllerMsMax = 0;
    return longest;
  }

  regain(id: number): void {
    this.#unreachable.delete(id);
  }

  /** The node that says that it is the active controller, with the largest epoch. */
  get activeController(): number | undefined {
    let active: { id: number; epoch: number } | undefined;
    for (const [id, { isActiveController, controllerEpoch: epoch }] of this.#reports) {
      if (isActiveController && (active === undefined || active.epoch < epoch))
        active = { id, epoch };
    }
    return active?.id;
  }

  async #watch(id: number): Promise<void> {
    const { client, controller } = this.#cluster.ports(id);
    const broker = channelTo(client, clientId, answerMsMax);
    const quorum = channelTo(controller, clientId, answerMsMax);
    while (!this.#isStopping) {
      const report = await ask(broker, quorum, this.#topic).catch(() => undefined);
      if (report === undefined || this.#unreachable.has(id)) this.#reports.delete(id);
      else this.#reports.set(id, report);
      this.#judge();
      await sleep(nodeScheduler, pollMs);
    }
    broker.dispose();
    quorum.dispose();
  }

  #judge(): void {
    const nowMs = nodeClock.monotonicMs();
    const controllerMs = this.#spell('controller', this.activeController !== undefined, nowMs);
    this.#controllerMsMax = Math.max(this.#controllerMsMax, controllerMs);
    this.#recentControllerMsMax = Math.max(this.#recentControllerMsMax, controllerMs);
    for (const [partition, leader] of this.#leaders()) {
      const hasLeader = 0 <= leader && !this.#unreachable.has(leader);
      const partitionMs = this.#spell(`partition ${partition}`, hasLeader, nowMs);
      this.#partitionMsMax = Math.max(this.#partitionMsMax, partitionMs);
    }
  }

  /** How long the present time without `what` has lasted; 0 while it is there. */
  #spell(what: string, isThere: boolean, nowMs: number): number {
    const since = this.#spells.get(what);
    if (isThere) this.#spells.delete(what);
    else if (since === undefined) this.#spells.set(what, nowMs);
    return since === undefined ? 0 : nowMs - since;
  }

  /** By partition: the leader of the largest epoch that any node reports. */
  #leaders(): Map<number, number> {
    const newest = new Map<number, { leader: number; epoch: number }>();
    for (const { leaders } of this.#reports.values()) {
      for (const [partition, each] of leaders) {
        if ((newest.get(partition)?.epoch ?? -1) < each.epoch) newest.set(partition, each);
      }
    }
    return new Map([...newest].map(([partition, { leader }]) => [partition, leader]));
  }
}

async function ask(broker: NodeChannel, quorum: NodeChannel, topic: string): Promise<Report> {
  const [described, metadata] = await Promise.all([
    quorum.send(describeQuorumCall, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    }),
    broker.send(metadataCall, { topics: [{ name: topic }] }).catch(() => undefined),
  ]);
  const partition = described.topics[0]?.partitions[0];
  const leaders: Report['leaders'] = new Map();
  for (const each of metadata?.topics[0]?.partitions ?? []) {
    leaders.set(each.partitionIndex, { leader: each.leaderId, epoch: each.leaderEpoch });
  }
  return {
    isActiveController: described.errorCode === 0 && partition?.errorCode === 0,
    controllerEpoch: partition?.leaderEpoch ?? -1,
    leaders,
  };
}
