import { NetworkError, type SocketAddress } from '../../base/network.ts';
import { observerAddress, observerName } from '../observer.ts';
import type { Port } from '../port.ts';
import type { LinkFault, LinkRequest, LinkState, OpenConnection } from '../system-calls.ts';
import type { Endpoint } from './endpoint.ts';
import { SwitchboardTaps } from './switchboard-taps.ts';

interface Listening {
  readonly endpoint: Endpoint;
  readonly listener: number;
  readonly host: string;
  readonly port: number;
}

interface Established {
  readonly id: number;
  /** The client's address and the server's. */
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Ends that have not said yet that they are done. */
  readonly open: Set<Endpoint>;
  /** The survivor of a broken connection learns it only when the network is whole. */
  resetWaits: Endpoint | undefined;
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly state: LinkState;
}

interface Attempt {
  readonly endpoint: Endpoint;
  readonly address: SocketAddress;
  readonly resolve: (opened: OpenConnection) => void;
  readonly reject: (error: NetworkError) => void;
}

const anyHost = '0.0.0.0';
const loopback = '127.0.0.1';
const firstEphemeralPort = 32_768;
const lastEphemeralPort = 60_999;
const lastPrivilegedPort = 1_023;

/**
 * The network of the lab: names, ports, and who is connected to whom. Bytes never pass here: both ends
 * of a connection get a port of one channel. Each direction between two machines is a link of its own; a
 * cut or slow one is kept by the sending end, which is told; as in TCP a cut connection breaks nothing
 * until somebody's patience ends.
 */
export class Switchboard {
  readonly #machines: readonly string[];
  readonly #openChannel: () => readonly [Port, Port];
  readonly #listening = new Map<string, Listening[]>();
  readonly #established = new Map<number, Established>();
  readonly #attempts = new Set<Attempt>();
  readonly #links = new Map<string, Link>();
  #taps: SwitchboardTaps | undefined;
  #lastConnection = 0;
  #nextEphemeralPort = firstEphemeralPort;

  constructor(machines: readonly string[], openChannel: () => readonly [Port, Port]) {
    this.#machines = machines;
    this.#openChannel = openChannel;
  }

  /** Throws NetworkError (EADDRINUSE, EADDRNOTAVAIL, EACCES). */
  listen(endpoint: Endpoint, listener: number, address: SocketAddress): SocketAddress {
    const host = this.#localHost(endpoint.machine, address.host);
    if (0 < address.port && address.port <= lastPrivilegedPort) {
      throw new NetworkError('EACCES', `Permission denied: ${shown(host, address.port)}`);
    }
    const port = address.port === 0 ? this.#freePort(endpoint.machine) : address.port;
    const taken = this.#listeners(endpoint.machine, port);
    if (taken.some((other) => other.host === host || other.host === anyHost || host === anyHost)) {
      throw new NetworkError('EADDRINUSE', `Address already in use: ${shown(host, port)}`);
    }
    taken.push({ endpoint, listener, host, port });
    this.#listening.set(`${endpoint.machine}:${port}`, taken);
    return { host, port };
  }

  closeListener(endpoint: Endpoint, listener: number): void {
    this.#forgetListeners((l) => l.endpoint === endpoint && l.listener === listener);
  }

