import { ByteReader } from '../protocol/byte-reader.ts';
import { ByteWriter, joinChunks } from '../protocol/byte-writer.ts';
import { readMessage, writeMessage } from '../protocol/codec.ts';
import {
  type ConsumerProtocolAssignment,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../protocol/schemas/consumer-protocol.ts';
import { groupByTopic, type TopicPartition } from './topic-partition.ts';

const latestVersion = 3;

/** What a member sends with JoinGroup: a version, then the message. */
export function encodeSubscription(
  topics: readonly string[],
  owned: readonly TopicPartition[],
  generationId: number,
): Uint8Array {
  const writer = new ByteWriter();
  writer.int16(latestVersion);
  const ownedPartitions = toTopics(owned);
  const message = { topics, ownedPartitions, generationId };
  writeMessage(consumerProtocolSubscription, latestVersion, message, writer);
  return joinChunks(writer.chunks());
}

/** The topics of a member's subscription. Throws DecodeError. */
export function decodeSubscriptionTopics(bytes: Uint8Array): readonly string[] {
  const reader = new ByteReader(bytes);
  const version = Math.min(reader.int16(), latestVersion);
  return readMessage(consumerProtocolSubscription, version, reader).topics;
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Uint8Array {
  const writer = new ByteWriter();
  writer.int16(latestVersion);
  const message = { assignedPartitions: toTopics(partitions) };
  writeMessage(consumerProtocolAssignment, latestVersion, message, writer);
  return joinChunks(writer.chunks());
}

/** Empty bytes are an empty assignment. Throws DecodeError. */
export function decodeAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  const reader = new ByteReader(bytes);
  const version = Math.min(reader.int16(), latestVersion);
  const message: ConsumerProtocolAssignment = readMessage(
    consumerProtocolAssignment,
    version,
    reader,
  );
  return message.assignedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function toTopics(partitions: readonly TopicPartition[]) {
  return groupByTopic(partitions).map(({ topic, partitions: own }) => ({
    topic,
    partitions: own.map(({ partition }) => partition),
  }));
}
