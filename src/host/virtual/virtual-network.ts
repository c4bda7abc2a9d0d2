import { assert } from '../../base/assert.ts';
import type { Connection, Listener, Network, SocketAddress } from '../../base/network.ts';
import { type ConnectOptions, NetworkError } from '../../base/network.ts';
import { type Random, randomBelow } from '../../base/random.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import { connectionPair, type VirtualConnection } from './virtual-connection.ts';

interface OpenListener {
  readonly host: string;
  readonly port: number;
  readonly onConnection: (connection: Connection) => void;
}

const ephemeralPortFirst = 32_768;
const ephemeralPortLast = 60_999;
/** How long Linux waits at least before it sends a lost segment again. */
const retransmissionMs = 200;
/** Linux gives up on a silent peer after about this time. */
const connectTimeoutDefaultMs = 127_000;

/**
 * Machines with names on a network that a test can cut and slow down. A cut link loses nothing: as with
 * TCP, bytes wait and arrive after `heal`, unless somebody gives up before.
 */
export class VirtualNetwork {
  /** What a chunk takes between two different machines, unless `delay` says otherwise. */
  delayMs = 0;
  readonly #scheduler: Scheduler;
  readonly #hosts = new Set<string>();
  readonly #listeners = new Map<string, OpenListener>();
  readonly #connections = new Set<VirtualConnection>();
  readonly #cuts = new Set<string>();
  readonly #delaysMs = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #roughness: { random: Random; jitterMs: number; loss: number } | undefined;
  #nextPort = ephemeralPortFirst;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The network as the machine `name` sees it; the first call puts the machine on the network. */
  host(name: string): Network {
    this.#hosts.add(name);
    return {
      listen: (address, onConnection) => this.#listen(name, address, onConnection),
      connect: (address, options) => this.#connect(name, address, options ?? {}),
    };
  }

  /** Holds back everything between two machines, both ways, until `heal`. */
  cut(a: string, b: string): void {
    this.cutOneWay(a, b);
    this.cutOneWay(b, a);
  }

