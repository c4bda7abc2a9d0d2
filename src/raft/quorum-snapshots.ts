import { ZERO_UUID } from '../protocol/uuid.ts';
import { noteQuorumContact, retryLater } from './quorum-contact.ts';
import { answer, followEpoch } from './quorum-elections.ts';
import type {
  FetchSnapshotMessage,
  FollowerRole,
  QuorumEffect,
  QuorumState,
  RaftResponse,
  SnapshotFetch,
} from './quorum-types.ts';
import type { OffsetAndEpoch } from './raft-log.ts';
import { hasVoter } from './voter-set.ts';

const PART_BYTES_DEFAULT = 8 * 1024 * 1024;
/** Well below the time after which a follower gives its leader up. */
const DAMAGED_RETRY_MS = 500;
/** A larger one is no metadata of a cluster: it would not fit into memory either. */
const SNAPSHOT_BYTES_MAX = 1024 * 1024 * 1024;

/** FetchSnapshot asks the leader for the next part. */
export function snapshotMessage(state: QuorumState, snapshot: SnapshotFetch): FetchSnapshotMessage {
  const { id, position } = snapshot;
  return {
    api: 'fetch-snapshot',
    epoch: state.role.epoch,
    replicaId: state.nodeId,
    replicaDirectoryId: state.directoryId,
    id,
    position,
    maxBytes: state.config.snapshotPartBytes ?? PART_BYTES_DEFAULT,
  };
}

/** The leader's side: only the leader's snapshots are given out, and whoever fetches one is alive. */
export function onFetchSnapshotRequest(
  state: QuorumState,
  requestId: number,
  request: FetchSnapshotMessage,
  nowMs: number,
): QuorumEffect[] {
  const { role } = state;
  const refusal = (response: RaftResponse): QuorumEffect[] => [
    { kind: 'respond', requestId, response },
  ];
  if (state.rules.isOutdated(state, request.epoch)) {
    return refusal(answer(state, 'FENCED_LEADER_EPOCH'));
  }
  if (role.epoch < request.epoch) return refusal(answer(state, 'UNKNOWN_LEADER_EPOCH'));
  if (role.kind !== 'leader') return refusal(answer(state, 'NOT_LEADER_OR_FOLLOWER'));
  const { replicaId: id, replicaDirectoryId: directoryId = ZERO_UUID } = request;
  const isVoterFetch = id !== state.nodeId && hasVoter(state.voterSet, { id, directoryId });
  if (isVoterFetch) noteQuorumContact(state, role, request.replicaId, nowMs);
  return [{ kind: 'respond-with-snapshot', requestId, request }];
}

/** The leader's log begins after the end of ours: its snapshot is fetched from the first byte on. */
export function beginSnapshot(
  state: QuorumState,
  from: number,
  id: OffsetAndEpoch,
  nowMs: number,
): QuorumEffect[] {
  const { role, log } = state;
  if (role.kind !== 'follower') return [];
  // It would take back what is committed here: no leader says so.
  const isBackwards = id.offset <= Math.max(state.highWatermark ?? 0, log.logStartOffset);
  if (isBackwards) return retryLater(state, from, nowMs);
  state.role = { ...role, snapshot: { id, sizeBytes: undefined, position: 0 } };
  return [];
}

export interface SnapshotExchange {
  readonly from: number;
  readonly request: FetchSnapshotMessage;
  readonly response: RaftResponse;
}

/** Takes the next part; with the last one the snapshot is checked and installed. */
export function onFetchSnapshotResponse(
  state: QuorumState,
  { from, request, response }: SnapshotExchange,
  nowMs: number,
): QuorumEffect[] {
  const effects = followEpoch(state, response.epoch, response.leaderId, nowMs);
  const { role } = state;
  if (0 < effects.length || role.kind !== 'follower') return effects;
  if (response.epoch !== role.epoch || from !== role.leaderId) return [];
  const { snapshot } = role;
  if (snapshot === undefined || snapshot.position !== request.position) return [];
  if (!isSame(snapshot.id, request.id)) return [];
  const alive: FollowerRole = {
    ...role,
    fetchDeadlineMs: nowMs + role.fetchTimeoutMs,
  };
  // The leader has a newer one by now, or it is not the one that was begun: fetch on, and be told again.
  const part = partOf(snapshot, response);
  if (part === undefined) {
    state.role = { ...alive, snapshot: undefined };
    return retryLater(state, from, nowMs);
  }
  return takePart(state, alive, part);
}

interface Part {
  readonly id: OffsetAndEpoch;
  readonly sizeBytes: number;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** The part that was asked for, or undefined where the answer is another one or contradicts an earlier part. */
function partOf(
  { id, position, sizeBytes }: SnapshotFetch,
  { errorCode, result }: RaftResponse,
): Part | undefined {
  if (errorCode !== 'NONE' || result.kind !== 'snapshot-part') return undefined;
  const end = result.position + result.bytes.byteLength;
  const isSound =
    isSame(result.id, id) &&
    result.position === position &&
    0 < result.bytes.byteLength &&
    end <= result.sizeBytes &&
    result.sizeBytes <= SNAPSHOT_BYTES_MAX &&
    (sizeBytes ?? result.sizeBytes) === result.sizeBytes;
  return isSound ? result : undefined;
}

function takePart(state: QuorumState, role: FollowerRole, part: Part): QuorumEffect[] {
  const { id, bytes, position, sizeBytes } = part;
  const end = position + bytes.byteLength;
  const isComplete = end === sizeBytes;
  state.role = {
    ...role,
    snapshot: isComplete ? undefined : { id, sizeBytes, position: end },
    isAwaitingLog: isComplete,
    leaderHighWatermark: isComplete
      ? Math.max(id.offset, role.leaderHighWatermark ?? 0)
      : role.leaderHighWatermark,
  };
  const append: QuorumEffect = { kind: 'append-snapshot', id, position, bytes };
  return isComplete ? [append, { kind: 'install-snapshot', id }] : [append];
}

/** What came was no whole snapshot: nothing was installed, and it is fetched anew. */
export function onSnapshotRefused(state: QuorumState, nowMs: number): QuorumEffect[] {
  const { role } = state;
  if (role.kind !== 'follower') return [];
  state.role = { ...role, isAwaitingLog: false, leaderHighWatermark: undefined };
  // All of it again at once would keep the network busy with what is likely to be as bad as before.
  state.retryAtMs.set(role.leaderId, nowMs + DAMAGED_RETRY_MS);
  return [];
}

function isSame(a: OffsetAndEpoch | undefined, b: OffsetAndEpoch): boolean {
  return a?.offset === b.offset && a.epoch === b.epoch;
}
