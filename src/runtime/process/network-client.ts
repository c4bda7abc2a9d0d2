import {
  type Connection,
  type ConnectOptions,
  type Listener,
  type Network,
  NetworkError,
  type SocketAddress,
} from '../../base/network.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import { ConnectionTaps } from '../inspector/connection-taps.ts';
import type { RpcClient } from '../rpc.ts';
import type { KernelEvent, OpenConnection, SystemCalls } from '../system-calls.ts';
import { type ConnectionProcess, PortConnection } from './port-connection.ts';

/** How long Linux tries to connect to a host that does not answer. */
const connectTimeoutMs = 127_000;

/** The Network port of a process. */
export class NetworkClient implements Network {
  readonly #kernel: RpcClient<SystemCalls, KernelEvent>;
  readonly #scheduler: Scheduler;
  readonly #process: ConnectionProcess;
  readonly #listeners = new Map<number, (connection: Connection) => void>();
  /** By number; a process that is connected to itself has two with one number. */
  readonly #connections = new Map<number, Set<PortConnection>>();
  #tap: ConnectionTaps | undefined;
  #lastNumber = 0;
  #isHeld = false;

  constructor(kernel: RpcClient<SystemCalls, KernelEvent>, process: ConnectionProcess) {
    this.#kernel = kernel;
    this.#process = process;
    this.#scheduler = process.scheduler;
  }

  async listen(
    address: SocketAddress,
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    this.#lastNumber += 1;
    const listener = this.#lastNumber;
    this.#listeners.set(listener, onConnection);
    try {
      const taken = await this.#kernel.call('listen', { listener, address });
      return {
        address: taken,
        dispose: () => {
          if (!this.#listeners.delete(listener)) return;
          this.#kernel.post('closeListener', { listener });
        },
      };
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
  }

  async connect(address: SocketAddress, options: ConnectOptions = {}): Promise<Connection> {
    const { signal, timeoutMs = connectTimeoutMs } = options;
    if (signal?.aborted) throw new NetworkError('ABORTED', 'connect aborted');
    this.#lastNumber += 1;
    const attempt = this.#lastNumber;
    let isTimedOut = false;
    const cancel = () => this.#kernel.post('cancelConnect', { attempt });
    const timer = this.#scheduler.after(timeoutMs, () => {
      isTimedOut = true;
      cancel();
    });
    signal?.addEventListener('abort', cancel);
    try {
      const opened = await this.#kernel.call('connect', { attempt, address });
      const connection = this.#adopt(opened, true);
      if (signal?.aborted) {
        connection.dispose();
        throw new NetworkError('ABORTED', 'connect aborted');
      }
      return connection;
    } catch (error) {
      throw isTimedOut ? timedOut(address, error) : error;
    } finally {
      timer.dispose();
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Answers true when the event was about the network. */
  handleEvent(event: KernelEvent): boolean {
    switch (event.event) {
      case 'accept': {
        const onConnection = this.#listeners.get(event.listener);
        const connection = this.#adopt(event.opened, false);
        if (onConnection) onConnection(connection);
        else connection.dispose();
        return true;
      }
      case 'reset':
        for (const connection of this.#connections.get(event.connection) ?? []) {
          connection.peerIsGone();
        }
        return true;
      case 'link':
        for (const connection of this.#connections.get(event.connection) ?? []) {
          connection.setLink(event.link);
        }
        return true;
      case 'tap':
        this.#setTap(event.port);
        return true;
      default:
        return false;
    }
  }

  /** While held, no connection delivers data: its process has more to write than its disk takes. */
  setHeld(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const connections of this.#connections.values()) {
      for (const connection of connections) connection.setHeld(isHeld);
    }
  }

  /** The process ends: its connections are closed in order, behind what was written. */
  closeAll(): void {
    for (const connections of [...this.#connections.values()]) {
      for (const connection of [...connections]) connection.dispose();
    }
    this.#tap?.flush();
  }

  #setTap(port: object | undefined): void {
    this.#tap?.dispose();
    this.#tap = port && new ConnectionTaps(port, this.#scheduler);
    for (const connections of this.#connections.values()) {
      for (const connection of connections) this.#tap?.add(connection, false);
    }
  }

  #adopt(opened: OpenConnection, isClient: boolean): PortConnection {
    const { connection: number } = opened;
    const connections = this.#connections.get(number) ?? new Set();
    this.#connections.set(number, connections);
    const connection = new PortConnection(opened, isClient, this.#process, () => {
      connections.delete(connection);
      this.#tap?.remove(connection);
      if (connections.size === 0) this.#connections.delete(number);
      this.#kernel.post('connectionClosed', { connection: number });
    });
    connections.add(connection);
    this.#tap?.add(connection, true);
    if (this.#isHeld) connection.setHeld(true);
    return connection;
  }
}

function timedOut({ host, port }: SocketAddress, cause: unknown): NetworkError {
  return new NetworkError('ETIMEDOUT', `Connection timed out: ${host}:${port}`, { cause });
}
