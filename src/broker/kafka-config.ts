import { assert } from '../base/assert.ts';
import type { SocketAddress } from '../base/network.ts';
import { parseConfigList, parseConfigValue } from '../controller/config-definition.ts';
import type { ConfigValue } from '../controller/config-validators.ts';
import { brokerConfigs } from '../controller/schemas/broker-configs.ts';
import { ConfigException, requireConfig } from './config-exception.ts';
import {
  type EndPoint,
  parseAdvertised,
  parseEndPoints,
  parseSecurityProtocolMap,
} from './listener-config.ts';
import { parseBootstrapServers, parseQuorumVoters, type QuorumVoter } from './quorum-voters.ts';
import { checkRoles } from './role-checks.ts';

export type ProcessRole = 'broker' | 'controller';

/** A node's `server.properties`: checked as Kafka checks it, with Kafka's defaults for what is not there. */
export class KafkaConfig {
  readonly properties: ReadonlyMap<string, string>;
  readonly nodeId: number;
  readonly roles: ReadonlySet<ProcessRole>;
  readonly logDirs: readonly string[];
  readonly metadataLogDir: string;
  /** Of all kinds. */
  readonly listeners: readonly EndPoint[];
  readonly brokerListeners: readonly EndPoint[];
  readonly controllerListeners: readonly EndPoint[];
  /** Where clients reach the broker. */
  readonly advertisedListeners: readonly EndPoint[];
  /** Where the other nodes reach the controller (KIP-853). */
  readonly advertisedControllerListeners: readonly EndPoint[];
  /** `advertised.listeners` as it is, of all kinds. */
  readonly advertised: readonly EndPoint[];
  readonly interBrokerListenerName: string;
  readonly controllerListenerNames: readonly string[];
  /** Security protocols by listener name. */
  readonly protocols: ReadonlyMap<string, string>;
  readonly voters: readonly QuorumVoter[];
  /** Whom to ask for the voters where they are not configured (KIP-853). */
  readonly bootstrapServers: readonly SocketAddress[];

  /** Throws ConfigException. */
  constructor(properties: ReadonlyMap<string, string>) {
    this.properties = withSynonyms(properties);
    for (const name of this.properties.keys()) this.#value(name);
    this.voters = parseQuorumVoters(this.list('controller.quorum.voters'));
    this.bootstrapServers = parseBootstrapServers(this.list('controller.quorum.bootstrap.servers'));
    this.roles = this.#parseRoles();
    this.nodeId = this.#parseNodeId();
    this.logDirs = this.#parseLogDirs();
    this.metadataLogDir = this.optional('metadata.log.dir') ?? this.logDirs[0] ?? '';

    this.controllerListenerNames = this.list('controller.listener.names').map((name) =>
      name.toUpperCase(),
    );
    this.protocols = this.#parseProtocols();
    this.listeners = parseEndPoints(
      this.optional('listeners') ?? 'PLAINTEXT://:9092',
      this.protocols,
    );
    const isController = ({ listenerName }: EndPoint) =>
      this.controllerListenerNames.includes(listenerName);
    this.controllerListeners = this.listeners.filter(isController);
    this.brokerListeners = this.listeners.filter((endPoint) => !isController(endPoint));
    const advertised = this.optional('advertised.listeners');
    this.advertised = parseAdvertised(advertised ?? '', this.protocols);
    this.advertisedListeners =
      advertised === null
        ? this.brokerListeners
        : this.advertised.filter((endPoint) => !isController(endPoint));
    this.advertisedControllerListeners = this.controllerListeners.map(
      (endPoint) =>
        this.advertised.find(({ listenerName }) => listenerName === endPoint.listenerName) ??
        endPoint,
    );
    this.interBrokerListenerName = this.#parseInterBrokerListener(this.protocols);
    checkRoles(this);
    this.#refuseSecurity();
  }

