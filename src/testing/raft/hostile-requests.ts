import { errorNameOf } from '../../protocol/error-codes.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import { fetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import { voteRequest, voteResponse } from '../../protocol/schemas/52-vote.ts';
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../../protocol/schemas/53-begin-quorum-epoch.ts';
import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../../protocol/schemas/54-end-quorum-epoch.ts';
import {
  fetchSnapshotRequest,
  fetchSnapshotResponse,
} from '../../protocol/schemas/59-fetch-snapshot.ts';
import { METADATA_TOPIC_ID } from '../../protocol/uuid.ts';

/** What the quorum is like while it is attacked. */
export interface AttackedQuorum {
  readonly clusterId: string;
  readonly leaderId: number;
  readonly followerId: number;
  readonly epoch: number;
  readonly logEndOffset: number;
}

export interface HostileRequest {
  readonly name: string;
  readonly api: {
    readonly request: MessageSchema;
    readonly response: MessageSchema;
    readonly version: number;
  };
  readonly message: (quorum: AttackedQuorum) => object;
}

const vote = { request: voteRequest, response: voteResponse, version: 0 };
const begin = { request: beginQuorumEpochRequest, response: beginQuorumEpochResponse, version: 0 };
const end = { request: endQuorumEpochRequest, response: endQuorumEpochResponse, version: 0 };
const fetch = { request: fetchRequest, response: fetchResponse, version: 15 };
const snapshot = { request: fetchSnapshotRequest, response: fetchSnapshotResponse, version: 0 };

const topicName = '__cluster_metadata';
const otherCluster = 'AAAAAAAAAAAAAAAAAAAAAA';

type Fields = Readonly<Record<string, unknown>>;

function voteOf({ clusterId, epoch, followerId }: AttackedQuorum, fields: Fields = {}): object {
  const partition = {
    partitionIndex: 0,
    replicaEpoch: epoch,
    replicaId: followerId,
    lastOffsetEpoch: 0,
    lastOffset: 0,
    ...fields,
  };
  return { clusterId, topics: [{ topicName, partitions: [partition] }] };
}

function leaderOf(
  { clusterId, epoch, leaderId }: AttackedQuorum,
  fields: Fields = {},
): { readonly clusterId: string; readonly topics: readonly object[] } {
  const partition = { partitionIndex: 0, leaderId, leaderEpoch: epoch, ...fields };
  return { clusterId, topics: [{ topicName, partitions: [partition] }] };
}

function fetchOf(
  { clusterId, epoch, followerId }: AttackedQuorum,
  fields: Fields = {},
  whole: Fields = {},
): object {
  const partition = {
    partition: 0,
    currentLeaderEpoch: epoch,
    fetchOffset: 0,
    lastFetchedEpoch: 0,
    partitionMaxBytes: 0,
    ...fields,
  };
  return {
    clusterId,
    replicaState: { replicaId: followerId },
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
    ...whole,
  };
}

function snapshotOf({ clusterId, epoch }: AttackedQuorum, fields: Fields = {}): object {
  const partition = {
    partition: 0,
    currentLeaderEpoch: epoch,
    snapshotId: { endOffset: 999, epoch: 1 },
    position: 0,
    ...fields,
  };
  return { clusterId, replicaId: 99, topics: [{ name: topicName, partitions: [partition] }] };
}

