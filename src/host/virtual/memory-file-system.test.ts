import { expect, test } from 'vitest';
import { readFile } from '../../base/file-system.ts';
import { describeFileSystem } from '../../testing/conformance/file-system.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import { VirtualClock } from './virtual-clock.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array) => new TextDecoder().decode(value);

describeFileSystem('MemoryFileSystem', async () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  await files.makeDirectory('/data');
  return { files, root: '/data' };
});

test('a full disk throws ENOSPC and changes nothing', async () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock(), capacityBytes: 4096 });
  const file = files.create('/a');
  file.write(0, [new Uint8Array(4000)]);
  expect(() => file.write(4000, [new Uint8Array(200)])).toThrow(
    expect.objectContaining({ code: 'ENOSPC', path: '/a' }),
  );
  expect(file.sizeBytes).toBe(4000);
  await file.close();
  await files.remove('/a');
  expect(files.usedBytes).toBe(0);
});

test('memory of a removed file is held until its last handle closes', async () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  const file = files.create('/a');
  file.write(0, [new Uint8Array(600_000)]);
  await files.remove('/a');
  expect(files.usedBytes).toBeGreaterThanOrEqual(600_000);
  await file.close();
  await file.close();
  expect(files.usedBytes).toBe(0);
});

test('a small file takes little memory, a long one little more than its size', () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  files.create('/small').write(0, [bytes('x')]);
  expect(files.usedBytes).toBe(1024);
  const file = files.create('/long');
  for (let i = 0; i < 100; i++) file.write(i * 10_000, [new Uint8Array(10_000)]);
  expect(files.usedBytes).toBeLessThanOrEqual(1024 + 4 * 262_144);
  file.truncate(0);
  expect(files.usedBytes).toBe(1024);
});

test('a crash keeps what was flushed, contents and names, and nothing else', async () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock(), canCrash: true });
  await files.makeDirectory('/d');
  await files.flushDirectory('/');
  const kept = files.create('/d/kept');
  kept.write(0, [bytes('flushed')]);
  await kept.flush();
  await files.flushDirectory('/d');
  kept.write(7, [bytes(' lost')]);
  const unnamed = files.create('/d/unnamed');
  await unnamed.flush();
  await files.rename('/d/kept', '/d/renamed');
  files.crash();
  expect(await files.list('/d')).toEqual([{ name: 'kept', kind: 'file' }]);
  expect(text(await readFile(files, '/d/kept'))).toBe('flushed');
  expect(() => kept.write(7, [bytes('x')])).toThrow(expect.objectContaining({ code: 'EIO' }));
});

test('modes can be set', async () => {
  const files = new MemoryFileSystem({ clock: new VirtualClock() });
  await files.create('/run.sh').close();
  files.setMode('/run.sh', 0o755);
  expect((await files.stat('/run.sh'))?.mode).toBe(0o755);
});
