import { Buffer } from 'buffer/';
import EventEmitter from 'events/';
import { Readable, Writable } from 'readable-stream';
import type { Signal } from '../../base/program.ts';
import { FdSink, FdSource } from '../process/standard-streams.ts';
import { nodeRuntime } from './runtime.ts';
import { systemError } from './system-error.ts';

interface SpawnOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  stdio?: string | readonly (string | undefined)[];
  shell?: boolean | string;
  encoding?: string;
}
type Done = (error: unknown, stdout: string, stderr: string) => void;

/** Output of a child; the descriptor is there once the kernel has made the pipe. */
class OutputStream extends Readable {
  readonly #source: Promise<FdSource>;

  constructor(source: Promise<FdSource>) {
    super();
    this.#source = source;
  }

  override _read(): void {
    this.#source
      .then((source) => source.read())
      .then(
        (bytes) => this.push(bytes === null ? null : Buffer.from(bytes.buffer as ArrayBuffer)),
        () => this.push(null),
      );
  }
}

class InputStream extends Writable {
  readonly #sink: Promise<FdSink>;

  constructor(sink: Promise<FdSink>) {
    super();
    this.#sink = sink;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#sink.then((sink) => sink.write(chunk)).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#sink.then((sink) => sink.close()).then(() => done(), done);
  }
}

/** What a child's 0, 1 or 2 becomes, and this process's end of it. */
interface ChildStream {
  readonly childFd: Promise<number>;
  readonly isTemporary: boolean;
}

const signalNames: ReadonlyMap<number, Signal> = new Map([
  [129, 'SIGHUP'],
  [130, 'SIGINT'],
  [131, 'SIGQUIT'],
  [137, 'SIGKILL'],
  [143, 'SIGTERM'],
]);

/** A process that the program has started. */
export class ChildProcess extends EventEmitter {
  pid: number | undefined;
  exitCode: number | null = null;
  signalCode: Signal | null = null;
  killed = false;
  stdin: Writable | null = null;
  stdout: Readable | null = null;
  stderr: Readable | null = null;
  #started: Promise<void> = Promise.resolve();

  start(command: readonly string[], options: SpawnOptions): this {
    const streams = [0, 1, 2].map((fd) => this.#stream(fd, stdioOf(options, fd)));
    this.#started = this.#start(command, options, streams).catch((error: unknown) => {
      this.emit('error', error);
    });
    return this;
  }

  kill(signal: Signal = 'SIGTERM'): boolean {
    this.killed = true;
    void this.#started.then(() => {
      if (this.pid !== undefined)
        nodeRuntime().context.kernel.post('kill', { pid: this.pid, signal });
    });
    return true;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async #start(
    command: readonly string[],
    options: SpawnOptions,
    streams: readonly ChildStream[],
  ): Promise<void> {
    const { context } = nodeRuntime();
    const { kernel } = context;
    const [input = 0, output = 1, errors = 2] = await Promise.all(streams.map((s) => s.childFd));
    const answer = await kernel.call('spawn', {
      command,
      env: options.env ?? currentEnvironment(),
      cwd: options.cwd ?? context.cwd,
      fds: [input, output, errors],
      group: context.start.group,
    });
    for (const { childFd, isTemporary } of streams) {
      if (isTemporary) kernel.post('close', { fd: await childFd });
    }
    if (!('pid' in answer)) {
      const [file = ''] = command;
      const code = answer.exitCode === 127 ? 'ENOENT' : 'EACCES';
      throw systemError(code, `spawn ${file}`, '', { path: file });
    }
    this.pid = answer.pid;
    this.emit('spawn');
    void this.#follow(answer.pid);
  }

  #stream(fd: number, kind: string): ChildStream {
    const { kernel, gate } = nodeRuntime().context;
    if (kind === 'inherit') return { childFd: Promise.resolve(fd), isTemporary: false };
    if (kind === 'ignore') {
      const opened = kernel.call('openFd', { path: '/dev/null', mode: 'readWrite' });
      return { childFd: opened.then((file) => file.fd), isTemporary: true };
    }
    const pipe = kernel.call('openPipe', { isOnDemand: false });
    if (fd === 0) {
      const sink = pipe.then(({ writeFd }) => new FdSink(kernel, writeFd, false, gate));
      this.stdin = new InputStream(sink);
      return { childFd: pipe.then(({ readFd }) => readFd), isTemporary: true };
    }
    const source = pipe.then(({ readFd }) => new FdSource(kernel, readFd, false, gate));
    if (fd === 1) this.stdout = new OutputStream(source);
    else this.stderr = new OutputStream(source);
    return { childFd: pipe.then(({ writeFd }) => writeFd), isTemporary: true };
  }

  async #follow(pid: number): Promise<void> {
    const { kernel } = nodeRuntime().context;
    for (;;) {
      const answer = await kernel.call('wait', { pid });
      if (!('exitCode' in answer)) continue;
      this.signalCode = signalNames.get(answer.exitCode) ?? null;
      this.exitCode = this.signalCode === null ? answer.exitCode : null;
      this.emit('exit', this.exitCode, this.signalCode);
      await Promise.all([ended(this.stdout), ended(this.stderr)]);
      this.emit('close', this.exitCode, this.signalCode);
      return;
    }
  }
}

