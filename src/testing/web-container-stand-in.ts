import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Container,
  ContainerProcess,
  ContainerSpawnOptions,
  FileTree,
} from '../runtime/web-container/container-api.ts';

/**
 * What a WebContainer offers, with Node and real processes: one host, its spawn and file API, output
 * and errors merged, a kill without signals, a real pseudo-terminal (util-linux `script`).
 */
export async function bootStandIn(): Promise<Container> {
  const workdir = await mkdtemp(join(tmpdir(), 'brokerlab-container-'));
  const children = new Set<ChildProcess>();
  const at = (path: string) => join(workdir, path);
  return {
    workdir,
    fs: {
      readdir: (path, options) => readdir(at(path), options),
      readFile: async (path) => new Uint8Array(await readFile(at(path))),
      writeFile: (path, data) => writeFile(at(path), data),
      mkdir: (path, options) => mkdir(at(path), options),
      rm: (path, options) => rm(at(path), options),
      watch: (path, options, listener) =>
        watch(at(path), options, (event, name) => listener(event as 'change', name ?? '')),
    },
    mount: (tree) => mountTree(tree, workdir),
    async spawn(command, args, options = {}) {
      const child = start(command === 'node' ? process.execPath : command, args, workdir, options);
      children.add(child);
      child.once('exit', () => children.delete(child));
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', () => resolve());
        child.once('error', reject);
      });
      return processOf(child);
    },
    teardown() {
      for (const child of children) killTree(child);
      void rm(workdir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function start(
  command: string,
  args: readonly string[],
  workdir: string,
  options: ContainerSpawnOptions,
): ChildProcess {
  const cwd = options.cwd === undefined ? workdir : join(workdir, options.cwd);
  const env = { PATH: process.env['PATH'] ?? '', ...options.env };
  if (!options.terminal) return spawn(command, args, { cwd, env, detached: true });
  const { cols, rows } = options.terminal;
  const quoted = [command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const line = `stty cols ${cols} rows ${rows}; exec ${quoted}`;
  return spawn('script', ['-qfec', line, '/dev/null'], {
    cwd,
    env: { ...env, SHELL: '/bin/sh' },
    detached: true,
  });
}

function processOf(child: ChildProcess): ContainerProcess {
  const decoder = new TextDecoder();
  return {
    exit: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)));
    }),
    input: new WritableStream<string>({
      write: (text) =>
        new Promise((resolve) => {
          child.stdin?.write(text, () => resolve());
        }),
      close: () => void child.stdin?.end(),
    }),
    output: new ReadableStream<string>({
      start(controller) {
        let open = 2;
        for (const stream of [child.stdout, child.stderr]) {
          stream?.on('data', (chunk: Buffer) =>
            controller.enqueue(decoder.decode(chunk, { stream: true })),
          );
          stream?.on('end', () => {
            open -= 1;
            if (open === 0) controller.close();
          });
        }
        child.stdin?.on('error', () => {});
      },
    }),
    kill: () => killTree(child),
    resize() {},
  };
}

/** The process and all that it has started. */
function killTree(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

async function mountTree(tree: FileTree, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, node] of Object.entries(tree)) {
    const path = join(folder, name);
    if ('directory' in node) await mountTree(node.directory, path);
    else await writeFile(path, node.file.contents);
  }
}
