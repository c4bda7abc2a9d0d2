import { type BrokerLauncher, BrokerProcess, brokerlab } from './broker-process.ts';
import { freePort } from './free-port.ts';
import { LinkProxy } from './link-proxy.ts';

export interface ClusterProcessesOptions {
  readonly launcher?: BrokerLauncher;
  /** How many combined nodes; their ids count from 1. */
  readonly nodes?: number;
  /** Laid over every node's configuration. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Nodes reach each other through proxies that `isolate` can cut. Without it they connect directly. */
  readonly isCuttable?: boolean;
}

interface Link {
  readonly to: number;
  /** undefined where every node uses it: the controller's links are one for each pair. */
  readonly from: number | undefined;
  readonly proxy: LinkProxy;
}

interface Node {
  readonly id: number;
  readonly ports: NodePorts;
  readonly process: BrokerProcess;
}

/** The ports on which one node listens. */
export interface NodePorts {
  readonly id: number;
  readonly client: number;
  readonly replication: number;
  readonly controller: number;
}

/** A cluster of combined nodes on this machine: processes, disks and ports of their own; ours or Apache's. */
export class ClusterProcesses {
  readonly #nodes: readonly Node[];
  readonly #links: readonly Link[];
  readonly #isolated = new Set<number>();

  private constructor(nodes: readonly Node[], links: readonly Link[]) {
    this.#nodes = nodes;
    this.#links = links;
  }

  /** Formats and starts; resolves when every node has said that it started. */
  static async start(options: ClusterProcessesOptions = {}): Promise<ClusterProcesses> {
    const { launcher = brokerlab, nodes: count = 3, properties = {}, isCuttable = false } = options;
    const ports: NodePorts[] = [];
    for (let id = 1; id <= count; id += 1) {
      const [client, replication, controller] = [
        await freePort(),
        await freePort(),
        await freePort(),
      ];
      ports.push({ id, client, replication, controller });
    }
    const links = isCuttable ? await openLinks(ports) : [];
    const nodes = ports.map((own) => {
      const config = { ...configOf(own, ports, links), ...properties };
      return {
        id: own.id,
        ports: own,
        process: BrokerProcess.format(launcher, own.client, config),
      };
    });
    const cluster = new ClusterProcesses(nodes, links);
    try {
      await Promise.all(nodes.map(({ process }) => process.restart()));
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
    return cluster;
  }

  get nodeIds(): readonly number[] {
    return this.#nodes.map(({ id }) => id);
  }

  /** All nodes' client listeners, as `bootstrap.servers`. */
  get bootstrap(): string {
    return this.#nodes.map(({ process }) => process.bootstrap).join(',');
  }

  node(id: number): BrokerProcess {
    return this.#node(id).process;
  }

  /** Where a node's listeners listen on this machine, past all proxies. */
  ports(id: number): NodePorts {
    return this.#node(id).ports;
  }

  /** Cuts a node off from all others; its clients still reach it. */
  isolate(id: number): void {
    if (this.#links.length === 0) throw new ClusterProcessesError('the links are not cuttable');
    this.#isolated.add(id);
    this.#applyCuts();
  }

  heal(): void {
    this.#isolated.clear();
    this.#applyCuts();
  }

  async dispose(): Promise<void> {
    this.heal();
    await Promise.all(this.#nodes.map(({ process }) => process.dispose()));
    for (const { proxy } of this.#links) proxy.dispose();
  }

  #node(id: number): Node {
    const node = this.#nodes.find((each) => each.id === id);
    if (node === undefined) throw new ClusterProcessesError(`there is no node ${id}`);
    return node;
  }

  #applyCuts(): void {
    for (const { to, proxy } of this.#links) {
      proxy.setCut((from) => {
        // A node's way to itself is never cut.
        if (from === to) return false;
        return this.#isolated.has(to) || (from !== undefined && this.#isolated.has(from));
      });
    }
  }
}

export class ClusterProcessesError extends Error {
  override readonly name = 'ClusterProcessesError';
}

/** Into each node: one for its replication listener, and one from each other node for its controller. */
async function openLinks(ports: readonly NodePorts[]): Promise<Link[]> {
  const links: Link[] = [];
  for (const { id: to, replication, controller } of ports) {
    links.push({ to, from: undefined, proxy: await LinkProxy.open(replication) });
    for (const { id: from } of ports) {
      if (from !== to) links.push({ to, from, proxy: await LinkProxy.open(controller, from) });
    }
  }
  return links;
}

function configOf(
  own: NodePorts,
  ports: readonly NodePorts[],
  links: readonly Link[],
): Record<string, string> {
  const via = (to: number, from: number | undefined) =>
    links.find((link) => link.to === to && link.from === from)?.proxy.port;
  const voters = ports.map(
    ({ id, controller }) => `${id}@localhost:${via(id, own.id) ?? controller}`,
  );
  const { client, replication, controller } = own;
  return {
    'process.roles': 'broker,controller',
    'node.id': String(own.id),
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://:${client},REPLICATION://:${replication},CONTROLLER://:${controller}`,
    'advertised.listeners': `PLAINTEXT://localhost:${client},REPLICATION://localhost:${via(own.id, undefined) ?? replication}`,
    'inter.broker.listener.name': 'REPLICATION',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,REPLICATION:PLAINTEXT',
    'offsets.topic.replication.factor': String(Math.min(3, ports.length)),
    'transaction.state.log.replication.factor': String(Math.min(3, ports.length)),
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}
