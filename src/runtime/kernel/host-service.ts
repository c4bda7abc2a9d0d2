import { assert } from '../../base/assert.ts';
import { ProcessError } from '../../base/program.ts';
import type { HostCalls, HostEvent, HostSpawn } from '../host-calls.ts';
import { type Port, wrapPort } from '../port.ts';
import { type Handlers, Transferred } from '../rpc.ts';
import { changesOf } from './change-snapshot.ts';
import type { Endpoint } from './endpoint.ts';
import type { KernelServices } from './kernel-services.ts';
import { labState, restart, setLink } from './lab-calls.ts';
import { homeFolder } from './machine.ts';
import { movedConnection } from './network-calls.ts';
import { createPipe, Description, type OpenFile, type Reader } from './open-file.ts';
import { Terminal } from './terminal.ts';
import { resolvePath } from './virtual-files.ts';

/** A process that the page has started, with the page's ends of its streams. */
interface HostedProcess {
  readonly terminal: Terminal | undefined;
  readonly input: OpenFile | undefined;
  readonly output: Pick<OpenFile, 'read'>;
  readonly errors: Pick<OpenFile, 'read'>;
}

type BootedCalls = Omit<HostCalls, 'boot'>;

/** The page reads on until the end; it belongs to no process group. */
const pageReader: Reader = { group: 0, isGone: false };
const encoder = new TextEncoder();

/** What the page may ask, once the kernel is up. */
export function hostCalls(kernel: KernelServices, page: Port): Handlers<BootedCalls> {
  return {
    ...processService(kernel),
    ...fileService(kernel, page),
    ...networkService(kernel, page),
    snapshotChanges: () => changesOf(kernel.machines),
    setTap: ({ port }) => kernel.switchboard.setTap(port && wrapPort(port)),
    labState: () => labState(kernel),
    labRestart: ({ machine }) => restart(kernel, machine),
  };
}

type ProcessService = Pick<
  HostCalls,
  'spawn' | 'readOutput' | 'writeInput' | 'endInput' | 'resize' | 'waitExit' | 'kill' | 'processes'
>;

function processService(kernel: KernelServices): Handlers<ProcessService> {
  const hosted = new Map<number, HostedProcess>();
  const { processes } = kernel;
  return {
    spawn: (request) => spawnHosted(kernel, hosted, request),
    async readOutput({ pid, stream }) {
      const bytes = await hosted.get(pid)?.[stream].read(pageReader);
      return bytes ? new Transferred(bytes, [bytes.buffer]) : null;
    },
    writeInput({ pid, data }) {
      const process = hosted.get(pid);
      if (process?.terminal) return process.terminal.type(data);
      try {
        process?.input?.write(encoder.encode(data))?.catch(() => {});
      } catch {
        // The process reads no more.
      }
    },
    endInput({ pid }) {
      const process = hosted.get(pid);
      if (process?.terminal) process.terminal.type('\x04');
      else process?.input?.release();
    },
    resize({ pid, size }) {
      const terminal = hosted.get(pid)?.terminal;
      if (!terminal) return;
      terminal.size = size;
      for (const process of processes.onTerminal(terminal)) process.tell({ event: 'resize', size });
    },
    async waitExit({ pid }) {
      for (;;) {
        const answer = await processes.wait(pid);
        if ('exitCode' in answer) return answer.exitCode;
      }
    },
    kill: ({ machine, pid, signal }) => processes.kill(machine, pid, signal),
    processes: ({ machine }) =>
      processes.list(kernel.machine(machine).name).map(({ pid, command }) => ({ pid, command })),
  };
}

function spawnHosted(
  kernel: KernelServices,
  hosted: Map<number, HostedProcess>,
  request: HostSpawn,
): { pid: number } {
  const machine = kernel.machine(request.machine);
  const streams = request.terminal ? terminalStreams(kernel, request) : pipeStreams();
  const answer = kernel.spawn({
    machine,
    command: request.command,
    env: { ...machine.environment, ...request.env },
    cwd: request.cwd ?? homeFolder,
    descriptors: streams.descriptors,
    terminal: streams.hosted.terminal,
    parentPid: 1,
    group: undefined,
  });
  if (!('pid' in answer)) throw new ProcessError(`${answer.path}: ${answer.reason}`);
  const { terminal } = streams.hosted;
  if (terminal) {
    terminal.leaderPid = answer.pid;
    terminal.setForeground(answer.pid);
  }
  hosted.set(answer.pid, streams.hosted);
  return answer;
}

