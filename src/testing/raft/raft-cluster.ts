import type { BrokerPorts } from '../../broker/broker-ports.ts';
import type { ControllerServices } from '../../broker/controller-services.ts';
import { KafkaConfig } from '../../broker/kafka-config.ts';
import { localQuorumRequests } from '../../broker/quorum-requests.ts';
import { openRaftNode, type RaftNode } from '../../broker/raft-node.ts';
import { RequestRouter } from '../../broker/request-router.ts';
import { controllerRoutes } from '../../broker/routes.ts';
import { SocketServer } from '../../broker/socket-server.ts';
import { votersCheckpoint, votersCheckpointName } from '../../cli/storage/voters-checkpoint.ts';
import { emptyImage } from '../../controller/metadata-image.ts';
import { MemoryFileSystem } from '../../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import { VirtualClock } from '../../host/virtual/virtual-clock.ts';
import { VirtualNetwork } from '../../host/virtual/virtual-network.ts';
import { VirtualScheduler } from '../../host/virtual/virtual-scheduler.ts';
import { noCodecs } from '../../protocol/records/compression.ts';
import type { LoadedSnapshot } from '../../raft/raft-listener.ts';
import { writeMetaProperties } from '../../storage/meta-properties.ts';

const text = (value: Uint8Array) => new TextDecoder().decode(value);

interface Machine {
  readonly id: number;
  readonly files: MemoryFileSystem;
  readonly heard: string[];
  node: RaftNode | undefined;
  sockets: SocketServer | undefined;
}

/**
 * Replicas of the metadata log on machines of their own, which talk over the virtual network in Kafka's
 * frames: `worker1` … are voters with a controller listener on port 9093, larger ids are observers.
 */
export class RaftCluster {
  static readonly clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
  readonly clock = new VirtualClock();
  readonly scheduler = new VirtualScheduler(this.clock, { settle: nextImmediate });
  readonly network = new VirtualNetwork(this.scheduler);
  readonly lines: string[] = [];
  readonly faults: unknown[] = [];
  readonly #machines = new Map<number, Machine>();
  readonly #voters: readonly number[];
  readonly #properties: Readonly<Record<string, string>>;

  constructor(voters: readonly number[], properties: Readonly<Record<string, string>> = {}) {
    this.#voters = voters;
    this.#properties = properties;
  }

