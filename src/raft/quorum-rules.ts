import { ZERO_UUID } from '../protocol/uuid.ts';
import type {
  LeaderRole,
  QuorumLogView,
  QuorumState,
  ReplicaProgress,
  VoteMessage,
} from './quorum-types.ts';
import type { OffsetAndEpoch } from './raft-log.ts';

/**
 * What makes the quorum safe, a function each. `correctRules` is always used, except by tests that break
 * one of them to see that the simulator notices.
 */
export interface QuorumRules {
  /** One vote an epoch, and only for a log that is at least as long as ours. */
  canGrantVote(state: QuorumState, request: VoteMessage): boolean;
  /** What an older epoch says counts no more. */
  isOutdated(state: QuorumState, epoch: number): boolean;
  /** Whose votes and fetches count: the voters of now, this replica among them. */
  countedVoters(state: QuorumState): readonly number[];
  /** How far a majority of the counted voters has the log; -1 where none has. */
  replicatedOffset(state: QuorumState, role: LeaderRole): number;
  /** Records of earlier epochs are committed only together with one of the leader's own epoch. */
  canCommit(role: LeaderRole, offset: number): boolean;
  /** Where a follower cuts its log that differs from the leader's. */
  truncationOffset(log: QuorumLogView, leaderEnd: OffsetAndEpoch): number;
}

export const correctRules: QuorumRules = {
  canGrantVote,
  isOutdated: (state, epoch) => epoch < state.role.epoch,
  countedVoters: (state) => state.voters,
  replicatedOffset,
  canCommit: (role, offset) => role.epochStartOffset < offset,
  truncationOffset,
};

/** Raft §5.4.1 */
function canGrantVote({ role, log }: QuorumState, request: VoteMessage): boolean {
  if (role.kind === 'voted') {
    const { candidateDirectoryId = ZERO_UUID } = request;
    const { votedDirectoryId = ZERO_UUID } = role;
    const isKnown = votedDirectoryId !== ZERO_UUID && candidateDirectoryId !== ZERO_UUID;
    const isSamePlace = !isKnown || votedDirectoryId === candidateDirectoryId;
    return role.votedId === request.candidateId && isSamePlace;
  }
  if (role.kind !== 'unattached') return false;
  if (request.lastEpoch !== log.lastEpoch) return log.lastEpoch < request.lastEpoch;
  return log.logEndOffset <= request.logEndOffset;
}

function replicatedOffset(state: QuorumState, role: LeaderRole): number {
  const counted = state.rules.countedVoters(state);
  const endOffsets = counted.map((id) => endOffsetOf(role.voters.get(id))).sort((a, b) => b - a);
  return endOffsets[Math.floor(counted.length / 2)] ?? -1;
}

function endOffsetOf(progress: ReplicaProgress | undefined): number {
  return progress?.endOffset ?? -1;
}

/** KIP-101: back to where both logs last agree. */
function truncationOffset(log: QuorumLogView, leaderEnd: OffsetAndEpoch): number {
  const own = log.endOffsetForEpoch(leaderEnd.epoch);
  return own.epoch === leaderEnd.epoch ? Math.min(own.offset, leaderEnd.offset) : own.offset;
}
