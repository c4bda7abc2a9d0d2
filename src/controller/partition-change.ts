import type { MessageInput } from '../protocol/schema.ts';
import type { partitionChangeRecord } from '../protocol/schemas/records/partition-change-record.ts';
import type { ControllerContext } from './controller-context.ts';
import {
  brokerConfigOverrides,
  isActiveBroker,
  metadataVersionOf,
  NO_LEADER,
  type PartitionRegistration,
  type TopicImage,
  topicConfigOverrides,
} from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { partitionRecordVersion } from './metadata-version.ts';
import { topicConfigDefault } from './topic-config-validation.ts';

/** How a leader is chosen (`PartitionChangeBuilder.Election`). */
export type Election = 'online' | 'preferred' | 'unclean';

export interface PartitionTarget {
  readonly topic: TopicImage;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
  /** The ISR that is wanted; absent: the one that is. */
  readonly isr?: readonly number[];
  readonly election: Election;
  /** Whether a broker may lead; absent: if it is active. */
  readonly isAcceptable?: (brokerId: number) => boolean;
}

const RECOVERING = 1;

/** The record that takes a partition to its target, or undefined where nothing changes. */
export function partitionChange(
  ctx: ControllerContext,
  target: PartitionTarget,
): MetadataRecordInput | undefined {
  const { partition, topic, partitionId } = target;
  const isr = target.isr ?? partition.isr;
  const { leader, isUnclean } = electLeader(ctx, target, isr);
  const change: { -readonly [K in keyof Change]: Change[K] } = {};
  if (isUnclean) {
    change.isr = [leader];
    change.leaderRecoveryState = RECOVERING;
  } else if (0 < isr.length && !isSame(isr, partition.isr)) {
    // The last ISR is kept when nobody is left: only its members have all that was committed.
    change.isr = isr;
  }
  if (leader !== partition.leader) change.leader = leader;
  if (Object.keys(change).length === 0) return undefined;
  return {
    kind: 'PartitionChangeRecord',
    version: partitionRecordVersion(metadataVersionOf(ctx.image)),
    message: { partitionId, topicId: topic.topicId, ...change },
  };
}

type Change = MessageInput<typeof partitionChangeRecord>;

interface ElectionResult {
  readonly leader: number;
  readonly isUnclean: boolean;
}

function electLeader(
  ctx: ControllerContext,
  target: PartitionTarget,
  isr: readonly number[],
): ElectionResult {
  const { partition, election } = target;
  const isAcceptable = target.isAcceptable ?? ((id: number) => isActiveBroker(ctx.image, id));
  const isValid = (id: number) => isr.includes(id) && isAcceptable(id);
  const [preferred] = partition.replicas;
  const clean = (id: number): ElectionResult => ({ leader: id, isUnclean: false });
  if (election === 'preferred' && preferred !== undefined && isValid(preferred))
    return clean(preferred);
  if (isValid(partition.leader)) return clean(partition.leader);
  const inSync = partition.replicas.find(isValid);
  if (inSync !== undefined) return clean(inSync);
  const mayBeUnclean = election === 'unclean' || isUncleanElectionEnabled(ctx, target.topic.name);
  const any = mayBeUnclean ? partition.replicas.find(isAcceptable) : undefined;
  return any === undefined ? clean(NO_LEADER) : { leader: any, isUnclean: true };
}

function isUncleanElectionEnabled(ctx: ControllerContext, topic: string): boolean {
  const name = 'unclean.leader.election.enable';
  const { image, settings } = ctx;
  const own = topicConfigOverrides(image, topic).get(name);
  const dynamic = own ?? brokerConfigOverrides(image, '').get(name);
  const value = dynamic ?? topicConfigDefault(settings, name, new Map());
  return value?.trim().toLowerCase() === 'true';
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

export interface PartitionPlace {
  readonly topic: TopicImage;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
}

/** Every partition of the cluster. */
export function* partitionsOf(topics: Iterable<TopicImage>): Generator<PartitionPlace> {
  for (const topic of topics) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      yield { topic, partitionId, partition };
    }
  }
}
