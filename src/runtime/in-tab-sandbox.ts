import type { Connection } from '../base/network.ts';
import type { Signal } from '../base/program.ts';
import { BrowserScheduler } from '../host/browser/browser-scheduler.ts';
import type { SandboxControl } from './control/sandbox-control.ts';
import type { HostCalls, HostEvent, WorkerUrls } from './host-calls.ts';
import { fetchOver } from './http-over-connection.ts';
import { openChannel } from './port.ts';
import { Outbox } from './process/outbox.ts';
import { PortConnection } from './process/port-connection.ts';
import {
  type BootOptions,
  type FileContent,
  type MachineChanges,
  type NetworkFault,
  type Notice,
  type Sandbox,
  SandboxFileError,
  type SandboxFiles,
  type SandboxNetwork,
  type SandboxProcess,
  type SandboxProvider,
  SandboxUnavailableError,
  type SpawnOptions,
} from './provider.ts';
import { RpcClient } from './rpc.ts';

export interface InTabOptions {
  /** Where the bundled worker scripts are. */
  readonly workers: WorkerUrls & { readonly kernel: string; readonly inspector: string };
  /** What every fresh machine has, under the lesson's files. */
  readonly systemFiles?: Readonly<Record<string, FileContent>>;
  /** For files that are not on a disk. */
  readonly memoryLimitBytes?: number;
}

const defaultMemoryLimitBytes = 1_610_612_736;
const spillAboveBytes = 402_653_184;
type KernelClient = RpcClient<HostCalls, HostEvent>;

/** Machines made of workers in this tab: there at once, offline, on plain http. */
export class InTabProvider implements SandboxProvider {
  readonly kind = 'in-tab';
  readonly #options: InTabOptions;

  constructor(options: InTabOptions) {
    this.#options = options;
  }

  async boot(options: BootOptions): Promise<InTabSandbox> {
    options.onProgress?.('Starting the kernel');
    const { kernel: kernelUrl, program, node, inspector } = this.#options.workers;
    const worker = new Worker(kernelUrl, { type: 'module' });
    const [near, far] = openChannel();
    const failed = new Promise<never>((_, reject) => {
      worker.onerror = (event) =>
        reject(new SandboxUnavailableError(event.message || 'The kernel worker does not load'));
    });
    const aborted = abortOf(options.signal);
    worker.postMessage(far.raw, [far.raw]);
    const kernel: KernelClient = new RpcClient(near);
    try {
      const booting = kernel.call('boot', {
        machines: options.machines,
        files: { ...options.files, '*': { ...this.#options.systemFiles, ...options.files['*'] } },
        workers: { program: absolute(program), node: absolute(node) },
        memoryLimitBytes: this.#options.memoryLimitBytes ?? defaultMemoryLimitBytes,
        spillAboveBytes,
      });
      const { disk } = await Promise.race([booting, failed, aborted]);
      options.onProgress?.('Ready');
      const inspectorUrl = absolute(inspector);
      return new InTabSandbox(worker, kernel, { machines: options.machines, disk, inspectorUrl });
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }
}

function absolute(url: string): string {
  return new URL(url, location.href).href;
}

function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () =>
      reject(new SandboxUnavailableError('Starting the lab was cancelled')),
    );
  });
}

/** A running lab of in-tab machines. */
export class InTabSandbox implements Sandbox {
  readonly kind = 'in-tab';
  readonly machines: readonly string[];
  readonly notices: readonly Notice[];
  readonly files: SandboxFiles;
  readonly network: SandboxNetwork;
  readonly #worker: Worker;
  readonly #kernel: KernelClient;
  readonly #inspectorUrl: string;
  readonly #scheduler = new BrowserScheduler();
  readonly #process = { scheduler: this.#scheduler, outbox: new Outbox(this.#scheduler) };
  readonly #faultListeners = new Set<FaultListener>();
  readonly #watches = new Map<number, (path: string) => void>();
  readonly #connections = new Map<number, PortConnection>();

