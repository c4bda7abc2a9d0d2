import {
  fetchSnapshotRequest,
  fetchSnapshotResponse,
} from '../../protocol/schemas/59-fetch-snapshot.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * FetchSnapshot (59), v0-1
 *
 * A replica that is behind the start of the leader's log takes its snapshot, part by part (KIP-630).
 *
 * - v1 (KIP-853): replicas by id and directory, and where the leader listens.
 */
export const fetchSnapshotRoute = route({
  request: fetchSnapshotRequest,
  response: fetchSnapshotResponse,
  handle: ({ broker, apiVersion }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.fetchSnapshot(request, apiVersion),
});
