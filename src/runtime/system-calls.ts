import type { DirectoryEntry, FileStat } from '../base/file-system.ts';
import type { SocketAddress } from '../base/network.ts';
import type { ProcessInfo, Signal } from '../base/program.ts';
import type { TerminalSize } from './provider.ts';

/** What a process may ask of the kernel. Calls without an answer are posted; all are handled in order. */
export interface SystemCalls {
  // Open files by number, as 0, 1 and 2.
  read(a: { fd: number }): Uint8Array<ArrayBuffer> | null;
  /** Answered when the reader has room again. Fails with BrokenPipeError. */
  write(a: { fd: number; bytes: Uint8Array<ArrayBuffer> }): void;
  close(a: { fd: number }): void;
  /** With `isOnDemand` the event `wanted` tells when somebody waits for bytes. */
  openPipe(a: { isOnDemand: boolean }): { readFd: number; writeFd: number };
  openFd(a: { path: string; mode: OpenMode }): { fd: number; isTerminal: boolean };

  // Files (base/file-system.ts); `machine` is another machine than the process's own.
  openFile(a: OnMachine & { handle: number; path: string }): { sizeBytes: number };
  createFile(a: OnMachine & { handle: number; path: string }): void;
  readFile(a: { handle: number; position: number; length: number }): Uint8Array<ArrayBuffer>;
  /** Writes the first `length` bytes of the buffer and gives it back. */
  writeFile(a: WrittenBytes): ArrayBuffer;
  truncateFile(a: { handle: number; sizeBytes: number }): void;
  flushFile(a: { handle: number }): void;
  closeFile(a: { handle: number }): void;
  stat(a: OnMachine & { path: string }): FileStat | undefined;
  list(a: OnMachine & { path: string }): readonly DirectoryEntry[];
  makeDirectory(a: OnMachine & { path: string }): void;
  rename(a: OnMachine & { from: string; to: string }): void;
  remove(a: OnMachine & { path: string }): void;
  changeMode(a: OnMachine & { path: string; mode: number }): void;
  changeTime(a: OnMachine & { path: string; modifiedAtMs: number }): void;
  /** The tree under the roots with the bytes of files of at most `maximumBytes`: a program's copy for synchronous reads. */
  copySmallFiles(a: { roots: readonly string[]; maximumBytes: number }): readonly FileCopy[];

  // Network (base/network.ts).
  listen(a: { listener: number; address: SocketAddress }): SocketAddress;
  closeListener(a: { listener: number }): void;
  connect(a: { attempt: number; address: SocketAddress }): OpenConnection;
  cancelConnect(a: { attempt: number }): void;
  connectionClosed(a: { connection: number }): void;
  resolveHost(a: { host: string }): string;
  /** Fails with NetworkError (ENOTFOUND, EHOSTUNREACH): may this process reach that machine now? */
  checkReachable(a: { machine: string }): void;

  // Processes.
  processes(a: Record<never, never>): readonly ProcessInfo[];
  kill(a: { pid: number; signal: Signal }): void;
  killGroup(a: { group: number; signal: Signal }): void;
  spawn(a: SpawnRequest): SpawnAnswer;
  spawnDetached(a: DetachedSpawn): ProcessInfo;
  /** A pid for a job inside the calling process (a subshell); signals to it come as events. */
  adopt(a: { command: readonly string[] }): { pid: number };
  releaseAdopted(a: { pid: number }): void;
  /** Answered when the process ends, stops or continues. */
  wait(a: { pid: number }): WaitAnswer;
  handleSignals(a: { signals: readonly Signal[] }): void;
  exit(a: { code: number }): void;
  stopSelf(a: Record<never, never>): void;

  // The controlling terminal.
  setForeground(a: { group: number }): void;
  setTerminalMode(a: { isRaw: boolean }): void;
  terminalSize(a: Record<never, never>): TerminalSize | undefined;

  // The lab around the machines: their switches and cables, for the command `lab`.
  labState(a: Record<never, never>): LabState;
  /** Fails with ProcessError for a machine or a process that there is not. */
  labSignal(a: { machine: string; pid: number; signal: Signal }): void;
  /** Starts what last ran in the background on a machine; what still runs is left alone. */
  labRestart(a: { machine: string }): readonly ProcessInfo[];
  labLink(a: LinkRequest): void;
}

