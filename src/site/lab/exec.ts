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
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    process.kill('SIGKILL');
  }, timeoutMs);
  try {
    const [stdout, stderr, exitCode] = await Promise.all([
      readText(process.output),
      readText(process.errors),
      process.exit,
    ]);
    return { exitCode: isTimedOut ? 124 : exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

/** All of a stream as text; what exceeds the bound is read and dropped, so that the process can end. */
async function readText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    if (text.length < outputCharactersMax) text += decoder.decode(value, { stream: true });
  }
}
