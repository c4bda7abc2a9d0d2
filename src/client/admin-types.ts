import type { BrokerError } from './client-errors.ts';
import type { TopicPartition } from './topic-partition.ts';

export type ConfigResourceType = 'topic' | 'broker' | 'broker-logger';

export interface ConfigResource {
  readonly type: ConfigResourceType;
  /** '' is the default of all brokers. */
  readonly name: string;
}

/** Where a value comes from (ConfigEntry.ConfigSource), by its code on the wire. */
export const configSources = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
] as const;
export type ConfigSource = (typeof configSources)[number];

export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly source: ConfigSource;
  readonly isSensitive: boolean;
  readonly isReadOnly: boolean;
  readonly synonyms: readonly ConfigSynonym[];
}

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: ConfigSource;
}

export interface ConfigChange {
  readonly name: string;
  /** null deletes. */
  readonly value: string | null;
}

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's default. */
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly assignments?: readonly (readonly number[])[];
  readonly configs: Readonly<Record<string, string>>;
}

export interface ListedOffset extends TopicPartition {
  /** -1: no such record. */
  readonly offset: number;
  readonly timestamp: number;
}

export interface PartitionResult extends TopicPartition {
  readonly error: BrokerError | undefined;
  readonly lowWatermark: number;
}
