import type { MessageInput } from '../../protocol/schema.ts';
import {
  type JoinGroupRequest,
  joinGroupRequest,
  joinGroupResponse,
} from '../../protocol/schemas/11-join-group.ts';
import { callerOf } from '../caller.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * JoinGroup (11), v0-9
 *
 * Enters a classic group; the answer comes when the join phase of the rebalance is over.
 *
 * - v1: rebalance timeout. v4 (KIP-394): a member first gets its id. v5 (KIP-345): group.instance.id.
 * - v7: protocol type in the response. v8 (KIP-800): reason. v9 (KIP-814): skipAssignment.
 */
export const joinGroupRoute = route({
  request: joinGroupRequest,
  response: joinGroupResponse,
  handle: handleJoinGroup,
});

function handleJoinGroup(
  context: RequestContext,
  request: JoinGroupRequest,
): Promise<MessageInput<typeof joinGroupResponse>> {
  return context.broker.groups.joinGroup(request, callerOf(context));
}
