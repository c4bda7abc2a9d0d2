import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFileSystem } from '../../testing/conformance/file-system.ts';
import { describeNetwork } from '../../testing/conformance/network.ts';
import { NodeFileSystem } from './node-file-system.ts';
import { NodeNetwork } from './node-network.ts';
import { NodeProcesses } from './node-processes.ts';

describeFileSystem('Node', () => {
  const root = mkdtempSync(join(tmpdir(), 'brokerlab-files-'));
  return {
    files: new NodeFileSystem(),
    root,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
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