  #forgetListeners(isGone: (listening: Listening) => boolean): void {
    for (const [key, listeners] of this.#listening) {
      const kept = listeners.filter((listening) => !isGone(listening));
      if (kept.length === 0) this.#listening.delete(key);
      else this.#listening.set(key, kept);
    }
  }

  /** Rejects with NetworkError (ENOTFOUND, ECONNREFUSED); waits while the link is cut. */
  connect(
    endpoint: Endpoint,
    address: SocketAddress,
  ): { readonly opened: Promise<OpenConnection>; readonly cancel: () => void } {
    let cancel = () => {};
    const opened = new Promise<OpenConnection>((resolve, reject) => {
      const attempt = { endpoint, address, resolve, reject };
      cancel = () => {
        if (this.#attempts.delete(attempt))
          reject(new NetworkError('ABORTED', 'connect cancelled'));
      };
      this.#try(attempt);
    });
    return { opened, cancel };
  }

  /** The IP address of a name. Throws NetworkError (ENOTFOUND). */
  resolve(machine: string, host: string): string {
    if (host === 'localhost' || host === loopback || host === '::1' || host === '') return loopback;
    if (host === anyHost || host === '::') return loopback;
    const index = this.#machines.findIndex((name, at) => name === host || addressOf(at) === host);
    if (index < 0)
      throw new NetworkError('ENOTFOUND', `${host}: Name or service not known (on ${machine})`);
    return addressOf(index);
  }

  /** One end of a connection is closed for good. */
  closed(endpoint: Endpoint, connection: number): void {
    const established = this.#established.get(connection);
    if (!established) return;
    established.open.delete(endpoint);
    if (established.open.size > 0) return;
    this.#established.delete(connection);
    this.#taps?.closed(connection);
  }

  /** A process is gone with its sockets. */
  endpointGone(endpoint: Endpoint): void {
    this.#taps?.gone(endpoint);
    this.#forgetListeners((listening) => listening.endpoint === endpoint);
    for (const attempt of this.#attempts) {
      if (attempt.endpoint === endpoint) this.#attempts.delete(attempt);
    }
    for (const established of [...this.#established.values()]) {
      if (established.open.has(endpoint)) this.#break(established, endpoint);
    }
  }

  #break(established: Established, gone: Endpoint): void {
    this.closed(gone, established.id);
    const peer = peerOf(established, gone);
    if (!established.open.has(peer)) return;
    if (this.linkFrom(gone.machine, peer.machine).isCut) established.resetWaits = peer;
    else peer.reset(established.id);
  }

  /** From now on all processes tell `sink` what they send; without one, nobody tells anything. */
  setTap(sink: Port | undefined): void {
    this.#taps?.dispose();
    this.#taps = sink && new SwitchboardTaps(sink, this.#openChannel);
    for (const established of this.#established.values()) this.#taps?.opened(established);
  }

  /** How the network is in one direction. */
  linkFrom(from: string, to: string): LinkState {
    return this.#links.get(linkKey(from, to))?.state ?? wholeLink;
  }

  /** Whether packets pass in both directions. */
  isPassable(a: string, b: string): boolean {
    return !this.linkFrom(a, b).isCut && !this.linkFrom(b, a).isCut;
  }

  /** Changes one direction, or `both` of them. */
  setLink({ from, to, change, both }: LinkRequest): void {
    this.#change(from, to, change);
    if (both) this.#change(to, from, change);
    this.#linksChanged();
  }

  /** Every link whole and fast, or those that `isHealed` picks. */
  heal(isHealed: (fault: LinkFault) => boolean = () => true): void {
    for (const fault of this.faults()) {
      if (isHealed(fault)) this.#links.delete(linkKey(fault.from, fault.to));
    }
    this.#linksChanged();
  }

  /** What is cut or slow just now. */
  faults(): readonly LinkFault[] {
    return [...this.#links.values()].map(({ from, to, state }) => ({ from, to, ...state }));
  }

  /** Told after each change of the links. */
  onLinksChanged: (() => void) | undefined;

  listeningOn(machine: string): readonly SocketAddress[] {
    return [...this.#listening.values()]
      .flat()
      .filter(({ endpoint }) => endpoint.machine === machine)
      .map(({ host, port }) => ({ host, port }));
  }

  #change(from: string, to: string, change: Partial<LinkState>): void {
    const state = { ...this.linkFrom(from, to), ...change };
    if (state.isCut || 0 < state.delayMs) this.#links.set(linkKey(from, to), { from, to, state });
    else this.#links.delete(linkKey(from, to));
  }

  #linksChanged(): void {
    for (const established of [...this.#established.values()]) {
      const { id, open, resetWaits } = established;
      for (const end of open) end.linkChanged(id, this.#linkOf(established, end));
      if (!resetWaits || !open.has(resetWaits)) continue;
      if (this.linkFrom(peerOf(established, resetWaits).machine, resetWaits.machine).isCut)
        continue;
      established.resetWaits = undefined;
      resetWaits.reset(id);
    }
    this.onLinksChanged?.();
    for (const attempt of [...this.#attempts]) {
      this.#attempts.delete(attempt);
      this.#try(attempt);
    }
  }

  /** The direction in which this end sends. */
  #linkOf(established: Established, end: Endpoint): LinkState {
    return this.linkFrom(end.machine, peerOf(established, end).machine);
  }

  #try(attempt: Attempt): void {
    const { endpoint, address } = attempt;
    try {
      const remote = this.resolve(endpoint.machine, address.host);
      const target =
        remote === loopback ? endpoint.machine : (this.#machines[indexOfAddress(remote)] ?? '');
      if (!this.isPassable(endpoint.machine, target)) {
        this.#attempts.add(attempt);
        return;
      }
      attempt.resolve(this.#establish(endpoint, target, { host: remote, port: address.port }));
    } catch (error) {
      attempt.reject(error as NetworkError);
    }
  }

  #establish(client: Endpoint, target: string, remote: SocketAddress): OpenConnection {
    const listening = this.#listeners(target, remote.port).find(
      ({ host }) => host === anyHost || host === remote.host,
    );
    if (!listening) {
      throw new NetworkError(
        'ECONNREFUSED',
        `Connection refused: ${shown(remote.host, remote.port)}`,
      );
    }
    this.#lastConnection += 1;
    const connection = this.#lastConnection;
    const server = listening.endpoint;
    const open = new Set([client, server]);
    const [near, far] = this.#openChannel();
    const host = remote.host === loopback ? loopback : this.#addressOf(client.machine);
    const local = { host, port: this.#freePort(client.machine) };
    const ends = { id: connection, client, server, local, remote };
    const established = { ...ends, open, resetWaits: undefined };
    this.#established.set(connection, established);
    this.#taps?.opened(established);
    server.accept(listening.listener, {
      connection,
      port: far.raw,
      local: remote,
      remote: local,
      link: this.linkFrom(target, client.machine),
    });
    const link = this.linkFrom(client.machine, target);
    return { connection, port: near.raw, local, remote, link };
  }

  #addressOf(machine: string): string {
    return machine === observerName ? observerAddress : this.resolve(machine, machine);
  }

  #listeners(machine: string, port: number): Listening[] {
    return this.#listening.get(`${machine}:${port}`) ?? [];
  }

  /** The address to listen on, in canonical form. */
  #localHost(machine: string, host: string): string {
    if (host === '' || host === anyHost || host === '::') return anyHost;
    const address = this.resolve(machine, host);
    if (address === loopback || this.#machines[indexOfAddress(address)] === machine) return address;
    throw new NetworkError('EADDRNOTAVAIL', `Cannot assign requested address: ${host}`);
  }

  #freePort(machine: string): number {
    for (;;) {
      const port = this.#nextEphemeralPort;
      this.#nextEphemeralPort = port === lastEphemeralPort ? firstEphemeralPort : port + 1;
      if (!this.#listening.has(`${machine}:${port}`)) return port;
    }
  }
}

const wholeLink: LinkState = { isCut: false, delayMs: 0 };
const firstHostNumber = 11;

/** The machines' addresses: 10.0.0.11, 10.0.0.12 … */
export function addressOf(index: number): string {
  return `10.0.0.${firstHostNumber + index}`;
}

function indexOfAddress(address: string): number {
  return Number(address.slice(address.lastIndexOf('.') + 1)) - firstHostNumber;
}

function linkKey(from: string, to: string): string {
  return `${from} ${to}`;
}

function peerOf({ client, server }: Established, end: Endpoint): Endpoint {
  return client === end ? server : client;
}

function shown(host: string, port: number): string {
  return `${host}:${port}`;
}
