import { expect, test } from 'vitest';
import { FileError } from '../base/file-system.ts';
import { silentLogger } from '../base/logger.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { noCodecs } from '../protocol/records/compression.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { encodeDataBatch, encodeSnapshot } from '../raft/raft-batches.ts';
import type { LogConfig } from '../storage/log-config.ts';
import { MetadataLog } from './metadata-log.ts';

const folder = '/logs/__cluster_metadata-0';
const value = new TextEncoder().encode('value');

class Disk {
  readonly clock = new VirtualClock();
  readonly files = new MemoryFileSystem({ clock: this.clock });

  open(config: Partial<LogConfig> = {}): Promise<MetadataLog> {
    const { files, clock } = this;
    const onStorageError = (_folder: string, error: unknown) => {
      throw error;
    };
    const ctx = { files, clock, logger: silentLogger, codecs: noCodecs, onStorageError };
    return MetadataLog.open(ctx, '/logs', config);
  }

  async names(): Promise<readonly string[]> {
    return (await this.files.list(folder)).map(({ name }) => name);
  }

  /** The offsets of the snapshots. */
  async snapshots(): Promise<readonly number[]> {
    const names = await this.names();
    return names
      .filter((name) => name.endsWith('.checkpoint'))
      .map((name) => Number.parseInt(name, 10));
  }
}

/** A batch of `count` records at the end of the log. */
function append(log: MetadataLog, epoch: number, count: number): void {
  const position = { baseOffset: log.logEndOffset, epoch, timestampMs: 0 };
  log.append(
    encodeDataBatch(
      position,
      Array.from({ length: count }, () => value),
    ),
  );
}

async function offsetsOf(log: MetadataLog): Promise<readonly string[]> {
  const bytes = await log.read(log.logStartOffset, log.logEndOffset, 1_000_000);
  return [...batchesOf(bytes)].map(
    (batch) => `${batch.baseOffset}-${batch.lastOffset}@${batch.partitionLeaderEpoch}`,
  );
}

function snapshotOf(offset: number, epoch: number): Uint8Array {
  const content = { lastContainedLogTimestampMs: 0, values: [value] };
  return encodeSnapshot({ offset, epoch }, content, 0);
}

test('truncation removes whole batches, their epochs too, and lasts', async () => {
  const disk = new Disk();
  const log = await disk.open();
  append(log, 1, 2);
  append(log, 2, 3);
  append(log, 3, 1);
  expect(log.endOffsetForEpoch(2)).toEqual({ offset: 5, epoch: 2 });
  await log.truncateTo(4);
  expect(await offsetsOf(log)).toEqual(['0-1@1']);
  expect([log.logEndOffset, log.lastEpoch]).toEqual([2, 1]);
  append(log, 4, 1);
  await log.close();
  const again = await disk.open();
  expect(await offsetsOf(again)).toEqual(['0-1@1', '2-2@4']);
  expect(again.lastEpoch).toBe(4);
});

test('the end of an epoch: of one before all, in between, of a gap, the last and a later one', async () => {
  const log = await new Disk().open();
  expect(log.endOffsetForEpoch(0)).toEqual({ offset: 0, epoch: 0 });
  append(log, 2, 2);
  append(log, 5, 3);
  expect(log.endOffsetForEpoch(1)).toEqual({ offset: 0, epoch: 1 });
  expect(log.endOffsetForEpoch(2)).toEqual({ offset: 2, epoch: 2 });
  expect(log.endOffsetForEpoch(4)).toEqual({ offset: 2, epoch: 2 });
  expect(log.endOffsetForEpoch(5)).toEqual({ offset: 5, epoch: 5 });
  // Whoever is told less would cut what may be committed.
  expect(log.endOffsetForEpoch(9)).toEqual({ offset: 5, epoch: 5 });
});

test('a snapshot that came in parts takes the place of the log', async () => {
  const disk = new Disk();
  const log = await disk.open();
  append(log, 1, 2);
  const id = { offset: 7, epoch: 3 };
  const content = snapshotOf(7, 3);
  log.writeSnapshotPart(id, 0, content.slice(0, 50));
  expect(await disk.names()).toContain('00000000000000000007-0000000003.checkpoint.part');
  log.writeSnapshotPart(id, 50, content.slice(50));
  expect(await log.readSnapshotPart(id)).toEqual(content);
  await log.installSnapshotPart(id);
  expect([log.logStartOffset, log.logEndOffset, log.lastEpoch]).toEqual([7, 7, 3]);
  expect(log.endOffsetForEpoch(3)).toEqual({ offset: 7, epoch: 3 });
  append(log, 4, 1);
  await log.close();
  const again = await disk.open();
  expect(again.latestSnapshot).toEqual(id);
  expect(await again.readSnapshot(id)).toEqual(content);
  expect(await offsetsOf(again)).toEqual(['7-7@4']);
  expect((await disk.names()).filter((name) => /part|tmp/.test(name))).toEqual([]);
});

test('a crash after the snapshot came and before the old log went is made good', async () => {
  const disk = new Disk();
  const log = await disk.open();
  append(log, 1, 2);
  await log.writeSnapshot({ offset: 7, epoch: 3 }, snapshotOf(7, 3));
  await log.close();
  const again = await disk.open();
  expect([again.logStartOffset, again.logEndOffset, again.lastEpoch]).toEqual([7, 7, 3]);
});

test('half a snapshot that a crash left behind is removed and no snapshot', async () => {
  const disk = new Disk();
  const log = await disk.open();
  append(log, 1, 2);
  log.writeSnapshotPart({ offset: 7, epoch: 3 }, 0, snapshotOf(7, 3).slice(0, 50));
  await log.close();
  const again = await disk.open();
  expect(again.latestSnapshot).toBeUndefined();
  expect(await offsetsOf(again)).toEqual(['0-1@1']);
  expect((await disk.names()).filter((name) => name.includes('checkpoint.'))).toEqual([]);
});

