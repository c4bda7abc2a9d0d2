import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeQuorumRequest,
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../protocol/schemas/55-describe-quorum.ts';
import { clusterMetadataTopic } from '../internal-topics.ts';
import type { NodeServices } from '../node-services.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeQuorum (55), v0-2
 *
 * The state of the metadata quorum (KIP-595); kafka-metadata-quorum.sh shows it.
 *
 * - v1: times of last fetch (KIP-836). v2 (KIP-853): directory ids and listeners of the voters.
 * Simplified: what other voters have fetched comes with the quorum of three.
 */
export const describeQuorumRoute = route({
  request: describeQuorumRequest,
  response: describeQuorumResponse,
  handle: handleDescribeQuorum,
});

function handleDescribeQuorum(
  { broker, apiVersion }: NodeRequestContext,
  request: DescribeQuorumRequest,
): MessageInput<typeof describeQuorumResponse> {
  return {
    topics: request.topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) =>
        topicName === clusterMetadataTopic && partitionIndex === 0
          ? describeMetadataPartition(broker)
          : { partitionIndex, errorCode: errorCodeOf('UNKNOWN_TOPIC_OR_PARTITION') },
      ),
    })),
    ...(2 <= apiVersion && { nodes: voterNodes(broker) }),
  };
}

function voterNodes({ config }: NodeServices) {
  const name = config.controllerListeners[0]?.listenerName ?? 'CONTROLLER';
  return config.voters.map(({ nodeId, host, port }) => ({
    nodeId,
    listeners: [{ name, host, port }],
  }));
}

function describeMetadataPartition({ quorum, clock, config }: NodeServices) {
  const { leaderId, epoch } = quorum.leaderAndEpoch;
  const isLeader = leaderId === quorum.nodeId;
  const errorCode = errorCodeOf(isLeader ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER');
  if (!isLeader)
    return { partitionIndex: 0, errorCode, leaderId: leaderId ?? -1, leaderEpoch: epoch };
  const nowMs = clock.nowMs();
  return {
    partitionIndex: 0,
    errorCode,
    leaderId,
    leaderEpoch: epoch,
    highWatermark: quorum.highWatermark ?? -1,
    currentVoters: config.voters.map(({ nodeId }) => ({
      replicaId: nodeId,
      logEndOffset: nodeId === quorum.nodeId ? quorum.logEndOffset : -1,
      lastFetchTimestamp: nodeId === quorum.nodeId ? nowMs : -1,
      lastCaughtUpTimestamp: nodeId === quorum.nodeId ? nowMs : -1,
    })),
    observers: [],
  };
}
