import { topicConfigOverrides } from '../../controller/metadata-image.ts';
import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../protocol/schemas/21-delete-records.ts';
import { isInternalTopic } from '../internal-topics.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DeleteRecords (21), v0-2
 *
 * Raises the log start offsets of partitions (KIP-107); -1 is the high watermark.
 */
export const deleteRecordsRoute = route({
  request: deleteRecordsRequest,
  response: deleteRecordsResponse,
  handle: (context: RequestContext, request) => ({
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        const lowWatermark = deleteRecords(context, name, partitionIndex, offset);
        const errorCode = typeof lowWatermark === 'string' ? errorCodeOf(lowWatermark) : 0;
        return {
          partitionIndex,
          lowWatermark: typeof lowWatermark === 'string' ? -1 : lowWatermark,
          errorCode,
        };
      }),
    })),
  }),
  fail: (request, errorCode) => ({
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        lowWatermark: -1,
        errorCode,
      })),
    })),
  }),
});

/** The new log start offset, or why it stays. */
function deleteRecords(
  { broker }: RequestContext,
  topic: string,
  partitionIndex: number,
  offset: number,
): number | ErrorCode {
  const partition = broker.replicas.leader(topic, partitionIndex);
  if (typeof partition === 'string') return partition;
  if (isInternalTopic(topic)) return 'INVALID_TOPIC_EXCEPTION';
  const overrides = topicConfigOverrides(broker.controller.image, topic);
  const policy = overrides.get('cleanup.policy') ?? broker.config.string('log.cleanup.policy');
  // Records of a compacted topic are only ever replaced.
  if (!policy.includes('delete')) return 'POLICY_VIOLATION';
  return partition.log.deleteRecords(offset) ?? 'OFFSET_OUT_OF_RANGE';
}
