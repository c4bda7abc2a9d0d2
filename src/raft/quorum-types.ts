import type { Random } from '../base/random.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { OffsetAndEpoch } from './raft-log.ts';
import type { KraftVersion, ReplicaKey, Voter, VoterEndpoint, VoterSet } from './voter-set.ts';

/** `controller.quorum.*`, in milliseconds. */
export interface QuorumConfig {
  readonly electionTimeoutMs: number;
  readonly electionBackoffMaxMs: number;
  readonly fetchTimeoutMs: number;
  /** How soon a request that failed is sent again. */
  readonly retryBackoffMs: number;
  /** A part of a snapshot, at most; 8 MiB unless given (Kafka's `MAX_FETCH_SIZE_BYTES`). */
  readonly snapshotPartBytes?: number;
  /** Whoever would stand asks first whether the others would vote for it (KIP-996, Kafka 4.0); off unless given. */
  readonly isPreVoteEnabled?: boolean;
}

/** What the state machine may ask of the log; answers are at once. */
export interface QuorumLogView {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly lastEpoch: number;
  readonly latestSnapshot: OffsetAndEpoch | undefined;
  /** The voters that the log names (KIP-853), committed or not; undefined where the log keeps no account of them. */
  readonly voters?: VoterSet;
  /** Of the record that names them; -1 where they are configured or come with the first snapshot. */
  readonly votersOffset?: number;
  readonly kraftVersion?: KraftVersion;
  /** As of all records before `endOffset`. */
  votersAt?(endOffset: number): { readonly voters: VoterSet };
  endOffsetForEpoch(epoch: number): OffsetAndEpoch;
}

/**
 * One replica's view of the quorum. A voter is in `voters`; an observer follows and never votes.
 *
 * Which role may follow which (KIP-595, `QuorumState`):
 * - Unattached → Voted (granted a vote), Candidate (election timeout), Follower (found the leader)
 * - Voted → Candidate (election timeout), Follower
 * - Candidate → Candidate (after a backoff, in a later epoch), Leader (a majority voted), Follower
 * - Leader → Resigned (shutdown, or no majority fetches any more)
 * - Follower → Candidate (fetch timeout); any → Unattached or Follower on a larger epoch
 * - Resigned → Candidate (election timeout)
 *
 * With pre-vote (KIP-996) nobody stands at once, but becomes Prospective: Candidate when a majority would vote for
 * it, else Follower of the leader it knew, or Unattached or Voted as before.
 */
export type QuorumRole =
  | UnattachedRole
  | VotedRole
  | ProspectiveRole
  | CandidateRole
  | LeaderRole
  | FollowerRole
  | ResignedRole;

interface UnattachedRole {
  readonly kind: 'unattached';
  readonly epoch: number;
  readonly electionDeadlineMs: number;
}

interface VotedRole {
  readonly kind: 'voted';
  readonly epoch: number;
  readonly votedId: number;
  readonly votedDirectoryId?: string;
  readonly electionDeadlineMs: number;
}

/** Asks whether it would be elected, in the epoch that it is in: nothing is promised, and no epoch is used up. */
export interface ProspectiveRole {
  readonly kind: 'prospective';
  readonly epoch: number;
  /** The epoch's leader, which has not been heard of for too long. */
  readonly leaderId: number | undefined;
  readonly votedId: number | undefined;
  readonly votedDirectoryId?: string;
  readonly retries: number;
  readonly votes: Map<number, 'granted' | 'rejected'>;
  readonly unreachable: Set<number>;
  readonly electionDeadlineMs: number;
}

export interface CandidateRole {
  readonly kind: 'candidate';
  readonly epoch: number;
  readonly retries: number;
  readonly votes: Map<number, 'granted' | 'rejected'>;
  /** Voters whom the request for a vote did not reach. */
  readonly unreachable: Set<number>;
  readonly electionDeadlineMs: number;
  /** Set once the election is lost: the next one begins then. */
  readonly backoffDeadlineMs: number | undefined;
}

