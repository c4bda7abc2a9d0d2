import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Quorum } from '../raft/raft-listener.ts';
import { recordsOfImage } from './image-records.ts';
import type { MetadataImage } from './metadata-image.ts';
import { encodeMetadataRecord } from './metadata-record.ts';

export interface SnapshotGeneratorOptions {
  readonly quorum: Quorum;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `metadata.log.max.record.bytes.between.snapshots`. */
  readonly snapshotBytesMax: number;
  /** `metadata.log.max.snapshot.interval.ms`; 0 for never by time. */
  readonly snapshotIntervalMs: number;
}

/** Takes a snapshot when enough was committed, or long enough ago, since the last one (KIP-630). */
export class SnapshotGenerator {
  readonly #options: SnapshotGeneratorOptions;
  #bytesSinceSnapshot = 0;
  #lastSnapshotAtMs: number;
  #isSnapshotting = false;

  constructor(options: SnapshotGeneratorOptions) {
    this.#options = options;
    this.#lastSnapshotAtMs = options.clock.monotonicMs();
  }

  /** `image` is committed now, after `bytes` more of records. */
  noteCommit(image: MetadataImage, bytes: number): void {
    this.#bytesSinceSnapshot += bytes;
    const { clock, snapshotBytesMax, snapshotIntervalMs } = this.#options;
    const nowMs = clock.monotonicMs();
    const isLarge = snapshotBytesMax <= this.#bytesSinceSnapshot;
    const isOld = 0 < snapshotIntervalMs && this.#lastSnapshotAtMs + snapshotIntervalMs <= nowMs;
    if (this.#isSnapshotting || !(isLarge || isOld)) return;
    this.#isSnapshotting = true;
    this.#bytesSinceSnapshot = 0;
    this.#lastSnapshotAtMs = nowMs;
    this.#createSnapshot(image).then(
      () => {
        this.#isSnapshotting = false;
      },
      (error: unknown) => {
        this.#isSnapshotting = false;
        const message = 'A snapshot could not be written; the next one will be tried in time.';
        this.#options.logger.log('WARN', source, message, error);
      },
    );
  }

  /** Keeps what is committed now as a snapshot, so that the log before it can go. */
  async #createSnapshot(image: MetadataImage): Promise<void> {
    if (image.openTransaction !== null || image.provenance.offset < 0) return;
    const values = [...recordsOfImage(image)].map(encodeMetadataRecord);
    const { offset, timestampMs } = image.provenance;
    const { logger, quorum } = this.#options;
    const message = `Creating a snapshot at offset ${offset + 1} with ${values.length} records.`;
    logger.log('INFO', source, message);
    await quorum.createSnapshot(offset + 1, { lastContainedLogTimestampMs: timestampMs, values });
  }
}

const source = 'org.apache.kafka.image.publisher.SnapshotGenerator';
