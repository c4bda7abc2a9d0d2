import {
  electLeadersRequest,
  electLeadersResponse,
} from '../../protocol/schemas/43-elect-leaders.ts';
import { route } from '../route.ts';

/**
 * ElectLeaders (43), v0-2
 *
 * Gives leadership to preferred replicas, by the controller of this node (KIP-183, KIP-460).
 */
export const electLeadersRoute = route({
  request: electLeadersRequest,
  response: electLeadersResponse,
  handle: (context, request) => context.broker.controller.electLeaders(request, context),
});
