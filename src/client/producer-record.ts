import { partitionForKey } from '../protocol/murmur2.ts';
import type { RecordHeader } from '../protocol/records/record-iterator.ts';
import { BrokerError } from './client-errors.ts';
import type { TopicInfo } from './client-metadata.ts';

export interface ProducerRecord {
  readonly topic: string;
  readonly partition?: number;
  /** Milliseconds since the epoch; now by default. */
  readonly timestamp?: number;
  readonly key?: Uint8Array | null;
  /** Copied before `send` returns; when `send` answers false it may be needed until `ready()` resolves. */
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
}

export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

/** The partition that the record names, else that of its key. */
export function choosePartition(
  record: ProducerRecord,
  key: Uint8Array | null,
  info: TopicInfo,
): number {
  if (record.partition !== undefined || key === null) return record.partition ?? 0;
  return partitionForKey(key, info.partitions.length);
}

/** `limitBytes` is the value of the configuration `key`. */
export function tooLarge(sizeBytes: number, limitBytes: number, key: string): BrokerError {
  const limit =
    key === 'buffer.memory'
      ? `the total memory buffer you have configured with the ${key} configuration.`
      : `${limitBytes}, which is the value of the ${key} configuration.`;
  return new BrokerError(
    'MESSAGE_TOO_LARGE',
    `The message is ${sizeBytes} bytes when serialized which is larger than ${limit}`,
  );
}
