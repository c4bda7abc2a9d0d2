import { Buffer } from 'buffer/';
import { fetchOver } from '../http-over-connection.ts';
import type { ProcessContext } from '../process/process-context.ts';
import { createConsole } from './console.ts';
import { inspect } from './inspect.ts';
import { LiveHandles } from './live-handles.ts';
import { MirrorFiles } from './mirror-files.ts';
import { ModuleLoader } from './module-loader.ts';
import { NodeProcess, nodeVersion } from './node-process.ts';
import { setRuntime } from './runtime.ts';
import * as timers from './timers.ts';

/** Runs `node …` in this worker: the arguments are Node's own. */
export async function runNode(context: ProcessContext): Promise<void> {
  const handles = new LiveHandles((task) => context.scheduler.soon(task));
  const files = await MirrorFiles.load(context);
  setRuntime({ context, handles, files });
  const process = new NodeProcess();
  installGlobals(process, context);
  reportUncaught(process);
  const calls = handles.acquire();
  followCalls(context, handles);
  try {
    await runArguments(process, files, context.args);
  } catch (error) {
    fail(process, error);
  }
  calls.release();
  handles.whenIdle(() => {
    process.emit('beforeExit', Number(process.exitCode ?? 0));
    handles.whenIdle(() => void drain(process, context));
  });
}

async function drain(process: NodeProcess, context: ProcessContext): Promise<void> {
  await Promise.all([context.stdout.drained(), context.stderr.drained()]);
  process.exit();
}

const usage = `Usage: node [options] [ script.js ] [arguments]

Options:
  -e, --eval "script"   evaluate script
  -p, --print "script"  evaluate script and print its result
  -v, --version         print Node.js version
  -h, --help            print this help
`;

async function runArguments(
  process: NodeProcess,
  files: MirrorFiles,
  args: readonly string[],
): Promise<void> {
  const loader = new ModuleLoader(files);
  const scriptAt = args.findIndex((argument) => !argument.startsWith('-'));
  const [first = ''] = args;
  const cwd = process.cwd();
  if (first === '-v' || first === '--version') process.stdout.write(`${nodeVersion}\n`);
  else if (first === '-h' || first === '--help') process.stdout.write(usage);
  else if (/^(-e|--eval|-p|--print)$/.test(first)) {
    process.argv.push(...args.slice(2));
    const text = args[1] ?? '';
    const isPrinted = first.includes('p');
    await loader.runText(isPrinted ? `console.log(${text}\n)` : text, cwd);
  } else if (0 <= scriptAt) {
    const path = files.absolute(args[scriptAt]);
    process.argv.push(path, ...args.slice(scriptAt + 1));
    await loader.runEntry(path);
  } else await runStdin(process, loader);
}

/** Without a script the program comes on stdin. Simplified: there is no prompt that evaluates line by line. */
async function runStdin(process: NodeProcess, loader: ModuleLoader): Promise<void> {
  if (process.stdin.isTTY) {
    process.stderr.write(
      'node: give a file to run, or -e SCRIPT (there is no interactive prompt here)\n',
    );
    process.exitCode = 9;
    return;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) chunks.push(chunk);
  await loader.runText(Buffer.concat(chunks).toString(), process.cwd());
}

function installGlobals(process: NodeProcess, context: ProcessContext): void {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } =
    timers;
  const fetch = async (input: string | URL, init?: Parameters<typeof fetchOver>[3]) => {
    const { hostname, port, pathname, search } = new URL(String(input));
    const address = { host: hostname, port: Number(port === '' ? 80 : port) };
    const connection = await context.network.connect(address).catch((cause: unknown) => {
      throw new TypeError('fetch failed', { cause });
    });
    return fetchOver(connection, `${address.host}:${address.port}`, pathname + search, init);
  };
  const globals = {
    global: globalThis,
    process,
    Buffer,
    console: createConsole(),
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval,
    clearImmediate,
    fetch,
    // What a browser has and Node has not would make a program think that it is on a page.
    window: undefined,
    importScripts: undefined,
    postMessage: undefined,
    onmessage: undefined,
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** Calls to the kernel keep a program alive until they are answered; a read of stdin has a handle of its own. */
function followCalls(context: ProcessContext, handles: LiveHandles): void {
  let pending: ReturnType<LiveHandles['acquire']> | undefined;
  context.kernel.onPendingChange = (count) => {
    const isWaiting = context.stdin.isReading ? 1 < count : 0 < count;
    if (isWaiting && !pending) pending = handles.acquire();
    if (!isWaiting && pending) {
      pending.release();
      pending = undefined;
    }
  };
}

function reportUncaught(process: NodeProcess): void {
  self.addEventListener('error', (event) => {
    event.preventDefault();
    if (process.emit('uncaughtException', event.error, 'uncaughtException')) return;
    fail(process, event.error ?? event.message);
  });
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    if (process.emit('unhandledRejection', event.reason, event.promise)) return;
    fail(process, event.reason);
  });
}

/** Prints an error as Node does and ends the program with 1. */
function fail(process: NodeProcess, error: unknown): void {
  const shown =
    error instanceof Error ? withoutOurFrames(inspect(error)) : `Uncaught ${inspect(error)}`;
  process.stderr.write(`${shown}\n\nNode.js ${nodeVersion}\n`, () => process.exit(1));
}

/** The frames of this worker's own bundle say nothing to a learner. */
function withoutOurFrames(stack: string): string {
  const { origin } = self.location;
  return stack
    .split('\n')
    .filter(
      (line) => !line.includes(origin) && !/at async (runEntry|runArguments|runNode)/.test(line),
    )
    .join('\n');
}
