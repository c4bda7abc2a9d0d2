import type { RunningBroker } from '../broker/start-broker.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { VirtualNetwork } from '../host/virtual/virtual-network.ts';
import { VirtualScheduler } from '../host/virtual/virtual-scheduler.ts';
import { type CompressionCodecs, noCodecs } from '../protocol/records/compression.ts';
import { ClusterNode } from './cluster-node.ts';

export interface TestClusterOptions {
  /** How many nodes; their ids count from 1 and their machines are worker1, worker2 …; one by default. */
  readonly nodes?: number;
  /** `process.roles` by node id; `broker,controller` by default. */
  readonly roles?: Readonly<Record<number, string>>;
  /** Machines with other names, by node id; two nodes may share one. */
  readonly hosts?: Readonly<Record<number, string>>;
  /** Laid over the defaults of every node. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Laid over that, by node id. */
  readonly nodeProperties?: Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly seed?: number;
  readonly codecs?: CompressionCodecs;
  /** Memory files that can go back to what was flushed (`files(id).crash()`); off by default. */
  readonly canLosePower?: boolean;
  /** Log lines, as `LEVEL source message`; with several nodes the machine's name comes first. */
  readonly onLog?: (line: string) => void;
}

const combined = 'broker,controller';
/** Older lines are forgotten. */
const logLinesMax = 20_000;

/**
 * Nodes on virtual machines: memory files, virtual network, time that stands still until `advance`.
 * Everything else happens as the test awaits, so nothing ever sleeps.
 */
export class TestCluster {
  readonly clock: VirtualClock;
  readonly scheduler: VirtualScheduler;
  readonly network: VirtualNetwork;
  readonly logLines: string[] = [];
  readonly nodes: readonly ClusterNode[];
  readonly #options: TestClusterOptions;

