import { errorCodeOf } from '../protocol/error-codes.ts';
import type { MessageInput } from '../protocol/schema.ts';
import type { FetchPartition, FetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import type { VoteRequest, voteResponse } from '../protocol/schemas/52-vote.ts';
import type {
  BeginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../protocol/schemas/53-begin-quorum-epoch.ts';
import type {
  EndQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../protocol/schemas/54-end-quorum-epoch.ts';
import type {
  FetchSnapshotRequest,
  fetchSnapshotResponse,
} from '../protocol/schemas/59-fetch-snapshot.ts';
import { METADATA_TOPIC_ID } from '../protocol/uuid.ts';
import type { RaftRequest, RaftResponse, RaftResult } from './quorum-types.ts';
import type { LeaderAndEpoch } from './raft-listener.ts';
import { metadataTopic } from './raft-wire-topic.ts';

/** Who answers: a RaftClient. */
interface Replica {
  readonly logStartOffset: number;
  readonly leaderAndEpoch: LeaderAndEpoch;
  handleRequest(from: number, request: RaftRequest): Promise<RaftResponse>;
}

/**
 * Larger epochs are believed of nobody: one forged request would leave no epoch for an election, for good.
 * A cluster that elects once a second gets there after 68 years.
 */
const EPOCH_MAX = 0x7fff_ffff - 0x10_0000;
const INT32_MAX = 0x7fff_ffff;

/**
 * Answers what other replicas ask, in Kafka's messages and with Kafka's errors (`KafkaRaftClient`): the
 * cluster id must be ours where it is given, the topic must be `__cluster_metadata`-0, and what no
 * replica says is INVALID_REQUEST. Whatever comes, it never throws.
 */
export class RaftApis {
  readonly #clusterId: string;
  readonly #replica: Replica;

  constructor(clusterId: string, replica: Replica) {
    this.#clusterId = clusterId;
    this.#replica = replica;
  }

  async vote(request: VoteRequest): Promise<MessageInput<typeof voteResponse>> {
    const partition = onlyPartition(request.topics);
    const refusal = this.#refusal(request.clusterId, partition?.partitionIndex);
    if (partition === undefined || refusal !== undefined) return refusal ?? invalidRequest;
    const { replicaId: candidateId, replicaEpoch: epoch } = partition;
    const { lastOffsetEpoch: lastEpoch, lastOffset: logEndOffset } = partition;
    const isSound = isEpoch(epoch) && isEpoch(lastEpoch) && lastEpoch < epoch && 0 <= logEndOffset;
    const response = await this.#ask(candidateId, isSound && 0 <= candidateId, {
      api: 'vote',
      epoch,
      candidateId,
      lastEpoch,
      logEndOffset,
    });
    const { result } = response;
    const voteGranted = result.kind === 'vote' && result.isGranted;
    const answer = { partitionIndex: 0, ...common(response), voteGranted };
    return { topics: [{ topicName: metadataTopic, partitions: [answer] }] };
  }

  async beginQuorumEpoch(
    request: BeginQuorumEpochRequest,
  ): Promise<MessageInput<typeof beginQuorumEpochResponse>> {
    const partition = onlyPartition(request.topics);
    const refusal = this.#refusal(request.clusterId, partition?.partitionIndex);
    if (partition === undefined || refusal !== undefined) return refusal ?? invalidRequest;
    const { leaderId, leaderEpoch: epoch } = partition;
    const response = await this.#ask(leaderId, epoch <= EPOCH_MAX && 0 <= leaderId, {
      api: 'begin-quorum-epoch',
      epoch,
      leaderId,
    });
    const answer = { partitionIndex: 0, ...common(response) };
    return { topics: [{ topicName: metadataTopic, partitions: [answer] }] };
  }

  async endQuorumEpoch(
    request: EndQuorumEpochRequest,
  ): Promise<MessageInput<typeof endQuorumEpochResponse>> {
    const partition = onlyPartition(request.topics);
    const refusal = this.#refusal(request.clusterId, partition?.partitionIndex);
    if (partition === undefined || refusal !== undefined) return refusal ?? invalidRequest;
    const { leaderId, leaderEpoch: epoch, preferredSuccessors } = partition;
    const response = await this.#ask(leaderId, epoch <= EPOCH_MAX && 0 <= leaderId, {
      api: 'end-quorum-epoch',
      epoch,
      leaderId,
      preferredSuccessors,
    });
    const answer = { partitionIndex: 0, ...common(response) };
    return { topics: [{ topicName: metadataTopic, partitions: [answer] }] };
  }

  async fetch(
    request: FetchRequest,
    apiVersion: number,
  ): Promise<MessageInput<typeof fetchResponse>> {
    const partition = fetchPartitionOf(request, apiVersion);
    const refusal = this.#refusal(request.clusterId, partition?.partition);
    if (partition === undefined || refusal !== undefined) {
      return { ...(refusal ?? invalidRequest), responses: [] };
    }
    const { currentLeaderEpoch: epoch, fetchOffset, lastFetchedEpoch } = partition;
    const replicaId = apiVersion < 15 ? request.replicaId : request.replicaState.replicaId;
    const isPosition = 0 <= fetchOffset && isEpoch(lastFetchedEpoch) && lastFetchedEpoch <= epoch;
    const isSound = 0 <= request.maxWaitMs && isPosition && isEpoch(epoch);
    const response = await this.#ask(replicaId, isSound, {
      api: 'fetch',
      epoch,
      replicaId,
      fetchOffset,
      lastFetchedEpoch,
      maxWaitMs: request.maxWaitMs,
    });
    const answer = {
      partitionIndex: 0,
      errorCode: errorCodeOf(response.errorCode),
      logStartOffset: this.#replica.logStartOffset,
      // Before version 12 a fetch tells no last epoch, so that it is refused, and its answer no leader.
      ...(12 <= apiVersion && { currentLeader: leaderOf(response) }),
      ...fetched(response.result),
    };
    const topic = { topic: metadataTopic, topicId: METADATA_TOPIC_ID };
    return { responses: [{ ...topic, partitions: [answer] }] };
  }

  async fetchSnapshot(
    request: FetchSnapshotRequest,
  ): Promise<MessageInput<typeof fetchSnapshotResponse>> {
    if (!this.#isOurCluster(request.clusterId)) return inconsistentClusterId;
    const [topic] = request.topics;
    const [partition] = topic?.partitions ?? [];
    const isOne = request.topics.length === 1 && topic?.partitions.length === 1;
    if (topic === undefined || partition === undefined || !isOne) return invalidRequest;
    if (topic.name !== metadataTopic || partition.partition !== 0) {
      const index = partition.partition;
      return unknownSnapshotTopic(topic.name, index, partition.snapshotId);
    }
    const { currentLeaderEpoch: epoch, snapshotId, position } = partition;
    const id = { offset: snapshotId.endOffset, epoch: snapshotId.epoch };
    const { replicaId, maxBytes } = request;
    const message = { api: 'fetch-snapshot', epoch, replicaId, id, position, maxBytes } as const;
    const isSound = isEpoch(epoch) && 0 <= position && position <= INT32_MAX;
    const response = await this.#ask(replicaId, isSound, message);
    const part = response.result.kind === 'snapshot-part' ? response.result : undefined;
    const answer = {
      index: 0,
      errorCode: errorCodeOf(response.errorCode),
      snapshotId,
      currentLeader: leaderOf(response),
      size: part?.sizeBytes ?? 0,
      position: part?.position ?? 0,
      unalignedRecords: part?.bytes ?? new Uint8Array(0),
    };
    return { topics: [{ name: metadataTopic, partitions: [answer] }] };
  }

  #ask(from: number, isSound: boolean, request: RaftRequest): Promise<RaftResponse> {
    if (isSound) return this.#replica.handleRequest(from, request);
    // Who leads is told even then, as Kafka does.
    const { leaderId, epoch } = this.#replica.leaderAndEpoch;
    const result = { kind: 'none' } as const;
    return Promise.resolve({ errorCode: 'INVALID_REQUEST', epoch, leaderId, result });
  }

  #isOurCluster(clusterId: string | null): boolean {
    return clusterId === null || clusterId === this.#clusterId;
  }

  #refusal(
    clusterId: string | null,
    partitionIndex: number | undefined,
  ): { errorCode: number } | undefined {
    if (!this.#isOurCluster(clusterId)) return inconsistentClusterId;
    return partitionIndex === 0 ? undefined : invalidRequest;
  }
}

