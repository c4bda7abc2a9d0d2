import { configResourceTypes } from '../../controller/metadata-image.ts';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type IncrementalAlterConfigsRequest,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../protocol/schemas/44-incremental-alter-configs.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * IncrementalAlterConfigs (44), v0-1
 *
 * Sets, deletes, appends to and subtracts from single configs of topics and brokers, by the controller of
 * this node (KIP-339).
 * Not implemented: levels of loggers (BROKER_LOGGER), refused with INVALID_REQUEST.
 */
export const incrementalAlterConfigsRoute = route({
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  handle: handleIncrementalAlterConfigs,
  fail: (request, errorCode) => ({
    responses: request.resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage: null,
      resourceType,
      resourceName,
    })),
  }),
});

async function handleIncrementalAlterConfigs(
  { broker }: RequestContext,
  request: IncrementalAlterConfigsRequest,
): Promise<MessageInput<typeof incrementalAlterConfigsResponse>> {
  const isLogger = ({ resourceType }: { resourceType: number }) =>
    resourceType === configResourceTypes.BROKER_LOGGER;
  const refused = request.resources.filter(isLogger).map(({ resourceType, resourceName }) => ({
    errorCode: errorCodeOf('INVALID_REQUEST'),
    errorMessage: 'The levels of loggers cannot be changed on this broker.',
    resourceType,
    resourceName,
  }));
  const resources = request.resources.filter((resource) => !isLogger(resource));
  if (resources.length === 0) return { responses: refused };
  const response = await broker.controller.incrementalAlterConfigs({ ...request, resources });
  await broker.replicas.caughtUp();
  return { ...response, responses: [...response.responses, ...refused] };
}
