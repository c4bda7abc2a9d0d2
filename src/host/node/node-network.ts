import { connect as connectSocket, createServer, type Server } from 'node:net';
import {
  type Connection,
  type ConnectOptions,
  type Listener,
  type Network,
  NetworkError,
  type SocketAddress,
} from '../../base/network.ts';
import { toNetworkError } from './internal/errors.ts';
import { NodeConnection } from './node-connection.ts';

/** TCP. Host names resolve through `hosts` first, so that a lab's `worker1` can be this machine. */
export class NodeNetwork implements Network {
  readonly #hosts: ReadonlyMap<string, string>;

  constructor(options: { hosts?: Readonly<Record<string, string>> } = {}) {
    this.#hosts = new Map(Object.entries(options.hosts ?? {}));
  }

  listen(
    address: SocketAddress,
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) =>
        onConnection(new NodeConnection(socket)),
      );
      server.once('error', (error) => reject(toNetworkError(error)));
      const host = this.#resolve(address.host);
      server.listen({ port: address.port, ...(host === '' ? {} : { host }) }, () => {
        server.removeAllListeners('error');
        // An accept that fails (EMFILE) must not end the process: the next one may succeed.
        server.on('error', () => {});
        resolve(new NodeListener(server, address.host));
      });
    });
  }

  connect(address: SocketAddress, options: ConnectOptions = {}): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const { timeoutMs, signal } = options;
      if (signal?.aborted) return reject(new NetworkError('ABORTED', 'the connect was aborted'));
      const socket = connectSocket({
        host: this.#resolve(address.host),
        port: address.port,
        noDelay: true,
      });
      const fail = (error: NetworkError) => {
        settle();
        socket.destroy();
        reject(error);
      };
      const onAbort = () => fail(new NetworkError('ABORTED', 'the connect was aborted'));
      const onError = (error: Error) => fail(toNetworkError(error));
      const timer = setDeadline(timeoutMs, () => fail(timedOut(address, timeoutMs ?? 0)));
      const settle = () => {
        clearTimeout(timer);
        socket.removeListener('error', onError);
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort);
      socket.once('error', onError);
      socket.once('connect', () => {
        settle();
        socket.pause();
        resolve(new NodeConnection(socket));
      });
    });
  }

  #resolve(host: string): string {
    return this.#hosts.get(host) ?? host;
  }
}

class NodeListener implements Listener {
  readonly address: SocketAddress;
  readonly #server: Server;

  constructor(server: Server, host: string) {
    const bound = server.address();
    this.address = { host, port: bound !== null && typeof bound === 'object' ? bound.port : 0 };
    this.#server = server;
  }

  dispose(): void {
    this.#server.close();
  }
}

function setDeadline(timeoutMs: number | undefined, task: () => void): NodeJS.Timeout | undefined {
  return timeoutMs === undefined ? undefined : setTimeout(task, timeoutMs);
}

function timedOut(address: SocketAddress, timeoutMs: number): NetworkError {
  const where = `${address.host}:${address.port}`;
  return new NetworkError('ETIMEDOUT', `no connection to ${where} within ${timeoutMs} ms`);
}
