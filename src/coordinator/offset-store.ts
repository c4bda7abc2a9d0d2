import type { OffsetCommitValue } from '../protocol/schemas/records/offset-commit.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { Decision } from './coordinator-result.ts';
import type { GroupRecord, OffsetKey } from './group-record.ts';

type OffsetRecord = Extract<GroupRecord, { kind: 'offset-commit' }>;
type PartitionOffsets = Map<number, OffsetCommitValue>;

/** The committed offsets of the groups of one shard: group → topic → partition. */
export class OffsetStore {
  readonly #groups = new Map<string, Map<string, PartitionOffsets>>();

  replay({ groupId, topic, partition, value }: OffsetRecord): void {
    if (value === null) {
      this.#remove({ groupId, topic, partition });
      return;
    }
    const topics = this.#groups.get(groupId) ?? new Map<string, PartitionOffsets>();
    const partitions = topics.get(topic) ?? new Map<number, OffsetCommitValue>();
    partitions.set(partition, value);
    topics.set(topic, partitions);
    this.#groups.set(groupId, topics);
  }

  get({ groupId, topic, partition }: OffsetKey): OffsetCommitValue | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition);
  }

  groupIds(): Iterable<string> {
    return this.#groups.keys();
  }

  *entriesOf(groupId: string): Generator<readonly [OffsetKey, OffsetCommitValue]> {
    for (const [topic, partitions] of this.#groups.get(groupId) ?? []) {
      for (const [partition, value] of partitions) yield [{ groupId, topic, partition }, value];
    }
  }

  topicsOf(groupId: string): ReadonlyMap<string, ReadonlyMap<number, OffsetCommitValue>> {
    return this.#groups.get(groupId) ?? new Map();
  }

  countOf(groupId: string): number {
    let count = 0;
    for (const { size } of this.#groups.get(groupId)?.values() ?? []) count += size;
    return count;
  }

  delete(decision: Decision, key: OffsetKey): void {
    decision.write({ kind: 'offset-commit', ...key, value: null });
  }

  deleteAll(decision: Decision, groupId: string): void {
    for (const [key] of this.entriesOf(groupId)) this.delete(decision, key);
  }

  /** KIP-211: the clock of an offset starts when its group gets empty, or stops reading its topic. */
  expired(group: ClassicGroup, nowMs: number, retentionMs: number): readonly OffsetKey[] {
    const expired: OffsetKey[] = [];
    for (const [key, value] of this.entriesOf(group.groupId)) {
      const startMs = retentionStartMs(group, key.topic, value);
      if (startMs === null) continue;
      const hasOwnEnd = value.expireTimestamp !== -1;
      const endMs = hasOwnEnd ? value.expireTimestamp : startMs + retentionMs;
      if (endMs <= nowMs) expired.push(key);
    }
    return expired;
  }

  #remove({ groupId, topic, partition }: OffsetKey): void {
    const topics = this.#groups.get(groupId);
    const partitions = topics?.get(topic);
    if (topics === undefined || partitions === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.#groups.delete(groupId);
  }
}

/** Null while the offset is in use. */
function retentionStartMs(
  group: ClassicGroup,
  topic: string,
  value: OffsetCommitValue,
): number | null {
  if (group.protocolType === null) return value.commitTimestamp;
  if (group.is('Empty')) return group.stateChangedAtMs;
  const { subscribedTopics } = group;
  const isUnsubscribed = subscribedTopics !== null && !subscribedTopics.has(topic);
  return group.is('Stable') && isUnsubscribed ? value.commitTimestamp : null;
}
