import { syncGroupRequest, syncGroupResponse } from '../../protocol/schemas/14-sync-group.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * SyncGroup (14), v0-5
 *
 * Brings the leader's assignment, answers each member's part of it once it is in the log.
 *
 * - v3 (KIP-345): group.instance.id. v5: protocol type and name are checked.
 */
export const syncGroupRoute = route({
  request: syncGroupRequest,
  response: syncGroupResponse,
  handle: ({ broker }: RequestContext, request) => broker.groups.syncGroup(request),
});
