import type { TimestampType } from '../protocol/records/record-batch.ts';
import type { DecodedRecord } from '../protocol/records/record-iterator.ts';
import type { TopicPartition } from './topic-partition.ts';

/** Consecutive records of one partition. */
export interface PartitionRecords extends TopicPartition {
  readonly timestampType: TimestampType;
  readonly records: readonly DecodedRecord[];
}

/** Told before partitions are given up and after new ones have come. */
export interface RebalanceListener {
  onRevoked?(partitions: readonly TopicPartition[]): void | Promise<void>;
  onAssigned?(partitions: readonly TopicPartition[]): void | Promise<void>;
}
