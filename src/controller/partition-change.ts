import type { MessageInput } from '../protocol/schema.ts';
import type { partitionChangeRecord } from '../protocol/schemas/records/partition-change-record.ts';
import type { ControllerContext } from './controller-context.ts';
import {
  brokerConfigOverrides,
  isActiveBroker,
  isDirectoryOnline,
  metadataVersionOf,
  NO_LEADER,
  type PartitionRegistration,
  type TopicImage,
  topicConfigOverrides,
  type Uuid,
} from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  isDirectoryAssignmentSupported,
  isLeaderEpochBumpedOnIsrShrink,
  isLeaderRecoverySupported,
  partitionRecordVersion,
} from './metadata-version.ts';
import { defaultDirectory } from './new-partition.ts';
import { completeReassignment } from './partition-reassignment.ts';
import { topicConfigDefault } from './topic-config-validation.ts';

/**
 * How a leader is chosen (`PartitionChangeBuilder.Election`): from the ISR; from the ISR with the
 * first replica before the present leader; from the ISR, and if nobody is left from all replicas.
 */
export type Election = 'online' | 'preferred' | 'unclean';

/** What a partition shall be; what is absent stays. */
export interface PartitionTarget extends PartitionPlace {
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly adding?: readonly number[];
  readonly removing?: readonly number[];
  readonly leaderRecoveryState?: number;
  /** Where one broker has its replica now. */
  readonly directory?: { readonly brokerId: number; readonly id: Uuid };
  readonly election: Election;
  /** Whether a broker may lead; absent: if it is active. */
  readonly isAcceptable?: (brokerId: number) => boolean;
}

export interface PartitionPlace {
  readonly topic: TopicImage;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
}

type Change = { -readonly [K in keyof ChangeInput]: ChangeInput[K] };
type ChangeInput = MessageInput<typeof partitionChangeRecord>;

