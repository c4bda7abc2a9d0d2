import type { Clock } from '../base/clock.ts';
import type { FileSystem } from '../base/file-system.ts';
import { silentLogger } from '../base/logger.ts';
import { endTransactionBatch } from '../protocol/records/control-records.ts';
import { portableCodecs } from '../protocol/records/portable-codecs.ts';
import { logConfigDefaults } from '../storage/log-config.ts';
import { PartitionLog } from '../storage/partition-log.ts';
import { writeTopicId } from '../storage/partition-metadata.ts';
import { batchOf } from './log-fixture.ts';

/**
 * Writes a log with a bit of everything into `folder`, always the same bytes: several segments, leader epochs, an idempotent
 * and a transactional producer, headers, nulls, compressed batches. What Apache Kafka's `DumpLogSegments` says of it is
 * recorded in src/storage/testdata.
 */
export async function writeSampleLog(
  files: FileSystem,
  clock: Clock,
  folder: string,
): Promise<void> {
  await files.makeDirectory(folder);
  await writeTopicId(files, folder, 'c2FtcGxlLXRvcGljLWlkMA');
  const codecs = portableCodecs();
  const onStorageError = (_folder: string, error: unknown) => {
    throw error;
  };
  const ctx = { files, clock, logger: silentLogger, codecs, onStorageError };
  const config = { ...logConfigDefaults, segmentBytes: 3000, indexIntervalBytes: 500 };
  const log = await PartitionLog.open(ctx, { topic: 'sample', partition: 0, folder, config });
  for (let i = 0; i < 24; i++) {
    const values = Array.from({ length: 1 + (i % 3) }, (_, j) =>
      `value ${i}.${j} `.padEnd(90, '.'),
    );
    const keys = values.map((_, j) => (j === 1 ? null : `key ${i}`));
    const timestamps = values.map((_, j) => 1_700_000_000_000 + i * 1000 + j);
    const producer = { producerId: 1000 + (i % 2), producerEpoch: 0, baseSequence: sequenceOf(i) };
    const headers =
      i % 5 === 0
        ? [
            { key: 'h', value: null },
            { key: 'trace', value: Uint8Array.of(1, 2) },
          ]
        : [];
    log.appendAsLeader(batchOf({ values, keys, timestamps, producer, headers }), Math.floor(i / 8));
  }
  const producer = { producerId: 2000, producerEpoch: 3, baseSequence: 0, isTransactional: true };
  log.appendAsLeader(batchOf({ values: ['in a transaction'], producer }), 3);
  const place = { baseOffset: 0, partitionLeaderEpoch: 3, timestamp: 1_700_000_100_000 };
  const marker = { type: 'COMMIT', coordinatorEpoch: 7 } as const;
  log.appendAsLeader(endTransactionBatch(place, marker, producer), 3, 'coordinator');
  for (const compressionType of ['snappy', 'lz4', 'zstd'] as const) {
    log.config = { ...config, compressionType };
    log.appendAsLeader(batchOf({ values: [compressionType.repeat(60), null] }), 3);
  }
  await log.close();
}

/** Of the batches before number `i` from the same producer: as many records as they have. */
function sequenceOf(i: number): number {
  let sequence = 0;
  for (let before = i % 2; before < i; before += 2) sequence += 1 + (before % 3);
  return sequence;
}