const inconsistentClusterId = { errorCode: errorCodeOf('INCONSISTENT_CLUSTER_ID') };
const invalidRequest = { errorCode: errorCodeOf('INVALID_REQUEST') };

function isEpoch(epoch: number): boolean {
  return 0 <= epoch && epoch <= EPOCH_MAX;
}

function onlyPartition<T>(
  topics: readonly { readonly topicName: string; readonly partitions: readonly T[] }[],
): T | undefined {
  const [topic] = topics;
  const isOne = topics.length === 1 && topic?.partitions.length === 1;
  return isOne && topic.topicName === metadataTopic ? topic.partitions[0] : undefined;
}

function fetchPartitionOf(request: FetchRequest, apiVersion: number): FetchPartition | undefined {
  const [topic] = request.topics;
  if (topic === undefined || request.topics.length !== 1 || topic.partitions.length !== 1) {
    return undefined;
  }
  const isMetadata =
    apiVersion < 13 ? topic.topic === metadataTopic : topic.topicId === METADATA_TOPIC_ID;
  return isMetadata ? topic.partitions[0] : undefined;
}

function leaderOf({ leaderId, epoch }: RaftResponse) {
  return { leaderId: leaderId ?? -1, leaderEpoch: epoch };
}

function common(response: RaftResponse) {
  return { errorCode: errorCodeOf(response.errorCode), ...leaderOf(response) };
}

function fetched(result: RaftResult) {
  switch (result.kind) {
    case 'records':
      return { records: result.records, highWatermark: result.highWatermark ?? -1 };
    case 'diverging':
      return {
        ...noRecords,
        divergingEpoch: { epoch: result.end.epoch, endOffset: result.end.offset },
      };
    case 'snapshot':
      return {
        ...noRecords,
        snapshotId: { epoch: result.id.epoch, endOffset: result.id.offset },
      };
    default:
      return noRecords;
  }
}

const noRecords = { records: new Uint8Array(0), highWatermark: -1 };

function unknownSnapshotTopic(
  name: string,
  index: number,
  snapshotId: { readonly endOffset: number; readonly epoch: number },
): MessageInput<typeof fetchSnapshotResponse> {
  const answer = {
    index,
    errorCode: errorCodeOf('UNKNOWN_TOPIC_OR_PARTITION'),
    snapshotId,
    size: 0,
    position: 0,
    unalignedRecords: new Uint8Array(0),
  };
  return { topics: [{ name, partitions: [answer] }] };
}