/** A change of what travels from one machine to another or, with `both`, also back. */
export interface LinkRequest {
  readonly from: string;
  readonly to: string;
  readonly change: Partial<LinkState>;
  readonly both: boolean;
}

/** Machines in order, and the directions of the network that are not whole and fast. */
export interface LabState {
  readonly machines: readonly LabMachine[];
  readonly faults: readonly LinkFault[];
}

/** A direction of the network that is cut or slow. */
export interface LinkFault extends LinkState {
  readonly from: string;
  readonly to: string;
}

export interface LabMachine {
  readonly name: string;
  readonly processes: readonly ProcessInfo[];
  /** Where something listens, as `ss -ltn` would show it. */
  readonly listening: readonly SocketAddress[];
  /** What `labRestart` would start: commands that have ended. */
  readonly ended: readonly (readonly string[])[];
}

export interface OnMachine {
  readonly machine?: string;
}

export type OpenMode = 'read' | 'write' | 'append' | 'readWrite';

export interface FileCopy {
  readonly path: string;
  readonly mode: number;
  readonly modifiedAtMs: number;
  /** Absent for a folder and for a file that is too large to copy. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly sizeBytes: number;
  readonly isDirectory: boolean;
}

export interface OpenConnection {
  readonly connection: number;
  readonly port: object;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly link: LinkState;
}

/** How the network from one machine to another is just now. */
export interface LinkState {
  readonly isCut: boolean;
  readonly delayMs: number;
}

export interface SpawnRequest {
  /** First the program's path or name, as in the shell. */
  readonly command: readonly string[];
  /** What is started, where `command[0]` is only what is shown. */
  readonly path?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The caller's descriptors that become the child's 0, 1 and 2. */
  readonly fds: readonly [number, number, number];
  /** The process group to join; absent: a group of its own. */
  readonly group?: number;
  /** Another machine, as `ssh` does. */
  readonly machine?: string;
}

/** A command that cannot be started is an outcome, with the shell's exit code. */
export type SpawnAnswer =
  | { readonly pid: number }
  | { readonly exitCode: 126 | 127; readonly reason: SpawnFailure; readonly path: string };

export type SpawnFailure =
  | 'command not found'
  | 'No such file or directory'
  | 'Permission denied'
  | 'Is a directory';

export interface DetachedSpawn {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly outputPath: string;
}

export type WaitAnswer =
  | { readonly exitCode: number }
  | { readonly stoppedBy: Signal }
  | { readonly isContinued: true };

/** What the kernel tells a process by itself. */
export interface WrittenBytes {
  readonly handle: number;
  readonly position: number;
  readonly buffer: ArrayBuffer;
  readonly length: number;
}

export type KernelEvent =
  | { readonly event: 'signal'; readonly signal: Signal }
  | { readonly event: 'adoptedSignal'; readonly pid: number; readonly signal: Signal }
  | { readonly event: 'stop' }
  | { readonly event: 'continue' }
  /** Somebody waits for bytes of a pipe that was opened on demand. */
  | { readonly event: 'wanted'; readonly fd: number }
  | { readonly event: 'resize'; readonly size: TerminalSize }
  | { readonly event: 'accept'; readonly listener: number; readonly opened: OpenConnection }
  /** The other end's process is gone. */
  | { readonly event: 'reset'; readonly connection: number }
  | { readonly event: 'link'; readonly connection: number; readonly link: LinkState }
  /** Copies of what it sends are wanted over this port; without one, no more. */
  | { readonly event: 'tap'; readonly port: object | undefined };

/** The first message to a process's worker. */
export interface ProcessStart {
  readonly port: object;
  /** The program's name in the registry, or the path of the script for Node. */
  readonly program: string;
  /** As the process table shows it; the program's arguments are `command.slice(1)`. */
  readonly command: readonly string[];
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  readonly parentPid: number;
  readonly group: number;
  readonly hostname: string;
  readonly machines: readonly string[];
  /** Which of 0, 1 and 2 is a terminal. */
  readonly terminals: readonly [boolean, boolean, boolean];
  readonly size: TerminalSize | undefined;
}
