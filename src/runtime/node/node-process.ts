import { Buffer } from 'buffer/';
import EventEmitter from 'events/';
import { Readable, Writable } from 'readable-stream';
import type { Disposable } from '../../base/disposable.ts';
import { BrokenPipeError, type Signal } from '../../base/program.ts';
import type { FdSink } from '../process/standard-streams.ts';
import type { LiveHandle } from './live-handles.ts';
import { nodeRuntime } from './runtime.ts';

type Done = (error?: Error | null) => void;
type Listener = (...values: never[]) => void;

export const nodeVersion = 'v22.22.0';
const brokenPipeExitCode = 141;
const spinMs = 2_000;

class OutputStream extends Writable {
  readonly fd: number;
  readonly isTTY: boolean;
  readonly #sink: FdSink;

  constructor(sink: FdSink) {
    super();
    this.#sink = sink;
    this.fd = sink.fd;
    this.isTTY = sink.isTerminal;
  }

  get columns(): number | undefined {
    return this.isTTY ? (nodeRuntime().context.size?.columns ?? 80) : undefined;
  }

  get rows(): number | undefined {
    return this.isTTY ? (nodeRuntime().context.size?.rows ?? 24) : undefined;
  }

  getColorDepth(): number {
    return 1;
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#sink.write(chunk).then(
      () => done(),
      (error: Error) => {
        // As a program that SIGPIPE ends: nobody reads any more.
        if (error instanceof BrokenPipeError) theProcess().end(brokenPipeExitCode);
        else done(error);
      },
    );
  }
}

class InputStream extends Readable {
  readonly fd = 0;
  readonly isTTY: boolean;
  isRaw = false;
  #handle: LiveHandle | undefined;
  #isReading = false;
  #isRef = true;

  constructor() {
    super();
    this.isTTY = nodeRuntime().context.stdin.isTerminal;
  }

  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#hold();
    nodeRuntime()
      .context.stdin.read()
      .then(
        (bytes) => this.#take(bytes),
        () => this.#take(null),
      );
  }

  override pause(): this {
    this.#handle?.release();
    this.#handle = undefined;
    return super.pause();
  }

  override resume(): this {
    if (this.#isReading) this.#hold();
    return super.resume();
  }

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    nodeRuntime().context.kernel.post('setTerminalMode', { isRaw });
    return this;
  }

  ref(): this {
    this.#isRef = true;
    this.#handle?.ref();
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#handle?.unref();
    return this;
  }

  #hold(): void {
    this.#handle ??= nodeRuntime().handles.acquire();
    if (!this.#isRef) this.#handle.unref();
  }

  #take(bytes: Uint8Array | null): void {
    this.#isReading = false;
    this.#handle?.release();
    this.#handle = undefined;
    this.push(bytes === null ? null : Buffer.from(bytes.buffer as ArrayBuffer));
  }
}

/** `process`. */
export class NodeProcess extends EventEmitter {
  argv: string[] = ['/usr/bin/node'];
  readonly argv0 = 'node';
  readonly execPath = '/usr/bin/node';
  readonly execArgv: string[] = [];
  readonly env: Record<string, string | undefined>;
  readonly platform = 'linux';
  readonly arch = 'x64';
  readonly version = nodeVersion;
  readonly versions = { node: nodeVersion.slice(1) };
  readonly release = { name: 'node' };
  readonly features = {};
  readonly config = {};
  readonly hrtime = Object.assign(hrtime, { bigint: () => BigInt(Math.round(nowMs() * 1e6)) });
  title = 'node';
  exitCode: number | string | undefined;
  readonly pid: number;
  readonly ppid: number;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  #stdin: InputStream | undefined;
  #hasEnded = false;
  readonly #signals = new Map<string, Disposable>();

