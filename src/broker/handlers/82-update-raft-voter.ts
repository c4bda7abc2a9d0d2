import {
  updateRaftVoterRequest,
  updateRaftVoterResponse,
} from '../../protocol/schemas/82-update-raft-voter.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * UpdateRaftVoter (82), v0
 *
 * A voter tells the leader where it listens and which versions of `kraft.version` it speaks (KIP-853).
 */
export const updateRaftVoterRoute = route({
  request: updateRaftVoterRequest,
  response: updateRaftVoterResponse,
  handle: ({ broker }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.updateVoter(request),
});
