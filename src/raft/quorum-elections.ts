import { randomBelow } from '../base/random.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import {
  becomeCandidate,
  becomeFollower,
  becomeLeader,
  becomeUnattached,
  becomeVoted,
  giveUpProspect,
  isVoter,
  leaderIdOf,
  majorityOf,
} from './quorum-transitions.ts';
import type {
  BeginQuorumEpochMessage,
  CandidateRole,
  EndQuorumEpochMessage,
  ProspectiveRole,
  QuorumEffect,
  QuorumState,
  RaftResponse,
  RaftResult,
  VoteMessage,
} from './quorum-types.ts';
import type { ReplicaKey } from './voter-set.ts';

const noResult: RaftResult = { kind: 'none' };

/** The answer that tells who leads now. */
export function answer(
  state: QuorumState,
  errorCode: ErrorCode,
  result: RaftResult = noResult,
): RaftResponse {
  return { errorCode, epoch: state.role.epoch, leaderId: leaderIdOf(state), result };
}

/** A larger epoch, or the leader of this one, is news: take it over before anything else. */
export function followEpoch(
  state: QuorumState,
  epoch: number,
  leaderId: number | undefined,
  nowMs: number,
): QuorumEffect[] {
  const { role } = state;
  if (epoch < role.epoch) return [];
  const isLeaderKnown = leaderIdOf(state) !== undefined;
  if (leaderId !== undefined && leaderId !== state.nodeId) {
    if (epoch === role.epoch && isLeaderKnown) return [];
    return becomeFollower(state, { leaderId, epoch }, nowMs);
  }
  return role.epoch < epoch ? becomeUnattached(state, epoch, nowMs) : [];
}

export function onVoteRequest(
  state: QuorumState,
  requestId: number,
  request: VoteMessage,
  nowMs: number,
): QuorumEffect[] {
  const respond = (errorCode: ErrorCode, isGranted: boolean): QuorumEffect => ({
    kind: 'respond',
    requestId,
    response: answer(state, errorCode, { kind: 'vote', isGranted }),
  });
  if (state.rules.isOutdated(state, request.epoch)) return [respond('FENCED_LEADER_EPOCH', false)];
  if (!isBelieved(state, request.candidateId)) return [respond('INCONSISTENT_VOTER_SET', false)];
  if (!isForThis(state, request.voter)) return [respond('INVALID_VOTER_KEY', false)];
  // Nobody but this replica itself speaks for it.
  if (request.candidateId === state.nodeId) return [respond('INVALID_REQUEST', false)];
  const effects = followEpoch(state, request.epoch, undefined, nowMs);
  if (request.isPreVote === true) return [...effects, respond('NONE', wouldVote(state, request))];
  const isGranted = state.rules.canGrantVote(state, request);
  if (isGranted && state.role.kind === 'unattached') {
    const { candidateId: votedId, candidateDirectoryId: votedDirectoryId } = request;
    const directory = votedDirectoryId === undefined ? {} : { votedDirectoryId };
    effects.push(...becomeVoted(state, { votedId, ...directory }, nowMs));
  }
  return [...effects, respond('NONE', isGranted)];
}

/** KIP-996: nothing is promised; nobody is wanted while the leader answers, or whose log is too short. */
function wouldVote({ role, log }: QuorumState, request: VoteMessage): boolean {
  if (role.kind === 'leader' || (role.kind === 'follower' && role.hasFetched)) return false;
  if (request.lastEpoch !== log.lastEpoch) return log.lastEpoch < request.lastEpoch;
  return log.logEndOffset <= request.logEndOffset;
}

export interface VoteExchange {
  readonly from: number;
  readonly request: VoteMessage;
  readonly response: RaftResponse;
}

export function onVoteResponse(
  state: QuorumState,
  { from, request, response }: VoteExchange,
  nowMs: number,
): QuorumEffect[] {
  const effects = followEpoch(state, response.epoch, response.leaderId, nowMs);
  const { role } = state;
  const isAsking = role.kind === (request.isPreVote === true ? 'prospective' : 'candidate');
  if (0 < effects.length || !isAsking) return effects;
  if (role.kind === 'prospective') return onPreVoteResponse(state, role, { from, response }, nowMs);
  if (role.kind !== 'candidate') return [];
  if (response.epoch !== role.epoch || response.result.kind !== 'vote') return [];
  if (response.errorCode !== 'NONE') return [];
  role.votes.set(from, response.result.isGranted ? 'granted' : 'rejected');
  return countVotes(state, role, nowMs);
}

function onPreVoteResponse(
  state: QuorumState,
  role: ProspectiveRole,
  { from, response }: Pick<VoteExchange, 'from' | 'response'>,
  nowMs: number,
): QuorumEffect[] {
  // A voter of before Kafka 4.0 knows no pre-votes: then it is decided by votes, as before.
  if (response.errorCode === 'UNSUPPORTED_VERSION') return becomeCandidate(state, nowMs);
  if (response.epoch !== role.epoch || response.result.kind !== 'vote') return [];
  if (response.errorCode !== 'NONE') return [];
  role.votes.set(from, response.result.isGranted ? 'granted' : 'rejected');
  return countPreVotes(state, role, nowMs);
}

function countPreVotes(state: QuorumState, role: ProspectiveRole, nowMs: number): QuorumEffect[] {
  const outcome = outcomeOf(state, role);
  if (outcome === 'won') return becomeCandidate(state, nowMs);
  return outcome === 'lost' ? giveUpProspect(state, role, nowMs) : [];
}

