import type { CompressionType } from '../protocol/records/compression.ts';
import type { TimestampType } from '../protocol/records/record-batch.ts';

/** What a topic's configuration says about its logs (org.apache.kafka.storage.internals.log.LogConfig). */
export interface LogConfig {
  /** `segment.bytes` */
  readonly segmentBytes: number;
  /** `segment.ms` */
  readonly segmentMs: number;
  /** `segment.index.bytes`: an index of this size makes the segment roll. */
  readonly segmentIndexBytes: number;
  /** `index.interval.bytes` */
  readonly indexIntervalBytes: number;
  /** `retention.bytes`; -1 is no limit. */
  readonly retentionBytes: number;
  /** `retention.ms`; -1 is no limit. */
  readonly retentionMs: number;
  /** `max.message.bytes`: of a whole batch, as it is stored. */
  readonly maxMessageBytes: number;
  /** `cleanup.policy` */
  readonly cleanupPolicy: readonly ('delete' | 'compact')[];
  /** `message.timestamp.type` */
  readonly messageTimestampType: TimestampType;
  /** `message.timestamp.before.max.ms`: how far a record's time may lie behind the broker's. */
  readonly messageTimestampBeforeMaxMs: number;
  /** `message.timestamp.after.max.ms` */
  readonly messageTimestampAfterMaxMs: number;
  /** `compression.type`: `producer` keeps what the producer chose. */
  readonly compressionType: CompressionType | 'producer';
  /** `file.delete.delay.ms` */
  readonly fileDeleteDelayMs: number;
  /** `flush.messages`: how many records may wait for a flush; Infinity leaves it to the operating system. */
  readonly flushMessages: number;
}

/** Kafka 3.8's defaults. */
export const logConfigDefaults: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionBytes: -1,
  retentionMs: 604_800_000,
  maxMessageBytes: 1_048_588,
  cleanupPolicy: ['delete'],
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  messageTimestampAfterMaxMs: Number.POSITIVE_INFINITY,
  compressionType: 'producer',
  fileDeleteDelayMs: 60_000,
  flushMessages: Number.POSITIVE_INFINITY,
};