export interface LeaderRole {
  readonly kind: 'leader';
  readonly epoch: number;
  /** Offset of the LeaderChange record; the high watermark counts only beyond it. */
  readonly epochStartOffset: number;
  /** Voters by id, this node among them. */
  readonly voters: Map<number, ReplicaProgress>;
  readonly observers: Map<number, ReplicaProgress>;
  /** By then a majority must have fetched, or this leader is cut off and resigns (KIP-595, check quorum). */
  checkQuorumDeadlineMs: number;
  readonly fetchedSinceCheck: Set<number>;
  /** A change of the voters that is not committed yet; there is one at a time (KIP-853). */
  voterChange: PendingVoterChange | undefined;
}

export interface PendingVoterChange {
  /** Answered when the change is committed; undefined once its time is over. */
  readonly requestId: number | undefined;
  readonly deadlineMs: number;
}

export interface ReplicaProgress {
  /** Where it lives, as its fetches say (KIP-853). */
  readonly directoryId?: string;
  /** Offset up to which the replica's log is known to agree with the leader's. */
  readonly endOffset: number | undefined;
  readonly lastFetchAtMs: number | undefined;
  readonly lastCaughtUpAtMs: number | undefined;
  readonly lastFetchLeaderEndOffset: number;
  /** Whether the voter knows of this leader; until then BeginQuorumEpoch is repeated. */
  readonly hasAcknowledged: boolean;
}

export interface FollowerRole {
  readonly kind: 'follower';
  readonly epoch: number;
  readonly leaderId: number;
  /** This follower's own, drawn for the epoch. */
  readonly fetchTimeoutMs: number;
  readonly fetchDeadlineMs: number;
  /** The leader's, as of its last answer; ours follows as far as our log goes. */
  readonly leaderHighWatermark: number | undefined;
  /** A change of the log is not durable yet: to fetch on would acknowledge what may still be lost. */
  readonly isAwaitingLog: boolean;
  /** The log is too far behind the leader's: its snapshot is fetched, part by part (KIP-630). */
  readonly snapshot: SnapshotFetch | undefined;
  /** The leader has answered in this epoch: it is alive, and nobody else is wanted (KIP-996). */
  readonly hasFetched: boolean;
  /** When this voter looks again whether the log says the right thing of it (KIP-853). */
  readonly voterUpdateAtMs: number;
}

/** A snapshot that is being fetched. */
export interface SnapshotFetch {
  readonly id: OffsetAndEpoch;
  /** As the leader said with the first part; unknown before it. */
  readonly sizeBytes: number | undefined;
  /** How much of it is here. */
  readonly position: number;
}

export interface ResignedRole {
  readonly kind: 'resigned';
  readonly epoch: number;
  readonly electionDeadlineMs: number;
  readonly unacknowledged: Set<number>;
  readonly preferredSuccessors: readonly number[];
}

/**
 * What makes the quorum safe, a function each. `correctRules` (`quorum-rules.ts`) is always used, except by tests that break
 * one of them to see that the simulator notices.
 */
export interface QuorumRules {
  /** One vote an epoch, and only for a log that is at least as long as ours. */
  canGrantVote(state: QuorumState, request: VoteMessage): boolean;
  /** What an older epoch says counts no more. */
  isOutdated(state: QuorumState, epoch: number): boolean;
  /** Whose votes and fetches count: the voters of now, this replica among them. */
  countedVoters(state: QuorumState): readonly number[];
  /** How far a majority of the counted voters has the log; -1 where none has. */
  replicatedOffset(state: QuorumState, role: LeaderRole): number;
  /** Records of earlier epochs are committed only together with one of the leader's own epoch. */
  canCommit(role: LeaderRole, offset: number): boolean;
  /** Where a follower cuts its log that differs from the leader's. */
  truncationOffset(log: QuorumLogView, leaderEnd: OffsetAndEpoch): number;
}

