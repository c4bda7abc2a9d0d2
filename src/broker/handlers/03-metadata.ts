import {
  type MetadataImage,
  type PartitionRegistration,
  type TopicImage,
  topicById,
  topicByName,
} from '../../controller/metadata-image.ts';
import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type MetadataRequest,
  metadataRequest,
  metadataResponse,
} from '../../protocol/schemas/03-metadata.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { authorizedOperations } from '../authorized-operations.ts';
import { isInternalTopic } from '../internal-topics.ts';
import { brokerNode, brokerNodes } from '../metadata-lookup.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Metadata (3), v0-12
 *
 * Brokers, and topics with their leaders; creates topics that are asked for by name and are not there
 * (`auto.create.topics.enable`).
 *
 * - v1: null topics ask for all, none for none; v0 has no null. v4: the client may forbid auto-creation.
 * - v8: authorized operations (KIP-430). v10: topic ids (KIP-516). v12: topics by id.
 */
export const metadataRoute = route({
  request: metadataRequest,
  response: metadataResponse,
  handle: handleMetadata,
  fail: (request, errorCode) => ({
    topics: (request.topics ?? []).map(({ name, topicId }) => ({
      name: name ?? '',
      topicId,
      errorCode,
    })),
  }),
});

type TopicResponse = NonNullable<MessageInput<typeof metadataResponse>['topics']>[number];
type AskedTopic = NonNullable<MetadataRequest['topics']>[number];

async function handleMetadata(
  context: RequestContext,
  request: MetadataRequest,
): Promise<MessageInput<typeof metadataResponse>> {
  const { broker, client, apiVersion } = context;
  const asked = request.topics;
  const asksForAll = asked === null || (apiVersion === 0 && asked.length === 0);
  const creating = asksForAll ? new Map() : await createMissing(context, request, asked);
  const { image } = broker.controller;
  const topicAuthorizedOperations = request.includeTopicAuthorizedOperations
    ? authorizedOperations.topic
    : authorizedOperations.unknown;
  const topics = asksForAll
    ? [...image.topics.byName.values()].map((topic) => describe(context, image, topic))
    : asked.map((topic) => describeAsked(context, image, topic, creating));
  return {
    brokers: brokerNodes(image, client.listenerName),
    clusterId: broker.clusterId,
    // Kafka 3.8 under KRaft names some live broker here: admin requests are forwarded to the controller.
    controllerId: broker.nodeId,
    topics: topics.map((topic) => ({ ...topic, topicAuthorizedOperations })),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? authorizedOperations.cluster
      : authorizedOperations.unknown,
  };
}

/** The errors of topics that are not there and could not be created. */
async function createMissing(
  context: RequestContext,
  request: MetadataRequest,
  asked: readonly AskedTopic[],
): Promise<ReadonlyMap<string, ErrorCode>> {
  const { broker } = context;
  const errors = new Map<string, ErrorCode>();
  const { image } = broker.controller;
  const missing = asked
    .map(({ name }) => name)
    .filter((name) => name !== null && topicByName(image, name) === undefined);
  const isAllowed = request.allowAutoTopicCreation && broker.autoTopics.isEnabled;
  if (!isAllowed) return errors;
  await Promise.all(
    missing.map(async (name) => {
      if (name === null || name === '') return;
      const errorCode = await broker.autoTopics.ensure(name, context);
      if (errorCode !== 'NONE') errors.set(name, errorCode);
    }),
  );
  if (0 < missing.length) await broker.replicas.caughtUp();
  return errors;
}

function describeAsked(
  context: RequestContext,
  image: MetadataImage,
  { name, topicId }: AskedTopic,
  creationErrors: ReadonlyMap<string, ErrorCode>,
): TopicResponse {
  if (name === null) {
    const topic = topicById(image, topicId);
    if (topic !== undefined) return describe(context, image, topic);
    // v10 and v11 have topic ids, but only v12 may ask by them.
    if (context.apiVersion < 12) {
      return { errorCode: errorCodeOf('INVALID_REQUEST'), name: '', topicId };
    }
    return { errorCode: errorCodeOf('UNKNOWN_TOPIC_ID'), name: null, topicId };
  }
  const topic = topicByName(image, name);
  if (topic !== undefined) return describe(context, image, topic);
  const creationError = creationErrors.get(name);
  const errorCode =
    creationError === 'INVALID_TOPIC_EXCEPTION' || creationError === 'INVALID_REPLICATION_FACTOR'
      ? creationError
      : missingError(name);
  return {
    errorCode: errorCodeOf(errorCode),
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
  };
}

function missingError(name: string): ErrorCode {
  const isValid = /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
  return isValid ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION';
}

function describe(context: RequestContext, image: MetadataImage, topic: TopicImage): TopicResponse {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition, partitionIndex) => ({
      partitionIndex,
      ...describePartition(context, image, partition),
    })),
  };
}

function describePartition(
  { client, apiVersion }: RequestContext,
  image: MetadataImage,
  { leader, leaderEpoch, replicas, isr }: PartitionRegistration,
) {
  const isAlive = (brokerId: number) =>
    brokerNode(image, brokerId, client.listenerName) !== undefined;
  const offlineReplicas = replicas.filter((brokerId) => !isAlive(brokerId));
  if (isAlive(leader)) {
    const errorCode = 0;
    return {
      errorCode,
      leaderId: leader,
      leaderEpoch,
      replicaNodes: replicas,
      isrNodes: isr,
      offlineReplicas,
    };
  }
  // v0 clients know no LISTENER_NOT_FOUND; a leader without this listener looks like no leader.
  const hasLeader =
    image.brokers.has(leader) && 6 <= apiVersion && !offlineReplicas.includes(leader);
  const errorCode = errorCodeOf(hasLeader ? 'LISTENER_NOT_FOUND' : 'LEADER_NOT_AVAILABLE');
  return {
    errorCode,
    leaderId: -1,
    leaderEpoch,
    replicaNodes: replicas,
    isrNodes: isr,
    offlineReplicas,
  };
}
