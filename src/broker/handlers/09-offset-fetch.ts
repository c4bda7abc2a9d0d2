import type { MessageInput } from '../../protocol/schema.ts';
import {
  type OffsetFetchRequest,
  offsetFetchRequest,
  offsetFetchResponse,
} from '../../protocol/schemas/09-offset-fetch.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * OffsetFetch (9), v0-9
 *
 * Answers how far groups have read.
 *
 * - v2: null topics ask for all; errors of the group as a whole have a field.
 * - v7 (KIP-447): requireStable. Nothing is ever unstable here as long as there are no transactions.
 * - v8 (KIP-709): several groups in one request. v9: member epochs (KIP-848), not looked at for classic groups.
 */
export const offsetFetchRoute = route({
  request: offsetFetchRequest,
  response: offsetFetchResponse,
  handle: handleOffsetFetch,
});

function handleOffsetFetch(
  { broker, apiVersion }: RequestContext,
  request: OffsetFetchRequest,
): MessageInput<typeof offsetFetchResponse> {
  const { offsets } = broker.groups;
  if (8 <= apiVersion) {
    return {
      groups: request.groups.map(({ groupId, topics }) => ({
        groupId,
        ...offsets.fetch(groupId, topics),
      })),
    };
  }
  const { groupId, topics } = request;
  const fetched = offsets.fetch(groupId, topics);
  if (2 <= apiVersion || fetched.errorCode === 0) return fetched;
  return {
    topics: topics?.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: -1,
        metadata: '',
        errorCode: fetched.errorCode,
      })),
    })),
  };
}
