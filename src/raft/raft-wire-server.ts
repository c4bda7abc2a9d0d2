import type { SocketAddress } from '../base/network.ts';
import { defaultErrorMessage, type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
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
import type {
  AddRaftVoterRequest,
  AddRaftVoterResponse,
} from '../protocol/schemas/80-add-raft-voter.ts';
import type {
  RemoveRaftVoterRequest,
  RemoveRaftVoterResponse,
} from '../protocol/schemas/81-remove-raft-voter.ts';
import type {
  UpdateRaftVoterRequest,
  updateRaftVoterResponse,
} from '../protocol/schemas/82-update-raft-voter.ts';
import { METADATA_TOPIC_ID, ZERO_UUID } from '../protocol/uuid.ts';
import type { RaftRequest, RaftResponse, RaftResult, VoterChangeMessage } from './quorum-types.ts';
import type { LeaderAndEpoch } from './raft-listener.ts';
import { metadataTopic } from './raft-wire-topic.ts';
import { kraftVersions, type ReplicaKey, type VoterEndpoint } from './voter-set.ts';

/** Who answers: a RaftClient. */
interface Replica {
  changeVoters(change: VoterChangeMessage): Promise<RaftResponse>;
  readonly logStartOffset: number;
  readonly leaderAndEpoch: LeaderAndEpoch;
  handleRequest(from: number, request: RaftRequest): Promise<RaftResponse>;
}

/** As long as Kafka's admin client waits for an answer (`request.timeout.ms`). */
const CHANGE_TIMEOUT_MS_MAX = 30_000;
/**
 * Larger epochs are believed of nobody: one forged request would leave no epoch for an election, for good.
 * A cluster that elects once a second gets there after 68 years.
 */
const EPOCH_MAX = 0x7fff_ffff - 0x10_0000;
const INT32_MAX = 0x7fff_ffff;

export interface ElectedLeader {
  readonly id: number;
  readonly epoch: number;
}

/** What this node knows of where the controller listeners are. */
export interface KnownAddresses {
  addressOf(id: number): SocketAddress | undefined;
  /** A leader says where it listens. */
  learnFrom(leader: ElectedLeader, endpoints: readonly VoterEndpoint[]): void;
  /** Why a voter with these listeners could not be reached, or undefined. */
  problemWith(endpoints: readonly VoterEndpoint[]): string | undefined;
}

/**
 * Answers what other replicas ask, in Kafka's messages and with Kafka's errors (`KafkaRaftClient`): the
 * cluster id must be ours where it is given, the topic must be `__cluster_metadata`-0, and what no
 * replica says is INVALID_REQUEST. Whatever comes, it never throws.
 */
export class RaftApis {
  readonly #clusterId: string;
  readonly #replica: Replica;
  readonly #addresses: KnownAddresses;

  constructor(clusterId: string, replica: Replica, addresses: KnownAddresses) {
    this.#clusterId = clusterId;
    this.#replica = replica;
    this.#addresses = addresses;
  }

  async vote(request: VoteRequest, apiVersion: number): Promise<MessageInput<typeof voteResponse>> {
    const partition = onlyPartition(request.topics);
    const refusal = this.#refusal(request.clusterId, partition?.partitionIndex);
    if (partition === undefined || refusal !== undefined) return refusal ?? invalidRequest;
    const { replicaId: candidateId, replicaEpoch: epoch } = partition;
    const { lastOffsetEpoch: lastEpoch, lastOffset: logEndOffset } = partition;
    const isPreVote = partition.preVote;
    // A vote is asked for in a new epoch, a pre-vote in the present one (KIP-996).
    const isEarlier = isPreVote ? lastEpoch <= epoch : lastEpoch < epoch;
    const isSound = isEpoch(epoch) && isEpoch(lastEpoch) && isEarlier && 0 <= logEndOffset;
    const response = await this.#ask(candidateId, isSound && 0 <= candidateId, {
      api: 'vote',
      isPreVote,
      epoch,
      candidateId,
      candidateDirectoryId: partition.replicaDirectoryId,
      voter: { id: request.voterId, directoryId: partition.voterDirectoryId },
      lastEpoch,
      logEndOffset,
    });
    const { result } = response;
    const voteGranted = result.kind === 'vote' && result.isGranted;
    const answer = { partitionIndex: 0, ...common(response), voteGranted };
    const topics = [{ topicName: metadataTopic, partitions: [answer] }];
    return { topics, ...this.#endpoints(response, 1 <= apiVersion) };
  }

  async beginQuorumEpoch(
    request: BeginQuorumEpochRequest,
    apiVersion: number,
  ): Promise<MessageInput<typeof beginQuorumEpochResponse>> {
    const partition = onlyPartition(request.topics);
    const refusal = this.#refusal(request.clusterId, partition?.partitionIndex);
    if (partition === undefined || refusal !== undefined) return refusal ?? invalidRequest;
    const { leaderId, leaderEpoch: epoch } = partition;
    const isSound = epoch <= EPOCH_MAX && 0 <= leaderId;
    // Before the answer: the follower asks for records at once.
    const isNow = this.#replica.leaderAndEpoch.epoch <= epoch;
    if (isSound && isNow)
      this.#addresses.learnFrom({ id: leaderId, epoch }, request.leaderEndpoints);
    const response = await this.#ask(leaderId, isSound, {
      api: 'begin-quorum-epoch',
      epoch,
      leaderId,
      voter: { id: request.voterId, directoryId: partition.voterDirectoryId },
    });
    return this.#acknowledgement(response, 1 <= apiVersion);
  }

  async endQuorumEpoch(
    request: EndQuorumEpochRequest,
    apiVersion: number,
  ): Promise<MessageInput<typeof endQuorumEpochResponse>> {
    const partition = onlyPartition(request.topics);
    const refusal = this.#refusal(request.clusterId, partition?.partitionIndex);
    if (partition === undefined || refusal !== undefined) return refusal ?? invalidRequest;
    const { leaderId, leaderEpoch: epoch, preferredCandidates } = partition;
    const preferredSuccessors =
      apiVersion < 1
        ? partition.preferredSuccessors
        : preferredCandidates.map(({ candidateId }) => candidateId);
    const response = await this.#ask(leaderId, epoch <= EPOCH_MAX && 0 <= leaderId, {
      api: 'end-quorum-epoch',
      epoch,
      leaderId,
      preferredSuccessors,
    });
    return this.#acknowledgement(response, 1 <= apiVersion);
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
      replicaDirectoryId: partition.replicaDirectoryId,
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
    const responses = [{ ...topic, partitions: [answer] }];
    return { responses, ...this.#endpoints(response, 16 <= apiVersion) };
  }

  async fetchSnapshot(
    request: FetchSnapshotRequest,
    apiVersion: number,
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
    const { replicaDirectoryId } = partition;
    const message = { api: 'fetch-snapshot', epoch, replicaId, replicaDirectoryId, id } as const;
    const isSound = isEpoch(epoch) && 0 <= position && position <= INT32_MAX;
    const response = await this.#ask(replicaId, isSound, { ...message, position, maxBytes });
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
    const topics = [{ name: metadataTopic, partitions: [answer] }];
    return { topics, ...this.#endpoints(response, 1 <= apiVersion) };
  }

  /** AddRaftVoter (80, KIP-853). Answers when the change is committed or refused. */
  async addVoter(request: AddRaftVoterRequest): Promise<AddRaftVoterResponse> {
    const { voterId: id, voterDirectoryId: directoryId, listeners: endpoints } = request;
    const refusal = this.#changeRefusal('Add', request.clusterId, { id, directoryId });
    if (refusal !== undefined) return refusal;
    const problem = this.#addresses.problemWith(endpoints);
    if (problem !== undefined) return refusedChange('INVALID_REQUEST', problem);
    // Simplified: Kafka asks the new voter for its versions; it says itself if they are others.
    const voter = { id, directoryId, endpoints, ...kraftVersions };
    const timeoutMs = Math.min(Math.max(request.timeoutMs, 0), CHANGE_TIMEOUT_MS_MAX);
    return changeAnswer(await this.#replica.changeVoters({ kind: 'add', voter, timeoutMs }));
  }

  /** RemoveRaftVoter (81, KIP-853). */
  async removeVoter(request: RemoveRaftVoterRequest): Promise<RemoveRaftVoterResponse> {
    const key = { id: request.voterId, directoryId: request.voterDirectoryId };
    const refusal = this.#changeRefusal('Remove', request.clusterId, key);
    if (refusal !== undefined) return refusal;
    const change = { kind: 'remove', key, timeoutMs: CHANGE_TIMEOUT_MS_MAX } as const;
    return changeAnswer(await this.#replica.changeVoters(change));
  }

  /** UpdateRaftVoter (82, KIP-853): a voter says that it has moved, or speaks other versions. */
  async updateVoter(
    request: UpdateRaftVoterRequest,
  ): Promise<MessageInput<typeof updateRaftVoterResponse>> {
    if (!this.#isOurCluster(request.clusterId)) return inconsistentClusterId;
    const { voterId: id, voterDirectoryId: directoryId, listeners: endpoints } = request;
    const { minSupportedVersion, maxSupportedVersion } = request.kRaftVersionFeature;
    const isRange = 0 <= minSupportedVersion && minSupportedVersion <= maxSupportedVersion;
    const isKey = 0 <= id && directoryId !== ZERO_UUID;
    const isSound = isKey && isRange && this.#addresses.problemWith(endpoints) === undefined;
    const versions = { minVersion: minSupportedVersion, maxVersion: maxSupportedVersion };
    const response = await this.#ask(id, isSound, {
      api: 'update-voter',
      epoch: request.currentLeaderEpoch,
      voter: { id, directoryId, endpoints, ...versions },
    });
    const address = this.#addresses.addressOf(response.leaderId ?? -1) ?? { host: '', port: 0 };
    const { host, port } = address;
    const currentLeader = { ...leaderOf(response), host, port };
    return { errorCode: errorCodeOf(response.errorCode), currentLeader };
  }

  #changeRefusal(
    what: 'Add' | 'Remove',
    clusterId: string | null,
    { id, directoryId }: ReplicaKey,
  ): AddRaftVoterResponse | undefined {
    if (!this.#isOurCluster(clusterId)) {
      const message = `The given id "${clusterId}" doesn't match the cluster id "${this.#clusterId}"`;
      return refusedChange('INCONSISTENT_CLUSTER_ID', message);
    }
    if (0 <= id && directoryId !== ZERO_UUID) return undefined;
    return refusedChange('INVALID_REQUEST', `${what} voter request didn't include a valid voter`);
  }

  /** BeginQuorumEpoch and EndQuorumEpoch are answered alike. */
  #acknowledgement(response: RaftResponse, isAddressCarried: boolean) {
    const answer = { partitionIndex: 0, ...common(response) };
    const topics = [{ topicName: metadataTopic, partitions: [answer] }];
    return { topics, ...this.#endpoints(response, isAddressCarried) };
  }

  /** Where the leader is, for whoever knows only its id (KIP-853). */
  #endpoints({ leaderId }: RaftResponse, isCarried: boolean) {
    const address = leaderId === undefined ? undefined : this.#addresses.addressOf(leaderId);
    if (!isCarried || leaderId === undefined || address === undefined) return {};
    const { host, port } = address;
    return { nodeEndpoints: [{ nodeId: leaderId, host, port }] };
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

function changeAnswer({ errorCode, errorMessage }: RaftResponse): AddRaftVoterResponse {
  // Kafka's name of no error is what it has for a message.
  return refusedChange(errorCode, errorCode === 'NONE' ? 'NONE' : errorMessage);
}

function refusedChange(
  errorCode: ErrorCode,
  errorMessage = defaultErrorMessage(errorCode),
): AddRaftVoterResponse {
  return { throttleTimeMs: 0, errorCode: errorCodeOf(errorCode), errorMessage };
}

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
