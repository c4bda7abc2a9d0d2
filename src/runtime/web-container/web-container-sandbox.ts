import type { Signal } from '../../base/program.ts';
import {
  type BootOptions,
  type FileContent,
  type MachineChanges,
  type Notice,
  type Sandbox,
  SandboxFileError,
  type SandboxFiles,
  type SandboxNetwork,
  type SandboxProcess,
  type SandboxProcessInfo,
  SandboxUnsupportedError,
  type SpawnOptions,
} from '../provider.ts';
import type { Container, FileTree } from './container-api.ts';
import { containerChanges } from './container-changes.ts';
import { fetchInside } from './container-fetch.ts';
import { ContainerSandboxProcess } from './container-process.ts';

export const guestBundle = 'opt/kafka_2.13-3.8.0/libs/lab-guest.mjs';
const homeFolder = '/home/learner';

/** One Node host in a WebContainer as a lab of one machine. */
export class WebContainerSandbox implements Sandbox {
  readonly kind = 'webcontainer';
  readonly machines: readonly string[];
  readonly notices: readonly Notice[];
  readonly files: SandboxFiles;
  readonly network: SandboxNetwork = oneMachineNetwork;
  readonly #container: Container;
  readonly #machine: string;
  readonly #mounted: Readonly<Record<string, FileContent>>;
  #lastToken = 0;

  constructor(
    container: Container,
    wanted: readonly string[],
    mounted: Readonly<Record<string, FileContent>>,
  ) {
    this.#container = container;
    this.#machine = wanted[0] ?? 'worker1';
    this.#mounted = mounted;
    this.machines = [this.#machine];
    this.notices = 1 < wanted.length ? [mergedNotice, oneMachineNotice(wanted)] : [mergedNotice];
    this.files = filesOf(container);
  }

  async spawn(
    machine: string,
    command: readonly string[],
    options: SpawnOptions = {},
  ): Promise<SandboxProcess> {
    this.#check(machine);
    this.#lastToken += 1;
    const token = `t${this.#lastToken}`;
    const { workdir } = this.#container;
    const [program = '', ...rest] = command;
    const isShell = program === 'bash' || program === '/bin/bash';
    const args = isShell ? rest : ['-c', '"$@"', 'bash', ...command];
    const process = await this.#container.spawn(
      'node',
      [`${workdir}/${guestBundle}`, 'bash', ...args],
      {
        env: { ...this.#environment(options.cwd ?? homeFolder), ...options.env, LAB_TOKEN: token },
        ...(options.terminal
          ? { terminal: { cols: options.terminal.columns, rows: options.terminal.rows } }
          : {}),
      },
    );
    const pid = await this.#pidOf(token, process.exit);
    return new ContainerSandboxProcess(
      process,
      pid,
      (signal) => void this.kill(machine, pid, signal),
    );
  }

  async processes(machine: string): Promise<readonly SandboxProcessInfo[]> {
    this.#check(machine);
    const folder = `${this.#container.workdir}/.lab/processes`;
    const infos: SandboxProcessInfo[] = [];
    for (const { name } of await this.#container.fs.readdir(relative(folder, this.#container), {
      withFileTypes: true,
    })) {
      if (!name.endsWith('.json')) continue;
      const bytes = await this.#container.fs
        .readFile(`.lab/processes/${name}`)
        .catch(() => undefined);
      if (bytes === undefined) continue;
      const { pid, command } = JSON.parse(new TextDecoder().decode(bytes)) as SandboxProcessInfo;
      infos.push({ pid, command });
    }
    return infos.sort((a, b) => a.pid - b.pid);
  }

  /** By a process inside, because the container's own `kill` knows no signals. */
  async kill(machine: string, pid: number, signal: Signal): Promise<void> {
    this.#check(machine);
    const script = `process.kill(${pid}, ${JSON.stringify(signal)})`;
    const process = await this.#container.spawn('node', ['-e', script]);
    if ((await process.exit) !== 0) throw new SandboxFileError(`(${pid}) - No such process`);
  }

  fetch(machine: string, port: number, path: string, init?: RequestInit): Promise<Response> {
    this.#check(machine);
    return fetchInside(this.#container, port, path, init);
  }

  control = unsupported;

  snapshotChanges(): Promise<MachineChanges> {
    return containerChanges(this.#container, this.#machine, this.#mounted);
  }

  dispose(): Promise<void> {
    this.#container.teardown();
    return Promise.resolve();
  }

  #check(machine: string): void {
    if (machine !== this.#machine) throw new SandboxUnsupportedError(oneMachineText);
  }

  #environment(cwd: string): Record<string, string> {
    const kafkaHome = '/opt/kafka_2.13-3.8.0';
    return {
      HOME: homeFolder,
      HOSTNAME: this.#machine,
      KAFKA_HOME: kafkaHome,
      LAB_CWD: cwd,
      LAB_HOST: this.#machine,
      LAB_ROOT: this.#container.workdir,
      LANG: 'C.UTF-8',
      PATH: `${kafkaHome}/bin:/usr/local/bin:/usr/bin:/bin`,
      SHELL: '/bin/bash',
      TERM: 'xterm-256color',
      USER: 'learner',
    };
  }

  /** A process writes its pid under its token when it begins. */
  async #pidOf(token: string, exit: Promise<number>): Promise<number> {
    let hasEnded = false;
    void exit.then(() => {
      hasEnded = true;
    });
    for (;;) {
      const path = `.lab/processes/${token}.pid`;
      const bytes = await this.#container.fs.readFile(path).catch(() => undefined);
      if (bytes !== undefined && 0 < bytes.length) {
        await this.#container.fs.rm(path, { force: true });
        return Number(new TextDecoder().decode(bytes));
      }
      if (hasEnded) return 0;
      await new Promise((resolve) => setTimeout(resolve, pidPollMs));
    }
  }
}

