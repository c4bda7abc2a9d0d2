import { unreachable } from '../base/assert.ts';
import type { BrokerRegistrationChangeRecord } from '../protocol/schemas/records/broker-registration-change-record.ts';
import type { ClientQuotaRecord } from '../protocol/schemas/records/client-quota-record.ts';
import type { ConfigRecord } from '../protocol/schemas/records/config-record.ts';
import type { FeatureLevelRecord } from '../protocol/schemas/records/feature-level-record.ts';
import { CopyOnWriteMap } from './copy-on-write-map.ts';
import {
  type BrokerRegistration,
  configResourceKey,
  configResourceTypes,
  type MetadataImage,
  type Provenance,
} from './metadata-image.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { MetadataReplayError } from './metadata-replay-error.ts';
import { TopicsDelta } from './topics-delta.ts';

/** More records than any transaction has (bootstrap has 4); a log beyond it is not ours. */
const TRANSACTION_RECORDS_MAX = 100_000;

/**
 * Replays records on top of an image. The only writer of metadata: the controller that decides,
 * one that restarts, and a broker that follows all come here, so that they cannot differ.
 */
export class MetadataDelta {
  readonly base: MetadataImage;
  readonly topics: TopicsDelta;
  readonly #brokers: CopyOnWriteMap<number, BrokerRegistration>;
  readonly #controllers;
  readonly #configs;
  readonly #features;
  readonly #clientQuotas;
  readonly #acls;
  readonly #scramCredentials;
  readonly #delegationTokens;
  readonly #changedBrokers = new Set<number>();
  readonly #changedConfigs = new Set<string>();
  #nextProducerId: number;
  #zkMigrationState: number;
  #openTransaction: MetadataRecord[] | null;

  constructor(base: MetadataImage) {
    this.base = base;
    this.topics = new TopicsDelta(base.topics);
    this.#brokers = new CopyOnWriteMap(base.brokers);
    this.#controllers = new CopyOnWriteMap(base.controllers);
    this.#configs = new CopyOnWriteMap(base.configs);
    this.#features = new CopyOnWriteMap(base.features);
    this.#clientQuotas = new CopyOnWriteMap(base.clientQuotas);
    this.#acls = new CopyOnWriteMap(base.acls);
    this.#scramCredentials = new CopyOnWriteMap(base.scramCredentials);
    this.#delegationTokens = new CopyOnWriteMap(base.delegationTokens);
    this.#nextProducerId = base.nextProducerId;
    this.#zkMigrationState = base.zkMigrationState;
    this.#openTransaction = base.openTransaction === null ? null : [...base.openTransaction];
  }

  /** Ids of brokers that came, went or changed. */
  get changedBrokers(): ReadonlySet<number> {
    return this.#changedBrokers;
  }

  /** `configResourceKey`s of resources whose overrides changed. */
  get changedConfigs(): ReadonlySet<string> {
    return this.#changedConfigs;
  }

