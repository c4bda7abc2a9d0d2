import { fetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * Fetch (1) on the controller listener, v0-17
 *
 * Replicas of the metadata log pull it from its leader (KIP-595); the answer tells the leader, where logs
 * diverge (v12), and which snapshot to take instead.
 *
 * - v13: the topic by its id. v15 (KIP-903): the replica's id in a field of its own.
 */
export const fetchMetadataRoute = route({
  request: fetchRequest,
  response: fetchResponse,
  handle: ({ broker, apiVersion }: RequestContextOf<ControllerServices>, request) =>
    broker.raft.apis.fetch(request, apiVersion),
});
