import { assert } from '../../base/assert.ts';
import { type ExitCode, ProcessError, type ProcessInfo, type Signal } from '../../base/program.ts';
import type { WaitAnswer } from '../system-calls.ts';
import type { KernelProcess } from './kernel-process.ts';
import type { Switchboard } from './switchboard.ts';

/** Linux's signal numbers. */
const signalNumbers: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
  SIGCONT: 18,
  SIGTSTP: 20,
};
const firstPid = 1_001;
const initPid = 1;
/** A killed worker's port is taken to be empty when nothing came for so long. */
const silenceMs = 15;
const rememberedExits = 1_000;

/** A job inside a process (a subshell) that has a pid of its own. */
interface AdoptedJob {
  readonly owner: KernelProcess;
  readonly command: readonly string[];
  readonly startedAtMs: number;
}

/** Who runs, who waits for whom, and what signals do. */
export class ProcessTable {
  readonly #later: (delayMs: number, task: () => void) => void;
  readonly #switchboard: Switchboard;
  readonly #processes = new Map<number, KernelProcess>();
  readonly #adopted = new Map<number, AdoptedJob>();
  readonly #exitCodes = new Map<number, ExitCode>();
  #nextPid = firstPid;

  constructor(switchboard: Switchboard, later: (delayMs: number, task: () => void) => void) {
    this.#switchboard = switchboard;
    this.#later = later;
  }

  takePid(): number {
    const pid = this.#nextPid;
    this.#nextPid += 1;
    return pid;
  }

  add(process: KernelProcess): void {
    assert(!this.#processes.has(process.pid), 'a pid is given once');
    this.#processes.set(process.pid, process);
  }

  get(pid: number): KernelProcess | undefined {
    return this.#processes.get(pid);
  }

  /** By pid. */
  list(machine: string): readonly ProcessInfo[] {
    const infos: ProcessInfo[] = [];
    for (const { pid, parentPid, command, startedAtMs, home } of this.#processes.values()) {
      if (home.name === machine) infos.push({ pid, parentPid, command, startedAtMs });
    }
    for (const [pid, { owner, command, startedAtMs }] of this.#adopted) {
      if (owner.home.name === machine)
        infos.push({ pid, parentPid: owner.pid, command, startedAtMs });
    }
    return infos.sort((a, b) => a.pid - b.pid);
  }

  /** Throws ProcessError when the machine has no such process. */
  kill(machine: string, pid: number, signal: Signal): void {
    const job = this.#adopted.get(pid);
    if (job?.owner.home.name === machine) {
      job.owner.tell({ event: 'adoptedSignal', pid, signal });
      return;
    }
    const process = this.#processes.get(pid);
    if (process?.home.name !== machine) throw new ProcessError(`(${pid}) - No such process`);
    this.signal(process, signal);
  }

  signalGroup(group: number, signal: Signal): void {
    for (const process of [...this.#processes.values()]) {
      if (process.group === group) this.signal(process, signal);
    }
    this.#adopted.get(group)?.owner.tell({ event: 'adoptedSignal', pid: group, signal });
  }

  /** Simplified: a stopped process takes a deadly signal at once, not when it continues. */
  signal(process: KernelProcess, signal: Signal): void {
    if (process.isGone) return;
    if (signal === 'SIGCONT') this.#continue(process);
    if (signal !== 'SIGKILL' && process.handledSignals.has(signal)) {
      process.tell({ event: 'signal', signal });
    } else if (signal === 'SIGTSTP') this.stop(process, signal);
    else if (signal !== 'SIGCONT') this.terminate(process, 128 + signalNumbers[signal]);
  }

  stop(process: KernelProcess, signal: Signal): void {
    if (process.state !== 'running') return;
    process.state = 'stopped';
    process.stoppedBy = signal;
    process.tell({ event: 'stop' });
    process.answerWaiters({ stoppedBy: signal });
  }

  /** Ends the worker at once. What it has already handed over still counts: the process is over when its port is silent. */
  terminate(process: KernelProcess, exitCode: ExitCode): void {
    if (process.isGone) return;
    process.state = 'ending';
    process.worker?.terminate();
    const waitForSilence = (seen: number) => {
      this.#later(silenceMs, () => {
        if (process.calls === seen) this.finish(process, exitCode);
        else waitForSilence(process.calls);
      });
    };
    waitForSilence(process.calls);
  }

  /** The process is over: everything it held is given back, and who waits is told. */
  finish(process: KernelProcess, exitCode: ExitCode): void {
    if (process.state === 'ended') return;
    process.state = 'ended';
    process.exitCode = exitCode;
    process.worker?.terminate();
    process.port.close();
    this.#processes.delete(process.pid);
    this.#remember(process.pid, exitCode);
    process.releaseAll();
    this.#switchboard.endpointGone(process);
    for (const other of this.#processes.values()) {
      if (other.parentPid === process.pid) other.parentPid = initPid;
    }
    for (const [pid, job] of this.#adopted) if (job.owner === process) this.#adopted.delete(pid);
    if (process.terminal && process.pid === process.terminal.leaderPid) process.terminal.hangUp();
    process.answerWaiters({ exitCode });
  }

  /** Throws ProcessError when no such process was ever known, or too long ago. */
  wait(pid: number): Promise<WaitAnswer> | WaitAnswer {
    const process = this.#processes.get(pid);
    if (process) return process.wait();
    const exitCode = this.#exitCodes.get(pid);
    if (exitCode === undefined) throw new ProcessError(`(${pid}) - No such process`);
    return { exitCode };
  }

  adopt(owner: KernelProcess, command: readonly string[], startedAtMs: number): number {
    const pid = this.takePid();
    this.#adopted.set(pid, { owner, command, startedAtMs });
    return pid;
  }

  releaseAdopted(owner: KernelProcess, pid: number): void {
    if (this.#adopted.get(pid)?.owner === owner) this.#adopted.delete(pid);
  }

  /** Those with this controlling terminal. */
  *onTerminal(terminal: object): Generator<KernelProcess> {
    for (const process of this.#processes.values()) {
      if (process.terminal === terminal) yield process;
    }
  }

  #continue(process: KernelProcess): void {
    if (process.state !== 'stopped') return;
    process.state = 'running';
    process.stoppedBy = undefined;
    process.tell({ event: 'continue' });
    process.answerWaiters({ isContinued: true });
  }

  #remember(pid: number, exitCode: ExitCode): void {
    this.#exitCodes.set(pid, exitCode);
    for (const oldest of this.#exitCodes.keys()) {
      if (this.#exitCodes.size <= rememberedExits) return;
      this.#exitCodes.delete(oldest);
    }
  }
}