  constructor() {
    super();
    const { context } = nodeRuntime();
    this.env = { ...context.env };
    this.pid = context.pid;
    this.ppid = context.start.parentPid;
    this.stdout = new OutputStream(context.stdout);
    this.stderr = new OutputStream(context.stderr);
    instance = this;
    context.onResize(() => {
      this.stdout.emit('resize');
      this.emit('SIGWINCH');
    });
  }

  get stdin(): InputStream {
    this.#stdin ??= new InputStream();
    return this.#stdin;
  }

  cwd(): string {
    return nodeRuntime().context.cwd;
  }

  chdir(): never {
    throw new Error('process.chdir() is not available in the lab');
  }

  /** Ends the program: nothing after it runs. */
  exit(code?: number | string): never {
    if (code !== undefined) this.exitCode = code;
    return this.end(Number(this.exitCode ?? 0));
  }

  /** Runs the `exit` listeners and tells the kernel, which ends this worker while it waits here. */
  end(code: number): never {
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.exitCode = code;
      this.emit('exit', code);
      nodeRuntime().context.exit(Number(this.exitCode));
    }
    const startMs = performance.now();
    while (performance.now() - startMs < spinMs);
    throw new Error('the kernel does not end this process');
  }

  abort(): never {
    return this.end(134);
  }

  kill(pid: number, signal: Signal = 'SIGTERM'): boolean {
    nodeRuntime().context.kernel.post('kill', { pid, signal });
    return true;
  }

  nextTick(task: (...values: unknown[]) => void, ...values: unknown[]): void {
    queueMicrotask(() => task(...values));
  }

  uptime(): number {
    return performance.now() / 1_000;
  }

  memoryUsage() {
    const heap =
      (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0;
    return { rss: heap, heapTotal: heap, heapUsed: heap, external: 0, arrayBuffers: 0 };
  }

  cpuUsage() {
    return { user: Math.round(performance.now() * 1_000), system: 0 };
  }

  umask(): number {
    return 0o022;
  }

  getuid(): number {
    return 1_000;
  }

  emitWarning(warning: unknown): void {
    const text =
      warning instanceof Error ? `${warning.name}: ${warning.message}` : `Warning: ${warning}`;
    this.stderr.write(`(node:${this.pid}) ${text}\n`);
  }

  override on(name: string | symbol, listener: Listener): this {
    super.on(name, listener);
    return this.#watchSignal(name);
  }

  override addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener);
  }

  override once(name: string | symbol, listener: Listener): this {
    super.once(name, listener);
    return this.#watchSignal(name);
  }

  override removeListener(name: string | symbol, listener: Listener): this {
    super.removeListener(name, listener);
    return this.#watchSignal(name);
  }

  override off(name: string | symbol, listener: Listener): this {
    return this.removeListener(name, listener);
  }

  /** The kernel asks for a signal's default action while nobody listens. */
  #watchSignal(name: string | symbol): this {
    if (typeof name !== 'string' || !/^SIG[A-Z]+$/.test(name)) return this;
    const isWatched = this.#signals.has(name);
    const isWanted = 0 < this.listenerCount(name);
    if (isWanted && !isWatched) {
      const emit = () => {
        this.emit(name, name);
        this.#watchSignal(name);
      };
      this.#signals.set(name, nodeRuntime().context.onSignal(name as Signal, emit));
    } else if (!isWanted && isWatched) {
      this.#signals.get(name)?.dispose();
      this.#signals.delete(name);
    }
    return this;
  }
}

let instance: NodeProcess | undefined;

export function theProcess(): NodeProcess {
  if (!instance) throw new Error('the process has not started');
  return instance;
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

function hrtime(previous?: readonly [number, number]): [number, number] {
  const [seconds, nanoseconds] = [Math.floor(nowMs() / 1_000), Math.floor((nowMs() % 1_000) * 1e6)];
  if (!previous) return [seconds, nanoseconds];
  const difference = (seconds - previous[0]) * 1e9 + nanoseconds - previous[1];
  return [Math.floor(difference / 1e9), difference % 1e9];
}
