import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../../protocol/schemas/80-add-raft-voter.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * AddRaftVoter (80), v0
 *
 * Makes a controller that follows the metadata log one of its voters (KIP-853); a broker passes it on.
 */
export const addRaftVoterRoute = route({
  request: addRaftVoterRequest,
  response: addRaftVoterResponse,
  handle: (context: NodeRequestContext, request) =>
    context.broker.quorum.addVoter(request, context),
});
