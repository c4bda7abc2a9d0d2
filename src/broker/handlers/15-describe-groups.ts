import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeGroupsRequest,
  describeGroupsRequest,
  describeGroupsResponse,
} from '../../protocol/schemas/15-describe-groups.ts';
import { authorizedOperations } from '../authorized-operations.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeGroups (15), v0-6
 *
 * State, protocol and members of groups.
 *
 * - v3: authorized operations. v4 (KIP-345): group.instance.id.
 * - v6 (KIP-1043): a group that is not there is GROUP_ID_NOT_FOUND; before, it is Dead.
 */
export const describeGroupsRoute = route({
  request: describeGroupsRequest,
  response: describeGroupsResponse,
  handle: handleDescribeGroups,
  fail: ({ groups }, errorCode) => ({
    groups: groups.map((groupId) => ({ groupId, errorCode })),
  }),
});

function handleDescribeGroups(
  { broker, apiVersion }: RequestContext,
  request: DescribeGroupsRequest,
): MessageInput<typeof describeGroupsResponse> {
  const authorized = request.includeAuthorizedOperations
    ? authorizedOperations.group
    : authorizedOperations.unknown;
  return {
    groups: broker.groups.queries.describe(request.groups).map((group) => {
      const isMissing = 6 <= apiVersion && group.groupState === 'Dead';
      return {
        ...group,
        authorizedOperations: authorized,
        ...(isMissing && {
          errorCode: errorCodeOf('GROUP_ID_NOT_FOUND'),
          errorMessage: `Group ${group.groupId} not found.`,
        }),
      };
    }),
  };
}
