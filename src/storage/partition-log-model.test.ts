import { expect, test } from 'vitest';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { batchOf, contentOf, logFixture } from '../testing/log-fixture.ts';
import type { PartitionLog } from './partition-log.ts';

/** What a log should hold: one entry a record, and where its batch starts. */
interface ModelRecord {
  readonly line: string;
  readonly batchStart: number;
  readonly timestamp: number;
}

class Model {
  records: ModelRecord[] = [];
  start = 0;
  /** All before it survives the death of the machine. */
  flushed = 0;
  get end(): number {
    return this.records.length;
  }
}

const config = { segmentBytes: 900, indexIntervalBytes: 150, fileDeleteDelayMs: 1000 };

async function step(log: PartitionLog, model: Model, random: SeededRandom): Promise<void> {
  switch (randomBelow(random, 9)) {
    case 0:
      await log.truncateTo(
        cutTo(model, model.start + randomBelow(random, model.end - model.start + 1)),
      );
      return;
    case 1: {
      const offset = model.start + randomBelow(random, model.end - model.start + 1);
      log.updateHighWatermark(model.end);
      expect(log.deleteRecords(offset)).toBe(offset);
      model.start = offset;
      return;
    }
    case 2:
      await log.flush();
      model.flushed = model.end;
      return;
    case 3:
      await log.tick();
      return;
    case 4:
      await expectTimestampFound(log, model, random);
      return;
    default:
      appendTo(log, model, random);
  }
}

function appendTo(log: PartitionLog, model: Model, random: SeededRandom): void {
  const count = 1 + randomBelow(random, 4);
  const batchStart = model.end;
  const values: string[] = [];
  const timestamps: number[] = [];
  for (let i = 0; i < count; i++) {
    values.push(`${batchStart + i}`.padEnd(randomBelow(random, 120), '.'));
    timestamps.push(10_000 + randomBelow(random, 5000));
  }
  const result = log.appendAsLeader(batchOf({ values, timestamps }), Math.floor(batchStart / 20));
  expect(result).toMatchObject({ kind: 'appended', firstOffset: batchStart });
  for (const [i, value] of values.entries()) {
    const timestamp = timestamps[i] ?? 0;
    model.records.push({ line: `${batchStart + i}:${value}`, batchStart, timestamp });
  }
}

/** A cut within a batch takes the whole batch. */
function cutTo(model: Model, offset: number): number {
  const end = model.records[offset]?.batchStart ?? offset;
  model.records.length = Math.min(model.end, end);
  model.flushed = Math.min(model.flushed, model.end);
  model.start = Math.min(model.start, model.end);
  return offset;
}

async function expectTimestampFound(log: PartitionLog, model: Model, random: SeededRandom) {
  const timestamp = 10_000 + randomBelow(random, 5100);
  const found = await log.offsetForTimestamp(timestamp);
  const expected = model.records.findIndex(
    (record, i) => model.start <= i && timestamp <= record.timestamp,
  );
  expect(found?.offset ?? -1).toBe(expected);
}

async function expectSame(log: PartitionLog, model: Model): Promise<void> {
  expect([log.logStartOffset, log.logEndOffset]).toEqual([model.start, model.end]);
  expect(await contentOf(log)).toEqual(model.records.slice(model.start).map(({ line }) => line));
  for (let offset = model.start; offset < model.end; offset += 7) {
    const read = await log.read(offset, 1, { minOneMessage: true });
    if (read.kind === 'error') throw new TypeError(read.errorCode);
    const [batch] = batchesOf(read.bytes);
    expect(batch?.baseOffset).toBe(model.records[offset]?.batchStart);
  }
  for (const { epoch, startOffset } of log.epochs.entries) {
    if (startOffset === model.end) continue; // known, but no record of it is left
    const first = model.records.findIndex((record, i) => {
      return log.logStartOffset <= i && Math.floor(record.batchStart / 20) === epoch;
    });
    expect(startOffset).toBe(first);
  }
}

test.for(Array.from({ length: 30 }, (_, i) => i + 1))(
  'seed %i: appends, cuts, deletions and restarts of every kind leave what a simple model says',
  async (seed) => {
    const random = new SeededRandom(seed);
    const { open, clock, files, errors, folder } = {
      ...(await logFixture()),
      folder: '/data/test-0',
    };
    const model = new Model();
    let log = await open(config);
    for (let life = 0; life < 5; life++) {
      const steps = 10 + randomBelow(random, 20);
      for (let i = 0; i < steps; i++) {
        await step(log, model, random);
        clock.advance(randomBelow(random, 400));
      }
      await expectSame(log, model);
      const logStartOffset = model.start;
      const recoveryPoint = log.recoveryPoint;
      const ending = randomBelow(random, 3);
      if (ending === 0) {
        await log.close();
        log = await open(config, { isCleanShutdown: true, logStartOffset, recoveryPoint });
      } else if (ending === 1) {
        await log.settle();
        log = await open(config, { logStartOffset, recoveryPoint });
      } else {
        await log.flush();
        await log.settle();
        await files.flushDirectory(folder);
        files.crash();
        log = await open(config, { logStartOffset, recoveryPoint: log.recoveryPoint });
      }
      await expectSame(log, model);
    }
    expect(errors).toEqual([]);
  },
);
