import type { MessageInput } from '../../protocol/schema.ts';
import {
  type CreateTopicsRequest,
  createTopicsRequest,
  createTopicsResponse,
} from '../../protocol/schemas/19-create-topics.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * CreateTopics (19), v0-7
 *
 * Creates topics, by the controller of this node. Answered when the partitions are there to be written to.
 *
 * - v1: validateOnly. v4: -1 for the broker's default partition count and replication factor (KIP-464).
 * - v5: the configuration that results (KIP-525). v7: topic ids.
 */
export const createTopicsRoute = route({
  request: createTopicsRequest,
  response: createTopicsResponse,
  handle: handleCreateTopics,
  fail: (request, errorCode) => ({
    topics: request.topics.map(({ name }) => ({ name, errorCode })),
  }),
});

async function handleCreateTopics(
  context: NodeRequestContext,
  request: CreateTopicsRequest,
): Promise<MessageInput<typeof createTopicsResponse>> {
  const { broker } = context;
  const response = await broker.controller.createTopics(request, context);
  await broker.caughtUp();
  return response;
}
