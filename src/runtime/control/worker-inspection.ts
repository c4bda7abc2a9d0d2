import type { HostCalls, HostEvent } from '../host-calls.ts';
import type {
  ExchangeDetail,
  FrameFilter,
  FrameList,
  InspectorCalls,
} from '../inspector/inspector-calls.ts';
import { openChannel } from '../port.ts';
import { RpcClient } from '../rpc.ts';
import type { FrameInspection } from './sandbox-control.ts';

/** A worker as far as it is needed here: its first message is the page's port. */
export interface InspectorWorker {
  postMessage(message: object, transfer: readonly object[]): void;
  terminate(): void;
}

/** The frame inspector in a worker of its own; between it and the kernel there is a tap while it is not paused. */
export class WorkerInspection implements FrameInspection {
  readonly #kernel: RpcClient<HostCalls, HostEvent>;
  readonly #worker: InspectorWorker;
  readonly #inspector: RpcClient<InspectorCalls, FrameList>;
  #isTapped = false;

  constructor(
    worker: InspectorWorker,
    kernel: RpcClient<HostCalls, HostEvent>,
    onList: (list: FrameList) => void,
  ) {
    this.#kernel = kernel;
    this.#worker = worker;
    const [near, far] = openChannel();
    this.#worker.postMessage(far.raw, [far.raw]);
    this.#inspector = new RpcClient(near);
    this.#inspector.onEvent(onList);
    this.setPaused(false);
  }

  setFilter(filter: FrameFilter): void {
    this.#inspector.post('setFilter', filter);
  }

  detail(id: number): Promise<ExchangeDetail | undefined> {
    return this.#inspector.call('detail', { id });
  }

  clear(): void {
    this.#inspector.post('clear', {});
  }

  setPaused(isPaused: boolean): void {
    if (isPaused !== this.#isTapped) return;
    this.#isTapped = !isPaused;
    if (isPaused) {
      this.#kernel.post('setTap', {});
      return;
    }
    const [near, far] = openChannel();
    this.#inspector.post('setSource', { port: near.raw }, [near.raw]);
    this.#kernel.post('setTap', { port: far.raw }, [far.raw]);
  }

  dispose(): void {
    this.setPaused(true);
    this.#worker.terminate();
  }
}
