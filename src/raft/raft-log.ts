/**
 * Port: the replicated log, as the quorum sees it. On a broker it is the partition log of
 * `__cluster_metadata-0`; in tests it is an array. Raft writes whole record batches (v2) whose
 * base offset and leader epoch are already set, and knows nothing of what is in them.
 */
export interface RaftLog {
  /** Offset of the first record that is still there; what was before is in a snapshot. */
  readonly logStartOffset: number;
  /** Offset of the next record. */
  readonly logEndOffset: number;
  /** Leader epoch of the last record (or of the latest snapshot, if no record follows it); 0 when empty. */
  readonly lastEpoch: number;
  /** Appends one or more whole batches that begin at `logEndOffset`. Throws FileError. */
  append(batches: Uint8Array): void;
  /** Resolves when all that was appended before survives the death of the machine. */
  flush(): Promise<void>;
  /**
   * The largest epoch ≤ `epoch` that the log knows and the offset where that epoch ends (KIP-101).
   * Epoch and offset of the log's start where all known epochs are larger.
   */
  endOffsetForEpoch(epoch: number): OffsetAndEpoch;
  /** Removes the records at `offset` and after it. Nothing is appended or read until it resolves. */
  truncateTo(offset: number): Promise<void>;
  /** Whole batches from the one that holds `from` on, up to `upTo` (exclusive): at least one batch, else at most `maxBytes`. */
  read(from: number, upTo: number, maxBytes: number): Promise<Uint8Array>;
  /** The newest complete snapshot. */
  readonly latestSnapshot: OffsetAndEpoch | undefined;
  /** At most `maxBytes` of a snapshot file from `position` on, and its whole size; undefined when it is gone. */
  readSnapshotAt(
    id: OffsetAndEpoch,
    position: number,
    maxBytes: number,
  ): Promise<SnapshotPart | undefined>;
  /** The bytes of a snapshot file, or undefined when it is gone. */
  readSnapshot(id: OffsetAndEpoch): Promise<Uint8Array | undefined>;
  /** Writes a snapshot so that it is there as a whole or not at all (`.part`, flush, rename). */
  writeSnapshot(id: OffsetAndEpoch, content: Uint8Array): Promise<void>;
  /** Drops old snapshots, and the log before those that stay, beyond what the log's limits ask to keep. Rejects with FileError. */
  deleteOldSnapshots(): Promise<void>;
  /** Writes a part of a snapshot that is being fetched to its `.part`; at position 0 it begins anew. Throws FileError. */
  writeSnapshotPart(id: OffsetAndEpoch, position: number, bytes: Uint8Array): void;
  /** All that was written of the `.part`. */
  readSnapshotPart(id: OffsetAndEpoch): Promise<Uint8Array>;
  /** Makes the `.part` the snapshot, empties the log and starts it anew there. */
  installSnapshotPart(id: OffsetAndEpoch): Promise<void>;
  /** Forgets the `.part`: it is no snapshot. */
  discardSnapshotPart(id: OffsetAndEpoch): Promise<void>;
}

export interface SnapshotPart {
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
}

/** A position in the log: an end offset (exclusive) and the leader epoch of the record before it. */
export interface OffsetAndEpoch {
  readonly offset: number;
  readonly epoch: number;
}
