import {
  alterConfigsRequest,
  alterConfigsResponse,
} from '../../protocol/schemas/33-alter-configs.ts';
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
  async handle({ broker }, request) {
    const response = await broker.controller.alterConfigs(request);
    await broker.replicas.caughtUp();
    return response;
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
