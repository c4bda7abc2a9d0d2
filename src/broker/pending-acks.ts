import type { ErrorCode } from '../protocol/error-codes.ts';

/** One who waits until all in-sync replicas have what comes before an offset. */
export interface PendingAck {
  readonly requiredOffset: number;
  /** Called once: NONE, or why it will never be. */
  readonly onDone: (errorCode: ErrorCode) => void;
}

/**
 * The acknowledgements that a partition owes, by offset. Appends come in the order of offsets, so that the next
 * one due is always the first; only duplicates of a producer are put further ahead.
 */
export class PendingAcks {
  #waiting: PendingAck[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(ack: PendingAck): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (0 < at && ack.requiredOffset < (waiting[at - 1]?.requiredOffset ?? 0)) at -= 1;
    waiting.splice(at, 0, ack);
  }

  /** Nobody waits for it any more. */
  remove(ack: PendingAck): void {
    const at = this.#waiting.indexOf(ack);
    if (0 <= at) this.#waiting.splice(at, 1);
  }

  /** Answers all from the first on for which `isDue` holds. */
  complete(isDue: (requiredOffset: number) => boolean, errorCode: ErrorCode): void {
    const waiting = this.#waiting;
    let count = 0;
    for (const { requiredOffset } of waiting) {
      if (!isDue(requiredOffset)) break;
      count += 1;
    }
    if (count === 0) return;
    for (const { onDone } of waiting.splice(0, count)) onDone(errorCode);
  }

  /** Answers all with an error: this broker leads no more. */
  fail(errorCode: ErrorCode): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { onDone } of waiting) onDone(errorCode);
  }
}
