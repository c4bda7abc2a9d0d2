import { NetworkError, type NetworkErrorCode, type SocketAddress } from '../base/network.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { EndPoint } from './listener-config.ts';
import type { FrameRouter } from './request-router.ts';
import { SocketServer } from './socket-server.ts';
import { StartupError } from './startup-error.ts';

export interface NodeListeners {
  readonly sockets: SocketServer;
  /** With the real ports, by listener name. */
  readonly addresses: ReadonlyMap<string, SocketAddress>;
}

/** Opens one part's listeners. Rejects with StartupError; then none is left open. */
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
      const listening = sockets.listen(options);
      addresses.set(name, await listening.catch(refusing(ports, options)));
    }
  } catch (error) {
    sockets.dispose();
    throw error;
  }
  return { sockets, addresses };
}

const javaMessages: Partial<Record<NetworkErrorCode, string>> = {
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EACCES: 'Permission denied',
};

/** Says what is wrong with a port as Kafka does, which names it three times. */
function refusing(
  { logger }: BrokerPorts,
  { name, address: { host, port } }: { readonly name: string; readonly address: SocketAddress },
): (error: unknown) => never {
  return (error) => {
    const reason = error instanceof NetworkError ? javaMessages[error.code] : undefined;
    if (reason === undefined) throw error;
    const bind = new StartupError(reason, 'java.net.BindException');
    const where = `${host === '' ? '0.0.0.0' : host}:${port}`;
    const socket = new StartupError(
      `Socket server failed to bind to ${where}: ${reason}.`,
      'org.apache.kafka.common.KafkaException',
      bind,
    );
    const acceptor = `Unable to start acceptor for ListenerName(${name})`;
    logger.log('ERROR', 'kafka.network.DataPlaneAcceptor', acceptor, socket);
    throw new StartupError(
      'Received a fatal error while waiting for all of the SocketServer Acceptors to be started',
      undefined,
      new StartupError(acceptor, undefined, socket),
    );
  };
}
