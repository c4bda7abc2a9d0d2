import { describe, expect, test } from 'vitest';
import { FileError, readFile } from '../base/file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import {
  append,
  batchOf,
  contentOf,
  type LogFixture,
  logFixture,
  logFolder,
} from '../testing/log-fixture.ts';
import type { LogConfig } from './log-config.ts';

const segment0 = `${logFolder}/00000000000000000000.log`;
const index0 = `${logFolder}/00000000000000000000.index`;
const timeIndex0 = `${logFolder}/00000000000000000000.timeindex`;

async function overwrite({ files }: LogFixture, path: string, content: Uint8Array): Promise<void> {
  const file = files.create(path);
  file.write(0, [content]);
  await file.close();
}

async function namesOf({ files }: LogFixture): Promise<readonly string[]> {
  return (await files.list(logFolder)).map(({ name }) => name);
}

/** A closed log of several segments. */
async function filledLog(config: Partial<LogConfig>, count: number): Promise<LogFixture> {
  const fixture = await logFixture();
  const log = await fixture.open(config);
  for (let i = 0; i < count; i++) {
    const producer = { producerId: 5, producerEpoch: 0, baseSequence: i };
    const values = [`${i} `.padEnd(40, 'x')];
    log.appendAsLeader(batchOf({ values, timestamps: [1000 + i], producer }), i < 10 ? 1 : 2);
  }
  await log.close();
  return fixture;
}

describe('after a crash', () => {
  test('at any byte of the last write, what remains is all that was appended before it', async () => {
    const fixture = await logFixture();
    const log = await fixture.open();
    append(log, 'a', 'b');
    append(log, 'c');
    const whole = log.sizeBytes;
    append(log, 'the last one');
    const bytes = await readFile(fixture.files, segment0);
    for (let length = whole; length < bytes.length; length++) {
      await overwrite(fixture, segment0, bytes.subarray(0, length));
      const recovered = await fixture.open();
      expect(await contentOf(recovered)).toEqual(['0:a', '1:b', '2:c']);
      expect(append(recovered, 'next')).toMatchObject({ firstOffset: 3 });
      expect(await contentOf(recovered)).toHaveLength(4);
    }
  });

  test('zeros or rubbish at the end, as some disks leave, are cut off', async () => {
    const fixture = await logFixture();
    const log = await fixture.open();
    append(log, 'a', 'b');
    const bytes = await readFile(fixture.files, segment0);
    const random = new SeededRandom(3);
    for (const tail of [
      new Uint8Array(1),
      new Uint8Array(5000),
      random.bytes(10),
      random.bytes(300),
    ]) {
      await overwrite(fixture, segment0, new Uint8Array([...bytes, ...tail]));
      const recovered = await fixture.open();
      expect(await contentOf(recovered)).toEqual(['0:a', '1:b']);
      expect(recovered.sizeBytes).toBe(bytes.length);
    }
  });

  test('of the machine, the flushed prefix is there', async () => {
    const fixture = await logFixture();
    const log = await fixture.open({ segmentBytes: 500 });
    for (let i = 0; i < 20; i++) append(log, `${i}`.padEnd(50));
    await log.flush();
    await fixture.files.flushDirectory(logFolder);
    for (let i = 20; i < 30; i++) append(log, `${i}`.padEnd(50));
    fixture.files.crash();
    const recovered = await fixture.open({ segmentBytes: 500 });
    expect(recovered.logEndOffset).toBeGreaterThanOrEqual(20);
    expect((await contentOf(recovered)).map((line) => line.trim())).toEqual(
      Array.from({ length: recovered.logEndOffset }, (_, i) => `${i}:${i}`),
    );
  });

  test('a batch whose CRC is wrong ends the log, later segments included', async () => {
    const fixture = await filledLog({ segmentBytes: 600 }, 30);
    const bytes = await readFile(fixture.files, segment0);
    bytes[bytes.length - 3]! ^= 1;
    await overwrite(fixture, segment0, bytes);
    const recovered = await fixture.open();
    const content = await contentOf(recovered);
    expect(content.length).toBeGreaterThan(0);
    expect(content.length).toBeLessThan(6);
    expect((await namesOf(fixture)).filter((name) => name.endsWith('.log'))).toHaveLength(1);
    expect(append(recovered, 'goes on').kind).toBe('appended');
  });

  test('segments before the recovery point are not read again', async () => {
    const fixture = await filledLog({ segmentBytes: 600 }, 30);
    const bytes = await readFile(fixture.files, segment0);
    bytes[bytes.length - 3]! ^= 1;
    await overwrite(fixture, segment0, bytes);
    const recovered = await fixture.open({}, { recoveryPoint: 25 });
    expect(recovered.logEndOffset).toBe(30);
  });

  test('epochs and producers are known again, from the log alone', async () => {
    const fixture = await filledLog({}, 20);
    for (const name of await namesOf(fixture)) {
      if (!name.endsWith('.log')) await fixture.files.remove(`${logFolder}/${name}`);
    }
    const recovered = await fixture.open();
    expect(recovered.epochs.entries).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 2, startOffset: 10 },
    ]);
    expect(recovered.producers.entryOf(5)?.batches.at(-1)?.lastSequence).toBe(19);
  });
});

test('an epoch that began in a segment that is not recovered keeps its start', async () => {
  const fixture = await filledLog({ segmentBytes: 800 }, 12);
  const recovered = await fixture.open({}, { recoveryPoint: 8 });
  expect(recovered.segmentCount).toBe(2);
  expect(recovered.epochs.entries).toEqual([
    { epoch: 1, startOffset: 0 },
    { epoch: 2, startOffset: 10 },
  ]);
});

