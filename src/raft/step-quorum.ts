import { assert } from '../base/assert.ts';
import { randomBelow } from '../base/random.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import { retryLater } from './quorum-contact.ts';
import {
  backOff,
  followEpoch,
  onBeginQuorumEpoch,
  onEndQuorumEpoch,
  onVoteFailed,
  onVoteRequest,
  onVoteResponse,
} from './quorum-elections.ts';
import { onFetchRequest, onFetchResponse, onFlushed } from './quorum-replication.ts';
import { correctRules } from './quorum-rules.ts';
import {
  onFetchSnapshotRequest,
  onFetchSnapshotResponse,
  onSnapshotRefused,
  snapshotMessage,
} from './quorum-snapshots.ts';
import { onStart } from './quorum-start.ts';
import {
  becomeCandidate,
  becomeProspective,
  becomeResigned,
  becomeUnattached,
  giveUpProspect,
  hasOtherVoters,
  isVoter,
  keyOf,
  mayStand,
  movedVoter,
  voterUpdatePeriodMs,
} from './quorum-transitions.ts';
import type {
  CandidateRole,
  FollowerRole,
  LeaderRole,
  ProspectiveRole,
  QuorumEffect,
  QuorumEvent,
  QuorumRules,
  QuorumState,
  RaftRequest,
  RaftResponse,
  ResignedRole,
} from './quorum-types.ts';
import {
  giveUpVoterChange,
  onUpdateVoter,
  onVoterChange,
  voterChangeDeadlineMs,
} from './quorum-voters.ts';
import { staticVoter, type VoterEndpoint } from './voter-set.ts';

type NewQuorum = Pick<QuorumState, 'nodeId' | 'config' | 'random' | 'log'> & {
  /** Of `controller.quorum.voters`; what the log says counts more. */
  readonly voters: readonly number[];
  readonly directoryId?: string;
  readonly endpoints?: readonly VoterEndpoint[];
  readonly bootstrapIds?: readonly number[];
  /** Only tests give others than the correct ones. */
  readonly rules?: QuorumRules;
};

/** A replica before its `start` event. */
export function newQuorumState(quorum: NewQuorum): QuorumState {
  const { log } = quorum;
  const configured = quorum.voters.map(staticVoter);
  return {
    ...quorum,
    directoryId: quorum.directoryId ?? ZERO_UUID,
    endpoints: quorum.endpoints ?? [],
    bootstrapIds: quorum.bootstrapIds ?? [],
    get voterSet() {
      return log.voters ?? configured;
    },
    get voters() {
      return this.voterSet.map(({ id }) => id);
    },
    get kraftVersion() {
      return log.kraftVersion ?? 0;
    },
    rules: quorum.rules ?? correctRules,
    role: { kind: 'unattached', epoch: 0, electionDeadlineMs: Number.POSITIVE_INFINITY },
    highWatermark: undefined,
    persisted: undefined,
    retryAtMs: new Map(),
    inFlight: new Set(),
  };
}

/**
 * Steps the replica once: an event goes in, what must be done comes out, in order. Does no I/O;
 * changes `state` and nothing else. The caller carries out all effects of an event before it
 * gives in the next one, and gives in a `tick` when `nextDeadlineMs` has come.
 */
export function stepQuorum(state: QuorumState, event: QuorumEvent): readonly QuorumEffect[] {
  const effects = [...onEvent(state, event), ...onTick(state, event.nowMs)];
  for (const [id, retryAtMs] of state.retryAtMs) {
    if (retryAtMs <= event.nowMs) state.retryAtMs.delete(id);
  }
  return effects;
}