interface Streams {
  readonly descriptors: readonly [Description, Description, Description];
  readonly hosted: HostedProcess;
}

function terminalStreams(kernel: KernelServices, { terminal: size }: HostSpawn): Streams {
  const terminal = new Terminal(size ?? { columns: 80, rows: 24 }, {
    signalGroup: (group, signal) => kernel.processes.signalGroup(group, signal),
  });
  const tty = new Description(terminal);
  return {
    descriptors: [tty, tty.share(), tty.share()],
    hosted: {
      terminal,
      input: undefined,
      output: { read: (reader) => terminal.screen.read(reader) },
      errors: { read: () => null },
    },
  };
}

function pipeStreams(): Streams {
  const [input, output, errors] = [createPipe(), createPipe(), createPipe()];
  return {
    descriptors: [
      new Description(input.reader),
      new Description(output.writer),
      new Description(errors.writer),
    ],
    hosted: {
      terminal: undefined,
      input: input.writer,
      output: output.reader,
      errors: errors.reader,
    },
  };
}

type FileService = Pick<
  HostCalls,
  'readFile' | 'writeFile' | 'removeFile' | 'list' | 'watch' | 'unwatch'
>;

function fileService(kernel: KernelServices, page: Port): Handlers<FileService> {
  const watches = new Map<number, () => void>();
  const filesOf = (machine: string) => kernel.machine(machine).files;
  return {
    readFile({ machine, path }) {
      const bytes = filesOf(machine).read(path);
      return new Transferred(bytes, [bytes.buffer]);
    },
    writeFile({ machine, path, content }) {
      const bytes = typeof content === 'string' ? encoder.encode(content) : content;
      filesOf(machine).write(path, bytes);
    },
    removeFile: ({ machine, path }) => filesOf(machine).remove(path),
    list: ({ machine, path }) => filesOf(machine).list(path),
    watch({ watch, machine, path }) {
      const waiting = new Set<string>();
      const root = resolvePath('/', path);
      const stop = filesOf(machine).watch((changed) => {
        if (changed !== root && !changed.startsWith(root === '/' ? '/' : `${root}/`)) return;
        if (waiting.size === 0) kernel.host.after(watchDelayMs, tell);
        waiting.add(changed);
      });
      const tell = () => {
        for (const changed of waiting) {
          page.post({ event: 'changed', watch, path: changed } satisfies HostEvent);
        }
        waiting.clear();
      };
      watches.set(watch, stop);
    },
    unwatch({ watch }) {
      watches.get(watch)?.();
      watches.delete(watch);
    },
  };
}

/** A log that is written all the time is one event, not thousands. */
const watchDelayMs = 20;

type NetworkService = Pick<
  HostCalls,
  'setLink' | 'heal' | 'faults' | 'connect' | 'connectionClosed'
>;

function networkService(kernel: KernelServices, page: Port): Handlers<NetworkService> {
  const endpoints = new Map<string, Endpoint>();
  const endpointOn = (machine: string): Endpoint => {
    const known = endpoints.get(machine) ?? pageEndpoint(kernel.machine(machine).name, page);
    endpoints.set(machine, known);
    return known;
  };
  const { switchboard } = kernel;
  switchboard.onLinksChanged = () =>
    page.post({ event: 'faults', faults: switchboard.faults() } satisfies HostEvent);
  return {
    setLink: (request) => setLink(kernel, request),
    heal: ({ machine, other }) =>
      switchboard.heal(
        ({ from, to }) =>
          [from, to].includes(machine ?? from) && [from, to].includes(other ?? from),
      ),
    faults: () => switchboard.faults(),
    async connect({ machine, port }) {
      const address = { host: machine, port };
      return movedConnection(await switchboard.connect(endpointOn(machine), address).opened);
    },
    connectionClosed: ({ machine, connection }) =>
      switchboard.closed(endpointOn(machine), connection),
  };
}

function pageEndpoint(machine: string, page: Port): Endpoint {
  return {
    machine,
    accept() {
      assert(false, 'the page listens nowhere');
    },
    reset: (connection) => page.post({ event: 'reset', connection } satisfies HostEvent),
    linkChanged: (connection, link) =>
      page.post({ event: 'link', connection, link } satisfies HostEvent),
  };
}
