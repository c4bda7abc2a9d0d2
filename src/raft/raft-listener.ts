import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from '../protocol/schemas/55-describe-quorum.ts';

/** What a user of the quorum hears of it, in the order of the log, one call after another. */
export interface RaftListener {
  /** Records below the high watermark, not heard of before. Control records are left out. */
  handleCommit(batch: CommittedBatch): void;
  /** The log begins with a snapshot (or was replaced by one): forget everything and take this. */
  handleLoadSnapshot(snapshot: LoadedSnapshot): void;
  /**
   * The epoch or its leader changed. This node's own leadership is told only after every record
   * of earlier epochs was committed and handed over, so that a leader knows all there is.
   */
  handleLeaderChange(leader: LeaderAndEpoch): void;
}

export interface CommittedBatch {
  readonly baseOffset: number;
  /** Of the last record, control records counted. */
  readonly lastOffset: number;
  readonly epoch: number;
  readonly appendedAtMs: number;
  /** Record values by position: the record at `baseOffset + i`; empty for a control batch. */
  readonly values: readonly Uint8Array[];
}

export interface LoadedSnapshot {
  readonly endOffset: number;
  readonly epoch: number;
  readonly lastContainedLogTimestampMs: number;
  readonly values: readonly Uint8Array[];
}

export interface LeaderAndEpoch {
  /** undefined while an election runs. */
  readonly leaderId: number | undefined;
  readonly epoch: number;
}

/** What a user of the quorum may ask of it. `RaftClient` is one. */
export interface Quorum {
  readonly nodeId: number;
  readonly leaderAndEpoch: LeaderAndEpoch;
  /** Offset that the next appended record gets. */
  readonly logEndOffset: number;
  /** Offset after the last committed record; undefined while unknown. */
  readonly highWatermark: number | undefined;
  /**
   * Appends record values as one batch; their offsets are decided at once, `handleCommit` tells
   * when they are committed. Throws NotLeaderError unless this node leads `epoch`.
   */
  append(epoch: number, values: readonly Uint8Array[]): AppendedBatch;
  /** Gives up leadership of `epoch`, for instance after an error that left the user without a usable state. */
  resign(epoch: number): void;
  /** Adds a listener; it hears everything from the start of the log (or from the snapshot) on. */
  register(listener: RaftListener): void;
  /** Answers DescribeQuorum (55). */
  describe(request: DescribeQuorumRequest): DescribeQuorumResponse;
  /** Keeps a snapshot of all records before `endOffset`, which must be committed. */
  createSnapshot(endOffset: number, snapshot: SnapshotContent): Promise<void>;
}

export interface AppendedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly appendedAtMs: number;
}

export interface SnapshotContent {
  readonly lastContainedLogTimestampMs: number;
  readonly values: readonly Uint8Array[];
}

/** This node does not lead (any more). */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
  readonly leader: LeaderAndEpoch;
  constructor(leader: LeaderAndEpoch) {
    super(`the leader of epoch ${leader.epoch} is ${leader.leaderId ?? 'not known'}`);
    this.leader = leader;
  }
}
