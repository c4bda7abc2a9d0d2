import type { SocketAddress } from '../base/network.ts';
import type { ElectedLeader, KnownAddresses } from '../raft/raft-wire-server.ts';
import type { VoterEndpoint, VoterSet } from '../raft/voter-set.ts';
import type { QuorumVoter } from './quorum-voters.ts';

interface AddressConfig {
  readonly voters: readonly QuorumVoter[];
  readonly controllerListenerNames: readonly string[];
  readonly bootstrapServers: readonly SocketAddress[];
}

interface LearnedLeader {
  readonly id: number;
  readonly epoch: number;
  readonly address: SocketAddress;
  /** Where the log said that it is, at that time. */
  readonly logged: SocketAddress | undefined;
}

/**
 * Where the controller listeners of the voters are: as configured, or as the log names them (KIP-853), or for
 * the leader of the latest epoch as it or others say. What is configured goes first: it is how this node reaches
 * the voter, through a proxy or another network perhaps, and all that 3.8 knows. A leader goes before the log,
 * which is behind where it has moved, until the log names another place. Ids below 0 are the servers of
 * `controller.quorum.bootstrap.servers`, -2 first, as in Kafka.
 */
export class VoterAddresses implements KnownAddresses {
  readonly #config: AddressConfig;
  readonly #voters: () => VoterSet;
  #leader: LearnedLeader | undefined;

  constructor(config: AddressConfig, voters: () => VoterSet) {
    this.#config = config;
    this.#voters = voters;
  }

  get bootstrapIds(): readonly number[] {
    return this.#config.bootstrapServers.map((_, index) => -2 - index);
  }

  addressOf(id: number): SocketAddress | undefined {
    if (id < 0) return this.#config.bootstrapServers[-2 - id];
    const logged = this.#logged(id);
    const leader = this.#leader?.id === id ? this.#leader : undefined;
    if (logged === undefined) return this.#configured(id) ?? leader?.address;
    const isNews = leader !== undefined && isSame(leader.logged, logged);
    return isNews ? leader.address : logged;
  }

  /** `host:port`, for logs. */
  textOf(id: number): string | undefined {
    const address = this.addressOf(id);
    return address && `${address.host}:${address.port}`;
  }

  /** A leader says where it listens. */
  learnFrom(leader: ElectedLeader, endpoints: readonly VoterEndpoint[]): void {
    const endpoint = endpoints.find(({ name }) => this.#isController(name));
    if (endpoint !== undefined) this.learn(leader, endpoint);
  }

  /** Somebody says where a leader is. */
  learn({ id, epoch }: ElectedLeader, { host, port }: SocketAddress): void {
    const isOld = this.#leader !== undefined && epoch < this.#leader.epoch;
    if (isOld || host === '' || port <= 0) return;
    this.#leader = { id, epoch, address: { host, port }, logged: this.#logged(id) };
  }

  /** Why a voter with these listeners could not be reached, or undefined. */
  problemWith(endpoints: readonly VoterEndpoint[]): string | undefined {
    if (endpoints.some(({ name }) => this.#isController(name))) return undefined;
    const [name = 'CONTROLLER'] = this.#config.controllerListenerNames;
    const found = endpoints.map((each) => each.name).join(', ');
    return `Add voter request didn't include the endpoint (${found}) for the default listener ${name}`;
  }

  #isController(name: string): boolean {
    return this.#config.controllerListenerNames.includes(name.toUpperCase());
  }

  #logged(id: number): SocketAddress | undefined {
    const voter = this.#voters().find((each) => each.id === id);
    return voter?.endpoints.find(({ name }) => this.#isController(name));
  }

  #configured(id: number): SocketAddress | undefined {
    return this.#config.voters.find(({ nodeId }) => nodeId === id);
  }
}

function isSame(a: SocketAddress | undefined, b: SocketAddress): boolean {
  return a?.host === b.host && a.port === b.port;
}
