/// <reference lib="webworker" />
import { OpfsDiskPool } from '../host/browser/opfs-disk-pool.ts';
import type { HostCalls, KernelBoot, KernelBooted, WorkerUrls } from './host-calls.ts';
import { hostCalls } from './kernel/host-service.ts';
import { Kernel } from './kernel/kernel.ts';
import type { KernelHost } from './kernel/kernel-services.ts';
import { type Port, wrapPort } from './port.ts';
import { type Handlers, serveCalls } from './rpc.ts';
import { WorkerPool } from './worker-pool.ts';

/** Where the disk itself is memory, moving there is for the last resort. */
const memoryDiskSpillAboveBytes = 1_342_177_280;

/** The worker in which the lab's kernel runs. Its first message is the page's port. */
const disks = OpfsDiskPool.open();

self.onmessage = (event: MessageEvent<MessagePort>) => servePage(wrapPort(event.data));

function servePage(page: Port): void {
  const unbooted: Handlers<Pick<HostCalls, 'boot'>> = {
    async boot(request) {
      const { kernel, booted } = await bootKernel(request);
      serveCalls(page, hostCalls(kernel, page));
      return booted;
    },
  };
  serveCalls(page, unbooted);
}

async function bootKernel(
  request: KernelBoot,
): Promise<{ readonly kernel: Kernel; readonly booted: KernelBooted }> {
  const host = workerHost(request.workers);
  const pool = await disks;
  const spillAboveBytes = pool?.isMemory ? memoryDiskSpillAboveBytes : request.spillAboveBytes;
  const kernel = new Kernel({ ...request, spillAboveBytes }, { ...host, disks: pool });
  return { kernel, booted: { disk: pool ? 'opfs' : 'memory' } };
}

function workerHost(urls: WorkerUrls): Omit<KernelHost, 'disks'> {
  const program = new WorkerPool(() => new Worker(urls.program, { type: 'module' }), 1);
  const node = new WorkerPool(() => new Worker(urls.node, { type: 'module' }), 0);
  return {
    nowMs: () => Date.now(),
    after: (delayMs, task) => {
      setTimeout(task, delayMs);
    },
    startWorker(kind, start, onFailure) {
      const worker = (kind === 'program' ? program : node).take();
      worker.onerror = (event) => {
        event.preventDefault();
        onFailure(event.message || `cannot load the ${kind} worker`);
      };
      worker.postMessage(start, [start.port as MessagePort]);
      return worker;
    },
  };
}