  constructor(
    worker: Worker,
    kernel: KernelClient,
    booted: {
      readonly machines: readonly string[];
      readonly disk: 'opfs' | 'memory';
      readonly inspectorUrl: string;
    },
  ) {
    const { machines, disk, inspectorUrl } = booted;
    this.#inspectorUrl = inspectorUrl;
    this.#worker = worker;
    this.#kernel = kernel;
    this.machines = machines;
    this.notices = disk === 'opfs' ? [] : [memoryNotice];
    this.files = filesOf(kernel, this.#watches);
    this.network = networkOf(kernel, machines, this.#faultListeners);
    kernel.onEvent((event) => this.#handle(event));
  }

  async spawn(
    machine: string,
    command: readonly string[],
    options: SpawnOptions = {},
  ): Promise<SandboxProcess> {
    const kernel = this.#kernel;
    const { pid } = await kernel.call('spawn', { machine, command, ...options });
    return {
      pid,
      output: outputStream(kernel, pid, 'output'),
      errors: outputStream(kernel, pid, 'errors'),
      exit: kernel.call('waitExit', { pid }),
      write: (data) => kernel.post('writeInput', { pid, data }),
      end: () => kernel.post('endInput', { pid }),
      resize: (size) => kernel.post('resize', { pid, size }),
      kill: (signal) => kernel.post('kill', { machine, pid, signal }),
    };
  }

  processes(machine: string) {
    return this.#kernel.call('processes', { machine });
  }

  kill(machine: string, pid: number, signal: Signal): Promise<void> {
    return this.#kernel.call('kill', { machine, pid, signal });
  }

  async fetch(machine: string, port: number, path: string, init?: RequestInit): Promise<Response> {
    return fetchOver(await this.connect(machine, port), `${machine}:${port}`, path, init);
  }

  /** A byte stream to a port, as a program on that machine would open it. Rejects with NetworkError. */
  async connect(machine: string, port: number): Promise<Connection> {
    const opened = await this.#kernel.call('connect', { machine, port });
    const { connection: number } = opened;
    const connection = new PortConnection(opened, true, this.#process, () => {
      this.#connections.delete(number);
      this.#kernel.post('connectionClosed', { machine, connection: number });
    });
    this.#connections.set(number, connection);
    return connection;
  }

  async control(): Promise<SandboxControl> {
    const { InTabControl } = await import('./control/in-tab-control.ts');
    return new InTabControl(this, this.#kernel, this.#inspectorUrl);
  }

  snapshotChanges(): Promise<MachineChanges> {
    return this.#kernel.call('snapshotChanges', {});
  }

  /** Ends the kernel's worker and with it, as the browser promises, all workers that it has started. */
  dispose(): Promise<void> {
    this.#worker.terminate();
    this.#scheduler.close();
    return Promise.resolve();
  }

  #handle(event: HostEvent): void {
    switch (event.event) {
      case 'changed':
        this.#watches.get(event.watch)?.(event.path);
        break;
      case 'faults':
        for (const listener of this.#faultListeners) listener(event.faults);
        break;
      case 'reset':
        this.#connections.get(event.connection)?.peerIsGone();
        break;
      case 'link':
        this.#connections.get(event.connection)?.setLink(event.link);
        break;
    }
  }
}

const memoryNotice: Notice = {
  id: 'memory-disk',
  text: 'This browser context has no private file system (it needs https or localhost): files of the machines are kept in memory, 1.5 GiB at most.',
};

function outputStream(
  kernel: KernelClient,
  pid: number,
  stream: 'output' | 'errors',
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await kernel.call('readOutput', { pid, stream });
        if (bytes === null) controller.close();
        else controller.enqueue(bytes);
      },
    },
    { highWaterMark: 1 },
  );
}

function filesOf(kernel: KernelClient, watches: Map<number, (path: string) => void>): SandboxFiles {
  let lastWatch = 0;
  return {
    read: (machine, path) => fileCall(kernel.call('readFile', { machine, path })),
    write: (machine, path, content) =>
      fileCall(kernel.call('writeFile', { machine, path, content })),
    remove: (machine, path) => fileCall(kernel.call('removeFile', { machine, path })),
    list: (machine, path) => fileCall(kernel.call('list', { machine, path })),
    watch(machine, path, onChange) {
      lastWatch += 1;
      const watch = lastWatch;
      watches.set(watch, onChange);
      kernel.post('watch', { watch, machine, path });
      return () => {
        watches.delete(watch);
        kernel.post('unwatch', { watch });
      };
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

type FaultListener = (faults: readonly NetworkFault[]) => void;

function networkOf(
  kernel: KernelClient,
  machines: readonly string[],
  listeners: Set<FaultListener>,
): SandboxNetwork {
  return {
    cut: (from, to, { oneWay = false } = {}) =>
      kernel.call('setLink', { from, to, change: { isCut: true }, both: !oneWay }),
    async isolate(from) {
      const others = machines.filter((machine) => machine !== from);
      for (const to of others) {
        await kernel.call('setLink', { from, to, change: { isCut: true }, both: true });
      }
    },
    heal: (machine, other) =>
      kernel.call('heal', {
        ...(machine === undefined ? {} : { machine }),
        ...(other === undefined ? {} : { other }),
      }),
    delay: (from, to, delayMs, { oneWay = false } = {}) =>
      kernel.call('setLink', { from, to, change: { delayMs }, both: !oneWay }),
    faults: () => kernel.call('faults', {}),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
