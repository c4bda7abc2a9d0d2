import type { Sandbox, SandboxProcess } from '../provider.ts';
import type { LabState } from '../system-calls.ts';
import type { ClusterReport, PartitionView, WatcherOrder } from '../watcher/cluster-report.ts';
import { toMachineState } from './machine-state.ts';
import type { ClusterListener, ClusterWatch } from './sandbox-control.ts';

const pollEveryMs = 500;
/** Sockets that are asked what they are: a learner's program may listen on any number. */
const targetsMax = 60;

/** Runs the watcher as a process on the lab's observer, and tells it where something listens. */
export class PanelWatch implements ClusterWatch {
  readonly #sandbox: Pick<Sandbox, 'spawn'>;
  readonly #readState: () => Promise<LabState>;
  readonly #listener: ClusterListener;
  readonly #process: Promise<SandboxProcess>;
  #timer: ReturnType<typeof setInterval> | undefined;
  #knownTargets = '';
  #isDisposed = false;

  constructor(
    sandbox: Pick<Sandbox, 'spawn'>,
    readState: () => Promise<LabState>,
    listener: ClusterListener,
  ) {
    this.#sandbox = sandbox;
    this.#readState = readState;
    this.#listener = listener;
    this.#process = this.#start();
    this.setPaused(false);
  }

  setView(view: PartitionView): void {
    this.#order({ view });
  }

  setPaused(isPaused: boolean): void {
    clearInterval(this.#timer);
    this.#order({ isPaused });
    if (isPaused || this.#isDisposed) return;
    this.#timer = setInterval(() => void this.#poll(), pollEveryMs);
    void this.#poll();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
    this.#process.then((process) => process.kill('SIGKILL')).catch(() => undefined);
  }

  async #start(): Promise<SandboxProcess> {
    const process = await this.#sandbox.spawn('observer', ['cluster-watcher']);
    void this.#read(process.output);
    return process;
  }

  #order(order: WatcherOrder): void {
    this.#process
      .then((process) => process.write(`${JSON.stringify(order)}\n`))
      .catch(() => undefined);
  }

  async #poll(): Promise<void> {
    const { machines } = await this.#readState();
    if (this.#isDisposed) return;
    const targets = machines
      .flatMap(({ name, listening }) =>
        listening
          .filter(({ host }) => host !== '127.0.0.1')
          .map(({ port }) => ({ machine: name, port })),
      )
      .slice(0, targetsMax);
    const described = JSON.stringify(targets);
    if (described !== this.#knownTargets) this.#order({ targets });
    this.#knownTargets = described;
    this.#listener.onMachines(machines.map(toMachineState));
  }

  async #read(output: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const reader = output.getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done || this.#isDisposed) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#listener.onReport(JSON.parse(line) as ClusterReport);
    }
  }
}
