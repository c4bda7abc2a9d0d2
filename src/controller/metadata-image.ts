import type { AccessControlEntryRecord } from '../protocol/schemas/records/access-control-entry-record.ts';
import type { ClientQuotaRecord } from '../protocol/schemas/records/client-quota-record.ts';
import type { DelegationTokenRecord } from '../protocol/schemas/records/delegation-token-record.ts';
import type { RegisterBrokerRecord } from '../protocol/schemas/records/register-broker-record.ts';
import type { RegisterControllerRecord } from '../protocol/schemas/records/register-controller-record.ts';
import type { UserScramCredentialRecord } from '../protocol/schemas/records/user-scram-credential-record.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { directoryIds } from './metadata-version.ts';

/** A uuid as Kafka prints it: 22 characters. */
export type Uuid = string;

/** `leader` of a partition that has none. */
export const NO_LEADER = -1;

/**
 * What the metadata log says, up to one offset. Immutable: a new image shares what did not change
 * with the old one, so that it may be kept across awaits and two can be compared by reference.
 */
export interface MetadataImage {
  readonly provenance: Provenance;
  /** Finalized feature levels, `metadata.version` among them. */
  readonly features: ReadonlyMap<string, number>;
  readonly zkMigrationState: number;
  /** By node id. */
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  readonly controllers: ReadonlyMap<number, RegisterControllerRecord>;
  readonly topics: TopicsImage;
  readonly configs: ConfigsImage;
  /** By `quotaEntityKey`. */
  readonly clientQuotas: ReadonlyMap<string, ClientQuotaImage>;
  /** The first producer id that no block has taken. */
  readonly nextProducerId: number;
  /** Kept so that a snapshot loses nothing; no authorizer reads them yet. */
  readonly acls: ReadonlyMap<Uuid, AccessControlEntryRecord>;
  readonly scramCredentials: ReadonlyMap<string, UserScramCredentialRecord>;
  readonly delegationTokens: ReadonlyMap<string, DelegationTokenRecord>;
  /** Records of a metadata transaction (KIP-868) that has begun and not ended: not yet true. */
  readonly openTransaction: readonly MetadataRecord[] | null;
}

/** Where an image stands in the log. */
export interface Provenance {
  /** Of the last record in the image; -1 for the empty image. */
  readonly offset: number;
  readonly epoch: number;
  /** When that record was appended, in milliseconds since the epoch. */
  readonly timestampMs: number;
}

export interface TopicsImage {
  readonly byName: ReadonlyMap<string, TopicImage>;
  readonly byId: ReadonlyMap<Uuid, TopicImage>;
}

export interface TopicImage {
  readonly name: string;
  readonly topicId: Uuid;
  /** By partition index; there are no gaps. */
  readonly partitions: readonly PartitionRegistration[];
}

export interface PartitionRegistration {
  readonly replicas: readonly number[];
  /** One a replica, in the order of `replicas` (KIP-858). */
  readonly directories: readonly Uuid[];
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  /** Eligible leader replicas (KIP-966); null before metadata.version 3.9 or so has them. */
  readonly eligibleLeaderReplicas: readonly number[];
  readonly lastKnownElr: readonly number[];
  /** A node id, or NO_LEADER. */
  readonly leader: number;
  /** 0 recovered, 1 recovering (an unclean leader took over). */
  readonly leaderRecoveryState: number;
  /** Grows with each new leader. */
  readonly leaderEpoch: number;
  /** Grows with each change of any kind. */
  readonly partitionEpoch: number;
}

/** The state of a broker: fenced brokers lead nothing and are hidden from clients. */
export type BrokerRegistration = RegisterBrokerRecord;

/** Kafka's `ConfigResource.Type`. */
export const configResourceTypes = {
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
} as const;

/** Overrides by `configResourceKey`; a resource without overrides is absent. */
type ConfigsImage = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface ClientQuotaImage {
  readonly entity: ClientQuotaRecord['entity'];
  readonly quotas: ReadonlyMap<string, number>;
}

export const emptyImage: MetadataImage = {
  provenance: { offset: -1, epoch: -1, timestampMs: -1 },
  features: new Map(),
  zkMigrationState: 0,
  brokers: new Map(),
  controllers: new Map(),
  topics: { byName: new Map(), byId: new Map() },
  configs: new Map(),
  clientQuotas: new Map(),
  nextProducerId: 0,
  acls: new Map(),
  scramCredentials: new Map(),
  delegationTokens: new Map(),
  openTransaction: null,
};

export function topicByName(image: MetadataImage, name: string): TopicImage | undefined {
  return image.topics.byName.get(name);
}

export function topicById(image: MetadataImage, topicId: Uuid): TopicImage | undefined {
  return image.topics.byId.get(topicId);
}

export function partitionOf(
  image: MetadataImage,
  topicId: Uuid,
  partitionIndex: number,
): PartitionRegistration | undefined {
  return image.topics.byId.get(topicId)?.partitions[partitionIndex];
}

/** Overrides of a topic: what `kafka-configs.sh --describe` lists. */
export function topicConfigOverrides(
  image: MetadataImage,
  topic: string,
): ReadonlyMap<string, string> {
  return configOverrides(image, configResourceTypes.TOPIC, topic);
}

/** Dynamic configs of one broker, or with '' the cluster-wide default ones. */
export function brokerConfigOverrides(
  image: MetadataImage,
  broker: number | '',
): ReadonlyMap<string, string> {
  return configOverrides(image, configResourceTypes.BROKER, String(broker));
}

export function configOverrides(
  image: MetadataImage,
  resourceType: number,
  resourceName: string,
): ReadonlyMap<string, string> {
  return image.configs.get(configResourceKey(resourceType, resourceName)) ?? noOverrides;
}

const noOverrides: ReadonlyMap<string, string> = new Map();

export function configResourceKey(resourceType: number, resourceName: string): string {
  return `${resourceType}:${resourceName}`;
}

/** Alive for clients and placement: registered and neither fenced nor shutting down. */
export function isActiveBroker(image: MetadataImage, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

/** Whether a broker has the directory and can read it (`DirectoryId.isOnline`); one that nobody has named yet counts. */
export function isDirectoryOnline(
  broker: BrokerRegistration | undefined,
  directory: Uuid,
): boolean {
  if (broker === undefined) return false;
  if (directory === directoryIds.migrating || directory === directoryIds.unassigned) return true;
  if (directory === directoryIds.lost) return false;
  return broker.logDirs.length === 0 || broker.logDirs.includes(directory);
}

/** The finalized `metadata.version` level; 0 before bootstrap. */
export function metadataVersionOf(image: MetadataImage): number {
  return image.features.get('metadata.version') ?? 0;
}
