import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type { MessageInput } from '../protocol/schema.ts';
import type {
  OffsetCommitRequest,
  offsetCommitResponse,
} from '../protocol/schemas/08-offset-commit.ts';
import type {
  OffsetDeleteRequest,
  offsetDeleteResponse,
} from '../protocol/schemas/47-offset-delete.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { Decision } from './coordinator-result.ts';
import type { CoordinatorRuntime } from './coordinator-runtime.ts';
import type { GroupShard } from './group-shard.ts';

export interface FetchedOffset {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string;
  readonly errorCode: number;
}

export interface FetchedOffsets {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly FetchedOffset[];
  }[];
}

type TopicExists = (topic: string, partition: number) => boolean;
type CommitTopic = OffsetCommitRequest['topics'][number];

const encoder = new TextEncoder();

/** OffsetCommit, OffsetFetch and OffsetDelete. */
export class GroupOffsets {
  readonly #runtime: CoordinatorRuntime;

  constructor(runtime: CoordinatorRuntime) {
    this.#runtime = runtime;
  }

  /** `exists` tells which partitions the broker knows; a commit for another fails by itself. */
  async commit(
    request: OffsetCommitRequest,
    exists: TopicExists,
  ): Promise<MessageInput<typeof offsetCommitResponse>> {
    const errors = new Map<string, ErrorCode>();
    const general = await new Promise<ErrorCode>((answer) => {
      const shard = this.#runtime.shardFor(request.groupId);
      if (typeof shard === 'string') return answer(shard);
      this.#runtime.decide(request.groupId, (decision) => {
        const errorCode = checkCommit(shard, request);
        if (errorCode !== 'NONE') return answer(errorCode);
        this.#writeOffsets(decision, request, { exists, errors });
        decision.onAppended(answer);
      });
    });
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: errorCodeOf(errors.get(`${name}-${partitionIndex}`) ?? general),
        })),
      })),
    };
  }

  /** `topics` null asks for all that the group has committed. */
  fetch(
    groupId: string,
    topics:
      | readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[]
      | null,
  ): FetchedOffsets {
    const shard = this.#runtime.shardFor(groupId);
    if (typeof shard === 'string') return { errorCode: errorCodeOf(shard), topics: [] };
    const asked =
      topics ??
      [...shard.offsets.topicsOf(groupId)].map(([name, partitions]) => ({
        name,
        partitionIndexes: [...partitions.keys()],
      }));
    return {
      errorCode: 0,
      topics: asked.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partition) =>
          fetchedOffset(shard, { groupId, topic: name, partition }),
        ),
      })),
    };
  }

  async delete(
    request: OffsetDeleteRequest,
    exists: TopicExists,
  ): Promise<MessageInput<typeof offsetDeleteResponse>> {
    const errors = new Map<string, ErrorCode>();
    const general = await new Promise<ErrorCode>((answer) => {
      const shard = this.#runtime.shardFor(request.groupId);
      if (typeof shard === 'string') return answer(shard);
      const group = shard.groups.get(request.groupId);
      if (group === undefined || group.is('Dead')) return answer('GROUP_ID_NOT_FOUND');
      if (!group.is('Empty') && group.protocolType !== 'consumer') return answer('NON_EMPTY_GROUP');
      this.#runtime.decide(request.groupId, (decision) => {
        deleteOffsets(decision, { shard, group }, request, { exists, errors });
        decision.onAppended(answer);
      });
    });
    if (general !== 'NONE') return { errorCode: errorCodeOf(general), topics: [] };
    return {
      errorCode: 0,
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: errorCodeOf(errors.get(`${name}-${partitionIndex}`) ?? 'NONE'),
        })),
      })),
    };
  }

  #writeOffsets(
    decision: Decision,
    request: OffsetCommitRequest,
    { exists, errors }: { exists: TopicExists; errors: Map<string, ErrorCode> },
  ): void {
    const { ports, config } = this.#runtime;
    const nowMs = ports.clock.nowMs();
    const expireTimestamp = request.retentionTimeMs === -1 ? -1 : nowMs + request.retentionTimeMs;
    for (const { topic, partition } of eachPartition(request.topics)) {
      const metadata = partition.committedMetadata ?? '';
      const fault = faultOf(topic, partition.partitionIndex, exists);
      const isTooLarge = config.offsetMetadataMaxBytes < encoder.encode(metadata).length;
      const errorCode = isTooLarge && fault === 'NONE' ? 'OFFSET_METADATA_TOO_LARGE' : fault;
      if (errorCode !== 'NONE') {
        errors.set(`${topic}-${partition.partitionIndex}`, errorCode);
        continue;
      }
      const value = {
        offset: partition.committedOffset,
        leaderEpoch: partition.committedLeaderEpoch,
        metadata,
        commitTimestamp: partition.commitTimestamp === -1 ? nowMs : partition.commitTimestamp,
        expireTimestamp,
      };
      decision.write({
        kind: 'offset-commit',
        groupId: request.groupId,
        topic,
        partition: partition.partitionIndex,
        value,
      });
    }
  }
}

function checkCommit(shard: GroupShard, request: OffsetCommitRequest): ErrorCode {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request;
  const group = shard.groups.get(groupId);
  if (group !== undefined) {
    return shard.validateCommit(group, { memberId, groupInstanceId, generationId });
  }
  if (0 <= generationId) return 'ILLEGAL_GENERATION';
  // A "simple" consumer commits for a group that nobody joins.
  shard.getOrCreate(groupId);
  return 'NONE';
}

function deleteOffsets(
  decision: Decision,
  { shard, group }: { shard: GroupShard; group: ClassicGroup },
  request: OffsetDeleteRequest,
  { exists, errors }: { exists: TopicExists; errors: Map<string, ErrorCode> },
): void {
  const { groupId } = group;
  const deleted = new Set<string>();
  for (const { name: topic, partitions } of request.topics) {
    const isSubscribed = !group.is('Empty') && (group.subscribedTopics?.has(topic) ?? true);
    for (const { partitionIndex: partition } of partitions) {
      const fault = isSubscribed ? 'GROUP_SUBSCRIBED_TO_TOPIC' : faultOf(topic, partition, exists);
      if (fault !== 'NONE') errors.set(`${topic}-${partition}`, fault);
      const key = { groupId, topic, partition };
      const isNew = !deleted.has(`${topic}-${partition}`);
      if (fault === 'NONE' && isNew && shard.offsets.get(key) !== undefined) {
        shard.offsets.delete(decision, key);
        deleted.add(`${topic}-${partition}`);
      }
    }
  }
  shard.deleteIfBare(decision, group, deleted.size);
}

function faultOf(topic: string, partition: number, exists: TopicExists): ErrorCode {
  return exists(topic, partition) ? 'NONE' : 'UNKNOWN_TOPIC_OR_PARTITION';
}

function fetchedOffset(
  shard: GroupShard,
  key: { groupId: string; topic: string; partition: number },
): FetchedOffset {
  const value = shard.offsets.get(key);
  return {
    partitionIndex: key.partition,
    committedOffset: value?.offset ?? -1,
    committedLeaderEpoch: value?.leaderEpoch ?? -1,
    metadata: value?.metadata ?? '',
    errorCode: 0,
  };
}

function* eachPartition(topics: readonly CommitTopic[]) {
  for (const { name, partitions } of topics) {
    for (const partition of partitions) yield { topic: name, partition };
  }
}
