import { assert } from '../base/assert.ts';
import { randomBelow } from '../base/random.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type {
  ElectionState,
  LeaderRole,
  ProspectiveRole,
  QuorumEffect,
  QuorumRole,
  QuorumState,
  ReplicaProgress,
  ResignedRole,
} from './quorum-types.ts';
import {
  completedEndpoints,
  hasVoter,
  isSameVoter,
  kraftVersions,
  type ReplicaKey,
  type Voter,
  withVoter,
} from './voter-set.ts';

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

export function becomeVoted(
  state: QuorumState,
  voted: { readonly votedId: number; readonly votedDirectoryId?: string },
  nowMs: number,
): QuorumEffect[] {
  const { epoch } = state.role;
  assert(voted.votedId !== state.nodeId, 'a replica votes for itself only as a candidate');
  const electionDeadlineMs = nowMs + randomElectionTimeoutMs(state);
  return enter(state, { kind: 'voted', epoch, ...voted, electionDeadlineMs });
}

/** Starts an election in the next epoch; a lone voter has won it at once. */
export function becomeCandidate(state: QuorumState, nowMs: number): QuorumEffect[] {
  assert(mayStand(state), 'an observer is never a candidate');
  const { role } = state;
  const effects = enter(state, {
    kind: 'candidate',
    epoch: role.epoch + 1,
    retries: nextRetries(role),
    votes: new Map([[state.nodeId, 'granted']]),
    unreachable: new Set(),
    electionDeadlineMs: nowMs + randomElectionTimeoutMs(state),
    backoffDeadlineMs: undefined,
  });
  const isElected = isVoter(state) && majorityOf(state) <= 1;
  return isElected ? [...effects, ...becomeLeader(state, nowMs)] : effects;
}

/** Asks for pre-votes in the present epoch (KIP-996). */
export function becomeProspective(state: QuorumState, nowMs: number): QuorumEffect[] {
  assert(mayStand(state), 'an observer is never elected');
  const { role } = state;
  const votedDirectoryId = votedDirectoryIdOf(state);
  return enter(state, {
    kind: 'prospective',
    epoch: role.epoch,
    leaderId: role.kind === 'follower' ? role.leaderId : undefined,
    votedId: votedIdOf(state),
    ...(votedDirectoryId !== undefined && { votedDirectoryId }),
    retries: nextRetries(role),
    votes: new Map([[state.nodeId, 'granted']]),
    unreachable: new Set(),
    electionDeadlineMs: nowMs + randomElectionTimeoutMs(state),
  });
}

/** The others would not vote for it: what this replica was before it asked. */
export function giveUpProspect(
  state: QuorumState,
  role: ProspectiveRole,
  nowMs: number,
): QuorumEffect[] {
  const { epoch, leaderId, votedId, votedDirectoryId } = role;
  if (leaderId !== undefined) return becomeFollower(state, { leaderId, epoch }, nowMs);
  const electionDeadlineMs = nowMs + randomElectionTimeoutMs(state);
  if (votedId === undefined || votedId === state.nodeId) {
    return enter(state, { kind: 'unattached', epoch, electionDeadlineMs });
  }
  const directory = votedDirectoryId === undefined ? {} : { votedDirectoryId };
  return enter(state, { kind: 'voted', epoch, votedId, ...directory, electionDeadlineMs });
}

/** A prospect's one election counts once. */
function nextRetries(role: QuorumRole): number {
  if (role.kind === 'prospective') return role.retries;
  return role.kind === 'candidate' ? role.retries + 1 : 1;
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
    voterChange: undefined,
  });
  const begin = { kind: 'append-leader-change', epoch: role.epoch, grantingVoters } as const;
  const moved = movedVoter(state);
  const isBootstrap = state.kraftVersion === 1 && (state.log.votersOffset ?? -1) < 0;
  if (moved === undefined && !isBootstrap) return [...effects, begin];
  const { voterSet } = state;
  const voters = moved === undefined ? voterSet : withVoter(voterSet, moved);
  return [...effects, { ...begin, voters }];
}