function ended(stream: Readable | null): Promise<void> {
  if (!stream || stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('end', resolve);
    if (stream.readableFlowing === null) stream.resume();
  });
}

function stdioOf({ stdio }: SpawnOptions, fd: number): string {
  return (typeof stdio === 'string' ? stdio : stdio?.[fd]) ?? 'pipe';
}

function currentEnvironment(): Record<string, string | undefined> {
  return (globalThis as unknown as { process: { env: Record<string, string | undefined> } }).process
    .env;
}

export function spawn(file: string, ...rest: unknown[]): ChildProcess {
  const args = Array.isArray(rest[0]) ? (rest[0] as string[]) : [];
  const options = (Array.isArray(rest[0]) ? rest[1] : rest[0]) as SpawnOptions | undefined;
  const command = options?.shell ? ['/bin/bash', '-c', [file, ...args].join(' ')] : [file, ...args];
  return new ChildProcess().start(command, options ?? {});
}

export function execFile(file: string, ...rest: unknown[]): ChildProcess {
  const done = rest.find((value) => typeof value === 'function') as Done | undefined;
  const child = spawn(file, ...rest.filter((value) => typeof value !== 'function'));
  if (done) collect(child, [file], done);
  return child;
}

export function exec(command: string, ...rest: unknown[]): ChildProcess {
  const done = rest.find((value) => typeof value === 'function') as Done | undefined;
  const options = rest.find((value) => typeof value === 'object') as SpawnOptions | undefined;
  const child = spawn(command, [], { ...options, shell: true });
  if (done) collect(child, [command], done);
  return child;
}

function collect(child: ChildProcess, command: readonly string[], done: Done): void {
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  child.once('error', (error: Error) => done(error, '', ''));
  child.once('close', (code: number | null, signal: string | null) => {
    const [stdout, stderr] = [Buffer.concat(output).toString(), Buffer.concat(errors).toString()];
    if (code === 0) return done(null, stdout, stderr);
    const error = new Error(`Command failed: ${command.join(' ')}\n${stderr}`);
    done(
      Object.assign(error, { code, signal, killed: child.killed, cmd: command.join(' ') }),
      stdout,
      stderr,
    );
  });
}

function unavailable(name: string): () => never {
  return () => {
    throw new Error(
      `${name} is not available in the lab: a worker cannot wait for another process`,
    );
  };
}

export const spawnSync = unavailable('child_process.spawnSync');
export const execSync = unavailable('child_process.execSync');
export const execFileSync = unavailable('child_process.execFileSync');
export const fork = unavailable('child_process.fork');
