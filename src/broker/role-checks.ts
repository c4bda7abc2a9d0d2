import { ConfigException, requireConfig } from './config-exception.ts';
import type { EndPoint } from './listener-config.ts';
import { type QuorumVoter, voterSetText } from './quorum-voters.ts';

/** What of a node's configuration is held against its roles. */
export interface RoleConfig {
  readonly nodeId: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly voters: readonly QuorumVoter[];
  readonly bootstrapServers: readonly unknown[];
  readonly listeners: readonly EndPoint[];
  readonly brokerListeners: readonly EndPoint[];
  readonly controllerListeners: readonly EndPoint[];
  readonly advertised: readonly EndPoint[];
  readonly advertisedListeners: readonly EndPoint[];
  readonly controllerListenerNames: readonly string[];
  readonly interBrokerListenerName: string;
  readonly protocols: ReadonlyMap<string, string>;
  optional(name: string): string | null;
}

/**
 * What each of the three sets of roles must and must not have (`KafkaConfig.validateValues`): as Kafka 3.8 has it
 * with configured voters, as 3.9 with `controller.quorum.bootstrap.servers`, where controllers say themselves how
 * they are reached (KIP-853). Throws ConfigException.
 */
export function checkRoles(config: RoleConfig): void {
  requireVoters(config);
  if (!config.isController) checkBrokerOnly(config);
  else if (config.isBroker) checkCombined(config);
  else checkControllerOnly(config);
  if (config.isBroker) checkBrokerListeners(config);
  checkRoutable(config);
}

function hasDynamicVoters({ bootstrapServers }: RoleConfig): boolean {
  return 0 < bootstrapServers.length;
}

function checkBrokerOnly(config: RoleConfig): void {
  const { nodeId, voters, controllerListenerNames } = config;
  forbidAdvertisedControllers(config);
  requireConfig(
    voters.every((voter) => voter.nodeId !== nodeId),
    `If process.roles contains just the 'broker' role, the node id ${nodeId} must not be included in the set of voters controller.quorum.voters=${voterSetText(voters)}`,
  );
  requireConfig(
    0 < controllerListenerNames.length,
    'controller.listener.names must contain at least one value when running KRaft with just the broker role',
  );
  requireConfig(
    config.controllerListeners.length === 0,
    "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role",
  );
  for (const name of controllerListenerNames) {
    if (config.protocols.has(name)) continue;
    throw new ConfigException(
      `Controller listener with name ${name} defined in controller.listener.names not found in listener.security.protocol.map  (an explicit security mapping for each controller listener is required if listener.security.protocol.map is non-empty, or if there are security protocols other than PLAINTEXT in use)`,
    );
  }
}

function checkControllerOnly(config: RoleConfig): void {
  requireConfig(
    hasDynamicVoters(config) || config.optional('advertised.listeners') === null,
    'The advertised.listeners config must be empty when process.roles=controller',
  );
  requireConfig(
    config.brokerListeners.length === 0,
    'The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller',
  );
  checkControllerListeners(config);
}

function checkCombined(config: RoleConfig): void {
  forbidAdvertisedControllers(config);
  checkControllerListeners(config);
}

function requireVoters({ voters, bootstrapServers }: RoleConfig): void {
  if (0 < voters.length || 0 < bootstrapServers.length) return;
  throw new ConfigException(
    'If using process.roles, controller.quorum.voters must contain a parseable set of voters.',
  );
}

function forbidAdvertisedControllers(config: RoleConfig): void {
  const { advertised, controllerListenerNames } = config;
  const isController = ({ listenerName }: EndPoint) =>
    controllerListenerNames.includes(listenerName);
  requireConfig(
    hasDynamicVoters(config) || !advertised.some(isController),
    'The advertised.listeners config must not contain KRaft controller listeners from controller.listener.names when process.roles contains the broker role because Kafka clients that send requests via advertised listeners do not send requests to KRaft controllers -- they only send requests to KRaft brokers.',
  );
}

function checkControllerListeners(config: RoleConfig): void {
  const { nodeId, voters, controllerListeners, controllerListenerNames } = config;
  requireConfig(
    // With bootstrap servers alone the log says who votes (KIP-853).
    voters.length === 0 || voters.some((voter) => voter.nodeId === nodeId),
    `If process.roles contains the 'controller' role, the node id ${nodeId} must be included in the set of voters controller.quorum.voters=${voterSetText(voters)}`,
  );
  requireConfig(
    0 < controllerListeners.length,
    "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role",
  );
  requireConfig(
    controllerListenerNames.every((name) =>
      controllerListeners.some(({ listenerName }) => listenerName === name),
    ),
    "controller.listener.names must only contain values appearing in the 'listeners' configuration when running the KRaft controller role",
  );
}

function checkBrokerListeners(config: RoleConfig): void {
  const { advertisedListeners, interBrokerListenerName } = config;
  const advertised = advertisedListeners.map(({ listenerName }) => listenerName);
  const listened = config.listeners.map(({ listenerName }) => listenerName);
  requireConfig(
    0 < advertised.length,
    'There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?',
  );
  requireConfig(
    advertised.includes(interBrokerListenerName),
    `inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${advertised.join(',')}`,
  );
  requireConfig(
    advertised.every((name) => listened.includes(name)),
    `advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found ${advertised.join(',')}. The valid options based on the current configuration are ${listened.join(',')}`,
  );
}

function checkRoutable(config: RoleConfig): void {
  const { advertised, advertisedListeners } = config;
  requireConfig(
    [...advertised, ...advertisedListeners].every(({ host }) => host !== '0.0.0.0'),
    'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
  );
}