export interface QuorumState {
  readonly nodeId: number;
  /** Of the folder of this replica's log; the zero uuid where nobody asks for it. */
  readonly directoryId: string;
  /** Where this replica listens as a controller; empty where it is none, or where voters are configured. */
  readonly endpoints: readonly VoterEndpoint[];
  /** Who votes, as the log or the configuration has it: this changes with the log (KIP-853). */
  readonly voterSet: VoterSet;
  /** Their ids. */
  readonly voters: readonly number[];
  readonly kraftVersion: KraftVersion;
  /** Ids, below 0, of the servers to ask who leads, where there is no voter to ask. */
  readonly bootstrapIds: readonly number[];
  readonly config: QuorumConfig;
  readonly random: Random;
  readonly log: QuorumLogView;
  /** What makes the quorum safe; tests break them one at a time. */
  readonly rules: QuorumRules;
  role: QuorumRole;
  highWatermark: number | undefined;
  /** What the quorum-state file holds. */
  persisted: ElectionState | undefined;
  /** When each peer may be sent a request again, for requests that are repeated. */
  readonly retryAtMs: Map<number, number>;
  /** Peers that have not answered yet: at most one request a peer is on its way. */
  readonly inFlight: Set<number>;
}

/** What is kept in the `quorum-state` file: without it a restarted voter could vote twice in an epoch. */
export interface ElectionState {
  readonly epoch: number;
  readonly leaderId: number | undefined;
  readonly votedId: number | undefined;
  /** The voted one's, where voters are known by it (KIP-853). */
  readonly votedDirectoryId?: string;
  /** 1 where the voters are in the log (KIP-853), else 0: the form of the file depends on it. */
  readonly kraftVersion?: 0 | 1;
}

/** What happens to a replica. Times are monotonic milliseconds. */
export type QuorumEvent = { readonly nowMs: number } & (
  | { readonly kind: 'start'; readonly stored: ElectionState | undefined }
  | { readonly kind: 'tick' }
  /** All effects on the log are done and durable, up to this offset. */
  | { readonly kind: 'flushed'; readonly logEndOffset: number }
  /** The fetched snapshot does not decode: it is fetched anew. */
  | { readonly kind: 'snapshot-refused' }
  | {
      readonly kind: 'request';
      readonly from: number;
      readonly requestId: number;
      readonly request: RaftRequest;
    }
  | {
      readonly kind: 'response';
      readonly from: number;
      readonly request: RaftRequest;
      readonly response: RaftResponse;
    }
  | { readonly kind: 'request-failed'; readonly to: number; readonly request: RaftRequest }
  | { readonly kind: 'resign'; readonly epoch: number }
  | {
      readonly kind: 'change-voters';
      readonly requestId: number;
      readonly change: VoterChangeMessage;
    }
);

/** What a replica must do, in this order; a later effect must not be seen before an earlier one is done. */
export type QuorumEffect =
  /** Durable before anything after it. */
  | { readonly kind: 'persist'; readonly election: ElectionState }
  /** Append the LeaderChange control record of a new epoch at the end of the log. */
  | {
      readonly kind: 'append-leader-change';
      readonly epoch: number;
      readonly grantingVoters: readonly number[];
      /** The first leader writes into the log which voters the first snapshot named (KIP-853). */
      readonly voters?: VoterSet;
    }
  /** Append the control record that names the voters from now on (KIP-853). */
  | { readonly kind: 'append-voters'; readonly epoch: number; readonly voters: VoterSet }
  | { readonly kind: 'truncate'; readonly offset: number }
  | { readonly kind: 'append'; readonly records: Uint8Array }
  | {
      readonly kind: 'append-snapshot';
      readonly id: OffsetAndEpoch;
      readonly position: number;
      readonly bytes: Uint8Array;
    }
  /** All parts are here: check it and put it in the place of the log; answered by `flushed` or `snapshot-refused`. */
  | { readonly kind: 'install-snapshot'; readonly id: OffsetAndEpoch }
  | { readonly kind: 'send'; readonly to: number; readonly request: RaftRequest }
  | { readonly kind: 'respond'; readonly requestId: number; readonly response: RaftResponse }
  /** Read the log from the fetch offset on and respond, now or when there is something to send. */
  | {
      readonly kind: 'respond-with-records';
      readonly requestId: number;
      readonly request: FetchMessage;
    }
  /** Read a part of the snapshot and respond. */
  | {
      readonly kind: 'respond-with-snapshot';
      readonly requestId: number;
      readonly request: FetchSnapshotMessage;
    }
  | { readonly kind: 'become'; readonly role: QuorumRole }
  /** Everything before it is committed for good. */
  | { readonly kind: 'commit'; readonly highWatermark: number };

