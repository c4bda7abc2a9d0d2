import { spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from '../../base/file-system.ts';
import {
  type DetachedCommand,
  ProcessError,
  type Processes,
  type ProcessInfo,
  type Signal,
} from '../../base/program.ts';
import { NodeFileSystem } from '../../host/node/node-file-system.ts';
import { RootedFileSystem } from './rooted-file-system.ts';

/** How a program is started with the host's Node. */
export interface GuestCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the programs that come with the lab; a learner's own script has none. */
  readonly program: string | undefined;
}

/**
 * The lab's machine inside a container that is one Node host: its files lie under a folder, its
 * programs are this bundle or scripts, its processes keep a list of themselves there.
 */
export class GuestMachine {
  readonly root: string;
  readonly name: string;
  readonly files: RootedFileSystem;
  readonly processes: Processes;
  readonly #bundle: string;

  constructor(root: string, name: string, bundle: string) {
    this.root = root;
    this.name = name;
    this.#bundle = bundle;
    this.files = new RootedFileSystem(new NodeFileSystem(), root);
    this.processes = {
      list: () => Promise.resolve(this.#list()),
      kill: (pid, signal) => this.#kill(pid, signal),
      spawnDetached: (command) => this.#spawnDetached(command),
    };
  }

  /** Rejects with FileError (ENOENT, EISDIR). */
  async commandFor(request: {
    readonly path: string;
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  }): Promise<GuestCommand> {
    const { path, argv, cwd, env } = request;
    const given = argv.slice(1);
    const common = {
      file: process.execPath,
      cwd: this.files.hostPath(cwd),
      env: { ...env, LAB_ROOT: this.root, LAB_HOST: this.name, LAB_CWD: cwd },
    };
    const program = programs.get(path) ?? (await this.#programIn(path));
    if (program === 'node')
      return { ...common, program: undefined, args: this.#scriptArguments(given) };
    if (program !== undefined)
      return { ...common, program, args: [this.#bundle, program, ...given] };
    return { ...common, program: undefined, args: [this.files.hostPath(path), ...given] };
  }

  /** Puts this process on the machine's list until it ends. */
  register(command: readonly string[]): void {
    const folder = this.#listFolder();
    mkdirSync(folder, { recursive: true });
    const { pid, ppid: parentPid } = process;
    const path = `${folder}/${pid}.json`;
    const info: ProcessInfo = { pid, parentPid, command, startedAtMs: Date.now() };
    writeFileSync(path, JSON.stringify(info));
    process.on('exit', () => rmSync(path, { force: true }));
    const token = process.env['LAB_TOKEN'];
    if (token !== undefined) writeFileSync(`${folder}/${token}.pid`, String(pid));
  }

  /** The name in a script whose last line is `require('./run.cjs')('NAME')`. */
  async #programIn(path: string): Promise<string | undefined> {
    const text = new TextDecoder().decode(await readFile(this.files, path));
    return /\brequire\((['"])[^'"]*\brun\.cjs\1\)\((['"])([^'"]+)\2\);?\s*$/.exec(text)?.[3];
  }

  /** A script's absolute path is one of the machine's. */
  #scriptArguments(given: readonly string[]): readonly string[] {
    const at = given.findIndex((argument) => !argument.startsWith('-'));
    const script = given[at];
    if (at < 0 || script === undefined || !script.startsWith('/')) return given;
    return given.with(at, this.files.hostPath(script));
  }

  #listFolder(): string {
    return `${this.root}/.lab/processes`;
  }

  #list(): readonly ProcessInfo[] {
    const infos: ProcessInfo[] = [];
    for (const name of readdirSync(this.#listFolder())) {
      const info = name.endsWith('.json') ? this.#read(name) : undefined;
      if (info !== undefined && isAlive(info.pid)) infos.push(info);
    }
    return infos.sort((a, b) => a.pid - b.pid);
  }

  #read(name: string): ProcessInfo | undefined {
    try {
      return JSON.parse(readFileSync(`${this.#listFolder()}/${name}`, 'utf8')) as ProcessInfo;
    } catch {
      return undefined;
    }
  }

  async #kill(pid: number, signal: Signal): Promise<void> {
    try {
      process.kill(pid, signal);
      await Promise.resolve();
    } catch (cause) {
      throw noProcess(pid, cause);
    }
  }

  async #spawnDetached(request: DetachedCommand): Promise<ProcessInfo> {
    const [path = ''] = request.command;
    const argv = request.command;
    const { file, args, cwd, env } = await this.commandFor({ ...request, path, argv });
    const output = openSync(this.files.hostPath(request.outputPath), 'a');
    const options = {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', output, output] as ['ignore', number, number],
    };
    const child = spawn(file, args, options);
    closeSync(output);
    child.unref();
    if (child.pid === undefined) throw new ProcessError(`${path}: cannot be started`);
    return { pid: child.pid, parentPid: process.pid, command: argv, startedAtMs: Date.now() };
  }
}

/** Programs that have no file. */
export const programs: ReadonlyMap<string, string> = new Map([
  ['/bin/bash', 'bash'],
  ['/bin/sh', 'bash'],
  ['/usr/bin/bash', 'bash'],
  ['/usr/bin/jps', 'jps'],
  ['/usr/bin/node', 'node'],
]);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function noProcess(pid: number, cause: unknown): ProcessError {
  return new ProcessError(`(${pid}) - No such process`, { cause });
}
