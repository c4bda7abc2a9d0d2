export interface EpochEntry {
  readonly epoch: number;
  /** Of the first record that was written in this epoch. */
  readonly startOffset: number;
}

export interface EpochEndOffset {
  /** -1 when nothing is known of the epoch asked for or of any before it. */
  readonly epoch: number;
  /** One after the last record of that epoch; -1 likewise. */
  readonly endOffset: number;
}

const undefinedEpochEndOffset: EpochEndOffset = { epoch: -1, endOffset: -1 };

/** Which leader epoch begins at which offset (LeaderEpochFileCache, KIP-101). Epochs and offsets both grow. */
export class LeaderEpochCache {
  #entries: EpochEntry[];
  #save: (() => void) | undefined;
  #isUnsaved = false;

  constructor(entries: readonly EpochEntry[] = []) {
    this.#entries = [...entries];
  }

  /** Has the entries written down after each change, and now if they have changed already. */
  saveBy(save: (entries: readonly EpochEntry[]) => void): void {
    this.#save = () => save([...this.#entries]);
    if (this.#isUnsaved) this.#save();
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries;
  }

  /** -1 when the log has no epoch yet. */
  get latestEpoch(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  /** Notes that `epoch` writes from `startOffset` on. */
  assign(epoch: number, startOffset: number): void {
    if (epoch < 0 || epoch === this.latestEpoch) return;
    const last = this.#entries.at(-1);
    if (last !== undefined && (epoch < last.epoch || startOffset <= last.startOffset)) {
      // The newcomer is right where it contradicts what is known: a log can only be re-written from its end.
      this.#entries = this.#entries.filter(
        (entry) => entry.epoch < epoch && entry.startOffset < startOffset,
      );
    }
    this.#entries.push({ epoch, startOffset });
    this.#onChange();
  }

  /** The largest epoch up to `epoch` that wrote here, and where it ended. */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEndOffset {
    if (epoch < 0) return undefinedEpochEndOffset;
    if (epoch === this.latestEpoch) return { epoch, endOffset: logEndOffset };
    const higher = this.#entries.findIndex((entry) => epoch < entry.epoch);
    const next = this.#entries[higher];
    if (next === undefined) return undefinedEpochEndOffset;
    const floor = this.#entries[higher - 1];
    // Simplified: as Kafka, the epoch asked for itself ends where the first known one begins.
    if (floor === undefined) return { epoch, endOffset: next.startOffset };
    return { epoch: floor.epoch, endOffset: next.startOffset };
  }

  /** -1 when it is not known. */
  epochForOffset(offset: number): number {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.epoch ?? -1;
  }

  /** Forgets epochs that begin at `endOffset` or later. */
  truncateFromEnd(endOffset: number): void {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.startOffset < endOffset);
    if (this.#entries.length < before) this.#onChange();
  }

  /** The log starts at `startOffset` now: the epoch in which it does is kept, and begins there. */
  truncateFromStart(startOffset: number): void {
    const at = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset);
    const first = this.#entries[at];
    if (first === undefined || (at === 0 && first.startOffset === startOffset)) return;
    this.#entries = [{ epoch: first.epoch, startOffset }, ...this.#entries.slice(at + 1)];
    this.#onChange();
  }

  clear(): void {
    this.#entries = [];
    this.#onChange();
  }

  #onChange(): void {
    this.#isUnsaved = true;
    this.#save?.();
  }
}
