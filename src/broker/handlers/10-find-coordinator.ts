import { partitionOf, topicByName } from '../../controller/metadata-image.ts';
import { defaultErrorMessage, type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type FindCoordinatorRequest,
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../protocol/schemas/10-find-coordinator.ts';
import { consumerOffsetsTopic } from '../internal-topics.ts';
import { brokerNode, noNode } from '../metadata-lookup.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * FindCoordinator (10), v0-6
 *
 * Names the broker that coordinates a group: the leader of the group's partition of __consumer_offsets,
 * which is created the first time that anybody asks.
 *
 * - v1: key types (group, transaction). v4 (KIP-699): several keys in one request.
 * Not implemented: coordinators of transactions (key type 1) and of share groups (2); asked for, they are
 * refused with INVALID_REQUEST and a message.
 */
export const findCoordinatorRoute = route({
  request: findCoordinatorRequest,
  response: findCoordinatorResponse,
  handle: handleFindCoordinator,
});

type Coordinator = NonNullable<
  MessageInput<typeof findCoordinatorResponse>['coordinators']
>[number];

async function handleFindCoordinator(
  context: RequestContext,
  request: FindCoordinatorRequest,
): Promise<MessageInput<typeof findCoordinatorResponse>> {
  const keys = 4 <= context.apiVersion ? request.coordinatorKeys : [request.key];
  const coordinators: Coordinator[] = [];
  for (const key of keys) coordinators.push(await find(context, request.keyType, key));
  if (4 <= context.apiVersion) return { coordinators };
  const { key: _, ...only } = coordinators[0] ?? failure('', 'INVALID_REQUEST');
  return only;
}

async function find(context: RequestContext, keyType: number, key: string): Promise<Coordinator> {
  if (keyType === 1) {
    return failure(key, 'INVALID_REQUEST', 'This broker does not implement transactions yet.');
  }
  if (keyType !== 0) return failure(key, 'INVALID_REQUEST', `Unknown coordinator type ${keyType}`);
  const { broker, client } = context;
  const created = await broker.autoTopics.ensure(consumerOffsetsTopic, context);
  if (created !== 'NONE') return failure(key, 'COORDINATOR_NOT_AVAILABLE');
  // Just created, its partitions are not led yet; nobody is sent to a coordinator that does not know of it.
  await broker.replicas.caughtUp();
  const { image } = broker.controller;
  const topic = topicByName(image, consumerOffsetsTopic);
  if (topic === undefined) return failure(key, 'COORDINATOR_NOT_AVAILABLE');
  broker.groups.setPartitionCount(topic.partitions.length);
  const partition = partitionOf(image, topic.topicId, broker.groups.partitionFor(key));
  const node = brokerNode(image, partition?.leader ?? -1, client.listenerName);
  if (node === undefined) return failure(key, 'COORDINATOR_NOT_AVAILABLE');
  const { nodeId, host, port } = node;
  return { key, nodeId, host, port, errorCode: 0, errorMessage: '' };
}

function failure(key: string, errorCode: ErrorCode, errorMessage?: string): Coordinator {
  const { nodeId, host, port } = noNode;
  return {
    key,
    nodeId,
    host,
    port,
    errorCode: errorCodeOf(errorCode),
    errorMessage: errorMessage ?? defaultErrorMessage(errorCode),
  };
}
