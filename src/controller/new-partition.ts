import {
  isActiveBroker,
  type MetadataImage,
  metadataVersionOf,
  type Uuid,
} from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { directoryIds, partitionRecordVersion } from './metadata-version.ts';

/** The record of a new partition, or undefined where no replica is active: nobody could lead it. */
export function newPartitionRecord(
  image: MetadataImage,
  topicId: Uuid,
  partitionId: number,
  replicas: readonly number[],
): MetadataRecordInput | undefined {
  const isr = replicas.filter((id) => isActiveBroker(image, id));
  const [leader] = isr;
  if (leader === undefined) return undefined;
  return {
    kind: 'PartitionRecord',
    version: partitionRecordVersion(metadataVersionOf(image)),
    message: {
      partitionId,
      topicId,
      replicas,
      isr,
      leader,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map((id) => defaultDirectory(image, id)),
    },
  };
}

/** With one log dir the controller knows where a replica will be; else the broker says so later (KIP-858). */
export function defaultDirectory(image: MetadataImage, brokerId: number): Uuid {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) return directoryIds.unassigned;
  const [directory, ...others] = broker.logDirs;
  if (directory === undefined) return directoryIds.migrating;
  return others.length === 0 ? directory : directoryIds.unassigned;
}