function onEvent(state: QuorumState, event: QuorumEvent): QuorumEffect[] {
  const { nowMs } = event;
  switch (event.kind) {
    case 'start':
      return onStart(state, event.stored, nowMs);
    case 'tick':
      return [];
    case 'flushed':
      return onFlushed(state, event.logEndOffset, nowMs);
    case 'snapshot-refused':
      return onSnapshotRefused(state, nowMs);
    case 'request':
      return onRequest(state, event.requestId, event.request, nowMs);
    case 'response':
      state.inFlight.delete(event.from);
      return respondedBy(state, event, nowMs);
    case 'request-failed':
      state.inFlight.delete(event.to);
      state.retryAtMs.set(event.to, nowMs + state.config.retryBackoffMs);
      return event.request.api === 'vote'
        ? onVoteFailed(state, event.to, event.request, nowMs)
        : [];
    case 'resign':
      return onResign(state, event.epoch, nowMs);
    case 'change-voters':
      return onVoterChange(state, event.requestId, event.change, nowMs);
  }
}

function onRequest(
  state: QuorumState,
  requestId: number,
  request: RaftRequest,
  nowMs: number,
): QuorumEffect[] {
  switch (request.api) {
    case 'vote':
      return onVoteRequest(state, requestId, request, nowMs);
    case 'begin-quorum-epoch':
      return onBeginQuorumEpoch(state, requestId, request, nowMs);
    case 'end-quorum-epoch':
      return onEndQuorumEpoch(state, requestId, request, nowMs);
    case 'fetch':
      return onFetchRequest(state, requestId, request, nowMs);
    case 'fetch-snapshot':
      return onFetchSnapshotRequest(state, requestId, request, nowMs);
    case 'update-voter':
      return onUpdateVoter(state, requestId, request);
  }
}

function respondedBy(
  state: QuorumState,
  event: Parameters<typeof onResponse>[1],
  nowMs: number,
): QuorumEffect[] {
  const effects = onResponse(state, event, nowMs);
  const { request, response } = event;
  const { epoch } = state.role;
  // Nothing came of it and nothing changed: asked again at once, it would be answered the same.
  const isInVain = response.errorCode !== 'NONE' || response.epoch !== epoch;
  const isAgain = request.epoch === epoch && effects.length === 0;
  return isInVain && isAgain ? retryLater(state, event.from, nowMs) : effects;
}

function onResponse(
  state: QuorumState,
  event: { readonly from: number; readonly request: RaftRequest; readonly response: RaftResponse },
  nowMs: number,
): QuorumEffect[] {
  const { from, request, response } = event;
  switch (request.api) {
    case 'vote':
      return onVoteResponse(state, { from, request, response }, nowMs);
    case 'begin-quorum-epoch':
    case 'end-quorum-epoch':
    case 'update-voter':
      return onAcknowledged(state, from, response, nowMs);
    case 'fetch':
      return onFetchResponse(state, { from, request, response }, nowMs);
    case 'fetch-snapshot':
      return onFetchSnapshotResponse(state, { from, request, response }, nowMs);
  }
}

function onAcknowledged(
  state: QuorumState,
  from: number,
  response: RaftResponse,
  nowMs: number,
): QuorumEffect[] {
  const effects = followEpoch(state, response.epoch, response.leaderId, nowMs);
  const { role } = state;
  if (0 < effects.length) return effects;
  if (response.errorCode !== 'NONE' || response.epoch !== role.epoch) {
    state.retryAtMs.set(from, nowMs + state.config.retryBackoffMs);
    return [];
  }
  if (role.kind === 'resigned') role.unacknowledged.delete(from);
  if (role.kind === 'leader') acknowledge(role, from);
  return [];
}

function acknowledge(role: LeaderRole, from: number): void {
  const progress = role.voters.get(from);
  if (progress !== undefined) role.voters.set(from, { ...progress, hasAcknowledged: true });
}

function onResign(state: QuorumState, epoch: number, nowMs: number): QuorumEffect[] {
  const { role } = state;
  if (role.kind !== 'leader' || role.epoch !== epoch) return [];
  return becomeResigned(state, role, nowMs);
}

