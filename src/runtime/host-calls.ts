import type { DirectoryEntry } from '../base/file-system.ts';
import type { ProcessInfo, Signal } from '../base/program.ts';
import type { BootOptions, MachineChanges, SandboxProcessInfo, TerminalSize } from './provider.ts';
import type {
  LabState,
  LinkFault,
  LinkRequest,
  LinkState,
  OpenConnection,
} from './system-calls.ts';

/** What the page may ask of the kernel. */
export interface HostCalls {
  boot(a: KernelBoot): KernelBooted;
  spawn(a: HostSpawn): { pid: number };
  /** The next output of a process that the page has started; null at the end. Waits. */
  readOutput(a: { pid: number; stream: 'output' | 'errors' }): Uint8Array<ArrayBuffer> | null;
  /** Keys, or bytes of stdin. */
  writeInput(a: { pid: number; data: string }): void;
  endInput(a: { pid: number }): void;
  resize(a: { pid: number; size: TerminalSize }): void;
  waitExit(a: { pid: number }): number;
  kill(a: { machine: string; pid: number; signal: Signal }): void;
  processes(a: { machine: string }): readonly SandboxProcessInfo[];
  readFile(a: { machine: string; path: string }): Uint8Array<ArrayBuffer>;
  writeFile(a: { machine: string; path: string; content: string | Uint8Array }): void;
  removeFile(a: { machine: string; path: string }): void;
  list(a: { machine: string; path: string }): readonly DirectoryEntry[];
  watch(a: { watch: number; machine: string; path: string }): void;
  unwatch(a: { watch: number }): void;
  labState(a: Record<never, never>): LabState;
  /** Starts what last ran in the background on a machine; what still runs is left alone. */
  labRestart(a: { machine: string }): readonly ProcessInfo[];
  setLink(a: LinkRequest): void;
  /** All links, or those between the machine and another, or all others. */
  heal(a: { machine?: string; other?: string }): void;
  faults(a: Record<never, never>): readonly LinkFault[];
  connect(a: { machine: string; port: number }): OpenConnection;
  connectionClosed(a: { machine: string; connection: number }): void;
  /** Opens the frame inspector's tap: its end of a channel; without one, closes it. */
  setTap(a: { port?: object }): void;
  snapshotChanges(a: Record<never, never>): MachineChanges;
}

export interface KernelBoot {
  readonly machines: readonly string[];
  readonly files: BootOptions['files'];
  readonly workers: WorkerUrls;
  /** For file content; more is `No space left on device`. */
  readonly memoryLimitBytes: number;
  /** Above this, content moves to the disk where there is one. */
  readonly spillAboveBytes: number;
}

export interface KernelBooted {
  /** Whether large files lie on a disk (OPFS) or in memory. */
  readonly disk: 'opfs' | 'memory';
}

/** Where the scripts of process workers are; module workers. */
export interface WorkerUrls {
  readonly program: string;
  readonly node: string;
}

export interface HostSpawn {
  readonly machine: string;
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: TerminalSize;
}

export type HostEvent =
  | { readonly event: 'changed'; readonly watch: number; readonly path: string }
  /** Something was cut, slowed or healed. */
  | { readonly event: 'faults'; readonly faults: readonly LinkFault[] }
  | { readonly event: 'reset'; readonly connection: number }
  | { readonly event: 'link'; readonly connection: number; readonly link: LinkState };
