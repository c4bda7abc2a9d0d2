import {
  type MetadataImage,
  metadataVersionOf,
  type PartitionRegistration,
  type TopicImage,
} from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  isZkMigrationStateSupported,
  partitionRecordVersion,
  registerBrokerRecordVersion,
} from './metadata-version.ts';

/** The records that make this image out of an empty one, in the order of Kafka's `MetadataImage.write`. */
export function* recordsOfImage(image: MetadataImage): Generator<MetadataRecordInput> {
  yield* featureRecords(image);
  yield* clusterRecords(image);
  for (const topic of image.topics.byId.values()) yield* topicRecords(image, topic);
  yield* configRecords(image);
  for (const { entity, quotas } of image.clientQuotas.values()) {
    for (const [key, value] of quotas) {
      yield { kind: 'ClientQuotaRecord', version: 0, message: { entity, key, value } };
    }
  }
  if (0 < image.nextProducerId) {
    const { nextProducerId } = image;
    const message = { brokerId: -1, brokerEpoch: -1, nextProducerId };
    yield { kind: 'ProducerIdsRecord', version: 0, message };
  }
  yield* securityRecords(image);
}

function* featureRecords(image: MetadataImage): Generator<MetadataRecordInput> {
  // First of all metadata.version: how the others are written depends on it.
  const names = [...image.features.keys()].sort();
  const first = names.filter((name) => name === 'metadata.version');
  for (const name of [...first, ...names.filter((other) => other !== 'metadata.version')]) {
    const featureLevel = image.features.get(name) ?? 0;
    yield { kind: 'FeatureLevelRecord', version: 0, message: { name, featureLevel } };
  }
  if (!isZkMigrationStateSupported(metadataVersionOf(image))) return;
  const message = { zkMigrationState: image.zkMigrationState };
  yield { kind: 'ZkMigrationStateRecord', version: 0, message };
}

function* clusterRecords(image: MetadataImage): Generator<MetadataRecordInput> {
  const version = registerBrokerRecordVersion(metadataVersionOf(image));
  for (const message of image.brokers.values()) {
    yield { kind: 'RegisterBrokerRecord', version, message };
  }
  for (const message of image.controllers.values()) {
    yield { kind: 'RegisterControllerRecord', version: 0, message };
  }
}

function* topicRecords(
  image: MetadataImage,
  { name, topicId, partitions }: TopicImage,
): Generator<MetadataRecordInput> {
  yield { kind: 'TopicRecord', version: 0, message: { name, topicId } };
  const version = partitionRecordVersion(metadataVersionOf(image));
  for (const [partitionId, partition] of partitions.entries()) {
    const message = { partitionId, topicId, ...withoutElr(partition) };
    yield { kind: 'PartitionRecord', version, message };
  }
}

/** Eligible leader replicas (KIP-966) have no place in records of 3.8's version 1. */
function withoutElr(partition: PartitionRegistration) {
  return { ...partition, eligibleLeaderReplicas: null, lastKnownElr: null };
}

function* configRecords(image: MetadataImage): Generator<MetadataRecordInput> {
  for (const [key, overrides] of image.configs) {
    const colon = key.indexOf(':');
    const resource = {
      resourceType: Number(key.slice(0, colon)),
      resourceName: key.slice(colon + 1),
    };
    for (const [name, value] of overrides) {
      yield { kind: 'ConfigRecord', version: 0, message: { ...resource, name, value } };
    }
  }
}

function* securityRecords(image: MetadataImage): Generator<MetadataRecordInput> {
  for (const message of image.acls.values()) {
    yield { kind: 'AccessControlEntryRecord', version: 0, message };
  }
  for (const message of image.scramCredentials.values()) {
    yield { kind: 'UserScramCredentialRecord', version: 0, message };
  }
  for (const message of image.delegationTokens.values()) {
    yield { kind: 'DelegationTokenRecord', version: 0, message };
  }
}