/** This voter as the log should have it, where it has it otherwise (KIP-853). */
export function movedVoter(state: QuorumState): Voter | undefined {
  const { nodeId: id, directoryId, endpoints, kraftVersion, voterSet } = state;
  const logged = voterSet.find((voter) => voter.id === id && voter.directoryId === directoryId);
  if (kraftVersion === 0 || endpoints.length === 0 || logged === undefined) return undefined;
  const known = completedEndpoints(endpoints, logged.endpoints);
  const own: Voter = { id, directoryId, endpoints: known, ...kraftVersions };
  return isSameVoter(own, logged) ? undefined : own;
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
    hasFetched: false,
    voterUpdateAtMs: nowMs + voterUpdatePeriodMs(state),
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
  const before = state.role;
  assert(before.epoch <= role.epoch, 'the epoch never goes back');
  state.role = role;
  state.retryAtMs.clear();
  state.inFlight.clear();
  return [...persist(state), { kind: 'become', role }, ...abandonVoterChange(state, before)];
}

/** Who leads now may or may not commit it: whoever asked must look. */
function abandonVoterChange(state: QuorumState, before: QuorumRole): QuorumEffect[] {
  const requestId = before.kind === 'leader' ? before.voterChange?.requestId : undefined;
  if (requestId === undefined) return [];
  const { epoch } = state.role;
  const result = { kind: 'none' } as const;
  const errorCode = 'NOT_LEADER_OR_FOLLOWER';
  const response = { errorCode, epoch, leaderId: leaderIdOf(state), result } as const;
  return [{ kind: 'respond', requestId, response }];
}

function persist(state: QuorumState): QuorumEffect[] {
  const { persisted: before, role } = state;
  const votedDirectoryId = votedDirectoryIdOf(state);
  const election: ElectionState = {
    epoch: role.epoch,
    leaderId: leaderIdOf(state),
    votedId: votedIdOf(state),
    ...(state.kraftVersion === 1 && { kraftVersion: 1 }),
    ...(state.kraftVersion === 1 && votedDirectoryId !== undefined && { votedDirectoryId }),
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
    case 'prospective':
      return role.leaderId;
    default:
      return undefined;
  }
}

function votedIdOf(state: QuorumState): number | undefined {
  const { role } = state;
  if (role.kind === 'voted' || role.kind === 'prospective') return role.votedId;
  return role.kind === 'candidate' ? state.nodeId : undefined;
}

function votedDirectoryIdOf({ role, directoryId }: QuorumState): string | undefined {
  if (role.kind === 'voted' || role.kind === 'prospective') return role.votedDirectoryId;
  return role.kind === 'candidate' ? directoryId : undefined;
}

export function isVoter(state: QuorumState): boolean {
  return hasVoter(state.voterSet, { id: state.nodeId, directoryId: state.directoryId });
}

/**
 * A voter, or one until a change that may not be committed: of two voters the leader removes itself and dies, and
 * nobody but it can be elected, because its log is the longer one (Raft, Ongaro's thesis, 4.2.2).
 */
export function mayStand(state: QuorumState): boolean {
  if (isVoter(state)) return true;
  const { nodeId: id, directoryId, log, highWatermark = 0 } = state;
  const { votersOffset = -1 } = log;
  const before = votersOffset < highWatermark ? undefined : log.votersAt?.(votersOffset).voters;
  return before !== undefined && hasVoter(before, { id, directoryId });
}

export function hasOtherVoters(state: QuorumState): boolean {
  return state.voterSet.some(({ id }) => id !== state.nodeId);
}

/** A voter with its directory. */
export function keyOf(state: QuorumState, id: number): ReplicaKey {
  return state.voterSet.find((voter) => voter.id === id) ?? { id, directoryId: ZERO_UUID };
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

/** Long enough for a follower to have the newest voters first (`FollowerState.updateVoterPeriodMs`). */
export function voterUpdatePeriodMs(state: QuorumState): number {
  return state.config.fetchTimeoutMs * 3;
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
