import type { MessageInput } from '../../protocol/schema.ts';
import {
  type OffsetCommitRequest,
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../protocol/schemas/08-offset-commit.ts';
import { hasPartition } from '../metadata-lookup.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * OffsetCommit (8), v0-9
 *
 * Writes how far a group has read.
 *
 * - v2-4: the client may say how long the offsets are kept; later it is the broker's to say (KIP-211).
 * - v6: the leader epoch of the last record read. v7 (KIP-345): group.instance.id.
 * Simplified: v0 commits here as v1 does; Kafka sent it to ZooKeeper. Not implemented: member epochs (KIP-848).
 */
export const offsetCommitRoute = route({
  request: offsetCommitRequest,
  response: offsetCommitResponse,
  handle: handleOffsetCommit,
  fail: (request, errorCode) => ({
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }),
});

function handleOffsetCommit(
  { broker }: RequestContext,
  request: OffsetCommitRequest,
): Promise<MessageInput<typeof offsetCommitResponse>> {
  const { image } = broker.controller;
  return broker.groups.offsets.commit(request, (topic, partition) =>
    hasPartition(image, topic, partition),
  );
}