  constructor(options: TestClusterOptions = {}) {
    this.#options = options;
    this.clock = new VirtualClock();
    this.scheduler = new VirtualScheduler(this.clock, { settle: nextImmediate });
    this.network = new VirtualNetwork(this.scheduler);
    const ids = Array.from({ length: options.nodes ?? 1 }, (_, index) => index + 1);
    this.nodes = ids.map((id) => this.#machine(id));
  }

  /** The broker of node 1. */
  get broker(): RunningBroker {
    return this.node(1);
  }

  /** The files of node 1. */
  get files(): MemoryFileSystem {
    return this.machine(1).files;
  }

  /** The brokers' client listeners. */
  get bootstrap(): string {
    return this.nodes
      .filter(({ id }) => this.#rolesOf(id).includes('broker'))
      .map(({ host }) => `${host}:9092`)
      .join(',');
  }

  /** A node that runs and has started. */
  node(id: number): RunningBroker {
    const { broker } = this.machine(id);
    if (broker === undefined) throw new TestClusterError(`node ${id} is not running`);
    return broker;
  }

  machine(id: number): ClusterNode {
    const machine = this.nodes[id - 1];
    if (machine === undefined) throw new TestClusterError(`there is no node ${id}`);
    return machine;
  }

  /** Which node is the active controller, as those that run see it; undefined while they know of none. */
  get activeController(): number | undefined {
    for (const { broker } of this.nodes) {
      const { leaderId } = broker?.quorum.raft.quorum.leaderAndEpoch ?? {};
      if (leaderId !== undefined && this.machine(leaderId).isRunning) return leaderId;
    }
    return undefined;
  }

  /** Ports of a client's machine on the same network; `name` puts it there. */
  client(name = 'client') {
    const { clock, scheduler } = this;
    return { network: this.network.host(name), clock, scheduler, random: new SeededRandom(7) };
  }

  /** Formats all disks as `kafka-storage.sh format` does. */
  async format(): Promise<void> {
    for (const machine of this.nodes) await machine.format();
  }

  /** Starts a node, or all that do not run, on what is on their disks; waits until they have started. */
  async start(id?: number): Promise<RunningBroker> {
    const starting =
      id === undefined ? this.nodes.filter(({ isRunning }) => !isRunning) : [this.machine(id)];
    const [first] = await this.run(Promise.all(starting.map((machine) => machine.start())));
    if (first === undefined) throw new TestClusterError('every node runs already');
    return first;
  }

  /** A controlled shutdown of a node (of node 1 by default). */
  async stop(id = 1): Promise<void> {
    this.node(id);
    await this.run(this.machine(id).stop());
  }

  /** The process dies: connections reset, what was written stays, nothing is said to anybody. */
  async crash(id = 1): Promise<void> {
    this.machine(id).crash();
    await this.scheduler.settle();
  }

  /** Awaits something; lets time go by from timer to timer where nothing else can happen. */
  run<T>(work: Promise<T>, withinMs = 60_000): Promise<T> {
    return this.scheduler.runUntil(work, withinMs);
  }

  /** Lets time go by until `condition` holds. Throws when it does not within its time. */
  async until(condition: () => boolean, withinMs = 60_000): Promise<void> {
    const deadlineMs = this.clock.monotonicMs() + withinMs;
    await this.scheduler.settle();
    while (!condition()) {
      if (deadlineMs <= this.clock.monotonicMs()) {
        throw new TestClusterError(`not within ${withinMs} ms: ${condition}`);
      }
      await this.scheduler.advance(stepMs);
    }
  }

  properties(id = 1): Readonly<Record<string, string>> {
    return this.machine(id).properties;
  }

  #rolesOf(id: number): string {
    return this.#options.roles?.[id] ?? combined;
  }

  #machine(id: number): ClusterNode {
    const { canLosePower: canCrash = false, seed = 1, codecs = noCodecs } = this.#options;
    const { clock, scheduler, network } = this;
    return new ClusterNode({
      id,
      host: this.#options.hosts?.[id] ?? `worker${id}`,
      clock,
      scheduler,
      network,
      files: new MemoryFileSystem({ clock, canCrash }),
      seed,
      codecs,
      logger: { log: (level, source, ...rest) => this.#log(id, `${level} ${source}`, ...rest) },
      properties: this.#propertiesOf(id),
    });
  }

  #propertiesOf(id: number): Readonly<Record<string, string>> {
    const count = this.#options.nodes ?? 1;
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    const having = (role: string) => ids.filter((each) => this.#rolesOf(each).includes(role));
    const roles = this.#rolesOf(id);
    return {
      'process.roles': roles,
      'node.id': `${id}`,
      'controller.quorum.voters': having('controller')
        .map((each) => `${each}@worker${each}:9093`)
        .join(','),
      ...listenersOf(id, roles),
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': '/kafka-logs',
      'offsets.topic.replication.factor': `${Math.min(3, having('broker').length)}`,
      'group.initial.rebalance.delay.ms': '0',
      ...this.#options.properties,
      ...this.#options.nodeProperties?.[id],
    };
  }

  #log(id: number, start: string, message: string, error?: unknown): void {
    const machine = this.nodes === undefined || this.nodes.length === 1 ? '' : `worker${id} `;
    const suffix = error instanceof Error ? ` ${error.stack}` : '';
    const line = `${machine}${start} ${message}${suffix}`;
    this.logLines.push(line);
    if (logLinesMax < this.logLines.length) this.logLines.splice(0, logLinesMax / 2);
    this.#options.onLog?.(line);
  }
}

/** How finely `until` looks. */
const stepMs = 10;

function listenersOf(id: number, roles: string): Record<string, string> {
  if (roles === 'controller') return { listeners: 'CONTROLLER://:9093' };
  const client = 'PLAINTEXT://:9092';
  return {
    listeners: roles === combined ? `${client},CONTROLLER://:9093` : client,
    'advertised.listeners': `PLAINTEXT://worker${id}:9092`,
    'inter.broker.listener.name': 'PLAINTEXT',
  };
}

export class TestClusterError extends Error {
  override readonly name = 'TestClusterError';
}

/** Formatted disks and running nodes. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const cluster = new TestCluster(options);
  await cluster.format();
  await cluster.start();
  return cluster;
}

/** By then every promise that waits for nothing outside has settled. */
function nextImmediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
