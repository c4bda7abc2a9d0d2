import { ZERO_UUID } from '../protocol/uuid.ts';
import type {
  LeaderRole,
  QuorumLogView,
  QuorumRules,
  QuorumState,
  ReplicaProgress,
  VoteMessage,
} from './quorum-types.ts';
import type { OffsetAndEpoch } from './raft-log.ts';

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
