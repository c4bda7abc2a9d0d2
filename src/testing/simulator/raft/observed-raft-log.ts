import { batchesOf } from '../../../protocol/records/record-batch.ts';
import type { RaftLog } from '../../../raft/raft-log.ts';

/** A batch as the theorems see it: its place and a fingerprint of what is in it. */
export interface LoggedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  /** The CRC covers everything but place and epoch. */
  readonly crc: number;
  readonly isControl: boolean;
}

/** A list of a log's batches, kept while the log is used, so that theorems about its content need no reading. */
export class ObservedRaftLog {
  readonly #log: RaftLog;
  #batches: LoggedBatch[] = [];

  private constructor(log: RaftLog) {
    this.#log = log;
  }

  /** Reads what the log holds already, and hears of all changes from then on. */
  static async open(log: RaftLog): Promise<ObservedRaftLog> {
    const observed = new ObservedRaftLog(log);
    observed.#batches = await readBatches(log);
    observed.#listen(log);
    return observed;
  }

  /** In order of offset; what a snapshot made superfluous may still be among them. */
  get batches(): readonly LoggedBatch[] {
    return this.#batches;
  }

  get startOffset(): number {
    return this.#log.logStartOffset;
  }

  get endOffset(): number {
    return this.#log.logEndOffset;
  }

  get lastEpoch(): number {
    return this.#log.lastEpoch;
  }

  #listen(log: RaftLog): void {
    const append = log.append.bind(log);
    const truncateTo = log.truncateTo.bind(log);
    const installSnapshotPart = log.installSnapshotPart.bind(log);
    log.append = (batches) => {
      const added = loggedBatches(batches);
      append(batches);
      this.#batches.push(...added);
    };
    log.truncateTo = (offset) => {
      this.#batches = this.#batches.filter(({ lastOffset }) => lastOffset < offset);
      return truncateTo(offset);
    };
    log.installSnapshotPart = (id) => {
      this.#batches = [];
      return installSnapshotPart(id);
    };
  }
}

/** All batches of a log, as they are on its disk. */
export async function readBatches(log: RaftLog): Promise<LoggedBatch[]> {
  const all: LoggedBatch[] = [];
  for (let from = log.logStartOffset; from < log.logEndOffset; ) {
    const batches = loggedBatches(await log.read(from, log.logEndOffset, 1 << 20));
    const end = batches.at(-1)?.lastOffset;
    if (end === undefined || end < from) break;
    all.push(...batches);
    from = end + 1;
  }
  return all;
}

function loggedBatches(bytes: Uint8Array): LoggedBatch[] {
  return [...batchesOf(bytes)].map((batch) => ({
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    epoch: batch.partitionLeaderEpoch,
    crc: batch.crc,
    isControl: batch.isControl,
  }));
}
