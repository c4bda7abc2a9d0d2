import { topicByName } from '../../../controller/metadata-image.ts';
import {
  type Scenario,
  type SimulationOptions,
  type SimulationResult,
  type Traits,
  traitsOf,
} from '../simulation.ts';
import { EventuallyLive } from '../theorems/eventually-live.ts';
import { ClusterNemesis } from './cluster-nemesis.ts';
import { ClusterWorkload } from './cluster-workload.ts';
import { type ClusterDefects, ClusterWorld, orders } from './cluster-world.ts';

const START_WITHIN_MS = 30_000;
const FAULTS_FOR_MS = 30_000;
const LIVE_WITHIN_MS = 90_000;

/** Simulates one seed of a whole cluster: brokers, controllers and their clients. */
export async function simulateCluster(
  options: SimulationOptions,
  defects: ClusterDefects = {},
): Promise<SimulationResult> {
  return await simulateWorld('cluster', options, { traits: traitsOf(options.seed), defects });
}

/** The same with power cuts that take what partitions had not flushed. */
export async function simulatePowerCuts(options: SimulationOptions): Promise<SimulationResult> {
  const traits = { ...traitsOf(options.seed), losesLogEnds: true };
  return await simulateWorld('power', options, { traits, defects: {} });
}

async function simulateWorld(
  scenario: Scenario,
  options: SimulationOptions,
  parts: { readonly traits: Traits; readonly defects: ClusterDefects },
): Promise<SimulationResult> {
  const world = new ClusterWorld({ ...options, ...parts });
  const run = new ClusterRun(world);
  await run.play();
  const { finding, story } = world;
  return { ...options, scenario, finding, story: story.lines, counts: run.counts };
}

class ClusterRun {
  readonly #world: ClusterWorld;
  readonly #nemesis: ClusterNemesis;
  readonly #workload: ClusterWorkload;
  readonly #live: EventuallyLive;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#nemesis = new ClusterNemesis(world);
    this.#workload = new ClusterWorkload(world);
    this.#live = new EventuallyLive(world.report, LIVE_WITHIN_MS);
    world.onDown = (node) => this.#nemesis.restartLater(node);
  }

  get counts(): Readonly<Record<string, number>> {
    const { theorems, ledger } = this.#world;
    return {
      faults: this.#nemesis.faultCount,
      leaders: theorems.leaderCount,
      operations: this.#workload.operationCount,
      'changes of voters': this.#workload.voterChangeCount,
      acknowledged: ledger.acknowledgedCount,
      read: ledger.shownCount,
    };
  }

  async play(): Promise<void> {
    const world = this.#world;
    for (const node of world.nodes) await node.format();
    for (const node of world.nodes) node.start();
    const isStarted = () => world.nodes.every(({ broker }) => broker !== undefined);
    if (!(await world.passUntil(START_WITHIN_MS, isStarted)))
      return this.#live.isNotYetLive('a cluster that has not started');
    await this.#finish(this.#workload.createTopic(), 'the topic has not been created');
    this.#workload.start();
    this.#nemesis.start();
    await world.passUntil(FAULTS_FOR_MS, () => false);
    this.#nemesis.heal();
    await this.#becomeLive();
    this.#workload.stop();
    await this.#settleRecords();
    await this.#finish(this.#workload.readAll(), 'not all could be read');
    this.#workload.dispose();
  }

  async #becomeLive(): Promise<void> {
    const world = this.#world;
    const isWhole = () =>
      world.nodes.every(({ broker }) => broker !== undefined) && this.#allInSync();
    if (!(await world.passUntil(LIVE_WITHIN_MS, isWhole))) {
      this.#live.isNotYetLive(this.#describe());
      return;
    }
    await this.#finish(this.#workload.writeOnce(), 'a record was not acknowledged');
  }

  async #settleRecords(): Promise<void> {
    const isSettled = () => this.#workload.unsettledCount === 0;
    if (await this.#world.passUntil(LIVE_WITHIN_MS, isSettled)) return;
    this.#live.isNotYetLive(
      `${this.#workload.unsettledCount} records are neither acknowledged nor refused`,
    );
  }

  /** Something that must come to an end in time. */
  async #finish(work: Promise<void>, otherwise: string): Promise<void> {
    let isDone = false;
    let error: unknown;
    work.then(
      () => {
        isDone = true;
      },
      (reason: unknown) => {
        isDone = true;
        error = reason;
      },
    );
    const isInTime = await this.#world.passUntil(LIVE_WITHIN_MS, () => isDone);
    if (isInTime && error === undefined) return;
    const why = error instanceof Error ? error.message : 'it took too long';
    this.#live.isNotYetLive(`${otherwise}: ${why}; ${this.#describe()}`);
  }

  /** Every node knows every replica of every partition of the topic to be in sync. */
  #allInSync(): boolean {
    return this.#world.nodes.every(({ broker }) => {
      const image = broker?.quorum.metadata.image;
      const topic = image === undefined ? undefined : topicByName(image, orders.topic);
      if (image === undefined || topic === undefined) return false;
      return [...topic.partitions.values()].every(
        ({ isr, replicas, leader }) => isr.length === replicas.length && 0 <= leader,
      );
    });
  }

  #describe(): string {
    const nodes = this.#world.nodes.map((node) => {
      const { broker } = node;
      if (broker === undefined)
        return `${node.name} ${node.isRunning ? 'is starting' : 'is down'}; its log ends: ${node.logLines.slice(-3).join(' / ')}`;
      const { role, highWatermark } = broker.quorum.raft.quorum;
      return `${node.name} is ${role.kind} in epoch ${role.epoch}, high watermark ${highWatermark}`;
    });
    return `${nodes.join('; ')}; ${this.#describePartitions()}`;
  }

  #describePartitions(): string {
    const known = this.#world.nodes.find(
      ({ broker }) => broker?.quorum.raft.quorum.role.kind === 'leader',
    );
    const image = known?.broker?.quorum.metadata.image;
    const topic = image === undefined ? undefined : topicByName(image, orders.topic);
    const partitions = [...(topic?.partitions.values() ?? [])];
    return partitions
      .map(
        ({ leader, isr, replicas }, index) =>
          `${orders.topic}-${index}: leader ${leader}, in sync ${isr.join(',')} of ${replicas.join(',')}`,
      )
      .join('; ');
  }
}