/** What is due by now, and what can be sent. */
function onTick(state: QuorumState, nowMs: number): QuorumEffect[] {
  const { role } = state;
  switch (role.kind) {
    case 'unattached':
      if (mayStand(state) && role.electionDeadlineMs <= nowMs) return stand(state, nowMs);
      return isVoter(state) ? [] : discoverLeader(state, nowMs);
    case 'voted':
      return role.electionDeadlineMs <= nowMs ? stand(state, nowMs) : [];
    case 'candidate':
      return tickCandidate(state, role, nowMs);
    case 'prospective':
      return tickProspective(state, role, nowMs);
    case 'leader':
      return tickLeader(state, role, nowMs);
    case 'follower':
      return role.fetchDeadlineMs <= nowMs ? stand(state, nowMs) : tickFollower(state, role, nowMs);
    case 'resigned':
      return tickResigned(state, role, nowMs);
  }
}

/** Begins an election and asks for votes at once; whoever is no voter (any more) looks for the leader. */
function stand(state: QuorumState, nowMs: number): QuorumEffect[] {
  if (!mayStand(state)) {
    const effects = becomeUnattached(state, state.role.epoch, nowMs);
    return [...effects, ...discoverLeader(state, nowMs)];
  }
  const isAskingFirst = state.config.isPreVoteEnabled === true && hasOtherVoters(state);
  const effects = isAskingFirst ? becomeProspective(state, nowMs) : becomeCandidate(state, nowMs);
  const { role } = state;
  const isAsking = role.kind === 'candidate' || role.kind === 'prospective';
  return isAsking ? [...effects, ...askForVotes(state, role, nowMs)] : effects;
}

/** An observer asks any voter; whoever does not lead says who does. */
function discoverLeader(state: QuorumState, nowMs: number): QuorumEffect[] {
  if (0 < state.inFlight.size) return [];
  const known = state.voters.filter((id) => id !== state.nodeId);
  const peers = [...known, ...state.bootstrapIds];
  const peer = peers[randomBelow(state.random, Math.max(1, peers.length))];
  return peer === undefined ? [] : send(state, [peer], fetchMessage(state), nowMs);
}

function tickCandidate(state: QuorumState, role: CandidateRole, nowMs: number): QuorumEffect[] {
  if (role.backoffDeadlineMs !== undefined) {
    return role.backoffDeadlineMs <= nowMs ? stand(state, nowMs) : [];
  }
  if (role.electionDeadlineMs <= nowMs) return backOff(state, role, nowMs);
  return askForVotes(state, role, nowMs);
}

function tickProspective(state: QuorumState, role: ProspectiveRole, nowMs: number): QuorumEffect[] {
  if (role.electionDeadlineMs <= nowMs) return giveUpProspect(state, role, nowMs);
  return askForVotes(state, role, nowMs);
}

function askForVotes(
  state: QuorumState,
  role: CandidateRole | ProspectiveRole,
  nowMs: number,
): QuorumEffect[] {
  const undecided = state.voterSet.filter(({ id }) => !role.votes.has(id));
  const vote = {
    api: 'vote',
    ...(role.kind === 'prospective' && { isPreVote: true }),
    epoch: role.epoch,
    candidateId: state.nodeId,
    candidateDirectoryId: state.directoryId,
    lastEpoch: state.log.lastEpoch,
    logEndOffset: state.log.logEndOffset,
  } as const;
  return undecided.flatMap((voter) => send(state, [voter.id], { ...vote, voter }, nowMs));
}

function tickLeader(state: QuorumState, role: LeaderRole, nowMs: number): QuorumEffect[] {
  if (hasOtherVoters(state) && role.checkQuorumDeadlineMs <= nowMs) {
    return becomeResigned(state, role, nowMs);
  }
  const unaware = state.voterSet.filter(
    ({ id }) => id !== state.nodeId && role.voters.get(id)?.hasAcknowledged === false,
  );
  const message = { api: 'begin-quorum-epoch', epoch: role.epoch, leaderId: state.nodeId } as const;
  const begun = unaware.flatMap((voter) => send(state, [voter.id], { ...message, voter }, nowMs));
  return [...begun, ...giveUpVoterChange(state, role, nowMs)];
}

