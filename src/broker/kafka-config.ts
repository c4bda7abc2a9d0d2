import { assert } from '../base/assert.ts';
import { parseConfigList, parseConfigValue } from '../controller/config-definition.ts';
import type { ConfigValue } from '../controller/config-validators.ts';
import { brokerConfigs } from '../controller/schemas/broker-configs.ts';
import { ConfigException } from './config-exception.ts';
import { type EndPoint, parseEndPoints, parseSecurityProtocolMap } from './listener-config.ts';

export type ProcessRole = 'broker' | 'controller';

export interface QuorumVoter {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** A node's `server.properties`: checked as Kafka checks it, with Kafka's defaults for what is not there. */
export class KafkaConfig {
  readonly properties: ReadonlyMap<string, string>;
  readonly nodeId: number;
  readonly roles: ReadonlySet<ProcessRole>;
  readonly logDirs: readonly string[];
  readonly metadataLogDir: string;
  readonly brokerListeners: readonly EndPoint[];
  readonly controllerListeners: readonly EndPoint[];
  readonly advertisedListeners: readonly EndPoint[];
  readonly interBrokerListenerName: string;
  readonly voters: readonly QuorumVoter[];

  /** Throws ConfigException. */
  constructor(properties: ReadonlyMap<string, string>) {
    this.properties = properties;
    for (const name of properties.keys()) this.#value(name);
    this.roles = this.#parseRoles();
    this.nodeId = this.#parseNodeId();
    // Each stands for the other.
    const id = `${this.nodeId}`;
    this.properties = new Map([...properties, ['node.id', id], ['broker.id', id]]);
    this.voters = this.#parseVoters();
    this.logDirs = this.#parseLogDirs();
    this.metadataLogDir = this.optional('metadata.log.dir') ?? this.logDirs[0] ?? '';

    const controllerNames = this.list('controller.listener.names').map((name) =>
      name.toUpperCase(),
    );
    const protocols = this.#parseProtocols(controllerNames);
    const listeners = parseEndPoints(this.optional('listeners') ?? 'PLAINTEXT://:9092', protocols);
    const isController = ({ listenerName }: EndPoint) => controllerNames.includes(listenerName);
    this.controllerListeners = listeners.filter(isController);
    this.brokerListeners = listeners.filter((endPoint) => !isController(endPoint));
    const advertised = this.optional('advertised.listeners');
    this.advertisedListeners =
      advertised === null ? this.brokerListeners : parseEndPoints(advertised, protocols);
    this.interBrokerListenerName = this.#parseInterBrokerListener(protocols);
    this.#check();
  }

  /** Without a map of its own a controller listener is PLAINTEXT (KafkaConfig.effectiveListenerSecurityProtocolMap). */
  #parseProtocols(controllerNames: readonly string[]): ReadonlyMap<string, string> {
    const name = 'listener.security.protocol.map';
    const protocols = parseSecurityProtocolMap(this.string(name));
    if (this.properties.has(name)) return protocols;
    const controllers = controllerNames.map((each) => [each, 'PLAINTEXT'] as const);
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
    return new Set(roles as readonly ProcessRole[]);
  }

  #parseNodeId(): number {
    const nodeId = this.properties.get('node.id') ?? this.properties.get('broker.id');
    if (nodeId === undefined || Number(nodeId) < 0) {
      throw new ConfigException(
        'Missing configuration `node.id` which is required when `process.roles` is defined (i.e. when running in KRaft mode).',
      );
    }
    return Number(nodeId);
  }

  #parseVoters(): readonly QuorumVoter[] {
    const text = this.list('controller.quorum.voters');
    if (text.length === 0) {
      throw new ConfigException(
        'If using process.roles, controller.quorum.voters must contain a parseable set of voters.',
      );
    }
    return text.map((voter) => {
      const match = /^(?<id>\d+)@(?<host>.+):(?<port>\d+)$/.exec(voter)?.groups;
      if (match === undefined) {
        throw new ConfigException(
          `Invalid value ${text.join(',')} for configuration controller.quorum.voters: Failed to parse config '${voter}' into id@host:port`,
        );
      }
      return {
        nodeId: Number(match['id']),
        host: match['host'] ?? '',
        port: Number(match['port']),
      };
    });
  }

  #parseLogDirs(): readonly string[] {
    const dirs = this.properties.has('log.dirs') ? this.list('log.dirs') : this.list('log.dir');
    require(0 < dirs.length, 'At least one log directory must be defined via log.dirs or log.dir.');
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

  #check(): void {
    if (this.isController) {
      require(0 <
        this.controllerListeners
          .length, "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role");
      require(this.voters.some(
        ({ nodeId }) => nodeId === this.nodeId,
      ), `If process.roles contains the 'controller' role, the node id ${this.nodeId} must be included in the set of voters controller.quorum.voters=Set(${this.voters.map(({ nodeId }) => nodeId).join(', ')})`);
    }
    if (!this.isBroker) return;
    require(!this.advertisedListeners.some(
      ({ host }) => host === '0.0.0.0',
    ), 'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.');
    require(this.advertisedListeners.some(
      ({ listenerName }) => listenerName === this.interBrokerListenerName,
    ), `inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${this.advertisedListeners.map(({ listenerName }) => listenerName).join(',')}`);
    this.#refuseSecurity();
  }

  /** Simplified: Kafka also speaks TLS and SASL. Refused by name rather than served in the clear. */
  #refuseSecurity(): void {
    for (const endPoint of [...this.brokerListeners, ...this.controllerListeners]) {
      if (endPoint.securityProtocol === 'PLAINTEXT') continue;
      throw new ConfigException(
        `Listener ${endPoint.listenerName} asks for ${endPoint.securityProtocol}, which this broker does not speak: only PLAINTEXT listeners are served`,
      );
    }
  }
}

function require(condition: boolean, message: string): void {
  if (!condition) throw new ConfigException(`requirement failed: ${message}`);
}
