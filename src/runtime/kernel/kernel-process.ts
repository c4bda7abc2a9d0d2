import type { ExitCode, Signal } from '../../base/program.ts';
import type { Port } from '../port.ts';
import type { KernelEvent, LinkState, OpenConnection, WaitAnswer } from '../system-calls.ts';
import type { Endpoint, EndpointIdentity } from './endpoint.ts';
import type { Machine } from './machine.ts';
import type { Description, Reader } from './open-file.ts';
import type { Terminal } from './terminal.ts';
import type { FileNode, VirtualFiles } from './virtual-files.ts';

/** A worker that runs one process. */
export interface ProcessWorker {
  /** At once, whatever it is doing. */
  terminate(): void;
}

/** A file that a process holds open by handle. */
export interface FileHandle {
  readonly files: VirtualFiles;
  readonly node: FileNode;
  readonly path: string;
}

export interface ProcessIdentity {
  readonly pid: number;
  readonly machine: Machine;
  readonly command: readonly string[];
  readonly startedAtMs: number;
  readonly terminal: Terminal | undefined;
}

/** The kernel's record of a process. */
export class KernelProcess implements Endpoint, Reader {
  readonly pid: number;
  readonly home: Machine;
  readonly command: readonly string[];
  readonly startedAtMs: number;
  readonly terminal: Terminal | undefined;
  parentPid: number;
  group: number;
  readonly port: Port;
  worker: ProcessWorker | undefined;
  /** `ending`: its worker is gone, what it had posted is still coming in. */
  state: 'running' | 'stopped' | 'ending' | 'ended' = 'running';
  stoppedBy: Signal | undefined;
  exitCode: ExitCode = 0;
  readonly descriptors = new Map<number, Description>();
  readonly handles = new Map<number, FileHandle>();
  /** Connect attempts that may be cancelled, by the process's number. */
  readonly attempts = new Map<number, () => void>();
  handledSignals: ReadonlySet<Signal> = new Set();
  /** Counts messages, to see when the port has fallen silent. */
  calls = 0;
  readonly #waiters: ((answer: WaitAnswer) => void)[] = [];
  #lastFd = 2;

  constructor(identity: ProcessIdentity, parentPid: number, group: number, port: Port) {
    this.pid = identity.pid;
    this.home = identity.machine;
    this.command = identity.command;
    this.startedAtMs = identity.startedAtMs;
    this.terminal = identity.terminal;
    this.parentPid = parentPid;
    this.group = group;
    this.port = port;
  }

  get machine(): string {
    return this.home.name;
  }

  get isGone(): boolean {
    return this.state === 'ending' || this.state === 'ended';
  }

  addDescriptor(description: Description): number {
    this.#lastFd += 1;
    this.descriptors.set(this.#lastFd, description);
    return this.#lastFd;
  }

  tell(event: KernelEvent, transfer?: readonly object[]): void {
    this.port.post(event, transfer);
  }

  accept(listener: number, opened: OpenConnection): void {
    this.tell({ event: 'accept', listener, opened }, [opened.port]);
  }

  reset(connection: number): void {
    this.tell({ event: 'reset', connection });
  }

  linkChanged(connection: number, link: LinkState): void {
    this.tell({ event: 'link', connection, link });
  }

  tap(port: Port | undefined): void {
    if (this.isGone) return;
    if (port === undefined) this.tell({ event: 'tap', port });
    else this.tell({ event: 'tap', port: port.raw }, [port.raw]);
  }

  get identity(): EndpointIdentity {
    return { pid: this.pid, command: this.command };
  }

  /** Resolves when it ends or, unless it has already, stops. */
  wait(): Promise<WaitAnswer> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  answerWaiters(answer: WaitAnswer): void {
    for (const resolve of this.#waiters.splice(0)) resolve(answer);
  }

  /** Gives everything back; the last step of a process's life. */
  releaseAll(): void {
    for (const description of this.descriptors.values()) description.close();
    this.descriptors.clear();
    for (const { files, node } of this.handles.values()) files.close(node);
    this.handles.clear();
  }
}
