import { CommittedNeverReordered } from '../theorems/committed-never-reordered.ts';
import type { Report } from '../theorems/theorem.ts';
import type { InSyncPromise } from './in-sync-promise.ts';

/** Where a record is, as its producer was told. */
interface Acknowledged {
  readonly partition: string;
  /** -1 where the broker did not say. */
  readonly offset: number;
  readonly sentAtMs: number;
}

/** A record as it was read: where, and what. */
export interface ReadRecord {
  readonly partition: string;
  readonly offset: number;
  /** `producer/sequence` */
  readonly value: string;
}

/**
 * What was written, acknowledged and read, for the theorems about records:
 *
 * - `CommittedNeverLost`: an acknowledged record (acks=all) is there at the end, at the offset that was told.
 * - `IdempotentExactlyOnce`: no record is there twice, however often its producer had to send it.
 * - `CommittedNeverReordered`: the records of one producer in one partition are in the order of `send`.
 * - `NoStaleRead`: what a consumer was shown is there at the end, at the same offset, and a consumer never
 *   goes back to an offset that it has read, nor a group to one below its last confirmed commit.
 *
 * All of it as far as `InSyncPromise` goes: where all who were in sync have lost power, what was sent before may
 * be lost, and what was read may become something else.
 */
export class RecordLedger {
  readonly #report: Report;
  readonly #acknowledged = new Map<string, Acknowledged>();
  readonly #shown = new Map<string, string>();
  readonly #positions = new Map<string, number>();
  readonly #groupOffsets = new Map<string, number>();

  readonly #promise: InSyncPromise;

  constructor(report: Report, promise: InSyncPromise) {
    this.#report = report;
    this.#promise = promise;
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size;
  }

  get shownCount(): number {
    return this.#shown.size;
  }

  acknowledge(value: string, place: Acknowledged): void {
    this.#acknowledged.set(value, place);
  }

  /** A consumer, in one of its lives, was shown a record. */
  show(consumer: string, { partition, offset, value }: ReadRecord): void {
    if (this.#promise.isVoid(partition)) return;
    const place = `${partition}@${offset}`;
    const known = this.#shown.get(place) ?? value;
    this.#shown.set(place, known);
    if (known !== value)
      this.#stale(`${place} is ${known}, as it was read before`, `it is ${value}`);
    const reader = `${consumer} of ${partition}`;
    const position = this.#positions.get(reader) ?? 0;
    if (offset < position) {
      this.#stale(`${reader} goes on at offset ${position}`, `it is shown offset ${offset} again`);
    }
    this.#positions.set(reader, offset + 1);
  }

  commitGroup(partition: string, offset: number): void {
    this.#groupOffsets.set(partition, Math.max(offset, this.#groupOffsets.get(partition) ?? 0));
  }

  /** At the end: what the group coordinator says. */
  readGroup(partition: string, offset: number): void {
    const expected = this.#groupOffsets.get(partition) ?? 0;
    if (expected <= offset) return;
    // A consumer whose place is gone begins anew and commits less.
    if (this.#promise.isVoid(partition) || this.#promise.isVoidSomewhere('__consumer_offsets'))
      return;
    this.#stale(`the group's offset of ${partition} is at least ${expected}`, `it is ${offset}`);
  }

  /** At the end: all that is in the partitions, in order. */
  readAll(records: readonly ReadRecord[]): void {
    const places = new Map<string, ReadRecord>();
    const order = new CommittedNeverReordered(this.#report, { gapsAllowed: true });
    for (const record of records) {
      const { partition, offset, value } = record;
      const earlier = places.get(value);
      if (earlier !== undefined) this.#twice(earlier, record);
      places.set(value, record);
      const [producer = '', sequence = ''] = value.split('/');
      order.follows(`${producer} in ${partition}`, Number(sequence), `offset ${offset}`);
    }
    this.#findLost(places);
    const values = new Map(records.map((each) => [`${each.partition}@${each.offset}`, each.value]));
    for (const [place, value] of this.#shown) {
      if (this.#promise.isVoid(place.slice(0, place.lastIndexOf('@')))) continue;
      const found = values.get(place);
      if (found !== value) this.#stale(`${place} is ${value} for ever`, `it is ${found ?? 'gone'}`);
    }
  }

  #findLost(places: ReadonlyMap<string, ReadRecord>): void {
    for (const [value, { partition, offset, sentAtMs }] of this.#acknowledged) {
      if (sentAtMs <= this.#promise.voidAtMs(partition)) continue;
      const found = places.get(value);
      const isThere = found?.partition === partition && (offset === -1 || found.offset === offset);
      if (isThere) continue;
      this.#report({
        theorem: 'CommittedNeverLost',
        expected: `the acknowledged record ${value} is in ${partition} at offset ${offset}`,
        found: found === undefined ? 'it is gone' : `it is at offset ${found.offset}`,
      });
      return;
    }
  }

  #twice(a: ReadRecord, b: ReadRecord): void {
    this.#report({
      theorem: 'IdempotentExactlyOnce',
      expected: `the record ${a.value} is in the log once`,
      found: `it is in ${a.partition} at offset ${a.offset} and in ${b.partition} at offset ${b.offset}`,
    });
  }

  #stale(expected: string, found: string): void {
    this.#report({ theorem: 'NoStaleRead', expected, found });
  }
}
