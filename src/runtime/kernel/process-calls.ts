import { ProcessError, type ProcessInfo } from '../../base/program.ts';
import type { Handlers } from '../rpc.ts';
import type { DetachedSpawn, SpawnAnswer, SpawnRequest, SystemCalls } from '../system-calls.ts';
import type { KernelProcess } from './kernel-process.ts';
import type { KernelServices } from './kernel-services.ts';
import type { Machine } from './machine.ts';
import { Description, nullFile, RegularOpenFile } from './open-file.ts';
import { resolvePath } from './virtual-files.ts';

type Calls = Pick<
  SystemCalls,
  | 'processes'
  | 'kill'
  | 'killGroup'
  | 'spawn'
  | 'spawnDetached'
  | 'wait'
  | 'adopt'
  | 'releaseAdopted'
  | 'handleSignals'
  | 'exit'
  | 'stopSelf'
  | 'setForeground'
  | 'setTerminalMode'
  | 'terminalSize'
>;

/** System calls on processes and on the controlling terminal. */
export function processCalls(kernel: KernelServices, process: KernelProcess): Handlers<Calls> {
  const { processes } = kernel;
  return {
    processes: () => processes.list(process.machine),
    kill({ pid, signal }) {
      const target = processes.get(pid);
      // A child on another machine (ssh) is this process's to end.
      if (target?.parentPid === process.pid) processes.signal(target, signal);
      else processes.kill(process.machine, pid, signal);
    },
    killGroup: ({ group, signal }) => processes.signalGroup(group, signal),
    spawn: (request) => spawn(kernel, process, request),
    spawnDetached: (request) => spawnDetached(kernel, process.home, request),
    wait: ({ pid }) => processes.wait(pid),
    adopt: ({ command }) => ({ pid: processes.adopt(process, command, kernel.host.nowMs()) }),
    releaseAdopted: ({ pid }) => processes.releaseAdopted(process, pid),
    handleSignals({ signals }) {
      process.handledSignals = new Set(signals);
    },
    exit: ({ code }) => processes.finish(process, code),
    stopSelf: () => processes.stop(process, 'SIGTSTP'),
    setForeground: ({ group }) => process.terminal?.setForeground(group),
    setTerminalMode: ({ isRaw }) => process.terminal?.setRaw(isRaw),
    terminalSize: () => process.terminal?.size,
  };
}

function spawn(kernel: KernelServices, process: KernelProcess, request: SpawnRequest): SpawnAnswer {
  const [input, output, errors] = request.fds.map((fd) => {
    const description = process.descriptors.get(fd);
    if (!description) throw new ProcessError(`${fd}: Bad file descriptor`);
    return description;
  });
  if (!input || !output || !errors) throw new ProcessError('three descriptors are needed');
  const isRemote = request.machine !== undefined;
  const machine = isRemote ? kernel.machine(request.machine) : process.home;
  const env = isRemote ? { ...request.env, ...machine.environment } : request.env;
  return kernel.spawn({
    machine,
    command: request.command,
    path: request.path,
    env,
    cwd: request.cwd,
    descriptors: [input.share(), output.share(), errors.share()],
    terminal: process.terminal,
    parentPid: process.pid,
    group: request.group,
  });
}

const initPid = 1;

/** Starts a process that no other owns. Throws ProcessError when there is no such program. */
export function spawnDetached(
  kernel: KernelServices,
  machine: Machine,
  request: DetachedSpawn,
): ProcessInfo {
  const path = resolvePath(request.cwd, request.outputPath);
  const output = new Description(new RegularOpenFile(machine.files, path, 'append'));
  const { command, env, cwd } = request;
  const answer = kernel.spawn({
    machine,
    command,
    env,
    cwd,
    descriptors: [new Description(nullFile), output, output.share()],
    terminal: undefined,
    parentPid: initPid,
    group: undefined,
  });
  if (!('pid' in answer)) throw new ProcessError(`${answer.path}: ${answer.reason}`);
  const { pid } = answer;
  const isRunning = (other: number) => kernel.processes.get(other) !== undefined;
  kernel.daemons.add(machine.name, { pid, request }, isRunning);
  return { pid, parentPid: initPid, command, startedAtMs: kernel.host.nowMs() };
}
