import { describe, expect, test } from 'vitest';
import { readFile } from '../base/file-system.ts';
import { endTransactionBatch } from '../protocol/records/control-records.ts';
import { batchesOf, RecordBatch } from '../protocol/records/record-batch.ts';
import { append, batchOf, contentOf, logFixture, logFolder } from '../testing/log-fixture.ts';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('appending', () => {
  test('gives offsets in order and hands back what was written', async () => {
    const { open } = await logFixture();
    const log = await open();
    expect(append(log, 'a', 'b')).toMatchObject({ firstOffset: 0, lastOffset: 1, recordCount: 2 });
    expect(append(log, 'c')).toMatchObject({ kind: 'appended', firstOffset: 2, lastOffset: 2 });
    expect(log.logEndOffset).toBe(3);
    expect(await contentOf(log)).toEqual(['0:a', '1:b', '2:c']);
  });

  test('writes the leader epoch into every batch and notes where it began', async () => {
    const { open, files } = await logFixture();
    const log = await open();
    log.appendAsLeader(batchOf({ values: ['a', 'b'] }), 3);
    log.appendAsLeader(batchOf({ values: ['c'] }), 5);
    await log.settle();
    const text = new TextDecoder().decode(
      await readFile(files, `${logFolder}/leader-epoch-checkpoint`),
    );
    expect(text).toBe('0\n2\n3 0\n5 2\n');
    expect(log.endOffsetFor(3)).toEqual({ epoch: 3, endOffset: 2 });
    expect(log.endOffsetFor(4)).toEqual({ epoch: 3, endOffset: 2 });
    expect(log.endOffsetFor(5)).toEqual({ epoch: 5, endOffset: 3 });
    expect(log.endOffsetFor(6)).toEqual({ epoch: -1, endOffset: -1 });
  });

  test('refuses what is damaged, old, too large or no single batch', async () => {
    const { open } = await logFixture();
    const log = await open({ maxMessageBytes: 200 });
    const good = batchOf({ values: ['a'] });
    const damaged = good.slice();
    damaged[65]! ^= 1;
    const old = good.slice();
    old[16] = 1;
    const codes = [
      damaged,
      old,
      batchOf({ values: ['x'.repeat(200)] }),
      new Uint8Array([...good, ...good]),
      new Uint8Array(0),
      good.subarray(0, good.length - 1),
    ].map((bytes) => {
      const result = log.appendAsLeader(bytes, 0);
      return result.kind === 'error' ? result.errorCode : result.kind;
    });
    expect(codes).toEqual([
      'CORRUPT_MESSAGE',
      'UNSUPPORTED_FOR_MESSAGE_FORMAT',
      'MESSAGE_TOO_LARGE',
      'INVALID_RECORD',
      'INVALID_RECORD',
      'CORRUPT_MESSAGE',
    ]);
    expect(log.logEndOffset).toBe(0);
  });

  test('refuses records without a key on a compacted topic, and says which', async () => {
    const { open } = await logFixture();
    const log = await open({ cleanupPolicy: ['compact'] });
    const bytes = batchOf({ values: ['a', 'b', 'c'], keys: ['k', null, null] });
    expect(log.appendAsLeader(bytes, 0)).toMatchObject({
      errorCode: 'INVALID_RECORD',
      recordErrors: [{ batchIndex: 1 }, { batchIndex: 2 }],
    });
    const keyed = log.appendAsLeader(batchOf({ values: [null], keys: ['k'] }), 0);
    expect(keyed.kind).toBe('appended');
  });

  test('refuses timestamps too far from the clock', async () => {
    const { open, clock } = await logFixture();
    const log = await open({ messageTimestampAfterMaxMs: 1000, messageTimestampBeforeMaxMs: 5000 });
    const now = clock.nowMs();
    const at = (timestamp: number) =>
      log.appendAsLeader(batchOf({ values: ['x'], timestamps: [timestamp] }), 0);
    expect(at(now + 1001)).toMatchObject({ errorCode: 'INVALID_TIMESTAMP' });
    expect(at(now - 5001)).toMatchObject({ errorCode: 'INVALID_TIMESTAMP' });
    expect(at(now + 1000).kind).toBe('appended');
  });

  test('LogAppendTime overwrites the timestamps', async () => {
    const { open, clock } = await logFixture();
    const log = await open({ messageTimestampType: 'LogAppendTime' });
    expect(append(log, 'a')).toMatchObject({ logAppendTime: clock.nowMs() });
    const read = await log.read(0, 1000);
    if (read.kind === 'error') throw new TypeError(read.errorCode);
    const [batch] = [...batchesOf(read.bytes)];
    batch?.verify();
    expect(batch?.timestampType).toBe('LogAppendTime');
  });

  test('a full disk is answered as a storage error, and the log stays as it was', async () => {
    const { open, files, errors } = await logFixture();
    const log = await open();
    append(log, 'a');
    Object.defineProperty(files, 'capacityBytes', { value: files.usedBytes });
    const large = log.appendAsLeader(batchOf({ values: ['x'.repeat(5000)] }), 0);
    expect(large).toMatchObject({ errorCode: 'KAFKA_STORAGE_ERROR' });
    expect(errors).toHaveLength(1);
    expect(log.logEndOffset).toBe(1);
    expect(await contentOf(log)).toEqual(['0:a']);
  });
});

