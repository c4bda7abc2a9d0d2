import type { SocketAddress } from '../base/network.ts';
import { ConfigError } from './client-errors.ts';

/** A client's configuration under Kafka's key names, all as text. */
export type ClientProperties = Readonly<Record<string, string>>;

/** What every client knows, whatever it does. */
export interface CommonConfig {
  readonly bootstrapServers: readonly SocketAddress[];
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
  readonly setupTimeoutMs: number;
}

/** Reads typed values; throws ConfigError with Kafka's words. */
export class ConfigReader {
  readonly #properties: ClientProperties;

  constructor(properties: ClientProperties) {
    this.#properties = properties;
  }

  has(key: string): boolean {
    return this.#properties[key] !== undefined;
  }

  string(key: string, defaultValue: string): string {
    return this.#properties[key]?.trim() ?? defaultValue;
  }

  integer(key: string, defaultValue: number, min = Number.NEGATIVE_INFINITY): number {
    const text = this.#properties[key]?.trim();
    if (text === undefined) return defaultValue;
    if (!/^-?\d{1,15}$/.test(text)) {
      throw invalid(key, text, 'Not a number of type INT');
    }
    const value = Number(text);
    if (value < min) throw invalid(key, text, `Value must be at least ${min}`);
    return value;
  }

  boolean(key: string, defaultValue: boolean): boolean {
    const text = this.#properties[key]?.trim().toLowerCase();
    if (text === undefined) return defaultValue;
    if (text === 'true' || text === 'false') return text === 'true';
    throw invalid(key, text, 'Expected value to be either true or false');
  }

  oneOf<const T extends string>(key: string, values: readonly T[], defaultValue: T): T {
    const text = this.#properties[key]?.trim();
    if (text === undefined) return defaultValue;
    const value = values.find((each) => each === text);
    if (value === undefined) {
      throw invalid(key, text, `String must be one of: ${values.join(', ')}`);
    }
    return value;
  }
}

export function readCommonConfig(
  properties: ClientProperties,
  defaults: { readonly clientId: string },
): CommonConfig {
  const reader = new ConfigReader(properties);
  return {
    bootstrapServers: readBootstrapServers(properties['bootstrap.servers']),
    clientId: reader.string('client.id', '') || defaults.clientId,
    requestTimeoutMs: reader.integer('request.timeout.ms', 30_000, 0),
    retryBackoffMs: reader.integer('retry.backoff.ms', 100, 0),
    retryBackoffMaxMs: reader.integer('retry.backoff.max.ms', 1000, 0),
    reconnectBackoffMs: reader.integer('reconnect.backoff.ms', 50, 0),
    reconnectBackoffMaxMs: reader.integer('reconnect.backoff.max.ms', 1000, 0),
    metadataMaxAgeMs: reader.integer('metadata.max.age.ms', 300_000, 0),
    setupTimeoutMs: reader.integer('socket.connection.setup.timeout.ms', 10_000, 0),
  };
}

/** `host:port,host:port`; throws ConfigError. */
export function readBootstrapServers(text: string | undefined): readonly SocketAddress[] {
  if (text === undefined) {
    throw new ConfigError(
      'Missing required configuration "bootstrap.servers" which has no default value.',
    );
  }
  const urls = text
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  if (urls.length === 0) {
    throw new ConfigError('No resolvable bootstrap urls given in bootstrap.servers');
  }
  return urls.map(readHostPort);
}

function readHostPort(url: string): SocketAddress {
  const match = /^(?:[a-zA-Z][a-zA-Z0-9+]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:(\d+)$/.exec(url);
  const [, host = '', port = ''] = match ?? [];
  if (host === '' || 65_535 < Number(port)) {
    throw new ConfigError(`Invalid url in bootstrap.servers: ${url}`);
  }
  return { host, port: Number(port) };
}

function invalid(key: string, value: string, reason: string): ConfigError {
  return new ConfigError(`Invalid value ${value} for configuration ${key}: ${reason}`);
}