  /** As `kafka-storage.sh format --initial-controllers` for the voters, without voters for all others (KIP-853). */
  async formatDynamic(id: number): Promise<void> {
    const { files } = this.machine(id);
    this.isDynamic = true;
    await this.formatEmpty(id);
    if (!this.#voters.includes(id)) return;
    const voters = this.#voters.map((nodeId) => ({
      nodeId,
      directoryId: this.directoryOf(nodeId),
      host: `worker${nodeId}`,
      port: 9093,
    }));
    const file = files.create(`/kafka-logs/__cluster_metadata-0/${votersCheckpointName}`);
    file.write(0, [votersCheckpoint(voters, 'CONTROLLER', 0)]);
    await file.close();
  }

  /** As `kafka-storage.sh format --no-initial-controllers`. */
  async formatEmpty(id: number): Promise<void> {
    const { files } = this.machine(id);
    await files.makeDirectory('/kafka-logs/__cluster_metadata-0');
    const { clusterId } = RaftCluster;
    const meta = { version: 1, clusterId, nodeId: id, directoryId: this.directoryOf(id) };
    await writeMetaProperties(files, '/kafka-logs', meta, 0);
  }

  isDynamic = false;
  readonly #ports = new Map<number, number>();

  /** From the next start on its listener is on another port. */
  move(id: number, port: number): void {
    this.#ports.set(id, port);
  }

  #portOf(id: number): number {
    return this.#ports.get(id) ?? 9093;
  }

  directoryOf = (id: number): string => `directory0000000000${id}AA`;

  endpointsOf(id: number) {
    return [{ name: 'CONTROLLER', host: `worker${id}`, port: 9093 }];
  }

  /** The process ends and its disk is lost. */
  wipe(id: number): void {
    this.crash(id);
    this.#machines.delete(id);
  }

  async start(id: number, clusterId = RaftCluster.clusterId): Promise<RaftNode> {
    const machine = this.machine(id);
    const config = this.#configOf(id);
    const node = await openRaftNode(this.#portsOf(machine), config, {
      clusterId,
      snapshotPartBytes: 1_000,
      onFault: (error) => this.faults.push(error),
    });
    machine.node = node;
    node.quorum.register({
      handleCommit: ({ values }) => machine.heard.push(...values.map(text)),
      handleLoadSnapshot: ({ values }: LoadedSnapshot) => {
        machine.heard.splice(0);
        machine.heard.push(...values.map(text));
      },
      handleLeaderChange: () => undefined,
    });
    if (this.#isController(id)) await this.#listen(machine, config, node);
    await node.start();
    return node;
  }

  machine(id: number): Machine {
    const known = this.#machines.get(id);
    if (known !== undefined) return known;
    const files = new MemoryFileSystem({ clock: this.clock });
    const machine = { id, files, heard: [], node: undefined, sockets: undefined };
    this.#machines.set(id, machine);
    return machine;
  }

  /** The process dies: connections reset, what was written stays. */
  crash(id: number): void {
    const machine = this.machine(id);
    this.network.crash(`worker${id}`);
    machine.node?.quorum.dispose();
    machine.sockets?.dispose();
    machine.node = undefined;
    machine.heard.splice(0);
  }

  async stop(id: number): Promise<void> {
    const machine = this.machine(id);
    await this.run(machine.node?.close() ?? Promise.resolve());
    machine.sockets?.dispose();
    machine.node = undefined;
    machine.heard.splice(0);
  }

  /** The one that leads in the latest epoch. */
  get leader(): RaftNode['quorum'] | undefined {
    const leaders = [...this.#machines.values()]
      .flatMap(({ node }) => (node?.quorum.role.kind === 'leader' ? [node.quorum] : []))
      .sort((a, b) => b.role.epoch - a.role.epoch);
    return leaders[0];
  }

  /** Lets time go by until somebody else than `than` leads; answers who, and how long it took. */
  async untilLeader(
    than?: number,
  ): Promise<{ readonly quorum: RaftNode['quorum']; readonly tookMs: number }> {
    const startedAtMs = this.clock.monotonicMs();
    for (let i = 0; i < 2_000; i++) {
      const { leader } = this;
      if (leader !== undefined && leader.nodeId !== than) {
        return { quorum: leader, tookMs: this.clock.monotonicMs() - startedAtMs };
      }
      await this.scheduler.advance(10);
    }
    throw new RaftClusterError('nobody leads within 20 s');
  }

  /** Appends as the leader and lets time go by until everybody up has heard it. */
  async commit(value: string): Promise<void> {
    const { leader } = this;
    if (leader === undefined) throw new RaftClusterError('nobody leads');
    leader.append(leader.leaderAndEpoch.epoch, [new TextEncoder().encode(value)]);
    await this.scheduler.advance(100);
  }

  /** Flips a bit in the middle of the machine's snapshot. */
  async damageSnapshot(id: number): Promise<void> {
    const { files } = this.machine(id);
    const folder = '/kafka-logs/__cluster_metadata-0';
    const names = (await files.list(folder)).map(({ name }) => name);
    const name = names.findLast((each) => each.endsWith('.checkpoint'));
    const file = await files.open(`${folder}/${name}`);
    const at = Math.floor(file.sizeBytes / 2);
    const [byte = 0] = await file.read(at, 1);
    file.write(at, [Uint8Array.of(byte ^ 1)]);
    await file.close();
  }

  run<T>(work: Promise<T>): Promise<T> {
    return this.scheduler.runUntil(work, 60_000);
  }

  async #listen(machine: Machine, config: KafkaConfig, node: RaftNode): Promise<void> {
    const ports = this.#portsOf(machine);
    // What the handlers of the controller listener use of a node.
    const services = {
      ...ports,
      nodeId: machine.id,
      clusterId: RaftCluster.clusterId,
      config,
      quorum: localQuorumRequests(node),
      raft: node,
      controller: { image: emptyImage },
      apisOf: () => router.apis,
    } as unknown as ControllerServices;
    const router = new RequestRouter(controllerRoutes, services);
    const limits = {
      frameBytesMax: 100_000_000,
      connectionsMax: 1_000,
      connectionsPerAddressMax: 1_000,
      idleMs: 600_000,
    };
    machine.sockets = new SocketServer(ports, limits, machine.id);
    const address = { host: '', port: this.#portOf(machine.id) };
    const listener = { name: 'CONTROLLER', listenerType: 'CONTROLLER', address, router } as const;
    await machine.sockets.listen(listener);
  }

  #portsOf(machine: Machine): BrokerPorts {
    const { clock, scheduler } = this;
    return {
      files: machine.files,
      network: this.network.host(`worker${machine.id}`),
      clock,
      scheduler,
      random: new SeededRandom(machine.id),
      codecs: noCodecs,
      logger: {
        log: (level, source, message) => {
          this.lines.push(`${level} ${source} ${message}`);
        },
      },
    };
  }

  /** With the voters in the log every node may become one. */
  #isController(id: number): boolean {
    return this.isDynamic || this.#voters.includes(id);
  }

  #configOf(id: number): KafkaConfig {
    const isController = this.#isController(id);
    const bootstrap = this.#voters.map((each) => `worker${each}:9093`).join();
    const voters = this.#voters.map((each) => `${each}@worker${each}:9093`).join();
    return KafkaConfig.of({
      'process.roles': isController ? 'controller' : 'broker',
      'node.id': `${id}`,
      ...(this.isDynamic
        ? { 'controller.quorum.bootstrap.servers': bootstrap }
        : { 'controller.quorum.voters': voters }),
      listeners: isController
        ? `CONTROLLER://worker${id}:${this.#portOf(id)}`
        : `PLAINTEXT://worker${id}:9092`,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': '/kafka-logs',
      ...this.#properties,
    });
  }
}

export class RaftClusterError extends Error {
  override readonly name = 'RaftClusterError';
}

function nextImmediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
