import type { Signal } from '../../base/program.ts';
import type { SandboxProcess, TerminalSize } from '../provider.ts';
import type { ContainerProcess } from './container-api.ts';

const encoder = new TextEncoder();

/** A process of the container as the lab sees one. */
export class ContainerSandboxProcess implements SandboxProcess {
  readonly pid: number;
  readonly output: ReadableStream<Uint8Array>;
  readonly errors: ReadableStream<Uint8Array>;
  readonly exit: Promise<number>;
  readonly #process: ContainerProcess;
  readonly #input: WritableStreamDefaultWriter<string>;
  readonly #signal: (signal: Signal) => void;

  constructor(process: ContainerProcess, pid: number, signal: (signal: Signal) => void) {
    this.pid = pid;
    this.#process = process;
    this.#signal = signal;
    this.#input = process.input.getWriter();
    this.exit = process.exit;
    this.output = process.output.pipeThrough(
      new TransformStream<string, Uint8Array>({
        transform: (text, controller) => controller.enqueue(encoder.encode(text)),
      }),
    );
    this.errors = new ReadableStream({ start: (controller) => controller.close() });
  }

  write(data: string): void {
    this.#input.write(data).catch(() => {});
  }

  end(): void {
    this.#input.close().catch(() => {});
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#process.resize({ cols: columns, rows });
  }

  kill(signal: Signal): void {
    if (signal === 'SIGKILL' || this.pid === 0) this.#process.kill();
    else this.#signal(signal);
  }
}
