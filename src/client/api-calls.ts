import type { MessageSchema } from '../protocol/schema.ts';
import { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../protocol/schemas/02-list-offsets.ts';
import { metadataRequest, metadataResponse } from '../protocol/schemas/03-metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../protocol/schemas/08-offset-commit.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../protocol/schemas/09-offset-fetch.ts';
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../protocol/schemas/10-find-coordinator.ts';
import { joinGroupRequest, joinGroupResponse } from '../protocol/schemas/11-join-group.ts';
import { heartbeatRequest, heartbeatResponse } from '../protocol/schemas/12-heartbeat.ts';
import { leaveGroupRequest, leaveGroupResponse } from '../protocol/schemas/13-leave-group.ts';
import { syncGroupRequest, syncGroupResponse } from '../protocol/schemas/14-sync-group.ts';
import {
  describeGroupsRequest,
  describeGroupsResponse,
} from '../protocol/schemas/15-describe-groups.ts';
import { listGroupsRequest, listGroupsResponse } from '../protocol/schemas/16-list-groups.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../protocol/schemas/18-api-versions.ts';
import { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../protocol/schemas/20-delete-topics.ts';
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../protocol/schemas/21-delete-records.ts';
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../protocol/schemas/22-init-producer-id.ts';
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../protocol/schemas/32-describe-configs.ts';
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../protocol/schemas/34-alter-replica-log-dirs.ts';
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../protocol/schemas/35-describe-log-dirs.ts';
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../protocol/schemas/37-create-partitions.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from '../protocol/schemas/42-delete-groups.ts';
import { electLeadersRequest, electLeadersResponse } from '../protocol/schemas/43-elect-leaders.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../protocol/schemas/45-alter-partition-reassignments.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../protocol/schemas/46-list-partition-reassignments.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from '../protocol/schemas/47-offset-delete.ts';
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../protocol/schemas/55-describe-quorum.ts';
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../protocol/schemas/57-update-features.ts';
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../protocol/schemas/60-describe-cluster.ts';
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../protocol/schemas/64-unregister-broker.ts';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../protocol/schemas/75-describe-topic-partitions.ts';
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../protocol/schemas/80-add-raft-voter.ts';
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../protocol/schemas/81-remove-raft-voter.ts';

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** A request, its response, and the versions of both that this client speaks. */
export interface ApiCall<Q extends MessageSchema, S extends MessageSchema> {
  /** Kafka's name of the API. */
  readonly name: string;
  readonly request: Q;
  readonly response: S;
  readonly minVersion: number;
  readonly maxVersion: number;
}

// The newest versions are those of Kafka 3.8.0's clients.
// Simplified: Fetch stays at 12, the last version that names topics; Kafka's goes on to topic ids (KIP-516).
export const produceCall = call('Produce', produceRequest, produceResponse, [3, 11]);
export const fetchCall = call('Fetch', fetchRequest, fetchResponse, [4, 12]);
export const listOffsetsCall = call('ListOffsets', listOffsetsRequest, listOffsetsResponse, [1, 8]);
export const metadataCall = call('Metadata', metadataRequest, metadataResponse, [4, 12]);
export const offsetCommitCall = call(
  'OffsetCommit',
  offsetCommitRequest,
  offsetCommitResponse,
  [2, 9],
);
export const offsetFetchCall = call('OffsetFetch', offsetFetchRequest, offsetFetchResponse, [8, 9]);
export const findCoordinatorCall = call(
  'FindCoordinator',
  findCoordinatorRequest,
  findCoordinatorResponse,
  [1, 4],
);
export const joinGroupCall = call('JoinGroup', joinGroupRequest, joinGroupResponse, [2, 9]);
export const heartbeatCall = call('Heartbeat', heartbeatRequest, heartbeatResponse, [0, 4]);
export const leaveGroupCall = call('LeaveGroup', leaveGroupRequest, leaveGroupResponse, [3, 5]);
export const syncGroupCall = call('SyncGroup', syncGroupRequest, syncGroupResponse, [0, 5]);
export const describeGroupsCall = call(
  'DescribeGroups',
  describeGroupsRequest,
  describeGroupsResponse,
  [0, 5],
);
export const listGroupsCall = call('ListGroups', listGroupsRequest, listGroupsResponse, [0, 5]);
export const apiVersionsCall = call('ApiVersions', apiVersionsRequest, apiVersionsResponse, [0, 3]);
export const createTopicsCall = call(
  'CreateTopics',
  createTopicsRequest,
  createTopicsResponse,
  [4, 7],
);
export const deleteTopicsCall = call(
  'DeleteTopics',
  deleteTopicsRequest,
  deleteTopicsResponse,
  [6, 6],
);
export const deleteRecordsCall = call(
  'DeleteRecords',
  deleteRecordsRequest,
  deleteRecordsResponse,
  [0, 2],
);
export const initProducerIdCall = call(
  'InitProducerId',
  initProducerIdRequest,
  initProducerIdResponse,
  [0, 4],
);
export const describeConfigsCall = call(
  'DescribeConfigs',
  describeConfigsRequest,
  describeConfigsResponse,
  [1, 4],
);
export const describeLogDirsCall = call(
  'DescribeLogDirs',
  describeLogDirsRequest,
  describeLogDirsResponse,
  [1, 4],
);
export const createPartitionsCall = call(
  'CreatePartitions',
  createPartitionsRequest,
  createPartitionsResponse,
  [0, 3],
);
export const deleteGroupsCall = call(
  'DeleteGroups',
  deleteGroupsRequest,
  deleteGroupsResponse,
  [0, 2],
);
export const incrementalAlterConfigsCall = call(
  'IncrementalAlterConfigs',
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  [0, 1],
);
export const alterReplicaLogDirsCall = call(
  'AlterReplicaLogDirs',
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
  [1, 2],
);
export const electLeadersCall = call(
  'ElectLeaders',
  electLeadersRequest,
  electLeadersResponse,
  [0, 2],
);
export const alterPartitionReassignmentsCall = call(
  'AlterPartitionReassignments',
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  [0, 0],
);
export const updateFeaturesCall = call(
  'UpdateFeatures',
  updateFeaturesRequest,
  updateFeaturesResponse,
  [0, 1],
);
export const listPartitionReassignmentsCall = call(
  'ListPartitionReassignments',
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
  [0, 0],
);
export const offsetDeleteCall = call(
  'OffsetDelete',
  offsetDeleteRequest,
  offsetDeleteResponse,
  [0, 0],
);
export const describeQuorumCall = call(
  'DescribeQuorum',
  describeQuorumRequest,
  describeQuorumResponse,
  [0, 2],
);
export const describeClusterCall = call(
  'DescribeCluster',
  describeClusterRequest,
  describeClusterResponse,
  [0, 1],
);
export const unregisterBrokerCall = call(
  'UnregisterBroker',
  unregisterBrokerRequest,
  unregisterBrokerResponse,
  [0, 0],
);
export const describeTopicPartitionsCall = call(
  'DescribeTopicPartitions',
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  [0, 0],
);

export const addRaftVoterCall = call(
  'AddRaftVoter',
  addRaftVoterRequest,
  addRaftVoterResponse,
  [0, 0],
);
export const removeRaftVoterCall = call(
  'RemoveRaftVoter',
  removeRaftVoterRequest,
  removeRaftVoterResponse,
  [0, 0],
);

function call<const Q extends MessageSchema, const S extends MessageSchema>(
  name: string,
  request: Q,
  response: S,
  [minVersion, maxVersion]: readonly [number, number],
): ApiCall<Q, S> {
  return { name, request, response, minVersion, maxVersion };
}
