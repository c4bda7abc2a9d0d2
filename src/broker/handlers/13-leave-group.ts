import { leaveGroupRequest, leaveGroupResponse } from '../../protocol/schemas/13-leave-group.ts';
import { callerOf } from '../caller.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * LeaveGroup (13), v0-5
 *
 * Takes members out of a group at once instead of after their session timeouts.
 *
 * - v3 (KIP-345): several members, by member id or by group.instance.id. v5 (KIP-800): reason.
 */
export const leaveGroupRoute = route({
  request: leaveGroupRequest,
  response: leaveGroupResponse,
  handle: (context: RequestContext, request) =>
    context.broker.groups.leaveGroup(request, callerOf(context)),
});
