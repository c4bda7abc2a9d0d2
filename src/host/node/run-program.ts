import { hostname } from 'node:os';
import { toDisposable } from '../../base/disposable.ts';
import {
  BrokenPipeError,
  type Program,
  type ProgramContext,
  type ProgramTerminal,
  type Signal,
} from '../../base/program.ts';
import { nodeClock } from './node-clock.ts';
import { nodeCompression } from './node-compression.ts';
import { NodeFileSystem } from './node-file-system.ts';
import { NodeNetwork } from './node-network.ts';
import { NodeProcesses } from './node-processes.ts';
import { NodeRandom } from './node-random.ts';
import { nodeScheduler } from './node-scheduler.ts';
import { nodeSink, nodeSource } from './node-streams.ts';

const brokenPipeStatus = 141;

/** Runs a program as this process: its exit code becomes the process's, open handles or not. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  ctx: ProgramContext = nodeProgramContext(args),
): Promise<never> {
  let status: number;
  try {
    status = await program.run(ctx);
  } catch (error) {
    if (error instanceof BrokenPipeError) process.exit(brokenPipeStatus);
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    status = 1;
  }
  // A pipe takes its data in the background: leave only when it is written.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(status);
}

/** This process as a program sees it. */
export function nodeProgramContext(args: readonly string[]): ProgramContext {
  return {
    args,
    env: process.env,
    cwd: process.cwd(),
    pid: process.pid,
    hostname: hostname(),
    stdin: nodeSource(process.stdin),
    stdout: nodeSink(process.stdout),
    stderr: nodeSink(process.stderr),
    ...nodeTerminal(),
    files: new NodeFileSystem(),
    network: new NodeNetwork(),
    clock: nodeClock,
    scheduler: nodeScheduler,
    random: new NodeRandom(),
    processes: new NodeProcesses(),
    compression: nodeCompression,
    onSignal: listen,
  };
}

function nodeTerminal(): { readonly terminal?: ProgramTerminal } {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return {};
  const terminal = {
    // A terminal that does not say how wide it is has none.
    columns: () => (0 < stdout.columns ? stdout.columns : 80),
    setRaw: (isRaw: boolean) => void stdin.setRawMode(isRaw),
  };
  return { terminal };
}

function listen(signal: Signal, handler: () => void) {
  process.on(signal, handler);
  return toDisposable(() => process.removeListener(signal, handler));
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
