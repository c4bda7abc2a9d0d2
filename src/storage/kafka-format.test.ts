import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFile } from '../base/file-system.ts';
import { MemoryFileSystem } from '../host/virtual/memory-file-system.ts';
import { VirtualClock } from '../host/virtual/virtual-clock.ts';
import { crc32c } from '../protocol/crc32c.ts';
import { portableCodecs } from '../protocol/records/portable-codecs.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { writeSampleLog } from '../testing/sample-log.ts';

const recorded = (name: string) =>
  readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8');

async function sample() {
  const clock = new VirtualClock();
  const files = new MemoryFileSystem({ clock });
  await writeSampleLog(files, clock, '/data/sample-0');
  return files;
}

test('the sample log has the very bytes that DumpLogSegments of Kafka 3.8.0 was shown', async () => {
  const files = await sample();
  const lines: string[] = [];
  for (const { name } of await files.list('/data/sample-0')) {
    const content = await readFile(files, `/data/sample-0/${name}`);
    lines.push(`${createHash('sha256').update(content).digest('hex')}  ${name}`);
  }
  expect(lines).toEqual(recorded('dump-log-segments.sha256').trim().split('\n'));
});

test('Kafka read every batch of it as valid, with the fields that we read', async () => {
  const files = await sample();
  const printed = recorded('dump-log-segments.txt').split('\n');
  const batchLines = printed.filter((line) => line.startsWith('baseOffset: '));
  const ours: string[] = [];
  for (const { name } of await files.list('/data/sample-0')) {
    if (!name.endsWith('.log')) continue;
    for (const batch of batchesOf(await readFile(files, `/data/sample-0/${name}`))) {
      ours.push(
        `baseOffset: ${batch.baseOffset} lastOffset: ${batch.lastOffset} count: ${batch.recordCount} ` +
          `baseSequence: ${batch.baseSequence} lastSequence: ${batch.lastSequence} ` +
          `producerId: ${batch.producerId} producerEpoch: ${batch.producerEpoch} ` +
          `partitionLeaderEpoch: ${batch.partitionLeaderEpoch} ` +
          `isTransactional: ${batch.isTransactional} isControl: ${batch.isControl}`,
      );
      expect([...batch.records(portableCodecs())]).toHaveLength(batch.recordCount);
      expect(batch.crc).toBe(crc32c(batch.bytes, 21));
    }
  }
  expect(batchLines.map((line) => line.split(' deleteHorizonMs')[0])).toEqual(ours);
  expect(batchLines.every((line) => line.endsWith('isvalid: true'))).toBe(true);
});

test('Kafka found our indexes and snapshots to be what they say', () => {
  const printed = recorded('dump-log-segments.txt');
  expect(printed).toContain('offset: 26 position: 536');
  expect(printed).toContain('timestamp: 1700000100000 offset: 49');
  expect(printed).toContain(
    'producerId: 2000 producerEpoch: 3 coordinatorEpoch: 7 currentTxnFirstOffset: OptionalLong.empty',
  );
  expect(printed).not.toMatch(/mismatch|invalid bytes|isvalid: false/i);
});