describe('damaged helpers', () => {
  const config = { segmentBytes: 100_000, indexIntervalBytes: 200 };
  const damages: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ['is missing its end', (bytes) => bytes.subarray(0, bytes.length - 5)],
    ['has entries that go back', (bytes) => new Uint8Array([...bytes, ...bytes])],
    ['is full of zeros', (bytes) => new Uint8Array(bytes.length)],
    ['is full of rubbish', (bytes) => new SeededRandom(1).bytes(bytes.length)],
  ];
  for (const path of [index0, timeIndex0]) {
    test.for(damages)(`a ${path.split('.').at(-1)} that %s is made anew`, async ([, damage]) => {
      const fixture = await filledLog(config, 50);
      const good = await readFile(fixture.files, path);
      await overwrite(fixture, path, damage(good));
      const log = await fixture.open(config, { isCleanShutdown: true });
      expect(await contentOf(log)).toHaveLength(50);
      expect((await log.offsetForTimestamp(1030))?.offset).toBe(30);
      await log.close();
      expect(await readFile(fixture.files, path)).toEqual(good);
    });
  }

  test('an index that leads to the wrong places is made anew, and nothing is lost', async () => {
    const fixture = await filledLog(config, 50);
    const bytes = await readFile(fixture.files, index0);
    const view = new DataView(bytes.buffer);
    view.setInt32(bytes.length - 4, view.getInt32(bytes.length - 4) - 7);
    await overwrite(fixture, index0, bytes);
    const log = await fixture.open(config, { isCleanShutdown: true });
    expect(await contentOf(log)).toHaveLength(50);
  });

  test('a damaged producer snapshot gives way to an older one or to the log', async () => {
    const fixture = await filledLog({ segmentBytes: 600 }, 30);
    for (const name of await namesOf(fixture)) {
      if (!name.endsWith('.snapshot')) continue;
      const content = await readFile(fixture.files, `${logFolder}/${name}`);
      content[content.length - 1]! ^= 1;
      await overwrite(fixture, `${logFolder}/${name}`, content);
    }
    const log = await fixture.open({}, { isCleanShutdown: true });
    expect(log.producers.entryOf(5)?.batches.at(-1)?.lastSequence).toBe(29);
  });

  test('snapshots of earlier ends go at the next start, those of segments stay', async () => {
    const fixture = await filledLog({ segmentBytes: 600 }, 30);
    for (let i = 0; i < 3; i++) {
      const log = await fixture.open({}, { isCleanShutdown: true });
      append(log, 'one more');
      await log.close();
    }
    const snapshots = (await namesOf(fixture)).filter((name) => name.endsWith('.snapshot'));
    const segments = (await namesOf(fixture)).filter((name) => name.endsWith('.log'));
    // One a segment but the first, one of the last end, and the one that the last start read.
    expect(snapshots).toHaveLength(segments.length + 1);
  });

  test('a damaged epoch checkpoint is made anew when the log is recovered', async () => {
    const fixture = await filledLog({}, 20);
    await overwrite(fixture, `${logFolder}/leader-epoch-checkpoint`, Uint8Array.of(1, 2, 3));
    const log = await fixture.open();
    expect(log.endOffsetFor(1)).toEqual({ epoch: 1, endOffset: 10 });
  });

  test('what a crash left half-done is cleaned up', async () => {
    const fixture = await filledLog({}, 5);
    const leftovers = [
      '00000000000000000003.log.deleted',
      'leader-epoch-checkpoint.tmp',
      '00000000000000000099.index',
    ];
    for (const name of leftovers)
      await overwrite(fixture, `${logFolder}/${name}`, Uint8Array.of(1));
    const log = await fixture.open({}, { isCleanShutdown: true });
    expect(log.logEndOffset).toBe(5);
    const names = await namesOf(fixture);
    for (const name of leftovers) expect(names).not.toContain(name);
  });
});

test.for([1, 2, 3, 4, 5, 6, 7, 8])(
  'seed %i: whatever bytes are on disk, opening answers a log that works and holds a prefix',
  async (seed) => {
    const random = new SeededRandom(seed);
    const config = { segmentBytes: 700, indexIntervalBytes: 100 };
    const fixture = await filledLog(config, 30);
    const before = await contentOf(await fixture.open(config, { isCleanShutdown: true }));
    for (let round = 0; round < 6; round++) {
      const names = await namesOf(fixture);
      const name = names[random.uint32() % names.length] ?? '';
      const content = (await readFile(fixture.files, `${logFolder}/${name}`)).slice();
      for (let flips = 0; flips < 4 && 0 < content.length; flips++) {
        content[random.uint32() % content.length] = random.uint32();
      }
      const length =
        random.uint32() % 3 === 0 ? random.uint32() % (content.length + 1) : content.length;
      await overwrite(fixture, `${logFolder}/${name}`, content.subarray(0, length));
      const log = await fixture.open(config);
      const content2 = await contentOf(log);
      const first = log.logStartOffset;
      expect(content2).toEqual(before.slice(first, first + content2.length));
      expect(append(log, 'works').kind).toBe('appended');
      await log.truncateTo(log.logEndOffset - 1);
      await log.close();
    }
    expect(fixture.errors.filter((error) => !(error instanceof FileError))).toEqual([]);
  },
);