export type RaftRequest =
  | VoteMessage
  | BeginQuorumEpochMessage
  | EndQuorumEpochMessage
  | FetchMessage
  | FetchSnapshotMessage
  | UpdateVoterMessage;

export interface VoteMessage {
  readonly api: 'vote';
  /** Only asks whether the vote would be given (KIP-996). */
  readonly isPreVote?: boolean;
  readonly epoch: number;
  readonly candidateId: number;
  readonly candidateDirectoryId?: string;
  /** Whom it is for (KIP-853). */
  readonly voter?: ReplicaKey;
  readonly lastEpoch: number;
  readonly logEndOffset: number;
}

export interface BeginQuorumEpochMessage {
  readonly api: 'begin-quorum-epoch';
  readonly epoch: number;
  readonly leaderId: number;
  /** Whom it is for (KIP-853). */
  readonly voter?: ReplicaKey;
}

export interface EndQuorumEpochMessage {
  readonly api: 'end-quorum-epoch';
  readonly epoch: number;
  readonly leaderId: number;
  readonly preferredSuccessors: readonly number[];
  /** The same with their directories (KIP-853). */
  readonly preferredCandidates?: readonly ReplicaKey[];
}

/** What an administrator asks of the leader (KIP-853). */
export type VoterChangeMessage =
  | {
      readonly kind: 'add';
      readonly voter: Voter;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'remove'; readonly key: ReplicaKey; readonly timeoutMs: number };

/** A voter says where it listens now, and which versions it speaks (KIP-853). */
export interface UpdateVoterMessage {
  readonly api: 'update-voter';
  readonly epoch: number;
  readonly voter: Voter;
}

export interface FetchMessage {
  readonly api: 'fetch';
  readonly epoch: number;
  readonly replicaId: number;
  readonly replicaDirectoryId?: string;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  /** How long the leader may wait for something to send. */
  readonly maxWaitMs: number;
}

export interface FetchSnapshotMessage {
  readonly api: 'fetch-snapshot';
  readonly epoch: number;
  readonly replicaId: number;
  readonly replicaDirectoryId?: string;
  readonly id: OffsetAndEpoch;
  readonly position: number;
  readonly maxBytes: number;
}

/** Every answer tells epoch and leader, so that whoever is behind catches up. */
export interface RaftResponse {
  readonly errorCode: ErrorCode;
  /** For people, where there is more to say. */
  readonly errorMessage?: string;
  readonly epoch: number;
  readonly leaderId: number | undefined;
  readonly result: RaftResult;
}

export type RaftResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'vote'; readonly isGranted: boolean }
  | {
      readonly kind: 'records';
      readonly records: Uint8Array;
      readonly highWatermark: number | undefined;
    }
  | { readonly kind: 'diverging'; readonly end: OffsetAndEpoch }
  | { readonly kind: 'snapshot'; readonly id: OffsetAndEpoch }
  | {
      readonly kind: 'snapshot-part';
      readonly id: OffsetAndEpoch;
      readonly sizeBytes: number;
      readonly position: number;
      readonly bytes: Uint8Array;
    };
