import type { ApiCall } from '../../client/api-calls.ts';
import { apiOf } from '../../protocol/api.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../protocol/schemas/19-create-topics.ts';
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../protocol/schemas/20-delete-topics.ts';
import {
  alterConfigsRequest,
  alterConfigsResponse,
} from '../../protocol/schemas/33-alter-configs.ts';
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../protocol/schemas/37-create-partitions.ts';
import {
  electLeadersRequest,
  electLeadersResponse,
} from '../../protocol/schemas/43-elect-leaders.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../protocol/schemas/44-incremental-alter-configs.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../protocol/schemas/45-alter-partition-reassignments.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../protocol/schemas/46-list-partition-reassignments.ts';
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../protocol/schemas/49-alter-client-quotas.ts';
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../protocol/schemas/55-describe-quorum.ts';
import {
  alterPartitionRequest,
  alterPartitionResponse,
} from '../../protocol/schemas/56-alter-partition.ts';
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../../protocol/schemas/57-update-features.ts';
import { envelopeRequest, envelopeResponse } from '../../protocol/schemas/58-envelope.ts';
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../../protocol/schemas/62-broker-registration.ts';
import {
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '../../protocol/schemas/63-broker-heartbeat.ts';
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../protocol/schemas/64-unregister-broker.ts';
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../../protocol/schemas/67-allocate-producer-ids.ts';
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../../protocol/schemas/70-controller-registration.ts';
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '../../protocol/schemas/73-assign-replicas-to-dirs.ts';
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../../protocol/schemas/80-add-raft-voter.ts';
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../protocol/schemas/81-remove-raft-voter.ts';

/** What one node asks of the active controller, in all versions that we know. */
export const controllerCalls = {
  createTopics: callOf(createTopicsRequest, createTopicsResponse),
  deleteTopics: callOf(deleteTopicsRequest, deleteTopicsResponse),
  alterConfigs: callOf(alterConfigsRequest, alterConfigsResponse),
  createPartitions: callOf(createPartitionsRequest, createPartitionsResponse),
  electLeaders: callOf(electLeadersRequest, electLeadersResponse),
  incrementalAlterConfigs: callOf(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse),
  alterPartitionReassignments: callOf(
    alterPartitionReassignmentsRequest,
    alterPartitionReassignmentsResponse,
  ),
  listPartitionReassignments: callOf(
    listPartitionReassignmentsRequest,
    listPartitionReassignmentsResponse,
  ),
  alterClientQuotas: callOf(alterClientQuotasRequest, alterClientQuotasResponse),
  alterPartition: callOf(alterPartitionRequest, alterPartitionResponse),
  describeQuorum: callOf(describeQuorumRequest, describeQuorumResponse),
  addRaftVoter: callOf(addRaftVoterRequest, addRaftVoterResponse),
  removeRaftVoter: callOf(removeRaftVoterRequest, removeRaftVoterResponse),
  updateFeatures: callOf(updateFeaturesRequest, updateFeaturesResponse),
  envelope: callOf(envelopeRequest, envelopeResponse),
  registerBroker: callOf(brokerRegistrationRequest, brokerRegistrationResponse),
  heartbeat: callOf(brokerHeartbeatRequest, brokerHeartbeatResponse),
  unregisterBroker: callOf(unregisterBrokerRequest, unregisterBrokerResponse),
  allocateProducerIds: callOf(allocateProducerIdsRequest, allocateProducerIdsResponse),
  registerController: callOf(controllerRegistrationRequest, controllerRegistrationResponse),
  assignReplicasToDirs: callOf(assignReplicasToDirsRequest, assignReplicasToDirsResponse),
} as const;

/** In all versions that the broker serves. */
export function callOf<const Q extends MessageSchema, const S extends MessageSchema>(
  request: Q,
  response: S,
): ApiCall<Q, S> {
  const [minVersion, maxVersion] = apiOf(request.apiKey ?? -1)?.versions ?? request.versions;
  const name = request.name.slice(0, -'Request'.length);
  return { name, request, response, minVersion, maxVersion };
}
