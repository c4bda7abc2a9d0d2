import { configResourceTypes } from '../../controller/metadata-image.ts';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type IncrementalAlterConfigsRequest,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../protocol/schemas/44-incremental-alter-configs.ts';
import { ownConfigProblem } from '../dynamic-config-check.ts';
import type { NodeServices } from '../node-services.ts';
import type { NodeRequestContext } from '../request-context.ts';
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

type Resource = IncrementalAlterConfigsRequest['resources'][number];
type ResourceResponse = NonNullable<
  MessageInput<typeof incrementalAlterConfigsResponse>['responses']
>[number];

async function handleIncrementalAlterConfigs(
  context: NodeRequestContext,
  request: IncrementalAlterConfigsRequest,
): Promise<MessageInput<typeof incrementalAlterConfigsResponse>> {
  const { broker } = context;
  const refused: ResourceResponse[] = [];
  const resources: Resource[] = [];
  for (const resource of request.resources) {
    const problem = problemOf(broker, resource);
    if (problem === null) resources.push(resource);
    else refused.push(refusal(resource, problem));
  }
  if (resources.length === 0) return { responses: refused };
  const response = await broker.controller.incrementalAlterConfigs(
    { ...request, resources },
    context,
  );
  await broker.caughtUp();
  return { ...response, responses: [...response.responses, ...refused] };
}

function problemOf(broker: NodeServices, resource: Resource): string | null {
  if (resource.resourceType === configResourceTypes.BROKER_LOGGER) {
    return 'The levels of loggers cannot be changed on this broker.';
  }
  const changes = resource.configs
    .filter(({ configOperation }) => configOperation <= 1)
    .map(({ name, value, configOperation }) => ({
      name,
      value: configOperation === 0 ? value : null,
    }));
  return ownConfigProblem(broker, resource, changes);
}

function refusal({ resourceType, resourceName }: Resource, errorMessage: string): ResourceResponse {
  return { errorCode: errorCodeOf('INVALID_REQUEST'), errorMessage, resourceType, resourceName };
}
