import type { ExecResult } from '../../course/check.ts';
import type { Sandbox, SpawnOptions } from '../../runtime/provider.ts';
import type { ExecOptions } from './running-lab.ts';

const outputCharactersMax = 8 * 1024 * 1024;
const timeoutMsDefault = 60_000;

/** Runs a command line in the lab's shell, beside the terminals. A timeout ends it with exit code 124, as timeout(1) does. */
export async function execIn(
  sandbox: Sandbox,
  command: string,
  options: ExecOptions & { readonly machine: string },
): Promise<ExecResult> {
  const { machine, cwd, env, timeoutMs = timeoutMsDefault } = options;
  const spawnOptions: SpawnOptions = {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  };
  const process = await sandbox.spawn(machine, ['bash', '-c', command], spawnOptions);
  process.end();
  const stdout = new TextReader();
  const stderr = new TextReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // What the shell has started may outlive it and keep the streams open: nobody waits for that.
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => {
      process.kill('SIGKILL');
      resolve(timedOutExitCode);
    }, timeoutMs);
  });
  const ended = Promise.all([
    process.exit,
    stdout.readAll(process.output),
    stderr.readAll(process.errors),
  ]);
  try {
    const exitCode = await Promise.race([ended.then(([code]) => code), late]);
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  } finally {
    clearTimeout(timer);
  }
}

const timedOutExitCode = 124;

/** All of a stream as text; what exceeds the bound is read and dropped, so that the process can end. */
class TextReader {
  text = '';
  readonly #decoder = new TextDecoder();

  async readAll(stream: ReadableStream<Uint8Array>): Promise<void> {
    const reader = stream.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (this.text.length < outputCharactersMax) {
        this.text += this.#decoder.decode(value, { stream: true });
      }
    }
    this.text += this.#decoder.decode();
  }
}
