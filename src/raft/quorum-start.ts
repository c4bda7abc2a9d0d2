import {
  becomeCandidate,
  isVoter,
  randomElectionTimeoutMs,
  randomFetchTimeoutMs,
  voterUpdatePeriodMs,
} from './quorum-transitions.ts';
import type { ElectionState, QuorumEffect, QuorumState } from './quorum-types.ts';

/** As Kafka's `QuorumState.initialize`: what was promised before a restart still binds. */
export function onStart(
  state: QuorumState,
  stored: ElectionState | undefined,
  nowMs: number,
): QuorumEffect[] {
  const epoch = Math.max(stored?.epoch ?? 0, state.log.lastEpoch);
  state.persisted = stored;
  const role = startRole(state, epoch === stored?.epoch ? stored : undefined, nowMs);
  state.role = { ...role, epoch };
  const isLoneVoter = state.voters.length === 1 && isVoter(state);
  const effects: QuorumEffect[] = [{ kind: 'become', role: state.role }];
  return isLoneVoter ? [...effects, ...becomeCandidate(state, nowMs)] : effects;
}

function startRole(
  state: QuorumState,
  stored: ElectionState | undefined,
  nowMs: number,
): QuorumState['role'] {
  const electionDeadlineMs = nowMs + randomElectionTimeoutMs(state);
  const epoch = stored?.epoch ?? 0;
  const { leaderId, votedId } = stored ?? {};
  // It led this epoch: it neither votes nor leads in it again.
  if (leaderId === state.nodeId) {
    return {
      kind: 'resigned',
      epoch,
      electionDeadlineMs,
      unacknowledged: new Set(),
      preferredSuccessors: [],
    };
  }
  if (votedId === state.nodeId) {
    return {
      kind: 'candidate',
      epoch,
      retries: 1,
      votes: new Map([[state.nodeId, 'granted']]),
      unreachable: new Set(),
      electionDeadlineMs,
      backoffDeadlineMs: undefined,
    };
  }
  if (leaderId !== undefined) {
    const fetchTimeoutMs = randomFetchTimeoutMs(state);
    return {
      kind: 'follower',
      epoch,
      leaderId,
      fetchTimeoutMs,
      fetchDeadlineMs: nowMs + fetchTimeoutMs,
      leaderHighWatermark: undefined,
      isAwaitingLog: false,
      snapshot: undefined,
      hasFetched: false,
      voterUpdateAtMs: nowMs + voterUpdatePeriodMs(state),
    };
  }
  if (votedId !== undefined) {
    const { votedDirectoryId } = stored ?? {};
    const directory = votedDirectoryId === undefined ? {} : { votedDirectoryId };
    return { kind: 'voted', epoch, votedId, ...directory, electionDeadlineMs };
  }
  return { kind: 'unattached', epoch, electionDeadlineMs };
}
