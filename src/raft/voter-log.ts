import { readSnapshotFile } from './raft-batches.ts';
import type { OffsetAndEpoch, RaftLog, SnapshotPart } from './raft-log.ts';
import { VoterHistory } from './voter-history.ts';
import type { KraftVersion, VoterSet } from './voter-set.ts';

const READ_BYTES = 1024 * 1024;

/** A log that knows which voters it names: reads each control record as it comes and goes. */
export class VoterLog implements RaftLog {
  readonly #log: RaftLog;
  readonly #configured: VoterSet;
  #history: VoterHistory;

  constructor(log: RaftLog, configured: VoterSet) {
    this.#log = log;
    this.#configured = configured;
    this.#history = new VoterHistory(configured);
  }

  /** Reads what the log holds already. Rejects with FileError, DecodeError or CorruptRecordError. */
  async load(): Promise<void> {
    const log = this.#log;
    const history = new VoterHistory(this.#configured);
    const { latestSnapshot } = log;
    const content = latestSnapshot && (await log.readSnapshot(latestSnapshot));
    if (latestSnapshot !== undefined && content !== undefined) {
      readSnapshotFile(latestSnapshot, () => history.onSnapshot(latestSnapshot, content));
    }
    let nextOffset = Math.max(log.logStartOffset, latestSnapshot?.offset ?? 0);
    while (nextOffset < log.logEndOffset) {
      const bytes = await log.read(nextOffset, log.logEndOffset, READ_BYTES);
      nextOffset = history.onAppended(bytes, nextOffset);
    }
    this.#history = history;
  }

  get voters(): VoterSet {
    return this.#history.voters;
  }

  get votersOffset(): number {
    return this.#history.votersOffset;
  }

  get kraftVersion(): KraftVersion {
    return this.#history.kraftVersion;
  }

  votersAt(endOffset: number): { readonly voters: VoterSet; readonly kraftVersion: KraftVersion } {
    return this.#history.at(endOffset);
  }

  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }

  get lastEpoch(): number {
    return this.#log.lastEpoch;
  }

  get latestSnapshot(): OffsetAndEpoch | undefined {
    return this.#log.latestSnapshot;
  }

  append(batches: Uint8Array): void {
    this.#log.append(batches);
    this.#history.onAppended(batches);
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }

  endOffsetForEpoch(epoch: number): OffsetAndEpoch {
    return this.#log.endOffsetForEpoch(epoch);
  }

  async truncateTo(offset: number): Promise<void> {
    this.#history.onTruncated(offset);
    await this.#log.truncateTo(offset);
    // Whole batches go: perhaps more than was asked for.
    this.#history.onTruncated(this.#log.logEndOffset);
  }

  read(from: number, upTo: number, maxBytes: number): Promise<Uint8Array> {
    return this.#log.read(from, upTo, maxBytes);
  }

  readSnapshotAt(
    id: OffsetAndEpoch,
    position: number,
    maxBytes: number,
  ): Promise<SnapshotPart | undefined> {
    return this.#log.readSnapshotAt(id, position, maxBytes);
  }

  readSnapshot(id: OffsetAndEpoch): Promise<Uint8Array | undefined> {
    return this.#log.readSnapshot(id);
  }

  writeSnapshot(id: OffsetAndEpoch, content: Uint8Array): Promise<void> {
    return this.#log.writeSnapshot(id, content);
  }

  deleteOldSnapshots(): Promise<void> {
    return this.#log.deleteOldSnapshots();
  }

  writeSnapshotPart(id: OffsetAndEpoch, position: number, bytes: Uint8Array): void {
    this.#log.writeSnapshotPart(id, position, bytes);
  }

  readSnapshotPart(id: OffsetAndEpoch): Promise<Uint8Array> {
    return this.#log.readSnapshotPart(id);
  }

  async installSnapshotPart(id: OffsetAndEpoch): Promise<void> {
    const content = await this.#log.readSnapshotPart(id);
    await this.#log.installSnapshotPart(id);
    this.noteSnapshot(id, content);
  }

  /** The log begins with this snapshot now. */
  noteSnapshot(id: OffsetAndEpoch, content: Uint8Array): void {
    this.#history.onSnapshot(id, content);
  }

  discardSnapshotPart(id: OffsetAndEpoch): Promise<void> {
    return this.#log.discardSnapshotPart(id);
  }
}