  /** Without a map of its own a controller listener is PLAINTEXT (KafkaConfig.effectiveListenerSecurityProtocolMap). */
  #parseProtocols(): ReadonlyMap<string, string> {
    const name = 'listener.security.protocol.map';
    const protocols = parseSecurityProtocolMap(this.string(name));
    if (this.properties.has(name)) return protocols;
    const controllers = this.controllerListenerNames.map((each) => [each, 'PLAINTEXT'] as const);
    return new Map([...controllers, ...protocols]);
  }

  static of(properties: Readonly<Record<string, string>>): KafkaConfig {
    return new KafkaConfig(new Map(Object.entries(properties)));
  }

  /** An INT, SHORT, LONG or DOUBLE; Kafka's largest LONG is Infinity here. */
  number(name: string): number {
    const value = this.#value(name);
    if (typeof value === 'bigint') {
      return value === 9_223_372_036_854_775_807n ? Number.POSITIVE_INFINITY : Number(value);
    }
    assert(typeof value === 'number', `${name} is a number with a default`);
    return value;
  }

  /** As `number`, null where it is not set and has no default. */
  optionalNumber(name: string): number | null {
    return this.#value(name) === null ? null : this.number(name);
  }

  boolean(name: string): boolean {
    const value = this.#value(name);
    assert(typeof value === 'boolean', `${name} is a boolean with a default`);
    return value;
  }

  string(name: string): string {
    return this.optional(name) ?? '';
  }

  optional(name: string): string | null {
    const value = this.#value(name);
    return value === null ? null : String(value);
  }

  list(name: string): readonly string[] {
    return parseConfigList(this.optional(name) ?? '');
  }

  get isBroker(): boolean {
    return this.roles.has('broker');
  }

  get isController(): boolean {
    return this.roles.has('controller');
  }

  #value(name: string): ConfigValue | null {
    const definition = brokerConfigs.get(name);
    const text = this.properties.get(name) ?? definition?.defaultValue ?? null;
    // Kafka lets unknown keys pass: they may be a plugin's.
    if (definition === undefined || text === null) return text;
    if (text === definition.defaultValue && !this.properties.has(name)) {
      const parsed = parseConfigValue(definition, text);
      return parsed.kind === 'valid' ? parsed.value : text;
    }
    const parsed = parseConfigValue(definition, text);
    if (parsed.kind === 'invalid') throw new ConfigException(parsed.message);
    return parsed.value;
  }

  #parseRoles(): ReadonlySet<ProcessRole> {
    const roles = this.list('process.roles');
    if (roles.length === 0) {
      throw new ConfigException(
        'Missing required configuration `zookeeper.connect` which has no default value.',
      );
    }
    if (new Set(roles).size < roles.length) {
      throw new ConfigException(
        `Duplicate role names found in \`process.roles\`: ArrayBuffer(${roles.join(', ')})`,
      );
    }
    return new Set(roles as readonly ProcessRole[]);
  }

  #parseNodeId(): number {
    const nodeId = this.properties.get('node.id');
    if (nodeId !== this.properties.get('broker.id')) {
      throw new ConfigException('You must set `node.id` to the same value as `broker.id`.');
    }
    if (nodeId === undefined || Number(nodeId) < 0) {
      throw new ConfigException(
        'Missing configuration `node.id` which is required when `process.roles` is defined (i.e. when running in KRaft mode).',
      );
    }
    return Number(nodeId);
  }

  #parseLogDirs(): readonly string[] {
    const dirs = this.properties.has('log.dirs') ? this.list('log.dirs') : this.list('log.dir');
    requireConfig(
      0 < dirs.length,
      'At least one log directory must be defined via log.dirs or log.dir.',
    );
    return [...new Set(dirs)];
  }

  #parseInterBrokerListener(protocols: ReadonlyMap<string, string>): string {
    const name = this.optional('inter.broker.listener.name')?.toUpperCase();
    if (name === undefined) return this.string('security.inter.broker.protocol').toUpperCase();
    if (!protocols.has(name)) {
      throw new ConfigException(
        `Listener with name ${name} defined in inter.broker.listener.name not found in listener.security.protocol.map.`,
      );
    }
    return name;
  }

  /** Simplified: Kafka also speaks TLS and SASL. Refused by name rather than served in the clear. */
  #refuseSecurity(): void {
    for (const endPoint of this.listeners) {
      if (endPoint.securityProtocol === 'PLAINTEXT') continue;
      throw new ConfigException(
        `Listener ${endPoint.listenerName} asks for ${endPoint.securityProtocol}, which this broker does not speak: only PLAINTEXT listeners are served`,
      );
    }
  }
}

/** `node.id` and `broker.id` stand for each other where only one is there (`KafkaConfig.populateSynonyms`). */
function withSynonyms(properties: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const nodeId = properties.get('node.id');
  const brokerId = properties.get('broker.id');
  const both = new Map<string, string>();
  if (brokerId !== undefined || nodeId !== undefined)
    both.set('broker.id', brokerId ?? nodeId ?? '');
  if (brokerId !== undefined || nodeId !== undefined) both.set('node.id', nodeId ?? brokerId ?? '');
  return new Map([...both, ...properties]);
}
