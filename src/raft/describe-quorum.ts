import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
  DescribeQuorumResponsePartitionData,
  ReplicaState,
} from '../protocol/schemas/55-describe-quorum.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { leaderIdOf } from './quorum-transitions.ts';
import type { LeaderRole, QuorumState, ReplicaProgress } from './quorum-types.ts';

/** Both clocks at one moment: progress is kept in monotonic time, people see wall-clock time. */
export interface Moment {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

const METADATA_TOPIC = '__cluster_metadata';

/** DescribeQuorum (55, KIP-595 and KIP-836): only the leader knows how far the others are. */
export function describeQuorum(
  state: QuorumState,
  request: DescribeQuorumRequest,
  moment: Moment,
): DescribeQuorumResponse {
  const [topic] = request.topics;
  const isValid =
    request.topics.length === 1 &&
    topic?.topicName === METADATA_TOPIC &&
    topic.partitions.length === 1 &&
    topic.partitions[0]?.partitionIndex === 0;
  const partitions = [
    isValid ? describePartition(state, moment) : failure('UNKNOWN_TOPIC_OR_PARTITION'),
  ];
  const topics = [{ topicName: topic?.topicName ?? METADATA_TOPIC, partitions }];
  return { errorCode: 0, errorMessage: '', topics, nodes: [] };
}

function failure(
  errorName: 'UNKNOWN_TOPIC_OR_PARTITION' | 'NOT_LEADER_OR_FOLLOWER',
): DescribeQuorumResponsePartitionData {
  return {
    partitionIndex: 0,
    errorCode: errorCodeOf(errorName),
    errorMessage: null,
    leaderId: 0,
    leaderEpoch: 0,
    highWatermark: 0,
    currentVoters: [],
    observers: [],
  };
}

function describePartition(
  state: QuorumState,
  moment: Moment,
): DescribeQuorumResponsePartitionData {
  const { role } = state;
  if (role.kind !== 'leader') {
    const leaderId = leaderIdOf(state) ?? -1;
    return { ...failure('NOT_LEADER_OR_FOLLOWER'), leaderId, leaderEpoch: role.epoch };
  }
  return {
    ...failure('NOT_LEADER_OR_FOLLOWER'),
    errorCode: 0,
    errorMessage: '',
    leaderId: state.nodeId,
    leaderEpoch: role.epoch,
    highWatermark: state.highWatermark ?? -1,
    currentVoters: replicas(state, role.voters, role, moment),
    observers: replicas(state, role.observers, role, moment),
  };
}

function replicas(
  state: QuorumState,
  progress: LeaderRole['voters'],
  role: LeaderRole,
  moment: Moment,
): readonly ReplicaState[] {
  return [...progress].map(([id, replica]) =>
    id === state.nodeId
      ? describeLeader(state, role, moment)
      : describeReplica(state, [id, replica], moment),
  );
}

/** The leader is always caught up with itself. */
function describeLeader(state: QuorumState, role: LeaderRole, { nowMs }: Moment): ReplicaState {
  const id = state.nodeId;
  return {
    replicaId: id,
    replicaDirectoryId: directoryOf(state, id, undefined),
    logEndOffset: role.voters.get(id)?.endOffset ?? -1,
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  };
}

function describeReplica(
  state: QuorumState,
  [id, replica]: readonly [number, ReplicaProgress],
  moment: Moment,
): ReplicaState {
  const wallClock = (atMs: number | undefined) =>
    atMs === undefined ? -1 : Math.round(moment.nowMs - (moment.monotonicMs - atMs));
  return {
    replicaId: id,
    replicaDirectoryId: directoryOf(state, id, replica),
    logEndOffset: replica.endOffset ?? -1,
    lastFetchTimestamp: wallClock(replica.lastFetchAtMs),
    lastCaughtUpTimestamp: wallClock(replica.lastCaughtUpAtMs),
  };
}

/** Voters by their configured ids have none (KIP-853). */
function directoryOf(
  { kraftVersion, voterSet }: QuorumState,
  id: number,
  replica: ReplicaProgress | undefined,
): string {
  if (kraftVersion === 0) return ZERO_UUID;
  const voter = voterSet.find((each) => each.id === id);
  return replica?.directoryId ?? voter?.directoryId ?? ZERO_UUID;
}
