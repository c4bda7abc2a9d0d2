import { describe, expect, test } from 'vitest';
import { readFile } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { noCodecs } from '../protocol/records/compression.ts';
import { append, batchOf, contentOf } from '../testing/log-fixture.ts';
import { logConfigDefaults } from './log-config.ts';
import { LogManager } from './log-manager.ts';
import { readMetaProperties, writeMetaProperties } from './meta-properties.ts';

const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ';

function machine(config = logConfigDefaults) {
  const clock = new VirtualClock();
  const files = new MemoryFileSystem({ clock, canCrash: true });
  const lines: string[] = [];
  const failedDirs: string[] = [];
  const logger: Logger = { log: (level, _source, message) => lines.push(`${level} ${message}`) };
  const start = (...logDirs: readonly string[]) =>
    LogManager.open({
      files,
      clock,
      logger,
      random: new SeededRandom(1),
      codecs: noCodecs,
      logDirs: logDirs.length === 0 ? ['/data'] : logDirs,
      configFor: () => config,
      onLogDirFailure: (logDir) => failedDirs.push(logDir),
    });
  const text = async (path: string) => new TextDecoder().decode(await readFile(files, path));
  const names = async (path: string) => (await files.list(path)).map(({ name }) => name);
  return { clock, files, lines, failedDirs, start, text, names };
}

