import type { Clock } from '../base/clock.ts';
import type { FileSystem } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import type { AppendError } from './append-validation.ts';
import type { LogConfig } from './log-config.ts';
import type { RecentAppendsBudget } from './recent-appends.ts';

/** What all logs of a process share. */
export interface LogContext {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Prepared for every type that may come. */
  readonly codecs: CompressionCodecs;
  /** Told when writing to a log's folder fails: it can no longer be trusted. */
  readonly onStorageError: (folder: string, error: unknown) => void;
  /** Where it is given, the last appends are kept in memory for `readRecent`. */
  readonly recentAppends?: RecentAppendsBudget;
}

export interface LogOpenOptions {
  readonly topic: string;
  readonly partition: number;
  /** Where it is known: 22 characters. */
  readonly topicId?: string | undefined;
  /** An absolute path; exists. */
  readonly folder: string;
  readonly config: LogConfig;
  /** Whether the last process closed the log. No by default. */
  readonly isCleanShutdown?: boolean;
  readonly recoveryPoint?: number;
  readonly logStartOffset?: number;
}

export interface LogAppendInfo {
  readonly kind: 'appended';
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  /** -1 unless the topic has LogAppendTime. */
  readonly logAppendTime: number;
  readonly logStartOffset: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** Whether the batch had been appended before; the offsets are those of then. */
  readonly isDuplicate: boolean;
}

export type AppendResult = LogAppendInfo | AppendError;

export interface ReadOptions {
  /** Whether a first batch longer than `maxBytes` comes all the same (KIP-74). No by default. */
  readonly minOneMessage?: boolean;
  /** Batches from this offset on are left out: the high watermark or the last stable offset. The log's end by default. */
  readonly upTo?: number;
}

export type LogRead =
  | {
      readonly kind: 'records';
      /** Whole batches, from the one that contains the offset asked for; the caller's to keep. */
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'error'; readonly errorCode: 'OFFSET_OUT_OF_RANGE' };
