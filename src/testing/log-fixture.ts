import { silentLogger } from '../base/logger.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { type CompressionCodecs, noCodecs } from '../protocol/records/compression.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import type { RecordHeader } from '../protocol/records/record-iterator.ts';
import { type LogConfig, logConfigDefaults } from '../storage/log-config.ts';
import { PartitionLog } from '../storage/partition-log.ts';
import type { AppendResult, LogContext, LogOpenOptions } from '../storage/partition-log-types.ts';

export interface LogFixture {
  readonly files: MemoryFileSystem;
  readonly clock: VirtualClock;
  readonly ctx: LogContext;
  /** What was told to `onStorageError`. */
  readonly errors: unknown[];
  open(config?: Partial<LogConfig>, options?: Partial<LogOpenOptions>): Promise<PartitionLog>;
}

export const logFolder = '/data/test-0';

/** A log on a memory disk that can crash. */
export async function logFixture(codecs: CompressionCodecs = noCodecs): Promise<LogFixture> {
  const clock = new VirtualClock();
  const files = new MemoryFileSystem({ clock, canCrash: true });
  await files.makeDirectory(logFolder);
  await files.flushDirectory('/');
  await files.flushDirectory('/data');
  const errors: unknown[] = [];
  const onStorageError = (_folder: string, error: unknown) => void errors.push(error);
  const ctx = { files, clock, logger: silentLogger, codecs, onStorageError };
  const open = (config: Partial<LogConfig> = {}, options: Partial<LogOpenOptions> = {}) =>
    PartitionLog.open(ctx, {
      topic: 'test',
      partition: 0,
      folder: logFolder,
      config: { ...logConfigDefaults, ...config },
      ...options,
    });
  return { files, clock, ctx, errors, open };
}

export interface BatchInput {
  readonly values: readonly (string | null)[];
  readonly keys?: readonly (string | null)[];
  readonly timestamps?: readonly number[];
  readonly headers?: readonly RecordHeader[];
  readonly producer?: {
    readonly producerId: number;
    readonly producerEpoch: number;
    readonly baseSequence: number;
    readonly isTransactional?: boolean;
  };
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
}

const utf8 = new TextEncoder();

/** A batch as a producer sends it. */
export function batchOf(input: BatchInput): Uint8Array {
  const { baseOffset = 0, partitionLeaderEpoch = -1 } = input;
  const builder = new RecordBatchBuilder({
    baseOffset,
    partitionLeaderEpoch,
    sizeLimitBytes: 10_000_000,
    buffer: new Uint8Array(256),
  });
  for (const [i, value] of input.values.entries()) {
    const key = input.keys?.[i] ?? null;
    builder.append(
      input.timestamps?.[i] ?? 1_700_000_000_000 + i,
      key === null ? null : utf8.encode(key),
      value === null ? null : utf8.encode(value),
      input.headers ?? [],
    );
  }
  if (input.producer !== undefined) {
    builder.setProducerState({ isTransactional: false, ...input.producer });
  }
  return builder.close();
}

/** Appends values as one batch of a client. */
export function append(log: PartitionLog, ...values: readonly string[]): AppendResult {
  return log.appendAsLeader(batchOf({ values }), 0);
}

/** All that can be read from `offset` on, as `offset:value`. */
export async function contentOf(
  log: PartitionLog,
  offset = log.logStartOffset,
): Promise<readonly string[]> {
  const content: string[] = [];
  for (let next = offset; next < log.logEndOffset; ) {
    const read = await log.read(next, 1_000_000, { minOneMessage: true });
    if (read.kind === 'error') return [...content, read.errorCode];
    if (read.bytes.length === 0) break;
    for (const batch of batchesOf(read.bytes)) {
      for (const record of batch.records()) {
        if (next <= record.offset) content.push(`${record.offset}:${textOf(record.value)}`);
      }
      next = batch.nextOffset;
    }
  }
  return content;
}

function textOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : new TextDecoder().decode(bytes);
}