/** Requests that no replica of the quorum sends, to its leader; none of them changes anything. */
export const hostileRequests: readonly HostileRequest[] = [
  row('Vote of another cluster', vote, (q) => ({ ...voteOf(q), clusterId: otherCluster })),
  row('Vote in another topic', vote, (q) => ({
    ...voteOf(q),
    topics: [{ topicName: 'orders', partitions: [] }],
  })),
  row('Vote in no topic', vote, (q) => ({ ...voteOf(q), topics: [] })),
  row('Vote in another partition', vote, (q) => voteOf(q, { partitionIndex: 1 })),
  row('Vote of an older epoch', vote, (q) => voteOf(q, { replicaEpoch: q.epoch - 1 })),
  row('Vote of a negative epoch', vote, (q) => voteOf(q, { replicaEpoch: -7 })),
  row('Vote of an unknown voter', vote, (q) => voteOf(q, { replicaId: 99 })),
  row('Vote of a negative voter', vote, (q) => voteOf(q, { replicaId: -1 })),
  row('Vote of an unknown voter in a later epoch', vote, (q) =>
    voteOf(q, { replicaId: 99, replicaEpoch: q.epoch + 50 }),
  ),
  row('Vote with a log of its own epoch', vote, (q) => voteOf(q, { lastOffsetEpoch: q.epoch })),
  row('Vote with a negative log', vote, (q) => voteOf(q, { lastOffset: -5 })),
  row('Vote with a negative last epoch', vote, (q) => voteOf(q, { lastOffsetEpoch: -5 })),
  row('Vote in the present epoch', vote, (q) => voteOf(q)),
  row('BeginQuorumEpoch of another cluster', begin, (q) => ({
    ...leaderOf(q),
    clusterId: otherCluster,
  })),
  row('BeginQuorumEpoch of an older epoch', begin, (q) => leaderOf(q, { leaderEpoch: 0 })),
  row('BeginQuorumEpoch of a negative epoch', begin, (q) => leaderOf(q, { leaderEpoch: -1 })),
  row('BeginQuorumEpoch of an unknown leader', begin, (q) => leaderOf(q, { leaderId: 99 })),
  row('BeginQuorumEpoch of a negative leader', begin, (q) => leaderOf(q, { leaderId: -1 })),
  row('EndQuorumEpoch of another cluster', end, (q) => ({
    ...leaderOf(q),
    clusterId: otherCluster,
  })),
  row('EndQuorumEpoch of an older epoch', end, (q) => leaderOf(q, { leaderEpoch: 0 })),
  row('EndQuorumEpoch of an unknown leader', end, (q) => leaderOf(q, { leaderId: 99 })),
  row('EndQuorumEpoch of a negative leader', end, (q) => leaderOf(q, { leaderId: -1 })),
  row('Fetch of another cluster', fetch, (q) => fetchOf(q, {}, { clusterId: otherCluster })),
  row('Fetch of another topic', fetch, (q) =>
    fetchOf(q, {}, { topics: [{ topicId: otherCluster, partitions: [] }] }),
  ),
  row('Fetch of no topic', fetch, (q) => fetchOf(q, {}, { topics: [] })),
  row('Fetch of an older epoch', fetch, (q) => fetchOf(q, { currentLeaderEpoch: 0 })),
  row('Fetch of a later epoch', fetch, (q) => fetchOf(q, { currentLeaderEpoch: q.epoch + 9 })),
  row('Fetch of a negative epoch', fetch, (q) => fetchOf(q, { currentLeaderEpoch: -1 })),
  row('Fetch from a negative offset', fetch, (q) => fetchOf(q, { fetchOffset: -1 })),
  row('Fetch after a negative epoch', fetch, (q) => fetchOf(q, { lastFetchedEpoch: -1 })),
  row('Fetch with a negative wait', fetch, (q) => fetchOf(q, {}, { maxWaitMs: -1 })),
  row('Fetch beyond the end', fetch, (q) =>
    fetchOf(q, { fetchOffset: Number.MAX_SAFE_INTEGER, lastFetchedEpoch: q.epoch }),
  ),
  row('Fetch after a later epoch', fetch, (q) =>
    fetchOf(q, { fetchOffset: 1, lastFetchedEpoch: q.epoch + 9 }),
  ),
  row('FetchSnapshot of another cluster', snapshot, (q) => ({
    ...snapshotOf(q),
    clusterId: otherCluster,
  })),
  row('FetchSnapshot of another partition', snapshot, (q) => snapshotOf(q, { partition: 3 })),
  row('FetchSnapshot of an older epoch', snapshot, (q) => snapshotOf(q, { currentLeaderEpoch: 0 })),
  row('FetchSnapshot of a later epoch', snapshot, (q) =>
    snapshotOf(q, { currentLeaderEpoch: q.epoch + 9 }),
  ),
  row('FetchSnapshot of no snapshot', snapshot, (q) => snapshotOf(q)),
];

function row(
  name: string,
  api: HostileRequest['api'],
  message: HostileRequest['message'],
): HostileRequest {
  return { name, api, message };
}

/** The error of a whole response and of its partition, as `INVALID_REQUEST` or `NONE/FENCED_LEADER_EPOCH`. */
export function errorsOf(response: object): string {
  const { errorCode, topics, responses } = response as {
    errorCode: number;
    topics?: readonly { partitions: readonly { errorCode: number }[] }[];
    responses?: readonly { partitions: readonly PartitionAnswer[] }[];
  };
  const partition = (topics ?? responses)?.[0]?.partitions[0] as PartitionAnswer | undefined;
  if (partition === undefined) return errorNameOf(errorCode);
  const diverges = 0 <= (partition.divergingEpoch?.epoch ?? -1) ? ' diverging' : '';
  return `${errorNameOf(errorCode)}/${errorNameOf(partition.errorCode)}${diverges}`;
}

interface PartitionAnswer {
  readonly errorCode: number;
  readonly divergingEpoch?: { readonly epoch: number };
}
