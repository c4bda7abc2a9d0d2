import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from '../protocol/schemas/43-elect-leaders.ts';
import { ControllerError } from './controller.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  noError,
} from './controller-context.ts';
import { NO_LEADER, type TopicImage } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  type Election,
  isUncleanElectionEnabled,
  type PartitionPlace,
  partitionChange,
  partitionsOf,
} from './partition-change.ts';

type Outcome = MetadataRecordInput | ApiError;

/** ElectLeaders (43). Without partitions: all, and then those that need no election are not listed. */
export function electLeaders(
  ctx: ControllerContext,
  request: ElectLeadersRequest,
): ControllerResult<ElectLeadersResponse> {
  const election = electionOf(request.electionType);
  const records: MetadataRecordInput[] = [];
  const byTopic = new Map<
    string,
    { partitionId: number; errorCode: number; errorMessage: string | null }[]
  >();
  const isForAll = request.topicPartitions === null;
  for (const { topic, partitionId } of wantedPartitions(ctx, request)) {
    const outcome = elect(ctx, topic, partitionId, election);
    const { errorCode, message } = 'kind' in outcome ? noError : outcome;
    if (isForAll && errorCode === 'ELECTION_NOT_NEEDED') continue;
    if ('kind' in outcome) records.push(outcome);
    const results = byTopic.get(topic) ?? [];
    results.push({ partitionId, errorCode: errorCodeOf(errorCode), errorMessage: message });
    byTopic.set(topic, results);
  }
  const replicaElectionResults = [...byTopic].map(([topic, partitionResult]) => ({
    topic,
    partitionResult,
  }));
  return { records, response: { throttleTimeMs: 0, errorCode: 0, replicaElectionResults } };
}

function electionOf(electionType: number): Election {
  if (electionType === 0) return 'preferred';
  if (electionType === 1) return 'unclean';
  throw new ControllerError('INVALID_REQUEST', `Unknown election type ${electionType}`);
}

function wantedPartitions(
  { image }: ControllerContext,
  { topicPartitions }: ElectLeadersRequest,
): readonly { readonly topic: string; readonly partitionId: number }[] {
  if (topicPartitions !== null) {
    return topicPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partitionId) => ({ topic, partitionId })),
    );
  }
  return [...partitionsOf(image.topics.byName.values())].map(({ topic, partitionId }) => ({
    topic: topic.name,
    partitionId,
  }));
}

function elect(
  ctx: ControllerContext,
  name: string,
  partitionId: number,
  election: Election,
): Outcome {
  const topic = ctx.image.topics.byName.get(name);
  if (topic === undefined)
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${name}`);
  const partition = topic.partitions[partitionId];
  if (partition === undefined) {
    return apiError('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${name}-${partitionId}`);
  }
  const [preferred] = partition.replicas;
  const isNeeded =
    election === 'preferred' ? partition.leader !== preferred : partition.leader === NO_LEADER;
  if (!isNeeded) return apiError('ELECTION_NOT_NEEDED');
  const record = partitionChange(ctx, { topic, partitionId, partition, election });
  if (record !== undefined) return record;
  return apiError(
    election === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE',
  );
}

/** Moves leadership home where it has strayed (`auto.leader.rebalance.enable`); at most `limit` partitions at a time. */
export function balanceLeaders(
  ctx: ControllerContext,
  limit: number,
): readonly MetadataRecordInput[] {
  const records: MetadataRecordInput[] = [];
  for (const place of partitionsOf(ctx.image.topics.byId.values())) {
    if (limit <= records.length) break;
    const record = strayed(place)
      ? partitionChange(ctx, { ...place, election: 'preferred' })
      : undefined;
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** Leaders for partitions without one where the topic allows any replica; at most `limit` partitions at a time. */
export function electUnclean(
  ctx: ControllerContext,
  limit: number,
  mayBeUnclean = (topic: TopicImage) => isUncleanElectionEnabled(ctx, topic.name),
): readonly MetadataRecordInput[] {
  const records: MetadataRecordInput[] = [];
  for (const place of partitionsOf(ctx.image.topics.byId.values())) {
    if (limit <= records.length) break;
    const isNeeded = place.partition.leader === NO_LEADER && mayBeUnclean(place.topic);
    const record = isNeeded ? partitionChange(ctx, { ...place, election: 'unclean' }) : undefined;
    if (record !== undefined) records.push(record);
  }
  return records;
}

function strayed({ partition }: PartitionPlace): boolean {
  return partition.leader !== NO_LEADER && partition.leader !== partition.replicas[0];
}
