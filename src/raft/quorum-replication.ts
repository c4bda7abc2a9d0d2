import { assert } from '../base/assert.ts';
import { answer, followEpoch } from './quorum-elections.ts';
import { checkQuorumTimeoutMs, majorityOf } from './quorum-transitions.ts';
import type {
  FetchMessage,
  LeaderRole,
  QuorumEffect,
  QuorumState,
  RaftResponse,
  RaftResult,
  ReplicaProgress,
} from './quorum-types.ts';
import type { OffsetAndEpoch } from './raft-log.ts';

/** The leader's side of a fetch: where the fetcher stands tells what is replicated. */
export function onFetchRequest(
  state: QuorumState,
  requestId: number,
  request: FetchMessage,
  nowMs: number,
): QuorumEffect[] {
  const respond = (response: RaftResponse): QuorumEffect[] => [
    { kind: 'respond', requestId, response },
  ];
  const { role } = state;
  if (request.epoch < role.epoch) return respond(answer(state, 'FENCED_LEADER_EPOCH'));
  if (role.epoch < request.epoch) return respond(answer(state, 'UNKNOWN_LEADER_EPOCH'));
  if (role.kind !== 'leader') return respond(answer(state, 'NOT_LEADER_OR_FOLLOWER'));
  const invalid = positionProblem(state, request);
  if (invalid !== undefined) return respond(answer(state, 'NONE', invalid));
  const effects = recordFetch(state, role, request, nowMs);
  return [...effects, { kind: 'respond-with-records', requestId, request }];
}

/** A fetcher whose log is not a prefix of ours must truncate, or take our snapshot (`validateOffsetAndEpoch`). */
function positionProblem(state: QuorumState, request: FetchMessage): RaftResult | undefined {
  const { log } = state;
  const { fetchOffset, lastFetchedEpoch } = request;
  const isEmptyLog = fetchOffset === 0 && lastFetchedEpoch === 0;
  const snapshot = log.latestSnapshot;
  if (fetchOffset < log.logStartOffset && snapshot !== undefined) {
    return { kind: 'snapshot', id: snapshot };
  }
  if (isEmptyLog) return undefined;
  const end = log.endOffsetForEpoch(lastFetchedEpoch);
  if (end.epoch !== lastFetchedEpoch || end.offset < fetchOffset) return { kind: 'diverging', end };
  return undefined;
}

function recordFetch(
  state: QuorumState,
  role: LeaderRole,
  request: FetchMessage,
  nowMs: number,
): QuorumEffect[] {
  const { replicaId, fetchOffset } = request;
  if (replicaId < 0 || replicaId === state.nodeId) return [];
  const isVoterFetch = state.voters.includes(replicaId);
  const replicas = isVoterFetch ? role.voters : role.observers;
  if (!isVoterFetch) forgetOldObservers(role, nowMs);
  const before = replicas.get(replicaId);
  replicas.set(replicaId, fetched(state, before, fetchOffset, nowMs));
  if (isVoterFetch) noteQuorumContact(state, role, replicaId, nowMs);
  return advanceHighWatermark(state, role);
}

function fetched(
  state: QuorumState,
  before: ReplicaProgress | undefined,
  fetchOffset: number,
  nowMs: number,
): ReplicaProgress {
  const leaderEndOffset = state.log.logEndOffset;
  // Caught up now, or as of the last fetch if it now asks for what the log ended with then.
  const wasCaughtUp = before !== undefined && before.lastFetchLeaderEndOffset <= fetchOffset;
  const caughtUpBefore = wasCaughtUp ? before.lastFetchAtMs : before?.lastCaughtUpAtMs;
  return {
    endOffset: fetchOffset,
    lastFetchAtMs: nowMs,
    lastCaughtUpAtMs: leaderEndOffset <= fetchOffset ? nowMs : caughtUpBefore,
    lastFetchLeaderEndOffset: leaderEndOffset,
    hasAcknowledged: true,
  };
}

const OBSERVER_SESSION_MS = 300_000;
const OBSERVERS_MAX = 1000;

function forgetOldObservers(role: LeaderRole, nowMs: number): void {
  for (const [id, { lastFetchAtMs = nowMs }] of role.observers) {
    const isGone = OBSERVER_SESSION_MS <= nowMs - lastFetchAtMs;
    if (isGone || OBSERVERS_MAX <= role.observers.size) role.observers.delete(id);
  }
}

function noteQuorumContact(
  state: QuorumState,
  role: LeaderRole,
  replicaId: number,
  nowMs: number,
): void {
  role.fetchedSinceCheck.add(replicaId);
  // The leader itself is one of the majority.
  if (role.fetchedSinceCheck.size + 1 < majorityOf(state)) return;
  role.fetchedSinceCheck.clear();
  role.checkQuorumDeadlineMs = nowMs + checkQuorumTimeoutMs(state);
}

