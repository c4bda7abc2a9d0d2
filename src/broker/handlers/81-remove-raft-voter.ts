import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../protocol/schemas/81-remove-raft-voter.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * RemoveRaftVoter (81), v0
 *
 * Takes a controller out of the voters of the metadata log (KIP-853); a broker passes it on.
 */
export const removeRaftVoterRoute = route({
  request: removeRaftVoterRequest,
  response: removeRaftVoterResponse,
  handle: (context: NodeRequestContext, request) =>
    context.broker.quorum.removeVoter(request, context),
});
