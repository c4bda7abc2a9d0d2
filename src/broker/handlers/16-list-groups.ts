import { listGroupsRequest, listGroupsResponse } from '../../protocol/schemas/16-list-groups.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * ListGroups (16), v0-5
 *
 * The groups that this broker coordinates.
 *
 * - v4 (KIP-518): states, and a filter of states. v5 (KIP-848): types, and a filter of types; all are classic.
 */
export const listGroupsRoute = route({
  request: listGroupsRequest,
  response: listGroupsResponse,
  handle: ({ broker }: RequestContext, request) => broker.groups.queries.list(request),
});
