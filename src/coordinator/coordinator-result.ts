import type { ErrorCode } from '../protocol/error-codes.ts';
import type { GroupRecord } from './group-record.ts';

/**
 * What a decision yields: records to be appended in order, and what to do when they are durable.
 * The response of an API call is a promise of its own, because a join waits for other members.
 */
export class Decision {
  readonly records: GroupRecord[] = [];
  readonly #callbacks: ((errorCode: ErrorCode) => void)[] = [];

  write(record: GroupRecord): void {
    this.records.push(record);
  }

  /** `callback` runs once the records are committed (`NONE`) or could not be. */
  onAppended(callback: (errorCode: ErrorCode) => void): void {
    this.#callbacks.push(callback);
  }

  complete(errorCode: ErrorCode): void {
    for (const callback of this.#callbacks) callback(errorCode);
  }
}
