import type { ErrorCode } from '../protocol/error-codes.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import {
  becomeResigned,
  checkQuorumTimeoutMs,
  hasOtherVoters,
  isVoter,
  leaderIdOf,
} from './quorum-transitions.ts';
import type {
  LeaderRole,
  QuorumEffect,
  QuorumState,
  ReplicaProgress,
  UpdateVoterMessage,
  VoterChangeMessage,
} from './quorum-types.ts';
import {
  describeReplicaKey,
  hasVoter,
  type ReplicaKey,
  type Voter,
  type VoterSet,
  withoutVoter,
  withVoter,
} from './voter-set.ts';

/** Whoever has fetched within this time and was at the end of the log once is near enough to vote. */
const CAUGHT_UP_MS = 3_600_000;

interface Refusal {
  readonly errorCode: ErrorCode;
  readonly message: string;
}

/**
 * Adds or removes a voter (KIP-853): one at a time, each in the log before the next, so that the old
 * and the new voters have a majority in common. Answered when it is committed.
 */
export function onVoterChange(
  state: QuorumState,
  requestId: number,
  change: VoterChangeMessage,
  nowMs: number,
): QuorumEffect[] {
  const { role } = state;
  if (role.kind !== 'leader') {
    return [respond(state, requestId, { errorCode: 'NOT_LEADER_OR_FOLLOWER', message: '' })];
  }
  const refusal = notNow(state, role, change.kind) ?? notThis(state, role, change, nowMs);
  if (refusal !== undefined) return [respond(state, requestId, refusal)];
  const { voterSet } = state;
  const voters =
    change.kind === 'add'
      ? withVoter(voterSet, change.voter)
      : withoutVoter(voterSet, change.key.id);
  role.voterChange = { requestId, deadlineMs: nowMs + change.timeoutMs };
  // Another majority is asked for from now on: a lone leader has waited for none.
  if (!hasOtherVoters(state)) role.checkQuorumDeadlineMs = nowMs + checkQuorumTimeoutMs(state);
  followVoters(state, role, voters);
  return [{ kind: 'append-voters', epoch: role.epoch, voters }];
}

/**
 * A voter has moved (KIP-853). It is answered at once: it asks for records only after the answer, and its
 * fetch may be what commits the change.
 */
