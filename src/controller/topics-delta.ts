import type { PartitionChangeRecord } from '../protocol/schemas/records/partition-change-record.ts';
import type { PartitionRecord } from '../protocol/schemas/records/partition-record.ts';
import type { TopicRecord } from '../protocol/schemas/records/topic-record.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { CopyOnWriteMap } from './copy-on-write-map.ts';
import type { PartitionRegistration, TopicImage, TopicsImage, Uuid } from './metadata-image.ts';
import { MetadataReplayError } from './metadata-replay-error.ts';

/** The `leader` of a PartitionChangeRecord that says nothing of it. */
export const NO_LEADER_CHANGE = -2;

/** Changes of topics and partitions on top of an image. */
export class TopicsDelta {
  readonly #base: TopicsImage;
  readonly #byName: CopyOnWriteMap<string, TopicImage>;
  readonly #byId: CopyOnWriteMap<Uuid, TopicImage>;
  /** Partition arrays of this delta's own, free to be changed until `apply`. */
  readonly #ownPartitions = new Map<Uuid, PartitionRegistration[]>();
  readonly #changed = new Map<Uuid, Set<number>>();
  readonly #deleted = new Map<Uuid, TopicImage>();

  constructor(base: TopicsImage) {
    this.#base = base;
    this.#byName = new CopyOnWriteMap(base.byName);
    this.#byId = new CopyOnWriteMap(base.byId);
  }

  /** Indexes of new and changed partitions by topic id. */
  get changedPartitions(): ReadonlyMap<Uuid, ReadonlySet<number>> {
    return this.#changed;
  }

  /** Topics of the base image that are gone. */
  get deletedTopics(): ReadonlyMap<Uuid, TopicImage> {
    return this.#deleted;
  }

  /** What `before` had and a snapshot that replaces it has not, is deleted. */
  finishSnapshot(before: TopicsImage): void {
    for (const [topicId, topic] of before.byId) {
      if (this.#byId.get(topicId) === undefined) this.#deleted.set(topicId, topic);
    }
  }

  get(topicId: Uuid): TopicImage | undefined {
    return this.#byId.get(topicId);
  }

  createTopic(record: TopicRecord): void {
    const { name, topicId } = record;
    if (this.#byName.get(name) !== undefined) {
      throw new MetadataReplayError(`TopicRecord names the topic ${name}, which exists`);
    }
    const partitions: PartitionRegistration[] = [];
    this.#ownPartitions.set(topicId, partitions);
    this.#changed.set(topicId, new Set());
    this.#put({ name, topicId, partitions });
  }

  /** Answers the topic that was removed. */
  removeTopic(topicId: Uuid): TopicImage {
    const topic = this.#topic(topicId, 'RemoveTopicRecord');
    this.#byName.delete(topic.name);
    this.#byId.delete(topicId);
    this.#ownPartitions.delete(topicId);
    this.#changed.delete(topicId);
    const before = this.#base.byId.get(topicId);
    if (before !== undefined) this.#deleted.set(topicId, before);
    return topic;
  }

  setPartition(record: PartitionRecord): void {
    const { topicId, partitionId } = record;
    const partitions = this.#writable(topicId, 'PartitionRecord');
    if (partitionId < 0 || partitions.length < partitionId) {
      throw new MetadataReplayError(
        `PartitionRecord has the index ${partitionId} where ${partitions.length} come before it`,
      );
    }
    partitions[partitionId] = registrationOf(record);
    this.#changed.get(topicId)?.add(partitionId);
  }

  changePartition(record: PartitionChangeRecord): void {
    const { topicId, partitionId } = record;
    const partitions = this.#writable(topicId, 'PartitionChangeRecord');
    const before = partitions[partitionId];
    if (before === undefined) {
      throw new MetadataReplayError(
        `PartitionChangeRecord is for partition ${partitionId}, which does not exist`,
      );
    }
    partitions[partitionId] = mergePartition(before, record);
    this.#changed.get(topicId)?.add(partitionId);
  }

  apply(): TopicsImage {
    // Partition arrays become part of an image: the next change must copy them again.
    this.#ownPartitions.clear();
    const byName = this.#byName.current;
    const byId = this.#byId.current;
    if (byName === this.#base.byName && byId === this.#base.byId) return this.#base;
    return { byName, byId };
  }

  #topic(topicId: Uuid, what: string): TopicImage {
    const topic = this.#byId.get(topicId);
    if (topic === undefined) {
      throw new MetadataReplayError(`${what} is for the topic id ${topicId}, which does not exist`);
    }
    return topic;
  }

  #writable(topicId: Uuid, what: string): PartitionRegistration[] {
    const topic = this.#topic(topicId, what);
    const own = this.#ownPartitions.get(topicId);
    if (own !== undefined) return own;
    const partitions = [...topic.partitions];
    this.#ownPartitions.set(topicId, partitions);
    if (!this.#changed.has(topicId)) this.#changed.set(topicId, new Set());
    this.#put({ ...topic, partitions });
    return partitions;
  }

  #put(topic: TopicImage): void {
    this.#byName.set(topic.name, topic);
    this.#byId.set(topic.topicId, topic);
  }
}

function registrationOf(record: PartitionRecord): PartitionRegistration {
  return {
    replicas: record.replicas,
    directories: directoriesFor(record.replicas.length, record.directories),
    isr: record.isr,
    removingReplicas: record.removingReplicas,
    addingReplicas: record.addingReplicas,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? [],
    lastKnownElr: record.lastKnownElr ?? [],
    leader: record.leader,
    leaderRecoveryState: record.leaderRecoveryState,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
  };
}

/** What a change leaves out stays (`PartitionRegistration.merge`). Any word on the leader, even the same leader, starts a leader epoch. */
export function mergePartition(
  before: PartitionRegistration,
  change: PartitionChangeRecord,
): PartitionRegistration {
  const hasLeader = change.leader !== NO_LEADER_CHANGE;
  const replicas = change.replicas ?? before.replicas;
  return {
    replicas,
    directories: directoriesFor(replicas.length, change.directories ?? before.directories),
    isr: change.isr ?? before.isr,
    removingReplicas: change.removingReplicas ?? before.removingReplicas,
    addingReplicas: change.addingReplicas ?? before.addingReplicas,
    eligibleLeaderReplicas: change.eligibleLeaderReplicas ?? before.eligibleLeaderReplicas,
    lastKnownElr: change.lastKnownElr ?? before.lastKnownElr,
    leader: hasLeader ? change.leader : before.leader,
    leaderRecoveryState:
      change.leaderRecoveryState === -1 ? before.leaderRecoveryState : change.leaderRecoveryState,
    leaderEpoch: hasLeader ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
  };
}

/** Records of before KIP-858 name no directories; then none is known. */
function directoriesFor(replicas: number, directories: readonly Uuid[]): readonly Uuid[] {
  if (directories.length === replicas) return directories;
  return Array.from({ length: replicas }, () => ZERO_UUID);
}
