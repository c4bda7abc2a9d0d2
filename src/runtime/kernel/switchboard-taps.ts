import type { Disposable } from '../../base/disposable.ts';
import type { SocketAddress } from '../../base/network.ts';
import type { TapMessage, TappedEnd } from '../inspector/tap-messages.ts';
import { observerName } from '../observer.ts';
import type { Port } from '../port.ts';
import type { Endpoint } from './endpoint.ts';

interface TappableConnection {
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
}

/**
 * While the frame inspector is open: asks processes for copies of what they send, each over a channel of its
 * own to the inspector, and tells it who is connected to whom. Bytes do not pass here either.
 */
export class SwitchboardTaps implements Disposable {
  readonly #sink: Port;
  readonly #openChannel: () => readonly [Port, Port];
  readonly #tapped = new Set<Endpoint>();
  readonly #told = new Set<number>();

  constructor(sink: Port, openChannel: () => readonly [Port, Port]) {
    this.#sink = sink;
    this.#openChannel = openChannel;
  }

  opened(connection: TappableConnection): void {
    const { id, client, server, local, remote } = connection;
    if (client.machine === observerName) return;
    this.#told.add(id);
    this.#tell({
      kind: 'connection',
      connection: { id, client: describe(client, local), server: describe(server, remote) },
    });
    this.#tap(client);
    this.#tap(server);
  }

  closed(connection: number): void {
    if (this.#told.delete(connection)) this.#tell({ kind: 'closed', connection });
  }

  gone(endpoint: Endpoint): void {
    this.#tapped.delete(endpoint);
  }

  dispose(): void {
    for (const endpoint of this.#tapped) endpoint.tap?.(undefined);
    this.#tapped.clear();
    this.#sink.close();
  }

  #tap(endpoint: Endpoint): void {
    if (endpoint.tap === undefined || this.#tapped.has(endpoint)) return;
    this.#tapped.add(endpoint);
    const [near, far] = this.#openChannel();
    this.#tell({ kind: 'process', port: far.raw }, [far.raw]);
    endpoint.tap(near);
  }

  #tell(message: TapMessage, transfer?: readonly object[]): void {
    this.#sink.post(message, transfer);
  }
}

function describe(endpoint: Endpoint, { host, port }: SocketAddress): TappedEnd {
  const { pid, command } = endpoint.identity ?? { pid: 0, command: ['page'] };
  return { machine: endpoint.machine, pid, command, host, port };
}
