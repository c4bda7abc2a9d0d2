import { checkQuorumTimeoutMs, isVoter, majorityOf } from './quorum-transitions.ts';
import type { LeaderRole, QuorumEffect, QuorumState } from './quorum-types.ts';

/** Hears from a voter: what check-quorum is about. */
export function noteQuorumContact(
  state: QuorumState,
  role: LeaderRole,
  replicaId: number,
  nowMs: number,
): void {
  role.fetchedSinceCheck.add(replicaId);
  // The leader itself is one of the majority, unless it has removed itself.
  const own = isVoter(state) ? 1 : 0;
  if (role.fetchedSinceCheck.size + own < majorityOf(state)) return;
  role.fetchedSinceCheck.clear();
  role.checkQuorumDeadlineMs = nowMs + checkQuorumTimeoutMs(state);
}

/** What was not understood or could not be had is asked for again soon. */
export function retryLater(state: QuorumState, to: number, nowMs: number): QuorumEffect[] {
  state.retryAtMs.set(to, nowMs + state.config.retryBackoffMs);
  return [];
}