  /** Throws MetadataReplayError when the record contradicts the image; the delta is then of no use. */
  replay(record: MetadataRecord): void {
    switch (record.kind) {
      case 'BeginTransactionRecord':
        this.#beginTransaction();
        return;
      case 'EndTransactionRecord':
        for (const held of this.#takeTransaction(record.kind)) this.#replayNow(held);
        return;
      case 'AbortTransactionRecord':
        this.#takeTransaction(record.kind);
        return;
      default:
        if (this.#openTransaction === null) this.#replayNow(record);
        else this.#hold(this.#openTransaction, record);
    }
  }

  /**
   * A snapshot was replayed that replaces `before`, of which a listener may know: what is not in it any more has
   * changed as well.
   */
  finishSnapshot(before: MetadataImage): void {
    this.topics.finishSnapshot(before.topics);
    for (const key of before.configs.keys()) this.#changedConfigs.add(key);
    for (const brokerId of before.brokers.keys()) this.#changedBrokers.add(brokerId);
  }

  /** The image with all that was replayed. */
  apply(provenance: Provenance): MetadataImage {
    return {
      provenance,
      topics: this.topics.apply(),
      brokers: this.#brokers.current,
      controllers: this.#controllers.current,
      configs: this.#configs.current,
      features: this.#features.current,
      clientQuotas: this.#clientQuotas.current,
      acls: this.#acls.current,
      scramCredentials: this.#scramCredentials.current,
      delegationTokens: this.#delegationTokens.current,
      nextProducerId: this.#nextProducerId,
      zkMigrationState: this.#zkMigrationState,
      openTransaction: this.#openTransaction,
    };
  }

  #beginTransaction(): void {
    if (this.#openTransaction !== null) {
      throw new MetadataReplayError('BeginTransactionRecord comes inside a transaction');
    }
    this.#openTransaction = [];
  }

  #takeTransaction(kind: string): readonly MetadataRecord[] {
    const held = this.#openTransaction;
    if (held === null) throw new MetadataReplayError(`${kind} comes outside of a transaction`);
    this.#openTransaction = null;
    return held;
  }

