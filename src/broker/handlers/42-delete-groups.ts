import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../protocol/schemas/42-delete-groups.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DeleteGroups (42), v0-2
 *
 * Deletes empty groups with all their offsets.
 */
export const deleteGroupsRoute = route({
  request: deleteGroupsRequest,
  response: deleteGroupsResponse,
  handle: async ({ broker }: RequestContext, { groupsNames }) => ({
    results: await broker.groups.queries.delete(groupsNames),
  }),
  fail: ({ groupsNames }, errorCode) => ({
    results: groupsNames.map((groupId) => ({ groupId, errorCode })),
  }),
});
