import { errorCodeOf } from '../../protocol/error-codes.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../protocol/schemas/23-offset-for-leader-epoch.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * OffsetForLeaderEpoch (23), v0-4
 *
 * Where a leader epoch ended in the log, by which a reader finds out that records it read were lost
 * (KIP-101, KIP-320).
 */
export const offsetForLeaderEpochRoute = route({
  request: offsetForLeaderEpochRequest,
  response: offsetForLeaderEpochResponse,
  handle: (context: RequestContext, request) => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((asked) => ({
        partition: asked.partition,
        ...endOfEpoch(context, topic, asked),
      })),
    })),
  }),
  fail: (request, errorCode) => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({ partition, errorCode })),
    })),
  }),
});

function endOfEpoch(
  { broker }: RequestContext,
  topic: string,
  asked: { partition: number; currentLeaderEpoch: number; leaderEpoch: number },
) {
  const partition = broker.replicas.leader(topic, asked.partition);
  if (typeof partition === 'string') return { errorCode: errorCodeOf(partition) };
  const epochError = partition.checkLeaderEpoch(asked.currentLeaderEpoch);
  if (epochError !== 'NONE') return { errorCode: errorCodeOf(epochError) };
  const { epoch, endOffset } = partition.log.endOffsetFor(asked.leaderEpoch);
  return { errorCode: 0, leaderEpoch: epoch, endOffset };
}