export function onUpdateVoter(
  state: QuorumState,
  requestId: number,
  { epoch, voter }: UpdateVoterMessage,
): QuorumEffect[] {
  const { role, kraftVersion, voterSet } = state;
  const refuse = (errorCode: ErrorCode) => [respond(state, requestId, { errorCode, message: '' })];
  if (epoch !== role.epoch) {
    return refuse(epoch < role.epoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH');
  }
  if (role.kind !== 'leader') return refuse('NOT_LEADER_OR_FOLLOWER');
  const refusal = notNow(state, role, 'update');
  if (refusal !== undefined) return refuse(refusal.errorCode);
  if (kraftVersion < voter.minVersion || voter.maxVersion < kraftVersion) {
    return refuse('INVALID_REQUEST');
  }
  if (!hasVoter(voterSet, voter)) return refuse('VOTER_NOT_FOUND');
  const voters = withVoter(voterSet, voter);
  return [{ kind: 'append-voters', epoch, voters }, respond(state, requestId)];
}

/** What must be over before any change begins. */
function notNow(
  { kraftVersion, highWatermark, log }: QuorumState,
  role: LeaderRole,
  kind: 'add' | 'remove' | 'update',
): Refusal | undefined {
  if (role.voterChange !== undefined) {
    return timedOut('Request timed out waiting for leader to handle previous voter change request');
  }
  if (highWatermark === undefined || highWatermark <= role.epochStartOffset) {
    return timedOut(
      'Request timed out waiting for leader to establish HWM and fence previous voter changes',
    );
  }
  if (kraftVersion === 0) {
    const doing = { add: 'adding', remove: 'removing', update: 'updating' }[kind];
    const message = `Cluster doesn't support ${doing} voter because the kraft.version feature is 0`;
    return { errorCode: 'UNSUPPORTED_VERSION', message };
  }
  const { votersOffset = -1 } = log;
  if (votersOffset < highWatermark) return undefined;
  return timedOut(
    `Request timed out waiting for voters to commit the latest voter change at Optional[${votersOffset}] with HWM ${highWatermark}`,
  );
}

function notThis(
  state: QuorumState,
  role: LeaderRole,
  change: VoterChangeMessage,
  nowMs: number,
): Refusal | undefined {
  return change.kind === 'add'
    ? cannotAdd(state, role, change.voter, nowMs)
    : cannotRemove(state, change.key);
}

function cannotAdd(
  { voterSet }: QuorumState,
  role: LeaderRole,
  voter: Voter,
  nowMs: number,
): Refusal | undefined {
  if (voterSet.some(({ id }) => id === voter.id)) {
    const message = `The voter id for ${describeReplicaKey(voter)} is already part of the set of voters ${described(voterSet)}.`;
    return { errorCode: 'DUPLICATE_VOTER', message };
  }
  const observer = role.observers.get(voter.id);
  if (observer !== undefined && isCaughtUp(observer, voter, nowMs)) return undefined;
  return timedOut(
    `Aborted add voter operation for ${describeReplicaKey(voter)} since it is lagging behind the leader, or does not fetch from it`,
  );
}

function isCaughtUp(observer: ReplicaProgress, voter: Voter, nowMs: number): boolean {
  const {
    directoryId = ZERO_UUID,
    lastCaughtUpAtMs,
    lastFetchAtMs = Number.NEGATIVE_INFINITY,
  } = observer;
  const isSame = directoryId === ZERO_UUID || directoryId === voter.directoryId;
  return isSame && lastCaughtUpAtMs !== undefined && nowMs - lastFetchAtMs < CAUGHT_UP_MS;
}

function cannotRemove({ voterSet }: QuorumState, key: ReplicaKey): Refusal | undefined {
  if (hasVoter(voterSet, key) && 1 < voterSet.length) return undefined;
  const message = `Cannot remove voter ${describeReplicaKey(key)} from the set of voters ${described(voterSet)}`;
  return { errorCode: 'VOTER_NOT_FOUND', message };
}

/** Who joins brings along how far it is; who leaves goes on as an observer. */
function followVoters(state: QuorumState, role: LeaderRole, voters: VoterSet): void {
  const ids = new Set(voters.map(({ id }) => id));
  for (const id of ids) {
    if (role.voters.has(id)) continue;
    const known = role.observers.get(id);
    role.observers.delete(id);
    role.voters.set(id, { ...newcomer, ...known, hasAcknowledged: id === state.nodeId });
  }
  for (const [id, progress] of role.voters) {
    if (ids.has(id)) continue;
    role.voters.delete(id);
    role.fetchedSinceCheck.delete(id);
    if (id !== state.nodeId) role.observers.set(id, progress);
  }
}

const newcomer: ReplicaProgress = {
  endOffset: undefined,
  lastFetchAtMs: undefined,
  lastCaughtUpAtMs: undefined,
  lastFetchLeaderEndOffset: -1,
  hasAcknowledged: false,
};

/** The change is committed: whoever asked hears it, and a leader that is no voter any more gives way. */
export function settleVoterChange(
  state: QuorumState,
  role: LeaderRole,
  nowMs: number,
): QuorumEffect[] {
  const isCommitted = (state.log.votersOffset ?? -1) < (state.highWatermark ?? 0);
  if (state.role !== role || !isCommitted) return [];
  const effects: QuorumEffect[] = [];
  const requestId = role.voterChange?.requestId;
  role.voterChange = undefined;
  if (requestId !== undefined) effects.push(respond(state, requestId));
  if (!isVoter(state)) effects.push(...becomeResigned(state, role, nowMs));
  return effects;
}

/** Too few have it in time; it may be committed all the same later, and no other change begins before. */
export function giveUpVoterChange(
  state: QuorumState,
  role: LeaderRole,
  nowMs: number,
): QuorumEffect[] {
  const { requestId, deadlineMs = nowMs } = role.voterChange ?? {};
  if (requestId === undefined || nowMs < deadlineMs) return [];
  role.voterChange = { requestId: undefined, deadlineMs };
  return [respond(state, requestId, timedOut('Request timed out before the change was committed'))];
}

export function voterChangeDeadlineMs({ voterChange }: LeaderRole): number {
  return voterChange?.requestId === undefined ? Number.POSITIVE_INFINITY : voterChange.deadlineMs;
}

function timedOut(message: string): Refusal {
  return { errorCode: 'REQUEST_TIMED_OUT', message };
}

function described(voters: VoterSet): string {
  return `[${voters.map(describeReplicaKey).join(', ')}]`;
}

function respond(state: QuorumState, requestId: number, refusal?: Refusal): QuorumEffect {
  const response = {
    errorCode: refusal?.errorCode ?? 'NONE',
    ...(refusal !== undefined && refusal.message !== '' && { errorMessage: refusal.message }),
    epoch: state.role.epoch,
    leaderId: leaderIdOf(state),
    result: { kind: 'none' },
  } as const;
  return { kind: 'respond', requestId, response };
}
