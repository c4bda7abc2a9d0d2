import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DeleteTopicsRequest,
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../protocol/schemas/20-delete-topics.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DeleteTopics (20), v0-6
 *
 * Deletes topics, by the controller of this node. Their files go a minute later (`file.delete.delay.ms`).
 *
 * - v3: TOPIC_DELETION_DISABLED. v5: error messages. v6: by name or by id.
 */
export const deleteTopicsRoute = route({
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  handle: handleDeleteTopics,
  fail: (request, errorCode) => ({
    responses: [
      ...request.topicNames.map((name) => ({ name, errorCode })),
      ...request.topics.map(({ name, topicId }) => ({ name, topicId, errorCode })),
    ],
  }),
});

async function handleDeleteTopics(
  context: NodeRequestContext,
  request: DeleteTopicsRequest,
): Promise<MessageInput<typeof deleteTopicsResponse>> {
  const { broker, apiVersion } = context;
  if (!broker.config.boolean('delete.topic.enable')) {
    const errorCode = errorCodeOf(apiVersion < 3 ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED');
    const topics = [
      ...request.topicNames.map((name) => ({ name, errorCode })),
      ...request.topics.map(({ name, topicId }) => ({ name, topicId, errorCode })),
    ];
    return { responses: topics };
  }
  const response = await broker.controller.deleteTopics(request, context);
  await broker.caughtUp();
  return response;
}
