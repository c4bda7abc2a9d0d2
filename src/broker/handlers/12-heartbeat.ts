import { heartbeatRequest, heartbeatResponse } from '../../protocol/schemas/12-heartbeat.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Heartbeat (12), v0-4
 *
 * Keeps a member in its group and tells it of a rebalance.
 *
 * - v3 (KIP-345): group.instance.id.
 */
export const heartbeatRoute = route({
  request: heartbeatRequest,
  response: heartbeatResponse,
  handle: ({ broker }: RequestContext, request) => broker.groups.heartbeat(request),
});
