import type { MessageSchema } from './schema.ts';
import { produceRequest, produceResponse } from './schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from './schemas/01-fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from './schemas/02-list-offsets.ts';
import { metadataRequest, metadataResponse } from './schemas/03-metadata.ts';
import { leaderAndIsrRequest, leaderAndIsrResponse } from './schemas/04-leader-and-isr.ts';
import { stopReplicaRequest, stopReplicaResponse } from './schemas/05-stop-replica.ts';
import { updateMetadataRequest, updateMetadataResponse } from './schemas/06-update-metadata.ts';
import {
  controlledShutdownRequest,
  controlledShutdownResponse,
} from './schemas/07-controlled-shutdown.ts';
import { offsetCommitRequest, offsetCommitResponse } from './schemas/08-offset-commit.ts';
import { offsetFetchRequest, offsetFetchResponse } from './schemas/09-offset-fetch.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from './schemas/10-find-coordinator.ts';
import { joinGroupRequest, joinGroupResponse } from './schemas/11-join-group.ts';
import { heartbeatRequest, heartbeatResponse } from './schemas/12-heartbeat.ts';
import { leaveGroupRequest, leaveGroupResponse } from './schemas/13-leave-group.ts';
import { syncGroupRequest, syncGroupResponse } from './schemas/14-sync-group.ts';
import { describeGroupsRequest, describeGroupsResponse } from './schemas/15-describe-groups.ts';
import { listGroupsRequest, listGroupsResponse } from './schemas/16-list-groups.ts';
import { saslHandshakeRequest, saslHandshakeResponse } from './schemas/17-sasl-handshake.ts';
import { apiVersionsRequest, apiVersionsResponse } from './schemas/18-api-versions.ts';
import { createTopicsRequest, createTopicsResponse } from './schemas/19-create-topics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from './schemas/20-delete-topics.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from './schemas/21-delete-records.ts';
import { initProducerIdRequest, initProducerIdResponse } from './schemas/22-init-producer-id.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from './schemas/23-offset-for-leader-epoch.ts';
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from './schemas/24-add-partitions-to-txn.ts';
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from './schemas/25-add-offsets-to-txn.ts';
import { endTxnRequest, endTxnResponse } from './schemas/26-end-txn.ts';
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from './schemas/27-write-txn-markers.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from './schemas/28-txn-offset-commit.ts';
import { describeAclsRequest, describeAclsResponse } from './schemas/29-describe-acls.ts';
import { createAclsRequest, createAclsResponse } from './schemas/30-create-acls.ts';
import { deleteAclsRequest, deleteAclsResponse } from './schemas/31-delete-acls.ts';
import { describeConfigsRequest, describeConfigsResponse } from './schemas/32-describe-configs.ts';
import { alterConfigsRequest, alterConfigsResponse } from './schemas/33-alter-configs.ts';
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from './schemas/34-alter-replica-log-dirs.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from './schemas/35-describe-log-dirs.ts';
import {
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from './schemas/36-sasl-authenticate.ts';
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from './schemas/37-create-partitions.ts';
import {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
} from './schemas/38-create-delegation-token.ts';
import {
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from './schemas/39-renew-delegation-token.ts';
import {
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
} from './schemas/40-expire-delegation-token.ts';
import {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
} from './schemas/41-describe-delegation-token.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from './schemas/42-delete-groups.ts';
import { electLeadersRequest, electLeadersResponse } from './schemas/43-elect-leaders.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from './schemas/44-incremental-alter-configs.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from './schemas/45-alter-partition-reassignments.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from './schemas/46-list-partition-reassignments.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from './schemas/47-offset-delete.ts';
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from './schemas/48-describe-client-quotas.ts';
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from './schemas/49-alter-client-quotas.ts';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from './schemas/50-describe-user-scram-credentials.ts';
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from './schemas/51-alter-user-scram-credentials.ts';
import { voteRequest, voteResponse } from './schemas/52-vote.ts';
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from './schemas/53-begin-quorum-epoch.ts';
import { endQuorumEpochRequest, endQuorumEpochResponse } from './schemas/54-end-quorum-epoch.ts';
import { describeQuorumRequest, describeQuorumResponse } from './schemas/55-describe-quorum.ts';
import { alterPartitionRequest, alterPartitionResponse } from './schemas/56-alter-partition.ts';
import { updateFeaturesRequest, updateFeaturesResponse } from './schemas/57-update-features.ts';
import { envelopeRequest, envelopeResponse } from './schemas/58-envelope.ts';
import { fetchSnapshotRequest, fetchSnapshotResponse } from './schemas/59-fetch-snapshot.ts';
import { describeClusterRequest, describeClusterResponse } from './schemas/60-describe-cluster.ts';
import {
  describeProducersRequest,
  describeProducersResponse,
} from './schemas/61-describe-producers.ts';
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from './schemas/62-broker-registration.ts';
import { brokerHeartbeatRequest, brokerHeartbeatResponse } from './schemas/63-broker-heartbeat.ts';
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from './schemas/64-unregister-broker.ts';
import {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from './schemas/65-describe-transactions.ts';
import {
  listTransactionsRequest,
  listTransactionsResponse,
} from './schemas/66-list-transactions.ts';
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from './schemas/67-allocate-producer-ids.ts';
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from './schemas/68-consumer-group-heartbeat.ts';
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from './schemas/69-consumer-group-describe.ts';
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from './schemas/70-controller-registration.ts';
import {
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse,
} from './schemas/71-get-telemetry-subscriptions.ts';
import { pushTelemetryRequest, pushTelemetryResponse } from './schemas/72-push-telemetry.ts';
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from './schemas/73-assign-replicas-to-dirs.ts';
import {
  listClientMetricsResourcesRequest,
  listClientMetricsResourcesResponse,
} from './schemas/74-list-client-metrics-resources.ts';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from './schemas/75-describe-topic-partitions.ts';
import { addRaftVoterRequest, addRaftVoterResponse } from './schemas/80-add-raft-voter.ts';
import { removeRaftVoterRequest, removeRaftVoterResponse } from './schemas/81-remove-raft-voter.ts';
import { updateRaftVoterRequest, updateRaftVoterResponse } from './schemas/82-update-raft-voter.ts';

/** Who answers a request: brokers on their listeners, controllers on theirs. */
export type ListenerKind = 'broker' | 'controller';

export interface ApiSpec {
  readonly key: number;
  /** Kafka's name, as `kafka-broker-api-versions.sh` prints it. */
  readonly name: string;
  readonly request: MessageSchema;
  readonly response: MessageSchema;
  /**
   * What a broker that implements the API advertises: Kafka 3.8's versions, and the few newer
   * ones that today's clients insist on. The schemas may know more.
   */
  readonly versions: readonly [min: number, max: number];
  /** Where it is answered; nowhere for what only brokers under ZooKeeper spoke. */
  readonly listeners: readonly ListenerKind[];
}

const BROKER: readonly ListenerKind[] = ['broker'];
const CONTROLLER: readonly ListenerKind[] = ['controller'];
const EVERYWHERE: readonly ListenerKind[] = ['broker', 'controller'];
const NOWHERE: readonly ListenerKind[] = [];

type ApiRow = readonly [
  request: MessageSchema,
  response: MessageSchema,
  versions: ApiSpec['versions'],
  listeners: readonly ListenerKind[],
];

const table: readonly ApiRow[] = [
  [produceRequest, produceResponse, [0, 11], BROKER],
  [fetchRequest, fetchResponse, [0, 17], EVERYWHERE],
  [listOffsetsRequest, listOffsetsResponse, [0, 9], BROKER],
  [metadataRequest, metadataResponse, [0, 12], BROKER],
  [leaderAndIsrRequest, leaderAndIsrResponse, [0, 7], NOWHERE],
  [stopReplicaRequest, stopReplicaResponse, [0, 4], NOWHERE],
  [updateMetadataRequest, updateMetadataResponse, [0, 8], NOWHERE],
  [controlledShutdownRequest, controlledShutdownResponse, [0, 3], NOWHERE],
  [offsetCommitRequest, offsetCommitResponse, [0, 9], BROKER],
  [offsetFetchRequest, offsetFetchResponse, [0, 9], BROKER],
  [findCoordinatorRequest, findCoordinatorResponse, [0, 6], BROKER],
  [joinGroupRequest, joinGroupResponse, [0, 9], BROKER],
  [heartbeatRequest, heartbeatResponse, [0, 4], BROKER],
  [leaveGroupRequest, leaveGroupResponse, [0, 5], BROKER],
  [syncGroupRequest, syncGroupResponse, [0, 5], BROKER],
  [describeGroupsRequest, describeGroupsResponse, [0, 6], BROKER],
  [listGroupsRequest, listGroupsResponse, [0, 5], BROKER],
  [saslHandshakeRequest, saslHandshakeResponse, [0, 1], EVERYWHERE],
  [apiVersionsRequest, apiVersionsResponse, [0, 4], EVERYWHERE],
  [createTopicsRequest, createTopicsResponse, [0, 7], EVERYWHERE],
  [deleteTopicsRequest, deleteTopicsResponse, [0, 6], EVERYWHERE],
  [deleteRecordsRequest, deleteRecordsResponse, [0, 2], BROKER],
  [initProducerIdRequest, initProducerIdResponse, [0, 5], BROKER],
  [offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, [0, 4], BROKER],
  [addPartitionsToTxnRequest, addPartitionsToTxnResponse, [0, 5], BROKER],
  [addOffsetsToTxnRequest, addOffsetsToTxnResponse, [0, 4], BROKER],
  [endTxnRequest, endTxnResponse, [0, 4], BROKER],
  [writeTxnMarkersRequest, writeTxnMarkersResponse, [0, 1], BROKER],
  [txnOffsetCommitRequest, txnOffsetCommitResponse, [0, 4], BROKER],
  [describeAclsRequest, describeAclsResponse, [0, 3], EVERYWHERE],
  [createAclsRequest, createAclsResponse, [0, 3], EVERYWHERE],
  [deleteAclsRequest, deleteAclsResponse, [0, 3], EVERYWHERE],
  [describeConfigsRequest, describeConfigsResponse, [0, 4], EVERYWHERE],
  [alterConfigsRequest, alterConfigsResponse, [0, 2], EVERYWHERE],
  [alterReplicaLogDirsRequest, alterReplicaLogDirsResponse, [0, 2], BROKER],
  [describeLogDirsRequest, describeLogDirsResponse, [0, 4], BROKER],
  [saslAuthenticateRequest, saslAuthenticateResponse, [0, 2], EVERYWHERE],
  [createPartitionsRequest, createPartitionsResponse, [0, 3], EVERYWHERE],
  [createDelegationTokenRequest, createDelegationTokenResponse, [0, 3], EVERYWHERE],
  [renewDelegationTokenRequest, renewDelegationTokenResponse, [0, 2], EVERYWHERE],
  [expireDelegationTokenRequest, expireDelegationTokenResponse, [0, 2], EVERYWHERE],
  [describeDelegationTokenRequest, describeDelegationTokenResponse, [0, 3], EVERYWHERE],
  [deleteGroupsRequest, deleteGroupsResponse, [0, 2], BROKER],
  [electLeadersRequest, electLeadersResponse, [0, 2], EVERYWHERE],
  [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, [0, 1], EVERYWHERE],
  [alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse, [0, 0], EVERYWHERE],
  [listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, [0, 0], EVERYWHERE],
  [offsetDeleteRequest, offsetDeleteResponse, [0, 0], BROKER],
  [describeClientQuotasRequest, describeClientQuotasResponse, [0, 1], BROKER],
  [alterClientQuotasRequest, alterClientQuotasResponse, [0, 1], EVERYWHERE],
  [describeUserScramCredentialsRequest, describeUserScramCredentialsResponse, [0, 0], EVERYWHERE],
  [alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, [0, 0], EVERYWHERE],
  [voteRequest, voteResponse, [0, 2], CONTROLLER],
  [beginQuorumEpochRequest, beginQuorumEpochResponse, [0, 1], CONTROLLER],
  [endQuorumEpochRequest, endQuorumEpochResponse, [0, 1], CONTROLLER],
  [describeQuorumRequest, describeQuorumResponse, [0, 2], EVERYWHERE],
  [alterPartitionRequest, alterPartitionResponse, [0, 3], CONTROLLER],
  [updateFeaturesRequest, updateFeaturesResponse, [0, 1], EVERYWHERE],
  [envelopeRequest, envelopeResponse, [0, 0], CONTROLLER],
  [fetchSnapshotRequest, fetchSnapshotResponse, [0, 1], CONTROLLER],
  [describeClusterRequest, describeClusterResponse, [0, 2], EVERYWHERE],
  [describeProducersRequest, describeProducersResponse, [0, 0], BROKER],
  [brokerRegistrationRequest, brokerRegistrationResponse, [0, 3], CONTROLLER],
  [brokerHeartbeatRequest, brokerHeartbeatResponse, [0, 1], CONTROLLER],
  [unregisterBrokerRequest, unregisterBrokerResponse, [0, 0], EVERYWHERE],
  [describeTransactionsRequest, describeTransactionsResponse, [0, 0], BROKER],
  [listTransactionsRequest, listTransactionsResponse, [0, 1], BROKER],
  [allocateProducerIdsRequest, allocateProducerIdsResponse, [0, 0], CONTROLLER],
  [consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, [0, 1], BROKER],
  [consumerGroupDescribeRequest, consumerGroupDescribeResponse, [0, 1], BROKER],
  [controllerRegistrationRequest, controllerRegistrationResponse, [0, 0], CONTROLLER],
  [getTelemetrySubscriptionsRequest, getTelemetrySubscriptionsResponse, [0, 0], BROKER],
  [pushTelemetryRequest, pushTelemetryResponse, [0, 0], BROKER],
  [assignReplicasToDirsRequest, assignReplicasToDirsResponse, [0, 0], CONTROLLER],
  [listClientMetricsResourcesRequest, listClientMetricsResourcesResponse, [0, 0], BROKER],
  [describeTopicPartitionsRequest, describeTopicPartitionsResponse, [0, 0], BROKER],
  [addRaftVoterRequest, addRaftVoterResponse, [0, 0], EVERYWHERE],
  [removeRaftVoterRequest, removeRaftVoterResponse, [0, 0], EVERYWHERE],
  [updateRaftVoterRequest, updateRaftVoterResponse, [0, 0], CONTROLLER],
];

/** Every API of Kafka 3.8 and those of 3.9 that change voters (KIP-853), in the order of keys. Which ones are advertised is the broker's to say. */
export const apis: readonly ApiSpec[] = table.map(([request, response, versions, listeners]) => ({
  key: request.apiKey ?? -1,
  name: request.name.slice(0, -'Request'.length),
  request,
  response,
  versions,
  listeners,
}));

const apisByKey: ReadonlyMap<number, ApiSpec> = new Map(apis.map((api) => [api.key, api]));

/** The API with that key. */
export function apiOf(key: number): ApiSpec | undefined {
  return apisByKey.get(key);
}
