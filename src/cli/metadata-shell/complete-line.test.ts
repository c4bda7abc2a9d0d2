import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MemoryFileSystem } from '../../host/virtual/memory-file-system.ts';
import { VirtualClock } from '../../host/virtual/virtual-clock.ts';
import { portableCodecs } from '../../protocol/records/portable-codecs.ts';
import { columnLines } from './column-lines.ts';
import { completeLine } from './complete-line.ts';
import { metadataTree } from './metadata-tree.ts';
import { readMetadataImage } from './read-metadata-image.ts';
import { ShellSession } from './shell-session.ts';

const log = new URL('../testdata/metadata-shell/metadata.log.bin', import.meta.url);

async function openSession(): Promise<ShellSession> {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  files.create('/log').write(0, [readFileSync(log)]);
  const codecs = portableCodecs();
  const image = await readMetadataImage({ files, codecs, path: '/log', onError() {} });
  return new ShellSession({
    root: metadataTree(image),
    isInteractive: true,
    columns: 80,
    print() {},
  });
}

test.each([
  ['', { replacement: '', length: 0, candidates: 10 }],
  ['h', { replacement: '', length: 1, candidates: 2 }],
  ['tr', { replacement: 'tree ', length: 2, candidates: 1 }],
  ['man pw', { replacement: 'pwd ', length: 2, candidates: 1 }],
  ['ls im', { replacement: 'image/', length: 2, candidates: 1 }],
  [
    'cat /image/topics/byName/o',
    { replacement: '/image/topics/byName/orders/', length: 22, candidates: 1 },
  ],
  [
    'cat /image/topics/byName/m',
    { replacement: '/image/topics/byName/more', length: 22, candidates: 3 },
  ],
  ['cat ../local/v', { replacement: '../local/version ', length: 10, candidates: 1 }],
  ['pwd im', { replacement: '', length: 2, candidates: 0 }],
  ['ls nowhere/x', { replacement: '', length: 9, candidates: 0 }],
])('Tab after %j completes', async (before, expected) => {
  const { replacement, length, candidates } = completeLine(await openSession(), before);
  expect({ replacement, length, candidates: candidates.length }).toEqual(expected);
});

test('names stand in as many columns as the terminal has room for, read downwards', () => {
  const names = ['a', 'bb', 'ccc', 'dddd', 'eeeee'];
  expect(columnLines(names, 80)).toEqual(['a  bb  ccc  dddd  eeeee']);
  expect(columnLines(names, 20)).toEqual(['a   ccc   eeeee', 'bb  dddd  ']);
  expect(columnLines(names, 0)).toEqual(names);
});