describe('an idempotent producer', () => {
  const send = (baseSequence: number, count = 1, producerEpoch = 0) =>
    batchOf({
      values: range(count).map(() => 'x'),
      producer: { producerId: 7, producerEpoch, baseSequence },
    });

  test('sees a batch that it repeats answered with the first offsets', async () => {
    const { open } = await logFixture();
    const log = await open();
    for (const i of range(5)) log.appendAsLeader(send(i * 2, 2), 0);
    expect(log.appendAsLeader(send(4, 2), 0)).toMatchObject({
      kind: 'appended',
      isDuplicate: true,
      firstOffset: 4,
      lastOffset: 5,
    });
    expect(log.logEndOffset).toBe(10);
  });

  test('may not leave a gap, repeat what is forgotten, or come with an old epoch', async () => {
    const { open } = await logFixture();
    const log = await open();
    const codeOf = (bytes: Uint8Array) => {
      const result = log.appendAsLeader(bytes, 0);
      return result.kind === 'error' ? result.errorCode : result.kind;
    };
    for (const i of range(7)) expect(codeOf(send(i))).toBe('appended');
    expect(codeOf(send(8))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(codeOf(send(0))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(codeOf(send(1, 1, 1))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(codeOf(send(0, 1, 1))).toBe('appended');
    expect(codeOf(send(7, 1, 0))).toBe('INVALID_PRODUCER_EPOCH');
  });

  test('an unknown one may begin anywhere, and sequences go round', async () => {
    const { open } = await logFixture();
    const log = await open();
    expect(log.appendAsLeader(send(2_147_483_646, 2), 0).kind).toBe('appended');
    expect(log.appendAsLeader(send(0), 0).kind).toBe('appended');
    expect(log.appendAsLeader(send(2_147_483_646, 2), 0)).toMatchObject({ isDuplicate: true });
  });

  test('is remembered over a clean end, and over a crash', async () => {
    const { open } = await logFixture();
    const log = await open();
    for (const i of range(3)) log.appendAsLeader(send(i), 0);
    await log.close();
    const again = await open({}, { isCleanShutdown: true });
    expect(again.appendAsLeader(send(2), 0)).toMatchObject({ isDuplicate: true, firstOffset: 2 });
    again.appendAsLeader(send(3), 0);
    const recovered = await open();
    expect(recovered.appendAsLeader(send(3), 0)).toMatchObject({ isDuplicate: true });
    expect(recovered.appendAsLeader(send(5), 0).kind).toBe('error');
  });
});

describe('transactions', () => {
  const producer = { producerId: 9, producerEpoch: 1, baseSequence: 0, isTransactional: true };

  test('an open one holds the last stable offset back until its end is replicated', async () => {
    const { open, clock } = await logFixture();
    const log = await open();
    append(log, 'a');
    log.appendAsLeader(batchOf({ values: ['b', 'c'], producer }), 0);
    log.updateHighWatermark(3);
    expect([log.lastStableOffset, log.highWatermark]).toEqual([1, 3]);
    const place = { baseOffset: 0, partitionLeaderEpoch: 0, timestamp: clock.nowMs() };
    const marker = { type: 'COMMIT', coordinatorEpoch: 4 } as const;
    log.appendAsLeader(endTransactionBatch(place, marker, producer), 0, 'coordinator');
    expect(log.lastStableOffset).toBe(1);
    log.updateHighWatermark(4);
    expect(log.lastStableOffset).toBe(4);
    expect(log.producers.entryOf(9)?.coordinatorEpoch).toBe(4);
  });
});

describe('reading', () => {
  test('begins with the batch that contains the offset', async () => {
    const { open } = await logFixture();
    const log = await open();
    for (const i of range(20)) append(log, `${i}a`, `${i}b`, `${i}c`);
    for (const offset of range(60)) {
      const read = await log.read(offset, 10_000);
      if (read.kind === 'error') throw new TypeError(read.errorCode);
      const [first] = [...batchesOf(read.bytes)];
      expect(first?.baseOffset).toBe(offset - (offset % 3));
    }
  });

  test('gives whole batches within maxBytes, at least one when asked to', async () => {
    const { open } = await logFixture();
    const log = await open();
    for (const i of range(10)) append(log, `${i}`.repeat(100));
    const sizeBytes = log.sizeBytes / 10;
    const bytesOf = async (maxBytes: number, minOneMessage: boolean) => {
      const read = await log.read(2, maxBytes, { minOneMessage });
      return read.kind === 'records' ? read.bytes.length / sizeBytes : -1;
    };
    expect(await bytesOf(sizeBytes * 3, false)).toBe(3);
    expect(await bytesOf(sizeBytes * 4 - 1, false)).toBe(3);
    expect(await bytesOf(10, false)).toBe(0);
    expect(await bytesOf(10, true)).toBe(1);
  });

  test('stops before the offset given', async () => {
    const { open } = await logFixture();
    const log = await open();
    for (const i of range(10)) append(log, `${i}`);
    const read = await log.read(2, 10_000, { upTo: 5 });
    if (read.kind === 'error') throw new TypeError(read.errorCode);
    expect([...batchesOf(read.bytes)].map((batch) => batch.baseOffset)).toEqual([2, 3, 4]);
  });

  test('at the end is empty, beyond it or before the start an error', async () => {
    const { open } = await logFixture();
    const log = await open();
    append(log, 'a');
    expect(await log.read(1, 1000)).toMatchObject({ kind: 'records', bytes: new Uint8Array(0) });
    expect(await log.read(2, 1000)).toMatchObject({ errorCode: 'OFFSET_OUT_OF_RANGE' });
    log.updateHighWatermark(1);
    expect(log.deleteRecords(-1)).toBe(1);
    expect(await log.read(0, 1000)).toMatchObject({ errorCode: 'OFFSET_OUT_OF_RANGE' });
    expect(log.deleteRecords(2)).toBeUndefined();
  });

  test('finds every offset over many segments, in any order, batches large and small', async () => {
    const { open } = await logFixture();
    const log = await open({ segmentBytes: 20_000, indexIntervalBytes: 500 });
    for (const i of range(300)) append(log, `${i}-`.repeat(1 + ((i * 37) % 400)), 'second');
    expect(log.segmentCount).toBeGreaterThan(5);
    for (let step = 0; step < 600; step++) {
      const offset = (step * 229) % 600;
      const read = await log.read(offset, 1, { minOneMessage: true });
      if (read.kind === 'error') throw new TypeError(read.errorCode);
      expect(new RecordBatch(read.bytes).baseOffset).toBe(offset - (offset % 2));
    }
    expect(await contentOf(log)).toHaveLength(600);
  });
});

describe('time', () => {
  test('the first record at or after a timestamp is found, and the latest', async () => {
    const { open } = await logFixture();
    const log = await open({ segmentBytes: 2000, indexIntervalBytes: 100 });
    for (const i of range(100)) {
      const timestamps = [1000 + i * 10, 1005 + i * 10];
      log.appendAsLeader(batchOf({ values: [`${i}`, 'x'.repeat(20)], timestamps }), 2);
    }
    expect(log.segmentCount).toBeGreaterThan(3);
    for (const i of range(100)) {
      expect((await log.offsetForTimestamp(1000 + i * 10))?.offset).toBe(i * 2);
      expect((await log.offsetForTimestamp(1001 + i * 10))?.offset).toBe(i * 2 + 1);
    }
    expect(await log.offsetForTimestamp(0)).toEqual({ timestamp: 1000, offset: 0, leaderEpoch: 2 });
    expect(await log.offsetForTimestamp(1996)).toBeUndefined();
    expect(await log.offsetOfMaxTimestamp()).toMatchObject({ timestamp: 1995, offset: 199 });
  });

  test('timestamps out of order do not confuse it', async () => {
    const { open } = await logFixture();
    const log = await open({ indexIntervalBytes: 100 });
    for (const i of range(60)) {
      const timestamp = i === 20 ? 90_000 : 1000 + i;
      log.appendAsLeader(batchOf({ values: ['x'.repeat(50)], timestamps: [timestamp] }), 0);
    }
    expect((await log.offsetForTimestamp(1010))?.offset).toBe(10);
    expect((await log.offsetForTimestamp(1030))?.offset).toBe(20);
    expect((await log.offsetOfMaxTimestamp())?.offset).toBe(20);
  });
});

describe('rolling and retention', () => {
  test('segments roll by size and by time', async () => {
    const { open } = await logFixture();
    const log = await open({ segmentBytes: 300, segmentMs: 1000 });
    const at = (timestamp: number) =>
      log.appendAsLeader(batchOf({ values: ['x'.repeat(100)], timestamps: [timestamp] }), 0);
    at(5000);
    at(5100);
    expect(log.segmentCount).toBe(2);
    at(6200);
    expect(log.segmentCount).toBe(3);
  });

  test('retention by bytes and by time removes whole old segments, after a delay', async () => {
    const { open, clock, files } = await logFixture();
    const log = await open({ segmentBytes: 1000, retentionBytes: 3000, retentionMs: 60_000 });
    const now = clock.nowMs();
    for (const i of range(60)) {
      log.appendAsLeader(batchOf({ values: ['x'.repeat(50)], timestamps: [now + i] }), 0);
    }
    expect(log.deleteOldSegments()).toBe(0);
    log.updateHighWatermark(log.logEndOffset);
    expect(log.deleteOldSegments()).toBeGreaterThan(2);
    expect(log.sizeBytes).toBeGreaterThanOrEqual(3000);
    expect(log.sizeBytes).toBeLessThan(4000);
    expect(log.logStartOffset).toBeGreaterThan(0);
    await log.settle();
    const names = async () => (await files.list(logFolder)).map(({ name }) => name);
    expect(await names()).toContain('00000000000000000000.log.deleted');
    clock.advance(60_001);
    await log.tick();
    expect(await names()).not.toContain('00000000000000000000.log.deleted');
    clock.advance(60);
    expect(log.deleteOldSegments()).toBeGreaterThan(0);
    expect([log.sizeBytes, log.segmentCount, log.logStartOffset]).toEqual([0, 1, 60]);
    append(log, 'goes on');
    expect(await contentOf(log)).toEqual(['60:goes on']);
  });

  test('a reader of a segment that is removed meanwhile ends well', async () => {
    const { open } = await logFixture();
    const log = await open({ segmentBytes: 200, retentionBytes: 0 });
    for (const i of range(5)) append(log, `${i}`.repeat(60));
    log.updateHighWatermark(5);
    const reading = log.read(0, 1000);
    log.deleteOldSegments();
    expect(await reading).toMatchObject({ kind: 'records' });
  });

  test('deleted records stay deleted over a restart that knows the log start offset', async () => {
    const { open } = await logFixture();
    const log = await open();
    append(log, 'a', 'b', 'c');
    append(log, 'd');
    log.updateHighWatermark(4);
    log.deleteRecords(2);
    await log.close();
    const again = await open({}, { isCleanShutdown: true, logStartOffset: 2 });
    expect(again.logStartOffset).toBe(2);
    expect(await contentOf(again)).toEqual(['2:c', '3:d']);
  });
});

describe('a follower', () => {
  test('takes batches as they are, several at once', async () => {
    const { open } = await logFixture();
    const leader = await open();
    append(leader, 'a', 'b');
    append(leader, 'c');
    const read = await leader.read(0, 10_000);
    if (read.kind === 'error') throw new TypeError(read.errorCode);
    const other = await logFixture();
    const follower = await other.open();
    expect(follower.appendAsFollower(read.bytes)).toMatchObject({ firstOffset: 0, lastOffset: 2 });
    expect(await contentOf(follower)).toEqual(await contentOf(leader));
    expect(follower.appendAsFollower(read.bytes)).toMatchObject({ kind: 'error' });
  });

  test('cuts its log at an offset, across segments, and goes on', async () => {
    const { open, files } = await logFixture();
    const log = await open({ segmentBytes: 400, indexIntervalBytes: 100 });
    for (const i of range(30)) {
      log.appendAsLeader(batchOf({ values: [`${i}`.padEnd(60)] }), i < 10 ? 1 : 2);
    }
    const before = await contentOf(log);
    for (const offset of [25, 24, 11, 10, 3]) {
      await log.truncateTo(offset);
      expect(log.logEndOffset).toBe(offset);
      expect(await contentOf(log)).toEqual(before.slice(0, offset));
    }
    expect(log.epochs.latestEpoch).toBe(1);
    append(log, 'new');
    expect((await contentOf(log)).at(-1)).toBe('3:new');
    await log.close();
    const again = await open({}, { isCleanShutdown: true });
    expect(again.logEndOffset).toBe(4);
    expect((await files.list(logFolder)).some(({ name }) => name.endsWith('.deleted'))).toBe(false);
  });

  test('nothing that was cut counts as committed', async () => {
    const { open } = await logFixture();
    const log = await open();
    for (const value of ['a', 'b', 'c']) append(log, value);
    log.updateHighWatermark(3);
    await log.truncateTo(1);
    expect([log.highWatermark, log.logEndOffset]).toEqual([1, 1]);
  });

  test('starts anew at an offset beyond its end', async () => {
    const { open } = await logFixture();
    const log = await open();
    append(log, 'a');
    await log.truncateFullyAndStartAt(100);
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([100, 100, 100]);
    expect(log.sizeBytes).toBe(0);
    append(log, 'b');
    expect(await contentOf(log)).toEqual(['100:b']);
    await log.truncateFullyAndStartAt(100);
    expect(await contentOf(log)).toEqual([]);
  });
});
