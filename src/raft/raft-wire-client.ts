import type { SocketAddress } from '../base/network.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { CorruptRecordError } from '../protocol/records/record-errors.ts';
import type { MessageInput } from '../protocol/schema.ts';
import type { FetchResponse, fetchRequest, PartitionData } from '../protocol/schemas/01-fetch.ts';
import type { VoteResponse, voteRequest } from '../protocol/schemas/52-vote.ts';
import type {
  BeginQuorumEpochResponse,
  beginQuorumEpochRequest,
} from '../protocol/schemas/53-begin-quorum-epoch.ts';
import type { endQuorumEpochRequest } from '../protocol/schemas/54-end-quorum-epoch.ts';
import type {
  FetchSnapshotResponse,
  fetchSnapshotRequest,
} from '../protocol/schemas/59-fetch-snapshot.ts';
import type {
  UpdateRaftVoterResponse,
  updateRaftVoterRequest,
} from '../protocol/schemas/82-update-raft-voter.ts';
import { METADATA_TOPIC_ID, ZERO_UUID } from '../protocol/uuid.ts';
import type {
  BeginQuorumEpochMessage,
  EndQuorumEpochMessage,
  FetchMessage,
  FetchSnapshotMessage,
  RaftResponse,
  RaftResult,
  UpdateVoterMessage,
  VoteMessage,
} from './quorum-types.ts';
import { metadataTopic } from './raft-wire-topic.ts';
import type { VoterEndpoint } from './voter-set.ts';

/** What a replica asks, in Kafka's messages, and what the answers mean. */

/** As large as Kafka's replicas take at once (`MAX_FETCH_SIZE_BYTES`). */
const FETCH_BYTES_MAX = 8 * 1024 * 1024;

/** The whole request was refused, or the answer is none; it is sent again later. */
export class RaftAnswerError extends Error {
  override readonly name = 'RaftAnswerError';
  readonly errorCode: ErrorCode | undefined;
  constructor(message: string, errorCode?: ErrorCode) {
    super(message);
    this.errorCode = errorCode;
  }
}

export function voteToWire(
  message: VoteMessage,
  clusterId: string,
): MessageInput<typeof voteRequest> {
  const { epoch, candidateId, candidateDirectoryId, voter, lastEpoch, logEndOffset } = message;
  const partition = {
    replicaDirectoryId: candidateDirectoryId ?? ZERO_UUID,
    voterDirectoryId: voter?.directoryId ?? ZERO_UUID,
    partitionIndex: 0,
    replicaEpoch: epoch,
    replicaId: candidateId,
    lastOffsetEpoch: lastEpoch,
    lastOffset: logEndOffset,
    ...(message.isPreVote === true && { preVote: true }),
  };
  const topics = [{ topicName: metadataTopic, partitions: [partition] }];
  return { clusterId, voterId: voter?.id ?? -1, topics };
}

export function beginQuorumEpochToWire(
  { epoch, leaderId, voter }: BeginQuorumEpochMessage,
  clusterId: string,
  leaderEndpoints: readonly VoterEndpoint[],
): MessageInput<typeof beginQuorumEpochRequest> {
  const voterDirectoryId = voter?.directoryId ?? ZERO_UUID;
  const partition = { partitionIndex: 0, voterDirectoryId, leaderId, leaderEpoch: epoch };
  const topics = [{ topicName: metadataTopic, partitions: [partition] }];
  return { clusterId, voterId: voter?.id ?? -1, topics, leaderEndpoints };
}

export function endQuorumEpochToWire(
  { epoch, leaderId, preferredSuccessors, preferredCandidates = [] }: EndQuorumEpochMessage,
  clusterId: string,
  leaderEndpoints: readonly VoterEndpoint[],
): MessageInput<typeof endQuorumEpochRequest> {
  const partition = {
    partitionIndex: 0,
    leaderId,
    leaderEpoch: epoch,
    preferredSuccessors,
    preferredCandidates: preferredCandidates.map(({ id, directoryId }) => ({
      candidateId: id,
      candidateDirectoryId: directoryId,
    })),
  };
  const topics = [{ topicName: metadataTopic, partitions: [partition] }];
  return { clusterId, topics, leaderEndpoints };
}

export function fetchToWire(
  { epoch, replicaId, replicaDirectoryId, fetchOffset, lastFetchedEpoch, maxWaitMs }: FetchMessage,
  clusterId: string,
): MessageInput<typeof fetchRequest> {
  const partition = {
    partition: 0,
    currentLeaderEpoch: epoch,
    fetchOffset,
    lastFetchedEpoch,
    partitionMaxBytes: 0,
    replicaDirectoryId: replicaDirectoryId ?? ZERO_UUID,
  };
  return {
    clusterId,
    replicaState: { replicaId, replicaEpoch: -1 },
    maxWaitMs,
    minBytes: 0,
    maxBytes: FETCH_BYTES_MAX,
    sessionEpoch: -1,
    topics: [{ topic: metadataTopic, topicId: METADATA_TOPIC_ID, partitions: [partition] }],
  };
}

export function fetchSnapshotToWire(
  { epoch, replicaId, replicaDirectoryId, id, position, maxBytes }: FetchSnapshotMessage,
  clusterId: string,
): MessageInput<typeof fetchSnapshotRequest> {
  const partition = {
    partition: 0,
    currentLeaderEpoch: epoch,
    snapshotId: { endOffset: id.offset, epoch: id.epoch },
    position,
    replicaDirectoryId: replicaDirectoryId ?? ZERO_UUID,
  };
  return {
    clusterId,
    replicaId,
    maxBytes,
    topics: [{ name: metadataTopic, partitions: [partition] }],
  };
}

