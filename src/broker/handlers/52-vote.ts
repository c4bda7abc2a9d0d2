import { voteRequest, voteResponse } from '../../protocol/schemas/52-vote.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Vote (52), v0-2
 *
 * A candidate asks a voter for its vote in an epoch (KIP-595).
 *
 * - v1 (KIP-853): replicas by id and directory, and where the leader listens.
 * - v2 (KIP-996): pre-votes.
 */
export const voteRoute = route({
  request: voteRequest,
  response: voteResponse,
  handle: ({ broker, apiVersion }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.vote(request, apiVersion),
});
