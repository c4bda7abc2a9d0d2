import { assert } from '../base/assert.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { noteQuorumContact, retryLater } from './quorum-contact.ts';
import { answer, followEpoch } from './quorum-elections.ts';
import { beginSnapshot } from './quorum-snapshots.ts';
import { isVoter } from './quorum-transitions.ts';
import type {
  FetchMessage,
  LeaderRole,
  QuorumEffect,
  QuorumLogView,
  QuorumState,
  RaftResponse,
  RaftResult,
  ReplicaProgress,
} from './quorum-types.ts';
import { settleVoterChange } from './quorum-voters.ts';
import type { OffsetAndEpoch } from './raft-log.ts';
import { hasVoter, type ReplicaKey } from './voter-set.ts';

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
  if (role.epoch < request.epoch) {
    const news = followFetcher(state, request, nowMs);
    return [...news, ...respond(answer(state, 'UNKNOWN_LEADER_EPOCH'))];
  }
  if (role.kind !== 'leader') return respond(answer(state, 'NOT_LEADER_OR_FOLLOWER'));
  const invalid = positionProblem(state, request);
  if (invalid !== undefined) return respond(answer(state, 'NONE', invalid));
  const effects = recordFetch(state, role, request, nowMs);
  return [...effects, { kind: 'respond-with-records', requestId, request }];
}

/**
 * A larger epoch is news whoever has it (Raft §5.1). Where the log names the voters, one that was removed while it
 * was away stands among those that its own log names, and they take its epochs over: the leader, whom it does not
 * know, hears of them from their fetches alone, and they can follow none but a leader of a later epoch. Configured
 * voters ask each other.
 */
function followFetcher(
  state: QuorumState,
  { epoch, replicaId }: FetchMessage,
  nowMs: number,
): QuorumEffect[] {
  if (state.kraftVersion === 0 || replicaId < 0 || replicaId === state.nodeId) return [];
  return followEpoch(state, epoch, undefined, nowMs);
}

/** A fetcher whose log is not a prefix of ours must truncate, or take our snapshot (`validateOffsetAndEpoch`). */
function positionProblem(state: QuorumState, request: FetchMessage): RaftResult | undefined {
  const { log } = state;
  const { fetchOffset, lastFetchedEpoch } = request;
  if (log.logStartOffset === 0 && fetchOffset === 0) return undefined;
  const snapshot = log.latestSnapshot;
  if (snapshot !== undefined && needsSnapshot(log, snapshot, request)) {
    return { kind: 'snapshot', id: snapshot };
  }
  const end = log.endOffsetForEpoch(lastFetchedEpoch);
  if (end.epoch !== lastFetchedEpoch || end.offset < fetchOffset) return { kind: 'diverging', end };
  return undefined;
}

function needsSnapshot(
  log: QuorumLogView,
  snapshot: OffsetAndEpoch,
  { fetchOffset, lastFetchedEpoch }: FetchMessage,
): boolean {
  if (fetchOffset < log.logStartOffset) return true;
  // All that this log still knows is of later epochs. It may begin before the snapshot all the same, after a restart.
  if (lastFetchedEpoch < log.endOffsetForEpoch(lastFetchedEpoch).epoch) return true;
  // The log begins right after the snapshot: what is before it can be compared no more.
  if (log.logStartOffset !== snapshot.offset) return false;
  if (lastFetchedEpoch < snapshot.epoch) return true;
  return fetchOffset === snapshot.offset && lastFetchedEpoch !== snapshot.epoch;
}

function recordFetch(
  state: QuorumState,
  role: LeaderRole,
  request: FetchMessage,
  nowMs: number,
): QuorumEffect[] {
  const { replicaId, fetchOffset } = request;
  if (replicaId < 0 || replicaId === state.nodeId) return [];
  const directoryId = request.replicaDirectoryId ?? ZERO_UUID;
  const key = { id: replicaId, directoryId };
  const isVoterFetch = hasVoter(state.voterSet, key) && !isDouble(state, role, key, nowMs);
  const replicas = isVoterFetch ? role.voters : role.observers;
  if (!isVoterFetch) forgetOldObservers(role, nowMs);
  const before = replicas.get(replicaId);
  replicas.set(replicaId, { directoryId, ...fetched(state, before, fetchOffset, nowMs) });
  if (isVoterFetch) {
    noteQuorumContact(state, role, replicaId, nowMs);
    if (role.observers.get(replicaId)?.directoryId === directoryId)
      role.observers.delete(replicaId);
  }
  return [...advanceHighWatermark(state, role), ...settleVoterChange(state, role, nowMs)];
}

/**
 * Two processes fetch as one voter, from folders of their own: what the second has must not count for the first,
 * which votes without it. A voter that has lost its disk comes back after a while without the old one.
 */
function isDouble(
  { config }: QuorumState,
  { voters }: LeaderRole,
  { id, directoryId }: ReplicaKey,
  nowMs: number,
): boolean {
  const { directoryId: known = ZERO_UUID, lastFetchAtMs } = voters.get(id) ?? {};
  if (known === ZERO_UUID || directoryId === ZERO_UUID || known === directoryId) return false;
  return lastFetchAtMs !== undefined && nowMs - lastFetchAtMs < config.fetchTimeoutMs;
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
  if (isVoter(state)) role.voters.set(state.nodeId, own);
  return [...advanceHighWatermark(state, role), ...settleVoterChange(state, role, nowMs)];
}

/** The largest offset that a majority has, once it is beyond the start of the leader's own epoch (Raft §5.4.2). */
function advanceHighWatermark(state: QuorumState, role: LeaderRole): QuorumEffect[] {
  const { rules } = state;
  const offset = rules.replicatedOffset(state, role);
  return rules.canCommit(role, offset) ? raiseHighWatermark(state, offset) : [];
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
  state.role = { ...role, hasFetched: true, fetchDeadlineMs: nowMs + role.fetchTimeoutMs };
  return takeFetched(state, from, response.result, nowMs);
}

function takeFetched(
  state: QuorumState,
  from: number,
  result: RaftResult,
  nowMs: number,
): QuorumEffect[] {
  const { role } = state;
  assert(role.kind === 'follower', 'only a follower takes what was fetched');
  switch (result.kind) {
    case 'diverging':
      state.role = { ...role, isAwaitingLog: true };
      return [{ kind: 'truncate', offset: truncationOffset(state, result.end) }];
    case 'snapshot':
      return beginSnapshot(state, from, result.id, nowMs);
    case 'records':
      return takeRecords(state, result.records, result.highWatermark);
    default:
      return [];
  }
}

/** Never below what is committed, nor below the log's start. */
function truncationOffset({ rules, log, highWatermark }: QuorumState, end: OffsetAndEpoch): number {
  const agreed = rules.truncationOffset(log, end);
  return Math.max(agreed, highWatermark ?? 0, log.logStartOffset);
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