  #hold(held: MetadataRecord[], record: MetadataRecord): void {
    if (TRANSACTION_RECORDS_MAX <= held.length) {
      throw new MetadataReplayError(`a transaction has over ${TRANSACTION_RECORDS_MAX} records`);
    }
    held.push(record);
  }

  #replayNow(record: MetadataRecord): void {
    switch (record.kind) {
      case 'TopicRecord':
        this.topics.createTopic(record.message);
        return;
      case 'PartitionRecord':
        this.topics.setPartition(record.message);
        return;
      case 'PartitionChangeRecord':
        this.topics.changePartition(record.message);
        return;
      case 'RemoveTopicRecord':
        this.#removeTopic(record.message.topicId);
        return;
      case 'ConfigRecord':
        this.#setConfig(record.message);
        return;
      case 'RegisterBrokerRecord':
        this.#setBroker(record.message);
        return;
      case 'BrokerRegistrationChangeRecord':
        this.#changeBroker(record.message);
        return;
      case 'FenceBrokerRecord':
      case 'UnfenceBrokerRecord':
        this.#setBroker({
          ...this.#broker(record.message.id, record.message.epoch),
          fenced: record.kind === 'FenceBrokerRecord',
        });
        return;
      case 'UnregisterBrokerRecord':
        this.#removeBroker(record.message.brokerId, record.message.brokerEpoch);
        return;
      default:
        this.#replayOther(record);
    }
  }

  #replayOther(record: Exclude<MetadataRecord, { kind: HandledKind }>): void {
    switch (record.kind) {
      case 'NoOpRecord':
      case 'BeginTransactionRecord':
      case 'EndTransactionRecord':
      case 'AbortTransactionRecord':
        return;
      case 'FeatureLevelRecord':
        this.#setFeature(record.message);
        return;
      case 'ProducerIdsRecord':
        this.#nextProducerId = record.message.nextProducerId;
        return;
      case 'RegisterControllerRecord':
        this.#controllers.set(record.message.controllerId, record.message);
        return;
      case 'ClientQuotaRecord':
        this.#setQuota(record.message);
        return;
      case 'ZkMigrationStateRecord':
        this.#zkMigrationState = record.message.zkMigrationState;
        return;
      default:
        this.#replaySecurity(record);
    }
  }

  #replaySecurity(record: Extract<MetadataRecord, { kind: SecurityKind }>): void {
    switch (record.kind) {
      case 'AccessControlEntryRecord':
        this.#acls.set(record.message.id, record.message);
        return;
      case 'RemoveAccessControlEntryRecord':
        this.#acls.delete(record.message.id);
        return;
      case 'UserScramCredentialRecord':
        this.#scramCredentials.set(scramKey(record.message), record.message);
        return;
      case 'RemoveUserScramCredentialRecord':
        this.#scramCredentials.delete(scramKey(record.message));
        return;
      case 'DelegationTokenRecord':
        this.#delegationTokens.set(record.message.tokenId, record.message);
        return;
      case 'RemoveDelegationTokenRecord':
        this.#delegationTokens.delete(record.message.tokenId);
        return;
      default:
        unreachable(record);
    }
  }

  #removeTopic(topicId: string): void {
    const topic = this.topics.removeTopic(topicId);
    const key = configResourceKey(configResourceTypes.TOPIC, topic.name);
    if (this.#configs.delete(key)) this.#changedConfigs.add(key);
  }

  #setConfig(record: ConfigRecord): void {
    const key = configResourceKey(record.resourceType, record.resourceName);
    const overrides = new Map(this.#configs.get(key));
    if (record.value === null) overrides.delete(record.name);
    else overrides.set(record.name, record.value);
    if (overrides.size === 0) this.#configs.delete(key);
    else this.#configs.set(key, overrides);
    this.#changedConfigs.add(key);
  }

  #setBroker(broker: BrokerRegistration): void {
    this.#brokers.set(broker.brokerId, broker);
    this.#changedBrokers.add(broker.brokerId);
  }

  #changeBroker(record: BrokerRegistrationChangeRecord): void {
    const broker = this.#broker(record.brokerId, record.brokerEpoch);
    this.#setBroker({
      ...broker,
      fenced: record.fenced === 0 ? broker.fenced : 0 < record.fenced,
      inControlledShutdown:
        record.inControlledShutdown === 0
          ? broker.inControlledShutdown
          : 0 < record.inControlledShutdown,
      logDirs: record.logDirs.length === 0 ? broker.logDirs : record.logDirs,
    });
  }

  #removeBroker(brokerId: number, brokerEpoch: number): void {
    this.#broker(brokerId, brokerEpoch);
    this.#brokers.delete(brokerId);
    this.#changedBrokers.add(brokerId);
  }

  #broker(brokerId: number, brokerEpoch: number): BrokerRegistration {
    const broker = this.#brokers.get(brokerId);
    if (broker === undefined || broker.brokerEpoch !== brokerEpoch) {
      throw new MetadataReplayError(
        `a record is for broker ${brokerId} at epoch ${brokerEpoch}, which is not registered`,
      );
    }
    return broker;
  }

  #setFeature({ name, featureLevel }: FeatureLevelRecord): void {
    if (featureLevel === 0) this.#features.delete(name);
    else this.#features.set(name, featureLevel);
  }

  #setQuota({ entity, key, value, remove }: ClientQuotaRecord): void {
    const entityKey = quotaEntityKey(entity);
    const quotas = new Map(this.#clientQuotas.get(entityKey)?.quotas);
    if (remove) quotas.delete(key);
    else quotas.set(key, value);
    if (quotas.size === 0) this.#clientQuotas.delete(entityKey);
    else this.#clientQuotas.set(entityKey, { entity, quotas });
  }
}

type SecurityKind =
  | 'AccessControlEntryRecord'
  | 'RemoveAccessControlEntryRecord'
  | 'UserScramCredentialRecord'
  | 'RemoveUserScramCredentialRecord'
  | 'DelegationTokenRecord'
  | 'RemoveDelegationTokenRecord';

type HandledKind =
  | 'TopicRecord'
  | 'PartitionRecord'
  | 'PartitionChangeRecord'
  | 'RemoveTopicRecord'
  | 'ConfigRecord'
  | 'RegisterBrokerRecord'
  | 'BrokerRegistrationChangeRecord'
  | 'FenceBrokerRecord'
  | 'UnfenceBrokerRecord'
  | 'UnregisterBrokerRecord';

/** The same text for the same entity, whatever the order of its parts. */
export function quotaEntityKey(entity: ClientQuotaRecord['entity']): string {
  const parts = entity.map(({ entityType, entityName }) => [entityType, entityName]);
  return JSON.stringify(parts.sort());
}

function scramKey({ name, mechanism }: { name: string; mechanism: number }): string {
  return `${mechanism}:${name}`;
}