function tickResigned(state: QuorumState, role: ResignedRole, nowMs: number): QuorumEffect[] {
  if (role.electionDeadlineMs <= nowMs) return stand(state, nowMs);
  const { epoch, preferredSuccessors } = role;
  return send(
    state,
    [...role.unacknowledged],
    {
      api: 'end-quorum-epoch',
      epoch,
      leaderId: state.nodeId,
      preferredSuccessors,
      preferredCandidates: preferredSuccessors.map((id) => keyOf(state, id)),
    },
    nowMs,
  );
}

/** Fetches on; now and then a voter first tells the leader what the log has wrong of it (KIP-853). */
function tickFollower(state: QuorumState, role: FollowerRole, nowMs: number): QuorumEffect[] {
  const { leaderId } = role;
  if (role.isAwaitingLog || !isReady(state, leaderId, nowMs)) return [];
  if (nowMs < role.voterUpdateAtMs) return send(state, [leaderId], nextFetch(state, role), nowMs);
  state.role = { ...role, voterUpdateAtMs: nowMs + voterUpdatePeriodMs(state) };
  const voter = movedVoter(state);
  const { epoch } = role;
  const request: RaftRequest =
    voter === undefined ? nextFetch(state, role) : { api: 'update-voter', epoch, voter };
  return send(state, [leaderId], request, nowMs);
}

function nextFetch(state: QuorumState, { snapshot }: FollowerRole): RaftRequest {
  return snapshot === undefined ? fetchMessage(state) : snapshotMessage(state, snapshot);
}

/** As long as Kafka's replicas ask the leader to wait (`MAX_FETCH_WAIT_MS`). */
const FETCH_WAIT_MS = 500;

function fetchMessage(state: QuorumState): RaftRequest {
  return {
    api: 'fetch',
    epoch: state.role.epoch,
    replicaId: state.nodeId,
    replicaDirectoryId: state.directoryId,
    fetchOffset: state.log.logEndOffset,
    lastFetchedEpoch: state.log.lastEpoch,
    maxWaitMs: FETCH_WAIT_MS,
  };
}

function send(
  state: QuorumState,
  peers: readonly number[],
  request: RaftRequest,
  nowMs: number,
): QuorumEffect[] {
  const ready = peers.filter((id) => isReady(state, id, nowMs));
  return ready.map((to) => {
    assert(to !== state.nodeId, 'nobody sends to itself');
    state.inFlight.add(to);
    return { kind: 'send', to, request };
  });
}

function isReady({ inFlight, retryAtMs }: QuorumState, id: number, nowMs: number): boolean {
  return !inFlight.has(id) && (retryAtMs.get(id) ?? nowMs) <= nowMs;
}

/** When the next `tick` is due, in monotonic milliseconds; infinity when only an event can change anything. */
export function nextDeadlineMs(state: QuorumState): number {
  const { role } = state;
  const retry = Math.min(Number.POSITIVE_INFINITY, ...state.retryAtMs.values());
  switch (role.kind) {
    case 'unattached':
      if (isVoter(state)) return role.electionDeadlineMs;
      return mayStand(state) ? Math.min(retry, role.electionDeadlineMs) : retry;
    case 'voted':
      return role.electionDeadlineMs;
    case 'candidate':
      return Math.min(retry, role.backoffDeadlineMs ?? role.electionDeadlineMs);
    case 'prospective':
      return Math.min(retry, role.electionDeadlineMs);
    case 'leader':
      return Math.min(
        retry,
        hasOtherVoters(state) ? role.checkQuorumDeadlineMs : Number.POSITIVE_INFINITY,
        voterChangeDeadlineMs(role),
      );
    case 'follower':
      return Math.min(retry, role.fetchDeadlineMs);
    case 'resigned':
      return Math.min(retry, role.electionDeadlineMs);
  }
}