test('parts of a snapshot are read from any position, up to the end', async () => {
  const log = await new Disk().open();
  append(log, 1, 3);
  const id = { offset: 3, epoch: 1 };
  const content = snapshotOf(3, 1);
  await log.writeSnapshot(id, content);
  const sizeBytes = content.byteLength;
  expect(await log.readSnapshotAt(id, 10, 5)).toEqual({ sizeBytes, bytes: content.slice(10, 15) });
  expect((await log.readSnapshotAt(id, sizeBytes - 1, 100))?.bytes).toEqual(content.slice(-1));
  expect((await log.readSnapshotAt(id, sizeBytes + 5, 100))?.bytes.byteLength).toBe(0);
  expect(await log.readSnapshotAt({ offset: 3, epoch: 2 }, 0, 100)).toBeUndefined();
});

/** Four snapshots, each a minute and two records after the one before; what of them and of the log is left. */
async function afterFourSnapshots(config: Partial<LogConfig>) {
  const disk = new Disk();
  const log = await disk.open(config);
  for (const offset of [2, 4, 6, 8]) {
    append(log, 1, 2);
    const content = { lastContainedLogTimestampMs: disk.clock.nowMs(), values: [value] };
    await log.writeSnapshot({ offset, epoch: 1 }, encodeSnapshot({ offset, epoch: 1 }, content, 0));
    await log.deleteOldSnapshots();
    disk.clock.advance(60_000);
  }
  append(log, 1, 1);
  const left = [await offsetsOf(log), await disk.snapshots()];
  await log.close();
  return { disk, left, log };
}

test('snapshots and the log before them stay as long as they are neither too large nor too old', async () => {
  const { left } = await afterFourSnapshots({ retentionBytes: 100_000, retentionMs: 600_000 });
  expect(left).toEqual([
    ['0-1@1', '2-3@1', '4-5@1', '6-7@1', '8-8@1'],
    [2, 4, 6, 8],
  ]);
});

test('snapshots that are too old go, with the log before the next one; the newest stays', async () => {
  const some = await afterFourSnapshots({ retentionMs: 130_000 });
  expect(some.left).toEqual([
    ['4-5@1', '6-7@1', '8-8@1'],
    [4, 6, 8],
  ]);
  const all = await afterFourSnapshots({ retentionMs: 0 });
  expect(all.left).toEqual([['8-8@1'], [8]]);
  const none = await afterFourSnapshots({ retentionMs: -1 });
  expect(none.left[1]).toEqual([2, 4, 6, 8]);
});

test('log and snapshots together keep within their size, as far as the newest snapshot and what follows it allow', async () => {
  const { sizeBytes } = await sizeOfOneSnapshotAndItsRecords();
  const some = await afterFourSnapshots({
    segmentBytes: 100,
    retentionBytes: 2.5 * sizeBytes,
  });
  expect(some.left[1]).toEqual([6, 8]);
  const none = await afterFourSnapshots({ retentionBytes: 0 });
  expect(none.left).toEqual([['8-8@1'], [8]]);
});

async function sizeOfOneSnapshotAndItsRecords() {
  const log = await new Disk().open();
  append(log, 1, 2);
  const records = await log.read(0, 2, 1_000_000);
  return { sizeBytes: records.byteLength + snapshotOf(2, 1).byteLength };
}

test('one snapshot alone takes nothing of the log away', async () => {
  const disk = new Disk();
  const log = await disk.open({ retentionBytes: 0, retentionMs: 0 });
  append(log, 1, 2);
  await log.writeSnapshot({ offset: 2, epoch: 1 }, snapshotOf(2, 1));
  disk.clock.advance(60_000);
  await log.deleteOldSnapshots();
  expect(log.logStartOffset).toBe(0);
  expect(await disk.snapshots()).toEqual([2]);
});

test('a log that holds more than its newest snapshot compares epochs from the oldest one on', async () => {
  const disk = new Disk();
  const log = await disk.open({ retentionBytes: 0 });
  for (const [epoch, offset] of [
    [1, 2],
    [3, 4],
  ] as const) {
    append(log, epoch, 2);
    await log.writeSnapshot({ offset, epoch }, snapshotOf(offset, epoch));
  }
  append(log, 5, 1);
  expect(log.endOffsetForEpoch(2)).toEqual({ offset: 2, epoch: 1 });
  await log.deleteOldSnapshots();
  expect(log.logStartOffset).toBe(4);
  expect(log.endOffsetForEpoch(2)).toEqual({ offset: 4, epoch: 3 });
  expect(log.endOffsetForEpoch(5)).toEqual({ offset: 5, epoch: 5 });
});

test('an old snapshot that cannot be removed stays, and nothing else comes of it', async () => {
  const disk = new Disk();
  const log = await disk.open({ retentionBytes: 0 });
  append(log, 1, 2);
  await log.writeSnapshot({ offset: 1, epoch: 1 }, snapshotOf(1, 1));
  await log.writeSnapshot({ offset: 2, epoch: 1 }, snapshotOf(2, 1));
  disk.files.remove = (path) => Promise.reject(new FileError('EIO', path, 'the disk fails'));
  await log.deleteOldSnapshots();
  append(log, 1, 1);
  expect(await offsetsOf(log)).toEqual(['2-2@1']);
  await log.close();
  expect((await disk.open()).latestSnapshot).toEqual({ offset: 2, epoch: 1 });
});
