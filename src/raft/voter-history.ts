import { controlRecordTypeOf } from '../protocol/records/control-records.ts';
import { batchesOf, type RecordBatch } from '../protocol/records/record-batch.ts';
import type { OffsetAndEpoch } from './raft-log.ts';
import { decodeKraftVersion, decodeVoters, type KraftVersion, type VoterSet } from './voter-set.ts';

interface Dated<T> {
  /** Of the record that says so; -1 for what is configured. */
  readonly offset: number;
  readonly value: T;
}

/**
 * Who the voters are, as of each offset: what the configuration says, until a control record of the log (or of
 * its snapshot) says otherwise (KIP-853). A record counts from when it is in the log, committed or not.
 */
export class VoterHistory {
  #voters: Dated<VoterSet>[];
  #versions: Dated<KraftVersion>[] = [{ offset: -1, value: 0 }];

  constructor(configured: VoterSet) {
    this.#voters = [{ offset: -1, value: configured }];
  }

  get voters(): VoterSet {
    return this.#voters.at(-1)?.value ?? [];
  }

  /** Of the record that last changed them; -1 where the configuration or the first snapshot did. */
  get votersOffset(): number {
    return this.#voters.at(-1)?.offset ?? -1;
  }

  get kraftVersion(): KraftVersion {
    return this.#versions.at(-1)?.value ?? 0;
  }

  /** As of all records before `endOffset`. */
  at(endOffset: number): { readonly voters: VoterSet; readonly kraftVersion: KraftVersion } {
    const before = <T>(dated: readonly Dated<T>[]) =>
      dated.findLast(({ offset }) => offset < endOffset)?.value;
    return { voters: before(this.#voters) ?? [], kraftVersion: before(this.#versions) ?? 0 };
  }

  /** Batches from `from` on are in the log; answers the offset after them. Throws DecodeError or CorruptRecordError. */
  onAppended(batches: Uint8Array, from = 0): number {
    let nextOffset = from;
    for (const batch of batchesOf(batches)) {
      nextOffset = batch.nextOffset;
      if (batch.baseOffset < from || !batch.isControl) continue;
      this.#read(batch, (index) => batch.baseOffset + index);
    }
    return nextOffset;
  }

  onTruncated(endOffset: number): void {
    const isKept = ({ offset }: Dated<unknown>) => offset < endOffset;
    this.#voters = this.#voters.filter(isKept);
    this.#versions = this.#versions.filter(isKept);
  }

  /** The log begins with this snapshot. Throws as `onAppended`. */
  onSnapshot(id: OffsetAndEpoch, content: Uint8Array): void {
    this.onTruncated(0);
    for (const batch of batchesOf(content)) {
      if (batch.isControl) this.#read(batch, () => id.offset - 1);
    }
  }

  #read(batch: RecordBatch, offsetOf: (index: number) => number): void {
    let index = 0;
    for (const record of batch.records()) {
      const type = controlRecordTypeOf(record);
      const offset = offsetOf(index);
      if (record.value !== null && type === 'KRAFT_VOTERS') {
        this.#voters.push({ offset, value: decodeVoters(record.value) });
      }
      if (record.value !== null && type === 'KRAFT_VERSION') {
        this.#versions.push({ offset, value: decodeKraftVersion(record.value) });
      }
      index += 1;
    }
  }
}
