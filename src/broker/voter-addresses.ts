import type { SocketAddress } from '../base/network.ts';
import type { KnownAddresses } from '../raft/raft-wire-server.ts';
import type { VoterEndpoint, VoterSet } from '../raft/voter-set.ts';
import type { QuorumVoter } from './quorum-voters.ts';

interface AddressConfig {
  readonly voters: readonly QuorumVoter[];
  readonly controllerListenerNames: readonly string[];
  readonly bootstrapServers: readonly SocketAddress[];
}

/** More is forgotten: who leads is told again. */
const LEARNED_MAX = 1_000;

/**
 * Where the controller listeners of the voters are: as the log names them (KIP-853), as configured, or as
 * leaders say. What is configured goes before what a leader says of itself: it is how this node reaches the
 * voter, through a proxy or another network perhaps, and all that 3.8 knows. Ids below 0 are the servers of `controller.quorum.bootstrap.servers`, -2 first, as in Kafka.
 */
export class VoterAddresses implements KnownAddresses {
  readonly #config: AddressConfig;
  readonly #voters: () => VoterSet;
  readonly #learned = new Map<number, SocketAddress>();

  constructor(config: AddressConfig, voters: () => VoterSet) {
    this.#config = config;
    this.#voters = voters;
  }

  get bootstrapIds(): readonly number[] {
    return this.#config.bootstrapServers.map((_, index) => -2 - index);
  }

  addressOf(id: number): SocketAddress | undefined {
    if (id < 0) return this.#config.bootstrapServers[-2 - id];
    const voter = this.#voters().find((each) => each.id === id);
    const named = voter?.endpoints.find(({ name }) => this.#isController(name));
    return named ?? this.#configured(id) ?? this.#learned.get(id);
  }

  /** `host:port`, for logs. */
  textOf(id: number): string | undefined {
    const address = this.addressOf(id);
    return address && `${address.host}:${address.port}`;
  }

  /** A leader says where it listens. */
  learnFrom(id: number, endpoints: readonly VoterEndpoint[]): void {
    const endpoint = endpoints.find(({ name }) => this.#isController(name));
    if (endpoint !== undefined) this.learn(id, endpoint);
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

  /** Another replica says where a leader is. */
  learn(id: number, { host, port }: SocketAddress): void {
    if (id < 0 || host === '' || port <= 0) return;
    if (LEARNED_MAX <= this.#learned.size) this.#learned.clear();
    this.#learned.set(id, { host, port });
  }

  #configured(id: number): SocketAddress | undefined {
    return this.#config.voters.find(({ nodeId }) => nodeId === id);
  }
}
