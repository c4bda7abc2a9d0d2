import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../../protocol/schemas/54-end-quorum-epoch.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * EndQuorumEpoch (54), v0-1
 *
 * A leader that goes tells the other voters, who then need not wait for a timeout (KIP-595).
 *
 * - v1 (KIP-853): replicas by id and directory, and where the leader listens.
 */
export const endQuorumEpochRoute = route({
  request: endQuorumEpochRequest,
  response: endQuorumEpochResponse,
  handle: ({ broker, apiVersion }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.endQuorumEpoch(request, apiVersion),
});
