import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../../protocol/schemas/67-allocate-producer-ids.ts';
import { route } from '../route.ts';

/**
 * AllocateProducerIds (67), v0
 *
 * Gives a broker a block of producer ids (KIP-730).
 */
export const allocateProducerIdsRoute = route({
  request: allocateProducerIdsRequest,
  response: allocateProducerIdsResponse,
  handle: ({ broker }, request) => broker.controller.allocateProducerIds(request),
});
