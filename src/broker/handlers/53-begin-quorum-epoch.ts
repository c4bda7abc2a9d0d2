import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../../protocol/schemas/53-begin-quorum-epoch.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * BeginQuorumEpoch (53), v0
 *
 * A new leader tells the other voters of its epoch (KIP-595): all else they pull.
 */
export const beginQuorumEpochRoute = route({
  request: beginQuorumEpochRequest,
  response: beginQuorumEpochResponse,
  handle: ({ broker }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.beginQuorumEpoch(request),
});