/** What this replica has flushed is what it has: a leader counts it, a follower acknowledges it with its next fetch. */
export function onFlushed(state: QuorumState, logEndOffset: number, nowMs: number): QuorumEffect[] {
  const { role } = state;
  if (role.kind === 'follower') {
    state.role = { ...role, isAwaitingLog: false };
    return followHighWatermark(state, role.leaderHighWatermark);
  }
  if (role.kind !== 'leader') return [];
  const own: ReplicaProgress = {
    endOffset: logEndOffset,
    lastFetchAtMs: nowMs,
    lastCaughtUpAtMs: nowMs,
    lastFetchLeaderEndOffset: logEndOffset,
    hasAcknowledged: true,
  };
  role.voters.set(state.nodeId, own);
  return advanceHighWatermark(state, role);
}

/**
 * The largest offset that a majority has. It counts only beyond the start of the leader's own
 * epoch: records of earlier epochs are committed together with its LeaderChange record (Raft §5.4.2).
 */
function advanceHighWatermark(state: QuorumState, role: LeaderRole): QuorumEffect[] {
  const endOffsets = [...role.voters.values()]
    .map(({ endOffset }) => endOffset ?? -1)
    .sort((a, b) => b - a);
  const candidate = endOffsets[majorityOf(state) - 1] ?? -1;
  if (candidate <= role.epochStartOffset) return [];
  return raiseHighWatermark(state, candidate);
}

function raiseHighWatermark(state: QuorumState, highWatermark: number): QuorumEffect[] {
  if (state.highWatermark !== undefined && highWatermark <= state.highWatermark) return [];
  state.highWatermark = highWatermark;
  return [{ kind: 'commit', highWatermark }];
}

export interface FetchExchange {
  readonly from: number;
  readonly request: FetchMessage;
  readonly response: RaftResponse;
}

/** The follower's side: take what the leader sent, or correct the own log first. */
export function onFetchResponse(
  state: QuorumState,
  exchange: FetchExchange,
  nowMs: number,
): QuorumEffect[] {
  const { from, request, response } = exchange;
  const effects = followEpoch(state, response.epoch, response.leaderId, nowMs);
  const { role, log } = state;
  if (0 < effects.length || role.kind !== 'follower') return effects;
  if (response.epoch !== role.epoch || from !== role.leaderId) return [];
  // An answer to an earlier fetch may come late, when the log has moved on.
  const isCurrent =
    request.fetchOffset === log.logEndOffset && request.lastFetchedEpoch === log.lastEpoch;
  if (!isCurrent) return [];
  if (response.errorCode !== 'NONE') return retryLater(state, from, nowMs);
  state.role = { ...role, fetchDeadlineMs: nowMs + state.config.fetchTimeoutMs };
  return takeFetched(state, from, response.result);
}

function retryLater(state: QuorumState, to: number, nowMs: number): QuorumEffect[] {
  state.retryAtMs.set(to, nowMs + state.config.retryBackoffMs);
  return [];
}

function takeFetched(state: QuorumState, from: number, result: RaftResult): QuorumEffect[] {
  const { role } = state;
  assert(role.kind === 'follower', 'only a follower takes what was fetched');
  if (result.kind !== 'records') state.role = { ...role, isAwaitingLog: true };
  switch (result.kind) {
    case 'diverging':
      return [{ kind: 'truncate', offset: truncationOffset(state, result.end) }];
    case 'snapshot':
      return [{ kind: 'fetch-snapshot', from, id: result.id }];
    case 'records':
      return takeRecords(state, result.records, result.highWatermark);
    default:
      return [];
  }
}

/** KIP-101: back to where both logs last agree; never below what is committed. */
function truncationOffset(state: QuorumState, leaderEnd: OffsetAndEpoch): number {
  const own = state.log.endOffsetForEpoch(leaderEnd.epoch);
  const agreed =
    own.epoch === leaderEnd.epoch ? Math.min(own.offset, leaderEnd.offset) : own.offset;
  return Math.max(agreed, state.highWatermark ?? 0);
}

function takeRecords(
  state: QuorumState,
  records: Uint8Array,
  highWatermark: number | undefined,
): QuorumEffect[] {
  const { role } = state;
  assert(role.kind === 'follower', 'only a follower takes records');
  const isAwaitingLog = 0 < records.byteLength;
  state.role = { ...role, leaderHighWatermark: highWatermark, isAwaitingLog };
  if (isAwaitingLog) return [{ kind: 'append', records }];
  return followHighWatermark(state, highWatermark);
}

function followHighWatermark(
  state: QuorumState,
  leaderHighWatermark: number | undefined,
): QuorumEffect[] {
  if (leaderHighWatermark === undefined) return [];
  return raiseHighWatermark(state, Math.min(leaderHighWatermark, state.log.logEndOffset));
}
