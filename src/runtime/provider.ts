import type { Signal } from '../base/program.ts';
import type { SandboxControl } from './control/sandbox-control.ts';

/**
 * Where a lab runs. Two implementations: in-tab machines (workers, always there) and WebContainer
 * (StackBlitz's Node, on demand). The site knows nothing else about what is behind it.
 */
export interface SandboxProvider {
  readonly kind: 'in-tab' | 'webcontainer';
  /** Rejects with SandboxUnavailableError when this provider cannot be had; its message is for the learner. */
  boot(options: BootOptions): Promise<Sandbox>;
}

export interface BootOptions {
  /** Such as `['worker1']`; each becomes a machine with that host name. */
  readonly machines: readonly string[];
  /** Files laid over a fresh machine, by machine ('*' is every machine), then by absolute path. */
  readonly files: Readonly<Record<string, Readonly<Record<string, FileContent>>>>;
  /** Told as it happens, for the lab's status line. */
  readonly onProgress?: (step: string) => void;
  readonly signal?: AbortSignal;
}

export interface FileContent {
  readonly content: string | Uint8Array;
  /** Without it 0o755 for what begins with `#!`, else 0o644. */
  readonly mode?: number;
}

export interface Sandbox {
  readonly kind: SandboxProvider['kind'];
  readonly machines: readonly string[];
  /** What the lab could not have (OPFS, isolation, several machines), for the learner to see. */
  readonly notices: readonly Notice[];
  readonly files: SandboxFiles;
  readonly network: SandboxNetwork;
  spawn(
    machine: string,
    command: readonly string[],
    options?: SpawnOptions,
  ): Promise<SandboxProcess>;
  processes(machine: string): Promise<readonly SandboxProcessInfo[]>;
  kill(machine: string, pid: number, signal: Signal): Promise<void>;
  /** HTTP to a port of a machine. */
  fetch(machine: string, port: number, path: string, init?: RequestInit): Promise<Response>;
  /** What stands around the machines; rejects with SandboxUnsupportedError where there is one machine only. */
  control(): Promise<SandboxControl>;
  /** What was edited, to be laid over fresh machines after a reload. */
  snapshotChanges(): Promise<MachineChanges>;
  dispose(): Promise<void>;
}

/**
 * Small files (256 KiB at most) that differ from a fresh machine's, by machine and absolute path; null
 * for one that was removed. Logs, data folders and `/tmp` are not among them.
 */
export type MachineChanges = Readonly<Record<string, Readonly<Record<string, FileContent | null>>>>;

export interface Notice {
  readonly id:
    | 'memory-disk'
    | 'no-isolation'
    | 'one-machine'
    | 'provider-fallback'
    | 'merged-output';
  readonly text: string;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** With a terminal the process gets a tty (line editing, Ctrl-C); without, plain pipes. */
  readonly terminal?: TerminalSize;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface SandboxProcess {
  readonly pid: number;
  /** stdout; with a terminal stderr too. One reader. Back-pressure reaches the process. */
  readonly output: ReadableStream<Uint8Array>;
  /** stderr where the provider keeps it apart, else an empty stream. */
  readonly errors: ReadableStream<Uint8Array>;
  readonly exit: Promise<number>;
  /** Bytes to stdin or, with a terminal, keys. */
  write(data: string): void;
  /** Ends stdin. */
  end(): void;
  resize(size: TerminalSize): void;
  kill(signal: Signal): void;
}

export interface SandboxProcessInfo {
  readonly pid: number;
  readonly command: readonly string[];
}

export interface SandboxFiles {
  /** Rejects with SandboxFileError when there is no such file. */
  read(machine: string, path: string): Promise<Uint8Array>;
  write(machine: string, path: string, content: string | Uint8Array): Promise<void>;
  remove(machine: string, path: string): Promise<void>;
  list(
    machine: string,
    path: string,
  ): Promise<readonly { name: string; kind: 'file' | 'directory' }[]>;
  /** Calls back after a file under `path` changed; answers the unsubscriber. */
  watch(machine: string, path: string, onChange: (path: string) => void): () => void;
}

/** Rejects with SandboxUnsupportedError where the provider has one machine only. */
export interface SandboxNetwork {
  /** Nothing passes between the two; one way: what `a` sends to `b` is lost, `b` is heard. */
  cut(a: string, b: string, options?: LinkOptions): Promise<void>;
  /** Cuts a machine off from all others. */
  isolate(machine: string): Promise<void>;
  /** All links are whole and fast; or those of one machine, or those between two. */
  heal(machine?: string, other?: string): Promise<void>;
  /** 0 for none; one way: only what `a` sends to `b`. */
  delay(a: string, b: string, delayMs: number, options?: LinkOptions): Promise<void>;
  /** The directions that are cut or slow just now. */
  faults(): Promise<readonly NetworkFault[]>;
  /** Calls back after each change, whoever made it; answers the unsubscriber. */
  onChange(listener: (faults: readonly NetworkFault[]) => void): () => void;
}

export interface LinkOptions {
  readonly oneWay?: boolean;
}

export interface NetworkFault {
  readonly from: string;
  readonly to: string;
  readonly isCut: boolean;
  readonly delayMs: number;
}

export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';
}
export class SandboxUnsupportedError extends Error {
  override readonly name = 'SandboxUnsupportedError';
}
export class SandboxFileError extends Error {
  override readonly name = 'SandboxFileError';
}
