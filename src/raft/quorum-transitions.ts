import { assert } from '../base/assert.ts';
import { randomBelow } from '../base/random.ts';
import type {
  ElectionState,
  LeaderRole,
  QuorumEffect,
  QuorumRole,
  QuorumState,
  ReplicaProgress,
  ResignedRole,
} from './quorum-types.ts';

/** Each answers the effects of entering the role; epochs never go back. */

export function becomeUnattached(state: QuorumState, epoch: number, nowMs: number): QuorumEffect[] {
  const electionDeadlineMs = Math.max(nowMs, remainingDeadlineMs(state, nowMs));
  return enter(state, { kind: 'unattached', epoch, electionDeadlineMs });
}

/**
 * A larger epoch does not start the wait anew: else a replica whose log is too short to win, and who
 * stands again and again, would keep all others from ever standing.
 */
function remainingDeadlineMs(state: QuorumState, nowMs: number): number {
  const { role } = state;
  if (role.kind === 'leader') return nowMs + randomElectionTimeoutMs(state);
  return role.kind === 'follower' ? role.fetchDeadlineMs : role.electionDeadlineMs;
}

export function becomeVoted(state: QuorumState, votedId: number, nowMs: number): QuorumEffect[] {
  const { epoch } = state.role;
  assert(votedId !== state.nodeId, 'a replica votes for itself only as a candidate');
  const electionDeadlineMs = nowMs + randomElectionTimeoutMs(state);
  return enter(state, { kind: 'voted', epoch, votedId, electionDeadlineMs });
}

/** Starts an election in the next epoch; a lone voter has won it at once. */
export function becomeCandidate(state: QuorumState, nowMs: number): QuorumEffect[] {
  assert(isVoter(state), 'an observer is never a candidate');
  const { role } = state;
  const effects = enter(state, {
    kind: 'candidate',
    epoch: role.epoch + 1,
    retries: role.kind === 'candidate' ? role.retries + 1 : 1,
    votes: new Map([[state.nodeId, 'granted']]),
    unreachable: new Set(),
    electionDeadlineMs: nowMs + randomElectionTimeoutMs(state),
    backoffDeadlineMs: undefined,
  });
  return majorityOf(state) <= 1 ? [...effects, ...becomeLeader(state, nowMs)] : effects;
}

export function becomeLeader(state: QuorumState, nowMs: number): QuorumEffect[] {
  const { role } = state;
  assert(role.kind === 'candidate', 'only a candidate becomes the leader');
  const grantingVoters = [...role.votes].filter(([, vote]) => vote === 'granted').map(([id]) => id);
  assert(majorityOf(state) <= grantingVoters.length, 'a leader has the votes of a majority');
  const effects = enter(state, {
    kind: 'leader',
    epoch: role.epoch,
    epochStartOffset: state.log.logEndOffset,
    voters: new Map(state.voters.map((id) => [id, newProgress(id === state.nodeId)])),
    observers: new Map(),
    checkQuorumDeadlineMs: nowMs + checkQuorumTimeoutMs(state),
    fetchedSinceCheck: new Set(),
  });
  return [...effects, { kind: 'append-leader-change', epoch: role.epoch, grantingVoters }];
}

export function becomeFollower(
  state: QuorumState,
  leader: { readonly leaderId: number; readonly epoch: number },
  nowMs: number,
): QuorumEffect[] {
  assert(leader.leaderId !== state.nodeId, 'nobody follows itself');
  const fetchTimeoutMs = randomFetchTimeoutMs(state);
  return enter(state, {
    kind: 'follower',
    ...leader,
    fetchTimeoutMs,
    fetchDeadlineMs: nowMs + fetchTimeoutMs,
    leaderHighWatermark: undefined,
    isAwaitingLog: false,
    snapshot: undefined,
  });
}

/** Gives up leadership; the epoch has no leader any more, and this node does not vote in it. */
export function becomeResigned(
  state: QuorumState,
  role: LeaderRole,
  nowMs: number,
): QuorumEffect[] {
  const peers = state.voters.filter((id) => id !== state.nodeId);
  const endOffset = (id: number) => role.voters.get(id)?.endOffset ?? -1;
  const resigned: ResignedRole = {
    kind: 'resigned',
    epoch: role.epoch,
    electionDeadlineMs: nowMs + randomElectionTimeoutMs(state),
    unacknowledged: new Set(peers),
    preferredSuccessors: peers.toSorted((a, b) => endOffset(b) - endOffset(a)),
  };
  return enter(state, resigned);
}

function enter(state: QuorumState, role: QuorumRole): QuorumEffect[] {
  assert(state.role.epoch <= role.epoch, 'the epoch never goes back');
  state.role = role;
  state.retryAtMs.clear();
  state.inFlight.clear();
  return [...persist(state), { kind: 'become', role }];
}

function persist(state: QuorumState): QuorumEffect[] {
  const { persisted: before } = state;
  const election: ElectionState = {
    epoch: state.role.epoch,
    leaderId: leaderIdOf(state),
    votedId: votedIdOf(state),
  };
  const isKnown =
    before?.epoch === election.epoch &&
    before.leaderId === election.leaderId &&
    before.votedId === election.votedId;
  state.persisted = election;
  return isKnown ? [] : [{ kind: 'persist', election }];
}

/** The leader of the epoch as far as this replica knows. */
export function leaderIdOf({
  role,
  nodeId,
}: Pick<QuorumState, 'role' | 'nodeId'>): number | undefined {
  switch (role.kind) {
    case 'leader':
    case 'resigned':
      return nodeId;
    case 'follower':
      return role.leaderId;
    default:
      return undefined;
  }
}

function votedIdOf(state: QuorumState): number | undefined {
  const { role } = state;
  if (role.kind === 'voted') return role.votedId;
  return role.kind === 'candidate' ? state.nodeId : undefined;
}

export function isVoter(state: QuorumState): boolean {
  return state.voters.includes(state.nodeId);
}

/** More than half of the voters that count. */
export function majorityOf(state: QuorumState): number {
  return Math.floor(state.rules.countedVoters(state).length / 2) + 1;
}

/** Between one and two timeouts, so that voters seldom stand at the same time. */
export function randomElectionTimeoutMs(state: QuorumState): number {
  const { electionTimeoutMs } = state.config;
  return electionTimeoutMs + randomBelow(state.random, electionTimeoutMs);
}

/**
 * At most the configured timeout, a little less for each follower: a leader answers all of them in the same
 * moment, and when it dies they would all stand in the same moment, too, and split the votes.
 */
export function randomFetchTimeoutMs(state: QuorumState): number {
  const { fetchTimeoutMs } = state.config;
  return fetchTimeoutMs - randomBelow(state.random, Math.ceil(fetchTimeoutMs / 5));
}

/** Half as long again as a follower waits: by then it has stood for election. */
export function checkQuorumTimeoutMs(state: QuorumState): number {
  return state.config.fetchTimeoutMs * 1.5;
}

function newProgress(isLocal: boolean): ReplicaProgress {
  return {
    endOffset: undefined,
    lastFetchAtMs: undefined,
    lastCaughtUpAtMs: undefined,
    lastFetchLeaderEndOffset: -1,
    hasAcknowledged: isLocal,
  };
}
