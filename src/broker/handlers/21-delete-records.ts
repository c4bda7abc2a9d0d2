import { sleep } from '../../base/scheduler.ts';
import { topicConfigOverrides } from '../../controller/metadata-image.ts';
import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DeleteRecordsRequest,
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../protocol/schemas/21-delete-records.ts';
import { isInternalTopic } from '../internal-topics.ts';
import type { Partition } from '../partition.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DeleteRecords (21), v0-2
 *
 * Raises the log start offsets of partitions (KIP-107); -1 is the high watermark. Answers when all followers that
 * are alive have raised theirs, or with REQUEST_TIMED_OUT.
 */
export const deleteRecordsRoute = route({
  request: deleteRecordsRequest,
  response: deleteRecordsResponse,
  handle: handleDeleteRecords,
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

type Response = MessageInput<typeof deleteRecordsResponse>;
type PartitionResult = {
  readonly partitionIndex: number;
  lowWatermark: number;
  errorCode: number;
};

/** A partition whose followers have yet to delete. */
interface Deletion {
  readonly partition: Partition;
  readonly offset: number;
  readonly result: PartitionResult;
}

async function handleDeleteRecords(
  context: RequestContext,
  request: DeleteRecordsRequest,
): Promise<Response> {
  const deletions: Deletion[] = [];
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      const partition = deleteRecords(context, name, partitionIndex, offset);
      if (typeof partition === 'string') {
        return { partitionIndex, lowWatermark: -1, errorCode: errorCodeOf(partition) };
      }
      const lowWatermark = partition.log.logStartOffset;
      const result = { partitionIndex, lowWatermark, errorCode: 0 };
      deletions.push({ partition, offset: lowWatermark, result });
      return result;
    }),
  }));
  await untilFollowersDeleted(context, deletions, request.timeoutMs);
  return { topics };
}

/** Simplified: looks again every 10 ms; Kafka has a purgatory for it, but records are seldom deleted. */
async function untilFollowersDeleted(
  { broker, client }: RequestContext,
  deletions: readonly Deletion[],
  timeoutMs: number,
): Promise<void> {
  const { clock, scheduler } = broker;
  let deadlineMs = clock.monotonicMs() + timeoutMs;
  // Nobody waits any more then.
  const forgetConnection = client.onClose(() => {
    deadlineMs = 0;
  });
  for (;;) {
    const waiting = lookAgain(broker, deletions);
    const isOver = deadlineMs <= clock.monotonicMs();
    if (isOver) for (const { result } of waiting) result.errorCode = timedOut;
    if (isOver || waiting.length === 0) break;
    await sleep(scheduler, 10);
  }
  forgetConnection();
}

const timedOut = errorCodeOf('REQUEST_TIMED_OUT');

/** Answers the deletions that followers have yet to do. */
function lookAgain(
  { replicas }: RequestContext['broker'],
  deletions: readonly Deletion[],
): readonly Deletion[] {
  return deletions.filter(({ partition, offset, result }) => {
    result.lowWatermark = replicas.lowWatermarkOf(partition);
    if (!partition.isLeader) result.errorCode = errorCodeOf('NOT_LEADER_OR_FOLLOWER');
    return partition.isLeader && result.lowWatermark < offset;
  });
}

/** The partition, with its new log start offset, or why that stays. */
function deleteRecords(
  { broker }: RequestContext,
  topic: string,
  partitionIndex: number,
  offset: number,
): Partition | ErrorCode {
  const partition = broker.replicas.leader(topic, partitionIndex);
  if (typeof partition === 'string') return partition;
  if (isInternalTopic(topic)) return 'INVALID_TOPIC_EXCEPTION';
  const overrides = topicConfigOverrides(broker.controller.image, topic);
  const policy = overrides.get('cleanup.policy') ?? broker.config.string('log.cleanup.policy');
  // Records of a compacted topic are only ever replaced.
  if (!policy.includes('delete')) return 'POLICY_VIOLATION';
  return partition.deleteRecords(offset) ? partition : 'OFFSET_OUT_OF_RANGE';
}
