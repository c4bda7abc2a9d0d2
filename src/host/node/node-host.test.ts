import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeFileSystem } from '../../testing/conformance/file-system.ts';
import { describeNetwork } from '../../testing/conformance/network.ts';
import { NodeFileSystem } from './node-file-system.ts';
import { NodeNetwork } from './node-network.ts';
import { NodeProcesses } from './node-processes.ts';
import { nodeScheduler } from './node-scheduler.ts';

describeFileSystem('Node', () => {
  const root = mkdtempSync(join(tmpdir(), 'brokerlab-files-'));
  return {
    files: new NodeFileSystem(),
    root,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
});

describeFileSystem('Node, with two descriptors for all files', () => {
  const root = mkdtempSync(join(tmpdir(), 'brokerlab-files-'));
  return {
    files: new NodeFileSystem(2),
    root,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
});

test('a timer for longer than Node can wait does not fire at once', async () => {
  let hasFired = false;
  const fire = () => {
    hasFired = true;
  };
  const timers = [
    nodeScheduler.after(2 ** 31, fire),
    nodeScheduler.after(Number.POSITIVE_INFINITY, fire),
  ];
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const timer of timers) timer.dispose();
  expect(hasFired).toBe(false);
});

test('more files are open than there are descriptors, also in a folder that was renamed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'brokerlab-files-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const files = new NodeFileSystem(3);
  await files.makeDirectory(`${root}/a`);
  const opened = Array.from({ length: 20 }, (_, i) => files.create(`${root}/a/${i}`));
  for (const [i, file] of opened.entries()) file.write(0, [new Uint8Array([i])]);
  await files.rename(`${root}/a`, `${root}/b`);
  for (const [i, file] of opened.entries()) file.write(1, [new Uint8Array([i, i])]);
  await Promise.all(opened.map((file) => file.flush()));
  for (const [i, file] of opened.entries()) {
    expect(await file.read(0, 10)).toEqual(new Uint8Array([i, i, i]));
    await file.close();
  }
});

describeNetwork('Node', () => {
  const hosts = { worker1: '127.0.0.1' };
  return { server: new NodeNetwork(), client: new NodeNetwork({ hosts }), serverHost: 'worker1' };
});

describe('NodeProcesses', () => {
  test('lists this process with its parent and command', async () => {
    const own = (await new NodeProcesses().list()).find((info) => info.pid === process.pid);
    expect(own?.parentPid).toBe(process.ppid);
    expect(own?.command.join(' ')).toContain('node');
  });

  test('says that there is no such process', async () => {
    await expect(new NodeProcesses().kill(4_194_304, 'SIGTERM')).rejects.toThrow('No such process');
  });

  test('a detached process writes to its file and outlives the call', async () => {
    const root = mkdtempSync(join(tmpdir(), 'brokerlab-detached-'));
    const processes = new NodeProcesses();
    const { pid } = await processes.spawnDetached({
      command: [process.execPath, '-e', 'console.log("out"); setInterval(() => {}, 1000)'],
      env: process.env,
      cwd: root,
      outputPath: join(root, 'out.log'),
    });
    const info = (await processes.list()).find((candidate) => candidate.pid === pid);
    expect(info?.parentPid).toBe(process.pid);
    await processes.kill(pid, 'SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });
});
