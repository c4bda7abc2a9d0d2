import {
  offsetDeleteRequest,
  offsetDeleteResponse,
} from '../../protocol/schemas/47-offset-delete.ts';
import { hasPartition } from '../metadata-lookup.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * OffsetDelete (47), v0
 *
 * Deletes a group's offsets of partitions that nobody in the group reads (KIP-496).
 */
export const offsetDeleteRoute = route({
  request: offsetDeleteRequest,
  response: offsetDeleteResponse,
  handle({ broker }: RequestContext, request) {
    const { image } = broker.controller;
    return broker.groups.offsets.delete(request, (topic, partition) =>
      hasPartition(image, topic, partition),
    );
  },
});
