import type { MessageSchema } from './schema.ts';
import { abortTransactionRecord } from './schemas/records/abort-transaction-record.ts';
import { accessControlEntryRecord } from './schemas/records/access-control-entry-record.ts';
import { beginTransactionRecord } from './schemas/records/begin-transaction-record.ts';
import { brokerRegistrationChangeRecord } from './schemas/records/broker-registration-change-record.ts';
import { clientQuotaRecord } from './schemas/records/client-quota-record.ts';
import { configRecord } from './schemas/records/config-record.ts';
import { delegationTokenRecord } from './schemas/records/delegation-token-record.ts';
import { endTransactionRecord } from './schemas/records/end-transaction-record.ts';
import { featureLevelRecord } from './schemas/records/feature-level-record.ts';
import { fenceBrokerRecord } from './schemas/records/fence-broker-record.ts';
import { noOpRecord } from './schemas/records/no-op-record.ts';
import { partitionChangeRecord } from './schemas/records/partition-change-record.ts';
import { partitionRecord } from './schemas/records/partition-record.ts';
import { producerIdsRecord } from './schemas/records/producer-ids-record.ts';
import { registerBrokerRecord } from './schemas/records/register-broker-record.ts';
import { registerControllerRecord } from './schemas/records/register-controller-record.ts';
import { removeAccessControlEntryRecord } from './schemas/records/remove-access-control-entry-record.ts';
import { removeDelegationTokenRecord } from './schemas/records/remove-delegation-token-record.ts';
import { removeTopicRecord } from './schemas/records/remove-topic-record.ts';
import { removeUserScramCredentialRecord } from './schemas/records/remove-user-scram-credential-record.ts';
import { topicRecord } from './schemas/records/topic-record.ts';
import { unfenceBrokerRecord } from './schemas/records/unfence-broker-record.ts';
import { unregisterBrokerRecord } from './schemas/records/unregister-broker-record.ts';
import { userScramCredentialRecord } from './schemas/records/user-scram-credential-record.ts';
import { zkMigrationStateRecord } from './schemas/records/zk-migration-state-record.ts';

/** The records of `__cluster_metadata` that Kafka 3.8 knows, by Kafka's names. */
export const metadataRecordSchemas = {
  RegisterBrokerRecord: registerBrokerRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  TopicRecord: topicRecord,
  PartitionRecord: partitionRecord,
  ConfigRecord: configRecord,
  PartitionChangeRecord: partitionChangeRecord,
  FenceBrokerRecord: fenceBrokerRecord,
  UnfenceBrokerRecord: unfenceBrokerRecord,
  RemoveTopicRecord: removeTopicRecord,
  DelegationTokenRecord: delegationTokenRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  FeatureLevelRecord: featureLevelRecord,
  ClientQuotaRecord: clientQuotaRecord,
  ProducerIdsRecord: producerIdsRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  NoOpRecord: noOpRecord,
  ZkMigrationStateRecord: zkMigrationStateRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  BeginTransactionRecord: beginTransactionRecord,
  EndTransactionRecord: endTransactionRecord,
  AbortTransactionRecord: abortTransactionRecord,
  RemoveDelegationTokenRecord: removeDelegationTokenRecord,
  RegisterControllerRecord: registerControllerRecord,
} as const satisfies Record<string, MessageSchema>;

const schemasByApiKey: ReadonlyMap<number, MessageSchema> = new Map(
  Object.values(metadataRecordSchemas).map((schema) => [schema.apiKey, schema]),
);

/** The kind of record that this API key names; undefined for kinds that 3.8 does not know. */
export function metadataRecordSchemaOf(apiKey: number): MessageSchema | undefined {
  return schemasByApiKey.get(apiKey);
}
