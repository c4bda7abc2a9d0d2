import type { GroupConfig } from '../coordinator/group-config.ts';
import type { KafkaConfig } from './kafka-config.ts';

/** The coordinator's part of the node's configuration. */
export function groupConfigOf(config: KafkaConfig): GroupConfig {
  return {
    groupMinSessionTimeoutMs: config.number('group.min.session.timeout.ms'),
    groupMaxSessionTimeoutMs: config.number('group.max.session.timeout.ms'),
    groupInitialRebalanceDelayMs: config.number('group.initial.rebalance.delay.ms'),
    groupMaxSize: config.number('group.max.size'),
    offsetMetadataMaxBytes: config.number('offset.metadata.max.bytes'),
    offsetsRetentionMs: config.number('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckIntervalMs: config.number('offsets.retention.check.interval.ms'),
  };
}