const pidPollMs = 15;
const oneMachineText = 'A WebContainer is one machine: this needs the in-tab machines.';

const mergedNotice: Notice = {
  id: 'merged-output',
  text: 'In a WebContainer a program’s errors come mixed with its output.',
};

function oneMachineNotice(wanted: readonly string[]): Notice {
  const text = `A WebContainer is one machine: of ${wanted.join(', ')} only ${wanted[0]} is there.`;
  return { id: 'one-machine', text };
}

const unsupported = () => Promise.reject(new SandboxUnsupportedError(oneMachineText));
const oneMachineNetwork: SandboxNetwork = {
  cut: unsupported,
  isolate: unsupported,
  heal: unsupported,
  delay: unsupported,
  faults: () => Promise.resolve([]),
  onChange: () => () => undefined,
};

function relative(path: string, { workdir }: Container): string {
  return path.slice(workdir.length + 1);
}

/** Paths of the container's file system API begin at its work folder, as the machine's at `/`. */
function inside(path: string): string {
  return path.replace(/^\/+/, '') || '.';
}

function filesOf({ fs }: Container): SandboxFiles {
  return {
    read: (_machine, path) => fileCall(fs.readFile(inside(path))),
    async write(_machine, path, content) {
      const folder = inside(path.slice(0, path.lastIndexOf('/')));
      await fileCall(fs.mkdir(folder, { recursive: true }));
      await fileCall(fs.writeFile(inside(path), content));
    },
    remove: (_machine, path) => fileCall(fs.rm(inside(path), { recursive: true, force: true })),
    async list(_machine, path) {
      const entries = await fileCall(fs.readdir(inside(path), { withFileTypes: true }));
      return entries.map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? ('directory' as const) : ('file' as const),
      }));
    },
    watch(_machine, path, onChange) {
      const watcher = fs.watch(inside(path), { recursive: true }, (_event, name) => {
        const changed = typeof name === 'string' ? name : new TextDecoder().decode(name);
        onChange(`${path === '/' ? '' : path}/${changed}`);
      });
      return () => watcher.close();
    },
  };
}

async function fileCall<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new SandboxFileError((cause as Error).message, { cause });
  }
}

/** What a machine with these files is mounted from. */
export function toFileTree(files: Readonly<Record<string, FileContent>>): FileTree {
  const root: FileTree = {};
  for (const [path, { content }] of Object.entries(files)) {
    const parts = path.split('/').filter(Boolean);
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const known = folder[part];
      const next = known && 'directory' in known ? known : { directory: {} };
      folder[part] = next;
      folder = next.directory;
    }
    folder[name] = { file: { contents: content } };
  }
  return root;
}

/** The lesson's files for the one machine, over those of every machine. */
export function filesOfMachine(options: BootOptions): Readonly<Record<string, FileContent>> {
  return { ...options.files['*'], ...options.files[options.machines[0] ?? ''] };
}
