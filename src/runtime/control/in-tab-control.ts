import type { Signal } from '../../base/program.ts';
import type { HostCalls, HostEvent } from '../host-calls.ts';
import type { FrameList } from '../inspector/inspector-calls.ts';
import type { KafkaServer } from '../kafka-servers.ts';
import type { Sandbox } from '../provider.ts';
import type { RpcClient } from '../rpc.ts';
import { toMachineState } from './machine-state.ts';
import { PanelWatch } from './panel-watch.ts';
import type {
  ClusterListener,
  ClusterWatch,
  FrameInspection,
  MachineState,
  SandboxControl,
} from './sandbox-control.ts';
import { WorkerInspection } from './worker-inspection.ts';

/** The switches of in-tab machines, for the page. */
export class InTabControl implements SandboxControl {
  readonly #workerUrl: string;
  readonly #sandbox: Sandbox;
  readonly #kernel: RpcClient<HostCalls, HostEvent>;

  constructor(
    sandbox: Sandbox,
    kernel: RpcClient<HostCalls, HostEvent>,
    inspectorWorkerUrl: string,
  ) {
    this.#workerUrl = inspectorWorkerUrl;
    this.#sandbox = sandbox;
    this.#kernel = kernel;
  }

  async machines(): Promise<readonly MachineState[]> {
    const { machines } = await this.#kernel.call('labState', {});
    return machines.map(toMachineState);
  }

  kill(machine: string): Promise<readonly number[]> {
    return this.#signal(machine, 'SIGKILL');
  }

  stop(machine: string): Promise<readonly number[]> {
    return this.#signal(machine, 'SIGTERM');
  }

  async start(machine: string): Promise<readonly KafkaServer[]> {
    await this.#kernel.call('labRestart', { machine });
    return await this.#serversOf(machine);
  }

  watchCluster(listener: ClusterListener): ClusterWatch {
    return new PanelWatch(this.#sandbox, () => this.#kernel.call('labState', {}), listener);
  }

  inspectFrames(onList: (list: FrameList) => void): FrameInspection {
    const worker = new Worker(this.#workerUrl, { type: 'module' });
    return new WorkerInspection(worker, this.#kernel, onList);
  }

  async #signal(machine: string, signal: Signal): Promise<readonly number[]> {
    const pids = (await this.#serversOf(machine)).map(({ pid }) => pid);
    for (const pid of pids) await this.#sandbox.kill(machine, pid, signal);
    return pids;
  }

  async #serversOf(machine: string): Promise<readonly KafkaServer[]> {
    const states = await this.machines();
    return states.find(({ name }) => name === machine)?.servers ?? [];
  }
}
