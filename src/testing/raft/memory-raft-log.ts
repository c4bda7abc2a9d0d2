import { batchesOf, type RecordBatch } from '../../protocol/records/record-batch.ts';
import type { OffsetAndEpoch, RaftLog, SnapshotPart } from '../../raft/raft-log.ts';

/** A replicated log in memory, for tests: whole batches in an array; a flush takes a microtask. */
export class MemoryRaftLog implements RaftLog {
  #batches: RecordBatch[] = [];
  #start: OffsetAndEpoch = { offset: 0, epoch: 0 };
  readonly #snapshots = new Map<number, { id: OffsetAndEpoch; content: Uint8Array }>();

  get logStartOffset(): number {
    return this.#batches[0]?.baseOffset ?? this.#start.offset;
  }

  get logEndOffset(): number {
    return this.#batches.at(-1)?.nextOffset ?? this.#start.offset;
  }

  get lastEpoch(): number {
    return this.#batches.at(-1)?.partitionLeaderEpoch ?? this.#start.epoch;
  }

  get latestSnapshot(): OffsetAndEpoch | undefined {
    const latest = Math.max(-1, ...this.#snapshots.keys());
    return this.#snapshots.get(latest)?.id;
  }

  get batches(): readonly RecordBatch[] {
    return this.#batches;
  }

  append(batches: Uint8Array): void {
    for (const batch of batchesOf(batches.slice())) {
      if (batch.baseOffset !== this.logEndOffset) {
        throw new TypeError(`a batch at ${batch.baseOffset} does not follow ${this.logEndOffset}`);
      }
      this.#batches.push(batch);
    }
  }

  async flush(): Promise<void> {
    await Promise.resolve();
  }

  endOffsetForEpoch(epoch: number): OffsetAndEpoch {
    let known = this.#start.epoch <= epoch ? this.#start.epoch : 0;
    for (const batch of this.#batches) {
      if (batch.partitionLeaderEpoch <= epoch) known = Math.max(known, batch.partitionLeaderEpoch);
    }
    const next = this.#batches.find((batch) => known < batch.partitionLeaderEpoch);
    return { offset: next?.baseOffset ?? this.logEndOffset, epoch: known };
  }

  truncateTo(offset: number): Promise<void> {
    this.truncate(offset);
    return Promise.resolve();
  }

  truncate(offset: number): void {
    this.#batches = this.#batches.filter((batch) => batch.nextOffset <= offset);
  }

  read(from: number, upTo: number, maxBytes: number): Promise<Uint8Array> {
    const chosen: RecordBatch[] = [];
    let size = 0;
    for (const batch of this.#batches) {
      const isWanted = from < batch.nextOffset && batch.baseOffset < upTo;
      const fits = chosen.length === 0 || size + batch.sizeBytes <= maxBytes;
      if (!isWanted || !fits) continue;
      chosen.push(batch);
      size += batch.sizeBytes;
    }
    return Promise.resolve(new Uint8Array(Buffer.concat(chosen.map(({ bytes }) => bytes))));
  }

  readSnapshot(id: OffsetAndEpoch): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#snapshots.get(id.offset)?.content);
  }

  keepSnapshot(id: OffsetAndEpoch, content: Uint8Array): void {
    this.#snapshots.set(id.offset, { id, content });
  }

  writeSnapshot(id: OffsetAndEpoch, content: Uint8Array): Promise<void> {
    this.#snapshots.set(id.offset, { id, content });
    return Promise.resolve();
  }

  /** Keeps the newest one only, so that followers need it. */
  deleteOldSnapshots(): Promise<void> {
    const latest = this.latestSnapshot;
    if (latest === undefined) return Promise.resolve();
    this.#batches = this.#batches.filter((batch) => latest.offset < batch.nextOffset);
    if (this.#batches.length === 0) this.#start = latest;
    for (const offset of [...this.#snapshots.keys()]) {
      if (offset < latest.offset) this.#snapshots.delete(offset);
    }
    return Promise.resolve();
  }

  async readSnapshotAt(
    id: OffsetAndEpoch,
    position: number,
    maxBytes: number,
  ): Promise<SnapshotPart | undefined> {
    const content = await this.readSnapshot(id);
    if (content === undefined) return undefined;
    const bytes = content.slice(position, position + maxBytes);
    return { sizeBytes: content.byteLength, bytes };
  }

  #part = new Uint8Array(0);

  writeSnapshotPart(_id: OffsetAndEpoch, position: number, bytes: Uint8Array): void {
    this.#part = new Uint8Array(Buffer.concat([this.#part.subarray(0, position), bytes]));
  }

  readSnapshotPart(_id: OffsetAndEpoch): Promise<Uint8Array> {
    return Promise.resolve(this.#part);
  }

  installSnapshotPart(id: OffsetAndEpoch): Promise<void> {
    this.#snapshots.set(id.offset, { id, content: this.#part });
    this.#batches = [];
    this.#start = id;
    return Promise.resolve();
  }

  discardSnapshotPart(_id: OffsetAndEpoch): Promise<void> {
    this.#part = new Uint8Array(0);
    return Promise.resolve();
  }
}
