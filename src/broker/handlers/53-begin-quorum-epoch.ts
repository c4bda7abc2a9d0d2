import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../../protocol/schemas/53-begin-quorum-epoch.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * BeginQuorumEpoch (53), v0-1
 *
 * A new leader tells the other voters of its epoch (KIP-595): all else they pull.
 *
 * - v1 (KIP-853): replicas by id and directory, and where the leader listens.
 */
export const beginQuorumEpochRoute = route({
  request: beginQuorumEpochRequest,
  response: beginQuorumEpochResponse,
  handle: ({ broker, apiVersion }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.beginQuorumEpoch(request, apiVersion),
});
