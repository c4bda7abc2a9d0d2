import { errorCodeOf } from '../../protocol/error-codes.ts';
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../protocol/schemas/61-describe-producers.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeProducers (61), v0
 *
 * The idempotent producers that a partition knows (KIP-664).
 */
export const describeProducersRoute = route({
  request: describeProducersRequest,
  response: describeProducersResponse,
  handle: (context: RequestContext, request) => ({
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorMessage: null,
        ...producersOf(context, name, partitionIndex),
      })),
    })),
  }),
});

function producersOf({ broker }: RequestContext, topic: string, partitionIndex: number) {
  const partition = broker.replicas.leader(topic, partitionIndex);
  if (typeof partition === 'string') return { errorCode: errorCodeOf(partition) };
  return {
    errorCode: 0,
    activeProducers: [...partition.log.producers.entries].map((entry) => ({
      producerId: entry.producerId,
      producerEpoch: entry.producerEpoch,
      lastSequence: entry.batches.at(-1)?.lastSequence ?? -1,
      lastTimestamp: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnStartOffset: entry.currentTxnFirstOffset,
    })),
  };
}