/** With every gap filled, and a move that its ISR completes completed. */
interface Resolved {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

const RECOVERING = 1;

/** The record that takes a partition to its target, or undefined where nothing changes. */
export function partitionChange(
  ctx: ControllerContext,
  target: PartitionTarget,
): MetadataRecordInput | undefined {
  const { partition, topic, partitionId } = target;
  const resolved = resolve(target);
  const change: Change = {};
  elect(ctx, target, resolved, change);
  // Followers of the old replicas must hear of the new ones: a new leader epoch tells them.
  const loses = partition.replicas.some((id) => !resolved.replicas.includes(id));
  if (loses) change.leader ??= partition.leader;
  // The last ISR is kept when nobody is left: only its members have all that was committed.
  const hasNewIsr = 0 < resolved.isr.length && !isSame(resolved.isr, partition.isr);
  if (change.isr === undefined && hasNewIsr) change.isr = resolved.isr;
  bumpEpochOnShrink(ctx, partition, change);
  setAssignment(ctx, target, resolved, change);
  const recovery = target.leaderRecoveryState ?? partition.leaderRecoveryState;
  if (recovery !== partition.leaderRecoveryState) change.leaderRecoveryState = recovery;
  if (Object.keys(change).length === 0) return undefined;
  return {
    kind: 'PartitionChangeRecord',
    version: partitionRecordVersion(metadataVersionOf(ctx.image)),
    message: { partitionId, topicId: topic.topicId, ...change },
  };
}

function resolve(target: PartitionTarget): Resolved {
  const { partition } = target;
  const wanted = {
    replicas: target.replicas ?? partition.replicas,
    isr: target.isr ?? partition.isr,
    adding: target.adding ?? partition.addingReplicas,
    removing: target.removing ?? partition.removingReplicas,
  };
  const completed = completeReassignment(wanted, wanted.isr);
  return completed === undefined ? wanted : { ...completed, adding: [], removing: [] };
}

function elect(
  ctx: ControllerContext,
  target: PartitionTarget,
  resolved: Resolved,
  change: Change,
): void {
  const { partition } = target;
  const { leader, isUnclean } = electLeader(ctx, target, resolved);
  if (leader === partition.leader) return;
  change.leader = leader;
  if (!isUnclean) return;
  change.isr = [leader];
  const isRecovering = partition.leaderRecoveryState === RECOVERING;
  if (!isRecovering && isLeaderRecoverySupported(metadataVersionOf(ctx.image))) {
    change.leaderRecoveryState = RECOVERING;
  }
}

interface ElectionResult {
  readonly leader: number;
  readonly isUnclean: boolean;
}

function electLeader(
  ctx: ControllerContext,
  target: PartitionTarget,
  { replicas, isr }: Resolved,
): ElectionResult {
  const { partition, election } = target;
  const mayLead = target.isAcceptable ?? ((id: number) => isActiveBroker(ctx.image, id));
  const isAcceptable = (id: number) => mayLead(id) && isReplicaOnline(ctx, partition, id);
  const isValid = (id: number) => isr.includes(id) && isAcceptable(id);
  const [preferred = NO_LEADER] = replicas;
  const first = election === 'preferred' ? [preferred, partition.leader] : [partition.leader];
  const inSync = [...first, ...replicas].find(isValid);
  if (inSync !== undefined) return { leader: inSync, isUnclean: false };
  const any = election === 'unclean' ? replicas.find(isAcceptable) : undefined;
  return { leader: any ?? NO_LEADER, isUnclean: any !== undefined };
}

function isReplicaOnline(
  { image }: ControllerContext,
  { replicas, directories }: PartitionRegistration,
  brokerId: number,
): boolean {
  const directory = directories[replicas.indexOf(brokerId)];
  return directory === undefined || isDirectoryOnline(image.brokers.get(brokerId), directory);
}

/** Replica managers of before 3.6 need it (KAFKA-15021). */
function bumpEpochOnShrink(
  { image }: ControllerContext,
  partition: PartitionRegistration,
  change: Change,
): void {
  const { isr } = change;
  if (isr === undefined || isr === null) return;
  if (!isLeaderEpochBumpedOnIsrShrink(metadataVersionOf(image))) return;
  if (partition.isr.some((id) => !isr.includes(id))) change.leader ??= partition.leader;
}

function setAssignment(
  ctx: ControllerContext,
  target: PartitionTarget,
  { replicas, adding, removing }: Resolved,
  change: Change,
): void {
  const { partition } = target;
  if (isDirectoryAssignmentSupported(metadataVersionOf(ctx.image))) {
    const directories = replicas.map((id) => directoryOf(ctx, target, id));
    if (!isSame(directories, partition.directories)) change.directories = directories;
  }
  if (!isSame(replicas, partition.replicas)) change.replicas = replicas;
  if (!isSame(removing, partition.removingReplicas)) change.removingReplicas = removing;
  if (!isSame(adding, partition.addingReplicas)) change.addingReplicas = adding;
}

function directoryOf(
  { image }: ControllerContext,
  { partition, directory }: PartitionTarget,
  brokerId: number,
): Uuid {
  if (directory?.brokerId === brokerId) return directory.id;
  const known = partition.directories[partition.replicas.indexOf(brokerId)];
  return known ?? defaultDirectory(image, brokerId);
}

/** How a topic's leaders are chosen when something happens by itself: uncleanly only where it is configured. */
export function electionOf(ctx: ControllerContext, topic: string): Election {
  return isUncleanElectionEnabled(ctx, topic) ? 'unclean' : 'online';
}

/** `unclean.leader.election.enable` of the topic, else of the cluster, else of server.properties. */
export function isUncleanElectionEnabled(ctx: ControllerContext, topic: string): boolean {
  const name = 'unclean.leader.election.enable';
  const { image, settings } = ctx;
  const own = topicConfigOverrides(image, topic).get(name);
  const dynamic = own ?? brokerConfigOverrides(image, '').get(name);
  const value = dynamic ?? topicConfigDefault(settings, name, new Map());
  return value?.trim().toLowerCase() === 'true';
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Every partition of the cluster. */
export function* partitionsOf(topics: Iterable<TopicImage>): Generator<PartitionPlace> {
  for (const topic of topics) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      yield { topic, partitionId, partition };
    }
  }
}
