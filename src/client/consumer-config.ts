import { type Assignor, assignorsByName } from './assignors.ts';
import {
  type ClientProperties,
  type CommonConfig,
  ConfigReader,
  readCommonConfig,
} from './client-config.ts';
import { ConfigError } from './client-errors.ts';

export interface ConsumerConfig extends CommonConfig {
  readonly groupId: string | undefined;
  readonly groupInstanceId: string | null;
  readonly autoOffsetReset: 'latest' | 'earliest' | 'none';
  readonly commitsAutomatically: boolean;
  readonly autoCommitIntervalMs: number;
  readonly fetchMinBytes: number;
  readonly fetchMaxBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly maxPartitionFetchBytes: number;
  readonly maxPollRecords: number;
  readonly maxPollIntervalMs: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly checksCrcs: boolean;
  readonly excludesInternalTopics: boolean;
  readonly allowsAutoTopicCreation: boolean;
  readonly apiTimeoutMs: number;
  readonly assignors: readonly Assignor[];
  readonly rackId: string;
}

/** Reads `group.id`, `auto.offset.reset` and the like, with Kafka 3.8's defaults. Throws ConfigError. */
export function readConsumerConfig(properties: ClientProperties): ConsumerConfig {
  const reader = new ConfigReader(properties);
  const groupId = reader.string('group.id', '') || undefined;
  const instanceId = reader.string('group.instance.id', '') || null;
  const defaultId = groupId === undefined ? 'consumer-null-1' : `consumer-${groupId}-1`;
  return {
    ...readCommonConfig(properties, { clientId: defaultId }),
    groupId,
    groupInstanceId: instanceId,
    autoOffsetReset: reader.oneOf('auto.offset.reset', ['latest', 'earliest', 'none'], 'latest'),
    commitsAutomatically: reader.boolean('enable.auto.commit', groupId !== undefined),
    autoCommitIntervalMs: reader.integer('auto.commit.interval.ms', 5000, 0),
    fetchMinBytes: reader.integer('fetch.min.bytes', 1, 0),
    fetchMaxBytes: reader.integer('fetch.max.bytes', 52_428_800, 0),
    fetchMaxWaitMs: reader.integer('fetch.max.wait.ms', 500, 0),
    maxPartitionFetchBytes: reader.integer('max.partition.fetch.bytes', 1_048_576, 0),
    maxPollRecords: reader.integer('max.poll.records', 500, 1),
    maxPollIntervalMs: reader.integer('max.poll.interval.ms', 300_000, 1),
    sessionTimeoutMs: reader.integer('session.timeout.ms', 45_000),
    heartbeatIntervalMs: reader.integer('heartbeat.interval.ms', 3000),
    isolation: reader.oneOf(
      'isolation.level',
      ['read_uncommitted', 'read_committed'],
      'read_uncommitted',
    ),
    checksCrcs: reader.boolean('check.crcs', true),
    excludesInternalTopics: reader.boolean('exclude.internal.topics', true),
    allowsAutoTopicCreation: reader.boolean('allow.auto.create.topics', true),
    apiTimeoutMs: reader.integer('default.api.timeout.ms', 60_000, 0),
    assignors: readAssignors(reader),
    rackId: reader.string('client.rack', ''),
  };
}

const javaPackage = 'org.apache.kafka.clients.consumer.';

// Simplified: Kafka's default is range with cooperative-sticky as a second offer; we offer range alone.
function readAssignors(reader: ConfigReader): readonly Assignor[] {
  const text = reader.string('partition.assignment.strategy', `${javaPackage}RangeAssignor`);
  const names = text.split(',').map((name) => name.trim().replace(javaPackage, ''));
  return names.map((name) => {
    const assignor = assignorsByName.get(name);
    if (assignor !== undefined) return assignor;
    throw new ConfigError(`partition.assignment.strategy ${name} is not supported yet`);
  });
}