export function updateVoterToWire(
  { epoch, voter }: UpdateVoterMessage,
  clusterId: string,
): MessageInput<typeof updateRaftVoterRequest> {
  const { id, directoryId, endpoints, minVersion, maxVersion } = voter;
  return {
    clusterId,
    currentLeaderEpoch: epoch,
    voterId: id,
    voterDirectoryId: directoryId,
    listeners: endpoints,
    kRaftVersionFeature: { minSupportedVersion: minVersion, maxSupportedVersion: maxVersion },
  };
}

/** An answer over the wire may tell, beside who leads, where that one is (KIP-853). */
export interface WireAnswer extends RaftResponse {
  readonly leaderAddress?: SocketAddress;
}

/** Throws RaftAnswerError, as all that follow. */
export function voteFromWire(response: VoteResponse): WireAnswer {
  requireNoError(response.errorCode);
  const partition = only(response.topics[0]?.partitions);
  const result = { kind: 'vote', isGranted: partition.voteGranted } as const;
  return withAddress(answerOf(partition, partition.errorCode, result), response);
}

/** BeginQuorumEpoch and EndQuorumEpoch are answered alike. */
export function acknowledgementFromWire(response: BeginQuorumEpochResponse): WireAnswer {
  requireNoError(response.errorCode);
  const partition = only(response.topics[0]?.partitions);
  return withAddress(answerOf(partition, partition.errorCode, { kind: 'none' }), response);
}

/** Throws CorruptRecordError, too. */
export function fetchFromWire(request: FetchMessage, response: FetchResponse): WireAnswer {
  requireNoError(response.errorCode);
  const partition = only(response.responses[0]?.partitions);
  const { currentLeader, errorCode } = partition;
  return withAddress(answerOf(currentLeader, errorCode, fetchResult(request, partition)), response);
}

export function fetchSnapshotFromWire(response: FetchSnapshotResponse): WireAnswer {
  requireNoError(response.errorCode);
  const partition = only(response.topics[0]?.partitions);
  const { snapshotId, size, position, unalignedRecords, currentLeader } = partition;
  const answer = answerOf(currentLeader, partition.errorCode, {
    kind: 'snapshot-part',
    id: { offset: snapshotId.endOffset, epoch: snapshotId.epoch },
    sizeBytes: size,
    position,
    bytes: unalignedRecords,
  });
  return withAddress(answer, response);
}

/** Its error is the leader's answer, and not of the whole request as elsewhere. */
export function updateVoterFromWire({
  errorCode,
  currentLeader,
}: UpdateRaftVoterResponse): WireAnswer {
  const { leaderId: nodeId, host, port } = currentLeader;
  const nodeEndpoints = [{ nodeId, host, port }];
  return withAddress(answerOf(currentLeader, errorCode, { kind: 'none' }), { nodeEndpoints });
}

function requireNoError(errorCode: number): void {
  const name = errorNameOf(errorCode);
  if (name !== 'NONE') throw new RaftAnswerError(`the request was answered ${name}`, name);
}

function only<T>(partitions: readonly T[] | undefined): T {
  const [partition] = partitions ?? [];
  if (partition === undefined) throw new RaftAnswerError('the answer names no partition');
  return partition;
}

interface NodeEndpoint extends SocketAddress {
  readonly nodeId: number;
}

function withAddress(
  answer: RaftResponse,
  { nodeEndpoints }: { readonly nodeEndpoints: readonly NodeEndpoint[] },
): WireAnswer {
  const found = nodeEndpoints.find(({ nodeId }) => nodeId === answer.leaderId);
  if (found === undefined) return answer;
  const { host, port } = found;
  return { ...answer, leaderAddress: { host, port } };
}

function answerOf(
  leader: { readonly leaderId: number; readonly leaderEpoch: number },
  errorCode: number,
  result: RaftResult,
): RaftResponse {
  const { leaderId, leaderEpoch: epoch } = leader;
  return {
    errorCode: errorNameOf(errorCode),
    epoch,
    leaderId: leaderId < 0 ? undefined : leaderId,
    result: errorCode === 0 ? result : { kind: 'none' },
  };
}

function fetchResult(request: FetchMessage, partition: PartitionData): RaftResult {
  const { divergingEpoch, snapshotId, highWatermark } = partition;
  if (0 <= snapshotId.epoch && 0 <= snapshotId.endOffset) {
    return { kind: 'snapshot', id: { offset: snapshotId.endOffset, epoch: snapshotId.epoch } };
  }
  if (0 <= divergingEpoch.epoch && 0 <= divergingEpoch.endOffset) {
    const { endOffset: offset, epoch } = divergingEpoch;
    return { kind: 'diverging', end: { offset, epoch } };
  }
  return {
    kind: 'records',
    records: soundBatches(request, partition.records ?? new Uint8Array(0)),
    highWatermark: highWatermark < 0 ? undefined : highWatermark,
  };
}

/** Whole batches with good checksums that continue the log where it ends, or nothing at all. */
function soundBatches(request: FetchMessage, bytes: Uint8Array): Uint8Array {
  let nextOffset = request.fetchOffset;
  let lastEpoch = request.lastFetchedEpoch;
  let size = 0;
  for (const batch of batchesOf(bytes)) {
    batch.verify();
    const { baseOffset, partitionLeaderEpoch: epoch } = batch;
    if (baseOffset !== nextOffset || epoch < lastEpoch || request.epoch < epoch) {
      throw new CorruptRecordError(
        `a batch at offset ${baseOffset} of epoch ${epoch} does not follow offset ${nextOffset} of epoch ${lastEpoch}`,
      );
    }
    nextOffset = batch.nextOffset;
    lastEpoch = epoch;
    size += batch.sizeBytes;
  }
  return bytes.subarray(0, size);
}