  /** Holds back everything from one machine to another; the other way stays whole. */
  cutOneWay(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  /** Breaks all connections between two machines; new ones may be made. */
  reset(a: string, b: string): void {
    for (const connection of [...this.#connections]) {
      const { local, remote } = connection;
      const isBetween =
        (local.host === a && remote.host === b) || (local.host === b && remote.host === a);
      if (isBetween) connection.reset();
    }
  }

  /**
   * Every chunk between two different machines takes up to `jitterMs` longer, and `loss` of a thousand are lost
   * and sent again, as TCP does, after 200 ms. `random` decides.
   */
  roughen(random: Random, roughness: { readonly jitterMs: number; readonly loss: number }): void {
    this.#roughness = { random, ...roughness };
  }

  /** Takes back `roughen`. */
  smooth(): void {
    this.#roughness = undefined;
  }

  /** Mends all cuts; what was held back is delivered. Delays stay. */
  heal(): void {
    this.#cuts.clear();
    for (const connection of this.#connections) connection.deliver();
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Every byte between two machines takes `delayMs`, each way. */
  delay(a: string, b: string, delayMs: number): void {
    this.#delaysMs.set(linkOf(a, b), delayMs);
  }

  /** The machine's processes are gone: its connections reset, its ports are free. */
  crash(name: string): void {
    for (const [key, listener] of this.#listeners) {
      if (listener.host === name) this.#listeners.delete(key);
    }
    for (const connection of [...this.#connections]) {
      if (connection.local.host === name) connection.dispose();
    }
  }

  isCut(from: string, to: string): boolean {
    return 0 < this.#cuts.size && this.#cuts.has(`${from}>${to}`);
  }

  delayMsBetween(from: string, to: string): number {
    const delayMs = this.#delaysMs.get(linkOf(from, to)) ?? (from === to ? 0 : this.delayMs);
    if (this.#roughness === undefined || from === to) return delayMs;
    const { random, jitterMs, loss } = this.#roughness;
    const isLost = randomBelow(random, 1000) < loss;
    return delayMs + randomBelow(random, jitterMs + 1) + (isLost ? retransmissionMs : 0);
  }

  async #listen(
    host: string,
    address: SocketAddress,
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    await undefined;
    if (!isOwnAddress(host, address.host)) {
      throw new NetworkError('EADDRNOTAVAIL', `listen EADDRNOTAVAIL: ${format(address)}`);
    }
    const port = address.port === 0 ? this.#freePort(host) : address.port;
    const key = `${host}:${port}`;
    if (this.#listeners.has(key)) {
      throw new NetworkError('EADDRINUSE', `listen EADDRINUSE: ${address.host}:${port}`);
    }
    const listener = { host, port, onConnection };
    this.#listeners.set(key, listener);
    const remove = () => {
      if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
    };
    return { address: { host: address.host, port }, dispose: remove };
  }

  async #connect(
    from: string,
    address: SocketAddress,
    options: ConnectOptions,
  ): Promise<Connection> {
    const to = isLoopback(address.host) ? from : address.host;
    if (!this.#hosts.has(to)) {
      throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${address.host}`);
    }
    await this.#handshake(from, to, options);
    const listener = this.#listeners.get(`${to}:${address.port}`);
    if (listener === undefined) {
      throw new NetworkError('ECONNREFUSED', `connect ECONNREFUSED ${format(address)}`);
    }
    const [near, far] = connectionPair(this, this.#scheduler, {
      client: { host: from, port: this.#freePort(from) },
      server: { host: to, port: address.port },
    });
    for (const end of [near, far]) {
      this.#connections.add(end);
      end.onClosed = () => this.#connections.delete(end);
    }
    listener.onConnection(far);
    assert(far.isStarted, 'a listener starts a connection in the turn in which it gets it');
    return near;
  }

  /** There and back once; waits while the link is cut. */
  #handshake(from: string, to: string, options: ConnectOptions): Promise<void> {
    const { signal, timeoutMs = connectTimeoutDefaultMs } = options;
    return new Promise((resolve, reject) => {
      const fail = (error: NetworkError) => {
        finish();
        reject(error);
      };
      const onAbort = () => fail(new NetworkError('ABORTED', `connect to ${to} was given up`));
      const timer = this.#scheduler.after(timeoutMs, () =>
        fail(new NetworkError('ETIMEDOUT', `connect ETIMEDOUT ${to}`)),
      );
      let isDone = false;
      const finish = () => {
        isDone = true;
        timer.dispose();
        signal?.removeEventListener('abort', onAbort);
      };
      const attempt = () => {
        if (isDone) return;
        if (this.isCut(from, to) || this.isCut(to, from)) {
          this.#waiting.push(attempt);
          return;
        }
        finish();
        resolve();
      };
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort);
      const roundTripMs = this.delayMsBetween(from, to) + this.delayMsBetween(to, from);
      if (roundTripMs === 0) this.#scheduler.soon(attempt);
      else this.#scheduler.after(roundTripMs, attempt);
    });
  }

  #freePort(host: string): number {
    for (let tries = ephemeralPortFirst; tries <= ephemeralPortLast; tries++) {
      const port = this.#nextPort;
      this.#nextPort = port === ephemeralPortLast ? ephemeralPortFirst : port + 1;
      if (!this.#listeners.has(`${host}:${port}`)) return port;
    }
    throw new NetworkError('EADDRNOTAVAIL', `no free port on ${host}`);
  }
}

function linkOf(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

function isLoopback(host: string): boolean {
  return host === '' || host === 'localhost' || host === '127.0.0.1' || host === '0.0.0.0';
}

function isOwnAddress(own: string, host: string): boolean {
  return isLoopback(host) || host === own;
}

function format(address: SocketAddress): string {
  return `${address.host}:${address.port}`;
}
