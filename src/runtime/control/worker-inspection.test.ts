import { afterEach, beforeEach, expect, test } from 'vitest';
import { deferred } from '../../base/deferred.ts';
import type { Connection } from '../../base/network.ts';
import { createPortHost, type PortHost } from '../../testing/port-host.ts';
import type { HostCalls, HostEvent } from '../host-calls.ts';
import { FrameInspector } from '../inspector/frame-inspector.ts';
import type { FrameList } from '../inspector/inspector-calls.ts';
import { hostCalls } from '../kernel/host-service.ts';
import { openChannel, type Port, wrapPort } from '../port.ts';
import { RpcClient, serveCalls } from '../rpc.ts';
import { WorkerInspection } from './worker-inspection.ts';

let host: PortHost;
let ports: Port[];

/** The inspector's worker on this very thread. */
class InThreadWorker {
  isTerminated = false;

  postMessage(port: object): void {
    const page = wrapPort(port);
    ports.push(page);
    new FrameInspector(page, (delayMs, task) => void setTimeout(task, delayMs / 20));
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

beforeEach(() => {
  host = createPortHost();
  ports = [];
});
afterEach(() => {
  for (const port of ports) port.close();
  host.dispose();
});

function connectKernel(): RpcClient<HostCalls, HostEvent> {
  const [near, far] = openChannel();
  ports.push(near, far);
  serveCalls(far, hostCalls(host.kernel, far));
  return new RpcClient(near);
}

type Tapped = Connection & { readonly tap: unknown };

/** Both ends of a connection between two machines. */
async function connect(port: number): Promise<readonly [Tapped, Tapped]> {
  const accepted = deferred<Connection>();
  const handler = { onData: () => undefined, onClose: () => undefined };
  const server = host.openProcess('worker2').network;
  await server.listen({ host: '', port }, (connection) => {
    connection.start(handler);
    accepted.resolve(connection);
  });
  const client = await host.openProcess('worker1').network.connect({ host: 'worker2', port });
  client.start(handler);
  return [client as Tapped, (await accepted.promise) as Tapped];
}

function isTapped(ends: readonly Tapped[]): () => readonly boolean[] {
  return () => ends.map(({ tap }) => tap !== undefined);
}

const httpRequest = 'GET / HTTP/1.1\r\n\r\n';

test('the inspector has a worker and taps while it is open, and closed neither', async () => {
  const before = await connect(9_092);
  expect(isTapped(before)()).toEqual([false, false]);
  const lists: FrameList[] = [];
  const worker = new InThreadWorker();
  const inspection = new WorkerInspection(worker, connectKernel(), (list) => lists.push(list));
  await expect.poll(isTapped(before)).toEqual([true, true]);
  const during = await connect(9_093);
  await expect.poll(isTapped(during)).toEqual([true, true]);
  during[0].write([new TextEncoder().encode(httpRequest)]);
  await expect.poll(() => lists.at(-1)?.kept).toBe(1);
  inspection.dispose();
  expect(worker.isTerminated).toBe(true);
  await expect.poll(isTapped([...before, ...during])).toEqual([false, false, false, false]);
  expect(isTapped(await connect(9_094))()).toEqual([false, false]);
});

test('a paused inspector has no taps, and goes on with the connections that there are', async () => {
  const ends = await connect(9_092);
  const lists: FrameList[] = [];
  const worker = new InThreadWorker();
  const inspection = new WorkerInspection(worker, connectKernel(), (list) => lists.push(list));
  await expect.poll(isTapped(ends)).toEqual([true, true]);
  inspection.setPaused(true);
  await expect.poll(isTapped(ends)).toEqual([false, false]);
  inspection.setPaused(false);
  await expect.poll(isTapped(ends)).toEqual([true, true]);
  // A tap that begins in the middle waits for whole frames.
  ends[0].write([Uint8Array.of(0, 0, 0, 4, 1, 2, 3, 4)]);
  await expect.poll(() => lists.at(-1)?.rows.length).toBe(1);
  inspection.dispose();
});
