import { errorCodeOf } from '../../protocol/error-codes.ts';
import {
  alterConfigsRequest,
  alterConfigsResponse,
} from '../../protocol/schemas/33-alter-configs.ts';
import { ownConfigProblem } from '../dynamic-config-check.ts';
import { route } from '../route.ts';

/**
 * AlterConfigs (33), v0-2
 *
 * Replaces all overrides of topics and brokers, by the controller of this node. Superseded by
 * IncrementalAlterConfigs.
 */
export const alterConfigsRoute = route({
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  async handle(context, request) {
    const { broker } = context;
    const problems = request.resources.map((resource) =>
      ownConfigProblem(broker, resource, resource.configs),
    );
    const resources = request.resources.filter((_, index) => problems[index] === null);
    const refused = request.resources.flatMap(({ resourceType, resourceName }, index) => {
      const errorMessage = problems[index] ?? null;
      if (errorMessage === null) return [];
      return [
        { errorCode: errorCodeOf('INVALID_REQUEST'), errorMessage, resourceType, resourceName },
      ];
    });
    if (resources.length === 0) return { responses: refused };
    const response = await broker.controller.alterConfigs({ ...request, resources }, context);
    await broker.caughtUp();
    return { ...response, responses: [...response.responses, ...refused] };
  },
  fail: (request, errorCode) => ({
    responses: request.resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage: null,
      resourceType,
      resourceName,
    })),
  }),
});
