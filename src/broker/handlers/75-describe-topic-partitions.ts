import { type TopicImage, topicByName } from '../../controller/metadata-image.ts';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeTopicPartitionsRequest,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../../protocol/schemas/75-describe-topic-partitions.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { authorizedOperations } from '../authorized-operations.ts';
import { isInternalTopic } from '../internal-topics.ts';
import { brokerNode } from '../metadata-lookup.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeTopicPartitions (75), v0
 *
 * Topics with their partitions, page by page (KIP-966): at most `responsePartitionLimit` partitions, then
 * a cursor for the next request.
 */
export const describeTopicPartitionsRoute = route({
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
  handle: handleDescribeTopicPartitions,
});

type Response = MessageInput<typeof describeTopicPartitionsResponse>;
type TopicResponse = NonNullable<Response['topics']>[number];

function handleDescribeTopicPartitions(
  context: RequestContext,
  request: DescribeTopicPartitionsRequest,
): Response {
  const { image } = context.broker.controller;
  const { cursor } = request;
  const all = request.topics.length === 0;
  const names = all ? [...image.topics.byName.keys()] : request.topics.map(({ name }) => name);
  const limit = context.broker.config.number('max.request.partition.size.limit');
  let left = Math.max(1, Math.min(request.responsePartitionLimit, limit));
  const topics: TopicResponse[] = [];
  for (const name of [...new Set(names)].sort()) {
    if (cursor !== null && name < cursor.topicName) continue;
    if (left === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const topic = topicByName(image, name);
    if (topic === undefined) {
      topics.push(unknownTopic(name));
      continue;
    }
    const first = name === cursor?.topicName ? Math.max(0, cursor.partitionIndex) : 0;
    const end = Math.min(topic.partitions.length, first + left);
    topics.push(describe(context, topic, first, end));
    left -= Math.max(0, end - first);
    if (end < topic.partitions.length) {
      return { topics, nextCursor: { topicName: name, partitionIndex: end } };
    }
  }
  return { topics, nextCursor: null };
}

function unknownTopic(name: string): TopicResponse {
  return {
    errorCode: errorCodeOf('UNKNOWN_TOPIC_OR_PARTITION'),
    name,
    topicId: ZERO_UUID,
    topicAuthorizedOperations: authorizedOperations.unknown,
  };
}

function describe(
  { broker, client }: RequestContext,
  topic: TopicImage,
  first: number,
  end: number,
): TopicResponse {
  const { image } = broker.controller;
  const isAlive = (id: number) => brokerNode(image, id, client.listenerName) !== undefined;
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: isInternalTopic(topic.name),
    topicAuthorizedOperations: authorizedOperations.topic,
    partitions: topic.partitions.slice(first, end).map((partition, index) => {
      const hasLeader = isAlive(partition.leader);
      return {
        errorCode: errorCodeOf(hasLeader ? 'NONE' : 'LEADER_NOT_AVAILABLE'),
        partitionIndex: first + index,
        leaderId: hasLeader ? partition.leader : -1,
        leaderEpoch: partition.leaderEpoch,
        replicaNodes: partition.replicas,
        isrNodes: partition.isr,
        eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
        lastKnownElr: partition.lastKnownElr,
        offlineReplicas: partition.replicas.filter((id) => !isAlive(id)),
      };
    }),
  };
}
