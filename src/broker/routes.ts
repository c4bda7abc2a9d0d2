import type { BrokerServices } from './broker-services.ts';
import type { ControllerServices } from './controller-services.ts';
import { produceRoute } from './handlers/00-produce.ts';
import { fetchRoute } from './handlers/01-fetch.ts';
import { fetchMetadataRoute } from './handlers/01-fetch-metadata.ts';
import { listOffsetsRoute } from './handlers/02-list-offsets.ts';
import { metadataRoute } from './handlers/03-metadata.ts';
import { offsetCommitRoute } from './handlers/08-offset-commit.ts';
import { offsetFetchRoute } from './handlers/09-offset-fetch.ts';
import { findCoordinatorRoute } from './handlers/10-find-coordinator.ts';
import { joinGroupRoute } from './handlers/11-join-group.ts';
import { heartbeatRoute } from './handlers/12-heartbeat.ts';
import { leaveGroupRoute } from './handlers/13-leave-group.ts';
import { syncGroupRoute } from './handlers/14-sync-group.ts';
import { describeGroupsRoute } from './handlers/15-describe-groups.ts';
import { listGroupsRoute } from './handlers/16-list-groups.ts';
import { apiVersionsRoute } from './handlers/18-api-versions.ts';
import { createTopicsRoute } from './handlers/19-create-topics.ts';
import { deleteTopicsRoute } from './handlers/20-delete-topics.ts';
import { deleteRecordsRoute } from './handlers/21-delete-records.ts';
import { initProducerIdRoute } from './handlers/22-init-producer-id.ts';
import { offsetForLeaderEpochRoute } from './handlers/23-offset-for-leader-epoch.ts';
import { describeConfigsRoute } from './handlers/32-describe-configs.ts';
import { alterConfigsRoute } from './handlers/33-alter-configs.ts';
import { describeLogDirsRoute } from './handlers/35-describe-log-dirs.ts';
import { createPartitionsRoute } from './handlers/37-create-partitions.ts';
import { deleteGroupsRoute } from './handlers/42-delete-groups.ts';
import { electLeadersRoute } from './handlers/43-elect-leaders.ts';
import { incrementalAlterConfigsRoute } from './handlers/44-incremental-alter-configs.ts';
import { alterPartitionReassignmentsRoute } from './handlers/45-alter-partition-reassignments.ts';
import { listPartitionReassignmentsRoute } from './handlers/46-list-partition-reassignments.ts';
import { offsetDeleteRoute } from './handlers/47-offset-delete.ts';
import { voteRoute } from './handlers/52-vote.ts';
import { beginQuorumEpochRoute } from './handlers/53-begin-quorum-epoch.ts';
import { endQuorumEpochRoute } from './handlers/54-end-quorum-epoch.ts';
import { describeQuorumRoute } from './handlers/55-describe-quorum.ts';
import { alterPartitionRoute } from './handlers/56-alter-partition.ts';
import { updateFeaturesRoute } from './handlers/57-update-features.ts';
import { envelopeRoute } from './handlers/58-envelope.ts';
import { fetchSnapshotRoute } from './handlers/59-fetch-snapshot.ts';
import { describeClusterRoute } from './handlers/60-describe-cluster.ts';
import { describeProducersRoute } from './handlers/61-describe-producers.ts';
import { brokerRegistrationRoute } from './handlers/62-broker-registration.ts';
import { brokerHeartbeatRoute } from './handlers/63-broker-heartbeat.ts';
import { unregisterBrokerRoute } from './handlers/64-unregister-broker.ts';
import { allocateProducerIdsRoute } from './handlers/67-allocate-producer-ids.ts';
import { controllerRegistrationRoute } from './handlers/70-controller-registration.ts';
import { assignReplicasToDirsRoute } from './handlers/73-assign-replicas-to-dirs.ts';
import { describeTopicPartitionsRoute } from './handlers/75-describe-topic-partitions.ts';
import { addRaftVoterRoute } from './handlers/80-add-raft-voter.ts';
import { removeRaftVoterRoute } from './handlers/81-remove-raft-voter.ts';
import { updateRaftVoterRoute } from './handlers/82-update-raft-voter.ts';
import type { Route } from './route.ts';

/** What is answered on both kinds of listeners. */
const nodeRoutes: readonly Route[] = [
  apiVersionsRoute,
  createTopicsRoute,
  deleteTopicsRoute,
  describeConfigsRoute,
  alterConfigsRoute,
  createPartitionsRoute,
  electLeadersRoute,
  incrementalAlterConfigsRoute,
  alterPartitionReassignmentsRoute,
  listPartitionReassignmentsRoute,
  describeQuorumRoute,
  updateFeaturesRoute,
  describeClusterRoute,
  unregisterBrokerRoute,
  addRaftVoterRoute,
  removeRaftVoterRoute,
];

/** What a broker answers; what is not here is not advertised. */
export const brokerRoutes: readonly Route<BrokerServices>[] = [
  ...nodeRoutes,
  produceRoute,
  fetchRoute,
  listOffsetsRoute,
  metadataRoute,
  offsetCommitRoute,
  offsetFetchRoute,
  findCoordinatorRoute,
  joinGroupRoute,
  heartbeatRoute,
  leaveGroupRoute,
  syncGroupRoute,
  describeGroupsRoute,
  listGroupsRoute,
  deleteRecordsRoute,
  initProducerIdRoute,
  offsetForLeaderEpochRoute,
  describeLogDirsRoute,
  deleteGroupsRoute,
  offsetDeleteRoute,
  describeProducersRoute,
  describeTopicPartitionsRoute,
];

/** What a controller answers (KIP-919: also to administrators). */
export const controllerRoutes: readonly Route<ControllerServices>[] = [
  ...nodeRoutes,
  envelopeRoute,
  fetchMetadataRoute,
  voteRoute,
  beginQuorumEpochRoute,
  endQuorumEpochRoute,
  fetchSnapshotRoute,
  updateRaftVoterRoute,
  alterPartitionRoute,
  brokerRegistrationRoute,
  brokerHeartbeatRoute,
  allocateProducerIdsRoute,
  controllerRegistrationRoute,
  assignReplicasToDirsRoute,
];
