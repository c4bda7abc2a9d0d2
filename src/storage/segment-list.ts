import { assert } from '../base/assert.ts';
import type { LogSegment } from './log-segment.ts';

/** A log's segments in order of their base offsets; never empty. */
export class SegmentList {
  readonly #segments: LogSegment[];

  constructor(segments: readonly LogSegment[]) {
    assert(0 < segments.length, 'a log has at least one segment');
    this.#segments = [...segments];
  }

  get all(): readonly LogSegment[] {
    return this.#segments;
  }

  get count(): number {
    return this.#segments.length;
  }

  get first(): LogSegment {
    return this.#segments[0] as LogSegment;
  }

  get active(): LogSegment {
    return this.#segments[this.#segments.length - 1] as LogSegment;
  }

  get sizeBytes(): number {
    let sizeBytes = 0;
    for (const segment of this.#segments) sizeBytes += segment.sizeBytes;
    return sizeBytes;
  }

  add(segment: LogSegment): void {
    assert(this.active.baseOffset < segment.baseOffset, 'segments are added at the end');
    this.#segments.push(segment);
  }

  /** The index of the segment that holds `offset`; 0 when it lies before the first. */
  floorIndex(offset: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle] as LogSegment).baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Takes the first `count` out; at least one stays. */
  removeFirst(count: number): readonly LogSegment[] {
    assert(count < this.#segments.length, 'a log has at least one segment');
    return this.#segments.splice(0, count);
  }

  /** Takes out those that begin after `offset`. */
  removeAfter(offset: number): readonly LogSegment[] {
    const keep = this.#segments.findIndex((segment) => offset < segment.baseOffset);
    if (keep < 0) return [];
    assert(0 < keep, 'a log has at least one segment');
    return this.#segments.splice(keep);
  }

  /** Replaces all segments by one. */
  replaceAll(segment: LogSegment): readonly LogSegment[] {
    return this.#segments.splice(0, this.#segments.length, segment);
  }
}
