import type { SocketAddress } from '../base/network.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { EndPoint } from './listener-config.ts';
import type { FrameRouter } from './request-router.ts';
import { SocketServer } from './socket-server.ts';

export interface NodeListeners {
  readonly sockets: SocketServer;
  /** With the real ports, by listener name. */
  readonly addresses: ReadonlyMap<string, SocketAddress>;
}

/** Opens one part's listeners. Rejects with NetworkError; then none is left open. */
export async function openListeners(
  ports: BrokerPorts,
  config: KafkaConfig,
  {
    listenerType,
    endPoints,
    router,
  }: {
    readonly listenerType: 'BROKER' | 'CONTROLLER';
    readonly endPoints: readonly EndPoint[];
    readonly router: FrameRouter;
  },
): Promise<NodeListeners> {
  const limits = {
    frameBytesMax: config.number('socket.request.max.bytes'),
    connectionsMax: config.number('max.connections'),
    connectionsPerAddressMax: config.number('max.connections.per.ip'),
    idleMs: config.number('connections.max.idle.ms'),
  };
  const sockets = new SocketServer(ports, limits, config.nodeId);
  const addresses = new Map<string, SocketAddress>();
  try {
    for (const { listenerName: name, host, port } of endPoints) {
      const options = { name, listenerType, address: { host, port }, router };
      addresses.set(name, await sockets.listen(options));
    }
  } catch (error) {
    sockets.dispose();
    throw error;
  }
  return { sockets, addresses };
}
