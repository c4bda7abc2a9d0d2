import type { SocketAddress } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { BrokerRegistrationRequest } from '../protocol/schemas/62-broker-registration.ts';
import type { ControllerRegistrationRequest } from '../protocol/schemas/70-controller-registration.ts';
import type { VoterEndpoint } from '../raft/voter-set.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { EndPoint } from './listener-config.ts';
import { randomUuid } from './random-uuid.ts';

export interface BrokerIdentity {
  readonly clusterId: string;
  readonly directoryIds: readonly string[];
  readonly previousBrokerEpoch: number;
  /** Where the listeners listen; a listener on port 0 is advertised with the port that it got. */
  readonly addresses: ReadonlyMap<string, SocketAddress>;
}

/** The metadata versions that this code knows: 3.0-IV1 to 3.8-IV0. */
export const metadataVersions = { min: 1, max: 20 } as const;

/** What a broker says of itself when it registers with the controller. */
export function registrationOf(
  config: KafkaConfig,
  random: Random,
  { clusterId, directoryIds, previousBrokerEpoch, addresses }: BrokerIdentity,
): BrokerRegistrationRequest {
  return {
    brokerId: config.nodeId,
    clusterId,
    incarnationId: randomUuid(random),
    listeners: listenersOf(config.advertisedListeners, addresses),
    features: supportedFeatures(),
    rack: config.optional('broker.rack'),
    isMigratingZkBroker: false,
    logDirs: directoryIds.filter((id) => id !== ''),
    previousBrokerEpoch,
  };
}

/** What a controller says of itself (KIP-919): of its listeners the same as to the other voters. */
export function controllerRegistrationOf(
  controllerId: number,
  random: Random,
  endpoints: readonly VoterEndpoint[],
  addresses: ReadonlyMap<string, SocketAddress>,
): ControllerRegistrationRequest {
  return {
    controllerId,
    incarnationId: randomUuid(random),
    zkMigrationReady: false,
    listeners: endpoints.map(({ name, host, port }) => ({
      name,
      host,
      port: port === 0 ? (addresses.get(name)?.port ?? 0) : port,
      securityProtocol: 0,
    })),
    features: supportedFeatures(),
  };
}

function listenersOf(
  endPoints: readonly EndPoint[],
  addresses: ReadonlyMap<string, SocketAddress>,
): BrokerRegistrationRequest['listeners'] {
  return endPoints.map(({ listenerName: name, host, port }) => ({
    name,
    host: host === '' ? 'localhost' : host,
    port: port === 0 ? (addresses.get(name)?.port ?? 0) : port,
    securityProtocol: 0,
  }));
}

function supportedFeatures(): BrokerRegistrationRequest['features'] {
  const { min: minSupportedVersion, max: maxSupportedVersion } = metadataVersions;
  return [{ name: 'metadata.version', minSupportedVersion, maxSupportedVersion }];
}