test('logs are made in the directory with the fewest, and found again after a clean end', async () => {
  const { start, names, text, lines } = machine();
  const manager = await start('/a', '/b');
  for (const partition of [0, 1, 2]) {
    const log = await manager.getOrCreate({ topic: 'my-topic', partition, topicId });
    append(log, `of ${partition}`);
  }
  expect([await names('/a'), await names('/b')]).toEqual([
    ['my-topic-0', 'my-topic-2'],
    ['my-topic-1'],
  ]);
  expect(await text('/a/my-topic-0/partition.metadata')).toBe(`version: 0\ntopic_id: ${topicId}`);
  await manager.shutdown(42);
  expect(await text('/a/.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":42}');

  const again = await start('/a', '/b');
  expect(again.previousBrokerEpoch).toBe(42);
  expect(await names('/a')).not.toContain('.kafka_cleanshutdown');
  const log = again.logOf('my-topic', 1);
  expect([log?.topicId, log && (await contentOf(log))]).toEqual([topicId, ['0:of 1']]);
  expect(again.logs).toHaveLength(3);
  expect(lines.filter((line) => line.startsWith('WARN'))).toEqual([]);
});

test('the same log asked for twice at once is one', async () => {
  const manager = await machine().start();
  const creation = { topic: 't', partition: 0, topicId };
  const [one, two] = await Promise.all([
    manager.getOrCreate(creation),
    manager.getOrCreate(creation),
  ]);
  expect(one).toBe(two);
  expect(await manager.getOrCreate(creation)).toBe(one);
});

test('checkpoints are files as Kafka writes them', async () => {
  const { start, text } = machine();
  const manager = await start();
  const log = await manager.getOrCreate({ topic: 'a-b', partition: 3, topicId });
  append(log, 'a', 'b');
  append(log, 'c');
  log.updateHighWatermark(3);
  log.deleteRecords(1);
  await log.flush();
  await manager.checkpointRecoveryPoints();
  await manager.checkpointHighWatermarks();
  expect(await text('/data/recovery-point-offset-checkpoint')).toBe('0\n1\na-b 3 3\n');
  expect(await text('/data/log-start-offset-checkpoint')).toBe('0\n1\na-b 3 1\n');
  expect(await text('/data/replication-offset-checkpoint')).toBe('0\n1\na-b 3 3\n');
});

test('after a crash of the machine all that was flushed is there, offsets checkpointed included', async () => {
  const { start, files } = machine();
  const manager = await start();
  const log = await manager.getOrCreate({ topic: 't', partition: 0, topicId });
  append(log, 'a');
  append(log, 'b');
  log.updateHighWatermark(2);
  log.deleteRecords(1);
  await log.flush();
  await manager.checkpointRecoveryPoints();
  await manager.checkpointHighWatermarks();
  for (const path of ['/', '/data', '/data/t-0']) await files.flushDirectory(path);
  append(log, 'never flushed');
  files.crash();
  const again = await start();
  const recovered = again.logOf('t', 0);
  expect(recovered && (await contentOf(recovered))).toEqual(['1:b']);
  expect(recovered?.highWatermark).toBe(2);
});

test('after kill -9 everything written is there', async () => {
  const { start } = machine();
  const manager = await start();
  const log = await manager.getOrCreate({ topic: 't', partition: 0, topicId });
  for (let i = 0; i < 10; i++) append(log, `${i}`);
  const again = await start();
  expect(again.logOf('t', 0)?.logEndOffset).toBe(10);
});

describe('deleting', () => {
  test('renames the folder at once and removes it after the delay', async () => {
    const { start, names, clock } = machine();
    const manager = await start();
    const log = await manager.getOrCreate({ topic: 't', partition: 0, topicId });
    append(log, 'a');
    await manager.delete(log);
    expect(manager.logOf('t', 0)).toBeUndefined();
    expect((await names('/data'))[0]).toMatch(/^t-0\.[0-9a-f]{32}-delete$/);
    const anew = await manager.getOrCreate({ topic: 't', partition: 0, topicId });
    expect(anew.logEndOffset).toBe(0);
    clock.advance(60_000);
    await manager.tick();
    expect(await names('/data')).toEqual(['t-0']);
  });

  test('goes on after a restart', async () => {
    const { start, names } = machine();
    const manager = await start();
    await manager.delete(await manager.getOrCreate({ topic: 't', partition: 0, topicId }));
    const again = await start();
    expect(await names('/data')).toEqual([]);
    expect(again.logs).toEqual([]);
  });

  test('a name that is too long with its suffix is cut', async () => {
    const { start, names } = machine();
    const manager = await start();
    const topic = 'x'.repeat(249);
    await manager.delete(await manager.getOrCreate({ topic, partition: 0, topicId }));
    expect((await names('/data'))[0]).toHaveLength(255);
  });
});

test('retention works in the tick, over all logs', async () => {
  const { start } = machine({ ...logConfigDefaults, segmentBytes: 100, retentionBytes: 200 });
  const manager = await start();
  const log = await manager.getOrCreate({ topic: 't', partition: 0, topicId });
  for (let i = 0; i < 10; i++) append(log, 'x'.repeat(20));
  log.updateHighWatermark(10);
  await manager.tick();
  expect(log.logStartOffset).toBeGreaterThan(5);
  expect(manager.sizeBytesOf('/data')).toBe(log.sizeBytes);
});

test('a damaged checkpoint is told and counts as empty', async () => {
  const { start, files, lines } = machine();
  await files.makeDirectory('/data');
  const file = files.create('/data/recovery-point-offset-checkpoint');
  file.write(0, [new TextEncoder().encode('0\n2\na 0 5\n')]);
  await start();
  expect(lines.join('\n')).toContain('expected 2 entries, found 1');
});

test('a full disk refuses the append and takes nothing offline', async () => {
  const { start, files, failedDirs } = machine();
  const manager = await start();
  const log = await manager.getOrCreate({ topic: 't', partition: 0, topicId });
  Object.defineProperty(files, 'capacityBytes', { value: files.usedBytes + 2000 });
  const large = log.appendAsLeader(batchOf({ values: ['x'.repeat(5000)] }), 0);
  expect(large).toMatchObject({ errorCode: 'KAFKA_STORAGE_ERROR' });
  expect(append(log, 'small').kind).toBe('appended');
  expect([failedDirs, manager.liveLogDirs]).toEqual([[], ['/data']]);
});

test('meta.properties are read as they are written, and as Java writes them', async () => {
  const { files, clock, text } = machine();
  await files.makeDirectory('/data');
  expect(await readMetaProperties(files, '/data')).toBeUndefined();
  const meta = { version: 1, nodeId: 1, clusterId: 'MkU3OEVBNTcwNTJENDM2Qk', directoryId: topicId };
  await writeMetaProperties(files, '/data', meta, clock.nowMs());
  expect(await readMetaProperties(files, '/data')).toEqual(meta);
  expect(await text('/data/meta.properties')).toBe(
    '#\n#Tue Nov 14 22:13:20 UTC 2023\nnode.id=1\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\n' +
      'version=1\ncluster.id=MkU3OEVBNTcwNTJENDM2Qk\n',
  );
});

test('a directory in which a log cannot be made is not used any more; one that is only full is', async () => {
  const { start, files, failedDirs } = machine();
  const manager = await start('/a', '/b');
  files.create('/a/orders-0').write(0, [new Uint8Array(1)]);
  const creation = { topic: 'orders', topicId, partition: 0 };
  await expect(manager.getOrCreate({ ...creation, logDir: '/a' })).rejects.toThrow('is a file');
  expect(failedDirs).toEqual(['/a']);
  expect(manager.liveLogDirs).toEqual(['/b']);
  files.capacityBytes = 0;
  await expect(manager.getOrCreate({ ...creation, logDir: '/b' })).rejects.toThrow('full');
  expect(manager.liveLogDirs).toEqual(['/b']);
});