/** The request did not get there: until it does, this voter helps nobody. */
export function onVoteFailed(
  state: QuorumState,
  to: number,
  request: VoteMessage,
  nowMs: number,
): QuorumEffect[] {
  const { role } = state;
  if (request.epoch !== role.epoch) return [];
  if (role.kind === 'prospective' && request.isPreVote === true) {
    role.unreachable.add(to);
    return countPreVotes(state, role, nowMs);
  }
  if (role.kind !== 'candidate' || request.isPreVote === true) return [];
  role.unreachable.add(to);
  return countVotes(state, role, nowMs);
}

function countVotes(state: QuorumState, role: CandidateRole, nowMs: number): QuorumEffect[] {
  const outcome = outcomeOf(state, role);
  if (outcome === 'won') return becomeLeader(state, nowMs);
  const isLost = outcome === 'lost' && role.backoffDeadlineMs === undefined;
  return isLost ? backOff(state, role, nowMs) : [];
}

function outcomeOf(
  state: QuorumState,
  { votes, unreachable }: CandidateRole | ProspectiveRole,
): 'won' | 'lost' | 'open' {
  const counted = state.rules.countedVoters(state);
  const count = (isWanted: (id: number) => boolean) => counted.filter(isWanted).length;
  const granted = count((id) => votes.get(id) === 'granted');
  if (majorityOf(state) <= granted) return 'won';
  const rejected = count((id) => votes.get(id) === 'rejected');
  const silent = count((id) => unreachable.has(id) && !votes.has(id));
  // Somebody else stands and has split the votes of those who can be reached: no need to wait for the others.
  const missing = rejected === 0 ? 0 : silent;
  return counted.length - rejected - missing < majorityOf(state) ? 'lost' : 'open';
}

/** The election is lost: wait, longer each time and at random, so that another one can win. */
export function backOff(state: QuorumState, role: CandidateRole, nowMs: number): QuorumEffect[] {
  const rangeMs = 100 * 2 ** Math.min(role.retries, 10);
  const backoffMs = 50 + randomBelow(state.random, rangeMs);
  const deadlineMs = nowMs + Math.min(backoffMs, state.config.electionBackoffMaxMs);
  const next: CandidateRole = { ...role, backoffDeadlineMs: deadlineMs };
  state.role = next;
  return [{ kind: 'become', role: next }];
}

export function onBeginQuorumEpoch(
  state: QuorumState,
  requestId: number,
  request: BeginQuorumEpochMessage,
  nowMs: number,
): QuorumEffect[] {
  const respond = (errorCode: ErrorCode): QuorumEffect => ({
    kind: 'respond',
    requestId,
    response: answer(state, errorCode),
  });
  const refusal = refuseLeader(state, request);
  if (refusal !== undefined) return [respond(refusal)];
  if (!isForThis(state, request.voter)) return [respond('INVALID_VOTER_KEY')];
  const effects = followEpoch(state, request.epoch, request.leaderId, nowMs);
  return [...effects, respond('NONE')];
}

export function onEndQuorumEpoch(
  state: QuorumState,
  requestId: number,
  request: EndQuorumEpochMessage,
  nowMs: number,
): QuorumEffect[] {
  const respond = (errorCode: ErrorCode): QuorumEffect => ({
    kind: 'respond',
    requestId,
    response: answer(state, errorCode),
  });
  const refusal = refuseLeader(state, request);
  if (refusal !== undefined) return [respond(refusal)];
  const effects = followEpoch(state, request.epoch, request.leaderId, nowMs);
  hastenElection(state, request, nowMs);
  return [...effects, respond('NONE')];
}

/** The successor with the longest log stands at once, the others later, in order (KIP-595). */
function hastenElection(state: QuorumState, request: EndQuorumEpochMessage, nowMs: number): void {
  const position = request.preferredSuccessors.indexOf(state.nodeId);
  if (position < 0) return;
  const delayMs =
    position === 0 ? 0 : Math.min(100 * 2 ** position, state.config.electionBackoffMaxMs);
  const { role } = state;
  if (role.kind === 'follower') {
    // The leader itself says that it is gone: another one is wanted.
    state.role = { ...role, hasFetched: false, fetchDeadlineMs: nowMs + delayMs };
  }
  if (role.kind === 'unattached' || role.kind === 'voted') {
    state.role = { ...role, electionDeadlineMs: nowMs + delayMs };
  }
}

/**
 * With configured voters nobody else stands or leads. Where they are in the log, this one may be behind it and
 * not know the newest voter yet: then the majority that the other counted will do (KIP-853).
 */
function isBelieved(state: QuorumState, id: number): boolean {
  return state.kraftVersion === 1 || (isVoter(state) && state.voters.includes(id));
}

function isForThis(state: QuorumState, voter: ReplicaKey | undefined): boolean {
  if (voter === undefined || voter.id < 0) return true;
  const isSame = voter.directoryId === ZERO_UUID || voter.directoryId === state.directoryId;
  return voter.id === state.nodeId && (isSame || state.directoryId === ZERO_UUID);
}

function refuseLeader(
  state: QuorumState,
  request: BeginQuorumEpochMessage | EndQuorumEpochMessage,
): ErrorCode | undefined {
  if (state.rules.isOutdated(state, request.epoch)) return 'FENCED_LEADER_EPOCH';
  if (!isBelieved(state, request.leaderId)) return 'INCONSISTENT_VOTER_SET';
  if (request.leaderId === state.nodeId) return 'INVALID_REQUEST';
  const known = leaderIdOf(state);
  const contradicts = request.epoch === state.role.epoch && known !== undefined;
  return contradicts && known !== request.leaderId ? 'INVALID_REQUEST' : undefined;
}
