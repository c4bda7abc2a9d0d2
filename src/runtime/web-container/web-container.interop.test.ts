import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootStandIn } from '../../testing/web-container-stand-in.ts';
import {
  type FileContent,
  type Sandbox,
  SandboxFileError,
  SandboxUnavailableError,
  SandboxUnsupportedError,
} from '../provider.ts';
import { WebContainerProvider } from './web-container-boot.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const kafkaHome = '/opt/kafka_2.13-3.8.0';
const noObstacle = () => undefined;

async function systemFiles(): Promise<Record<string, FileContent>> {
  const files: Record<string, FileContent> = {};
  for (const name of readdirSync(`${root}sandboxes/kafka/bin`)) {
    const content = readFileSync(`${root}sandboxes/kafka/bin/${name}`, 'utf8');
    files[`${kafkaHome}/bin/${name}`] = { content };
  }
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/bin/lab-guest.ts'],
    outdir: '/libs',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    loader: { '.wasm': 'binary' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  });
  for (const { path, contents } of outputFiles) files[kafkaHome + path] = { content: contents };
  return files;
}

describe('a WebContainer that cannot be had', () => {
  const never = () => new Promise<never>(() => {});
  const boot = (options: Partial<ConstructorParameters<typeof WebContainerProvider>[0]>) =>
    new WebContainerProvider({
      bootContainer: never,
      probe: () => Promise.resolve(),
      obstacle: noObstacle,
      systemFiles: () => Promise.resolve({}),
      probeTimeoutMs: 30,
      bootTimeoutMs: 30,
      ...options,
    }).boot({ machines: ['worker1'], files: {} });

  test('says that the page is not isolated', async () => {
    const booting = boot({ obstacle: () => 'not isolated' });
    await expect(booting).rejects.toThrow(new SandboxUnavailableError('not isolated'));
  });

  test('says that the host does not answer, soon', async () => {
    await expect(boot({ probe: never })).rejects.toThrow('cannot be reached');
    await expect(boot({ probe: () => Promise.reject(new Error('offline')) })).rejects.toThrow(
      SandboxUnavailableError,
    );
  });

  test('says that its boot takes too long', async () => {
    await expect(boot({})).rejects.toThrow('did not start within 0.03 s');
  });
});

describe('a lab in a container of one Node host', () => {
  let lab: Sandbox;

  beforeAll(async () => {
    lab = await new WebContainerProvider({
      bootContainer: bootStandIn,
      probe: () => Promise.resolve(),
      obstacle: noObstacle,
      systemFiles,
    }).boot({
      machines: ['worker1', 'worker2'],
      files: { worker1: { '/home/learner/hello.mjs': { content: 'console.log(6 * 7)\n' } } },
    });
  });
  afterAll(() => lab?.dispose());

  async function sh(text: string): Promise<{ output: string; exitCode: number }> {
    const process = await lab.spawn('worker1', ['bash', '-c', text]);
    const output = await new Response(process.output).text();
    return { output, exitCode: await process.exit };
  }

  test('says what it has not', () => {
    expect(lab.machines).toEqual(['worker1']);
    expect(lab.notices.map(({ id }) => id)).toEqual(['merged-output', 'one-machine']);
  });

  test('runs the shell, its commands and learners’ programs', async () => {
    expect(await sh('pwd; hostname; echo a | tr a b; exit 3')).toEqual({
      output: '/home/learner\nworker1\nb\n',
      exitCode: 3,
    });
    expect(await sh('node hello.mjs; node /home/learner/hello.mjs')).toEqual({
      output: '42\n42\n',
      exitCode: 0,
    });
  });

  test('runs Kafka’s tools by their files, with its own paths', async () => {
    const { output } = await sh(`cd ${kafkaHome} && bin/kafka-topics.sh --version; pwd`);
    expect(output).toMatch(/^3\.8\.0.*\n\/opt\/kafka_2\.13-3\.8\.0\n$/);
    expect((await sh('jps')).output).toMatch(/^\d+ Jps\n$/);
  });

  test('reads, writes, lists, watches and removes files', async () => {
    const { files } = lab;
    const seen: string[] = [];
    const stop = files.watch('worker1', '/home/learner', (path) => seen.push(path));
    await files.write('worker1', '/home/learner/deep/note.txt', 'text');
    expect((await sh('cat deep/note.txt')).output).toBe('text');
    expect((await files.list('worker1', '/home/learner/deep')).map(({ name }) => name)).toEqual([
      'note.txt',
    ]);
    expect(await lab.snapshotChanges()).toMatchObject({
      worker1: { '/home/learner/deep/note.txt': { content: new TextEncoder().encode('text') } },
    });
    await files.remove('worker1', '/home/learner/deep');
    await expect(files.read('worker1', '/home/learner/deep/note.txt')).rejects.toThrow(
      SandboxFileError,
    );
    stop();
    expect(seen.some((path) => path.startsWith('/home/learner/deep'))).toBe(true);
  });

  test('kills by signal and lists processes', async () => {
    const text = 'trap "echo got it; exit 9" TERM; echo ready; sleep 30; echo late';
    const process = await lab.spawn('worker1', ['bash', '-c', text]);
    const processes = await lab.processes('worker1');
    expect(processes.some(({ pid }) => pid === process.pid)).toBe(true);
    const reader = process.output.getReader();
    await reader.read();
    process.kill('SIGTERM');
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('got it\n');
    expect(await process.exit).toBe(9);
  });

  test('fetches from a server inside', async () => {
    const script = `require('http').createServer((q, r) => r.end('asked ' + q.url)).listen(18080, () => console.log('up'))`;
    const server = await lab.spawn('worker1', ['node', '-e', script]);
    const reader = server.output.getReader();
    await reader.read();
    const response = await lab.fetch('worker1', 18080, '/x?y=1');
    expect([response.status, await response.text()]).toEqual([200, 'asked /x?y=1']);
    server.kill('SIGKILL');
    await server.exit;
  });

  test('has a terminal with a prompt, line editing and Ctrl-C', async () => {
    const terminal = { columns: 80, rows: 24 };
    const bash = await lab.spawn('worker1', ['bash', '-l'], { terminal });
    const reader = bash.output.getReader();
    const decoder = new TextDecoder();
    let seen = '';
    const until = async (text: string) => {
      while (!seen.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`ended after ${seen}`);
        seen += decoder.decode(value, { stream: true });
        seen = stripVTControlCharacters(seen);
      }
      seen = seen.slice(seen.indexOf(text) + text.length);
    };
    await until('[learner@worker1 ~]$');
    bash.write('echo $((40 + 2))x\r');
    await until('\n42x');
    await until('$ ');
    bash.write(
      'node -e "console.log(6 * 7 + String.fromCharCode(33)); setInterval(() => {}, 1000)"\r',
    );
    await until('\n42!');
    bash.write('\x03');
    await until('$ ');
    bash.write('echo status $?\r');
    await until('\nstatus 130');
    bash.write('exit 5\r');
    expect(await bash.exit).toBe(5);
  });

  test('has one machine only, and says so', async () => {
    await expect(lab.network.cut('worker1', 'worker2')).rejects.toThrow(SandboxUnsupportedError);
    await expect(lab.spawn('worker2', ['bash'])).rejects.toThrow(SandboxUnsupportedError);
  });
});
