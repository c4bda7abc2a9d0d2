import { crc32c } from '../../../protocol/crc32c.ts';
import type {
  CommittedBatch,
  LoadedSnapshot,
  SnapshotContent,
} from '../../../raft/raft-listener.ts';

/** The user of a replica: folds committed records into an image so small that any difference shows. */
export class RaftReader {
  endOffset = 0;
  /** What of the log has been compared with the logs of others. */
  checkedEnd = 0;
  #count = 0;
  #checksum = 0;
  #lastTimestampMs = 0;

  get image(): string {
    return `${this.#count} records with checksum ${this.#checksum.toString(16)}`;
  }

  take(batch: CommittedBatch): void {
    this.endOffset = batch.lastOffset + 1;
    this.#lastTimestampMs = batch.appendedAtMs;
    for (const value of batch.values) {
      this.#count++;
      this.#checksum = ((this.#checksum * 31) | 0) + (crc32c(value) | 0);
      this.#checksum >>>= 0;
    }
  }

  load(snapshot: LoadedSnapshot): void {
    const [value = new Uint8Array()] = snapshot.values;
    const [count = 0, checksum = 0] = new TextDecoder().decode(value).split(' ').map(Number);
    this.#count = count;
    this.#checksum = checksum;
    this.endOffset = snapshot.endOffset;
    this.#lastTimestampMs = snapshot.lastContainedLogTimestampMs;
  }

  snapshot(): SnapshotContent {
    const value = new TextEncoder().encode(`${this.#count} ${this.#checksum}`);
    return { lastContainedLogTimestampMs: this.#lastTimestampMs, values: [value] };
  }
}
