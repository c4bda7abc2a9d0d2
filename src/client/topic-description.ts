import type { DescribeTopicPartitionsResponse } from '../protocol/schemas/75-describe-topic-partitions.ts';
import type { TopicInfo } from './client-metadata.ts';

export interface PartitionDescription {
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Undefined where the broker does not say (KIP-966). */
  readonly eligibleLeaderReplicas: readonly number[] | undefined;
  readonly lastKnownElr: readonly number[] | undefined;
}

export interface TopicDescription {
  readonly name: string;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionDescription[];
}

type DescribedTopic = DescribeTopicPartitionsResponse['topics'][number];

/** From either API; `earlier` holds the partitions of a page before this one. */
export function toDescription(
  topic: DescribedTopic | TopicInfo,
  earlier: TopicDescription | undefined,
): TopicDescription {
  const own = topic.partitions.map((partition) =>
    'partitionIndex' in partition
      ? {
          partition: partition.partitionIndex,
          leader: partition.leaderId,
          replicas: partition.replicaNodes,
          isr: partition.isrNodes,
          eligibleLeaderReplicas: partition.eligibleLeaderReplicas ?? [],
          lastKnownElr: partition.lastKnownElr ?? [],
        }
      : { ...partition, eligibleLeaderReplicas: undefined, lastKnownElr: undefined },
  );
  const partitions = [...(earlier?.partitions ?? []), ...own];
  partitions.sort((a, b) => a.partition - b.partition);
  const { name, topicId, isInternal } = topic;
  return { name: name ?? '', topicId, isInternal, partitions };
}
