import { BrokenPipeError, type ByteSink, type ByteSource } from '../../base/program.ts';
import type { RpcClient } from '../rpc.ts';
import type { KernelEvent, SystemCalls } from '../system-calls.ts';

type Kernel = RpcClient<SystemCalls, KernelEvent>;

/** Stops a process cooperatively: what it awaits from the kernel does not come before it continues. */
export interface Gate {
  isClosed(): boolean;
  /** Resolves when the process runs. */
  pass(): Promise<void>;
}

/** A descriptor that is read. */
export class FdSource implements ByteSource {
  readonly isTerminal: boolean;
  readonly fd: number;
  readonly #kernel: Kernel;
  readonly #gate: Gate;
  readonly #waiting: {
    resolve: (bytes: Uint8Array | null) => void;
    reject: (error: Error) => void;
  }[] = [];

  constructor(kernel: Kernel, fd: number, isTerminal: boolean, gate: Gate) {
    this.#kernel = kernel;
    this.fd = fd;
    this.isTerminal = isTerminal;
    this.#gate = gate;
  }

  /** A read waits for bytes. */
  get isReading(): boolean {
    return 0 < this.#waiting.length;
  }

  /**
   * Of several who wait, the last one to ask is served: a job of the shell that was stopped while it
   * read the terminal must not take what is typed at the prompt after it.
   */
  read(): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#waiting.length === 1) void this.#serve();
    });
  }

  close(): void {
    this.#kernel.post('close', { fd: this.fd });
  }

  async #serve(): Promise<void> {
    while (0 < this.#waiting.length) {
      try {
        const bytes = await this.#kernel.call('read', { fd: this.fd });
        if (this.#gate.isClosed()) await this.#gate.pass();
        this.#waiting.pop()?.resolve(bytes);
      } catch (error) {
        this.#waiting.pop()?.reject(error as Error);
      }
    }
  }
}

/** Written bytes that the kernel has not taken yet: a program that does not wait gets this far ahead. */
const aheadBytes = 65_536;
const encoder = new TextEncoder();

/** A descriptor that is written. Small writes do not wait for the kernel's answer. */
export class FdSink implements ByteSink {
  readonly isTerminal: boolean;
  readonly fd: number;
  readonly #kernel: Kernel;
  readonly #gate: Gate;
  #unansweredBytes = 0;
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #failure: Error | undefined;

  constructor(kernel: Kernel, fd: number, isTerminal: boolean, gate: Gate) {
    this.#kernel = kernel;
    this.fd = fd;
    this.isTerminal = isTerminal;
    this.#gate = gate;
  }

  write(data: string | Uint8Array): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const bytes = typeof data === 'string' ? encoder.encode(data) : data.slice();
    if (bytes.length === 0) return Promise.resolve();
    this.#send(bytes as Uint8Array<ArrayBuffer>);
    if (this.#gate.isClosed()) return this.#gate.pass().then(() => this.#room());
    return this.#room();
  }

  /** Resolves when all that was written is taken; never rejects. */
  async drained(): Promise<void> {
    while (0 < this.#unansweredBytes && !this.#failure) {
      await new Promise<void>((resolve) =>
        this.#waiting.push({ resolve, reject: () => resolve() }),
      );
    }
  }

  close(): void {
    this.#kernel.post('close', { fd: this.fd });
  }

  #room(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#unansweredBytes <= aheadBytes) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    const { length } = bytes;
    this.#unansweredBytes += length;
    this.#kernel.call('write', { fd: this.fd, bytes }, [bytes.buffer]).then(
      () => {
        this.#unansweredBytes -= length;
        if (this.#unansweredBytes <= aheadBytes) for (const { resolve } of this.#take()) resolve();
      },
      (error: Error) => {
        this.#failure =
          error instanceof BrokenPipeError ? error : new BrokenPipeError(error.message);
        for (const { reject } of this.#take()) reject(this.#failure);
      },
    );
  }

  #take(): { resolve: () => void; reject: (error: Error) => void }[] {
    return this.#waiting.splice(0);
  }
}
