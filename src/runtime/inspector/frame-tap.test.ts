import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connection } from '../../base/network.ts';
import { createPortHost, type PortHost } from '../../testing/port-host.ts';
import { openChannel, type Port, wrapPort } from '../port.ts';
import type { TapBatch, TapFrame, TapMessage } from './tap-messages.ts';

let host: PortHost;
let sources: Port[];
beforeEach(() => {
  host = createPortHost();
  sources = [];
});
afterEach(() => {
  for (const port of sources) port.close();
  host.dispose();
});

interface Seen {
  readonly messages: TapMessage[];
  readonly frames: TapFrame[];
  lostFrames: number;
  lostBytes: number;
}

function openTap(): Seen {
  const seen: Seen = { messages: [], frames: [], lostFrames: 0, lostBytes: 0 };
  const [near, far] = openChannel();
  sources.push(near);
  near.onMessage((data) => {
    const message = data as TapMessage;
    seen.messages.push(message);
    if (message.kind !== 'process') return;
    const process = wrapPort(message.port);
    sources.push(process);
    process.onMessage((batch) => {
      const { frames, lost } = batch as TapBatch;
      seen.frames.push(...frames);
      for (const loss of lost) {
        seen.lostFrames += loss.frames;
        seen.lostBytes += loss.bytes;
      }
    });
  });
  host.kernel.switchboard.setTap(far);
  return seen;
}

/** A client on worker1, connected to a server on worker2 that receives and forgets. */
async function connect(): Promise<{ readonly client: Connection; received(): number }> {
  const server = host.openProcess('worker2').network;
  let received = 0;
  await server.listen({ host: '', port: 9_092 }, (connection) =>
    connection.start({
      onData: (chunk) => {
        received += chunk.length;
      },
      onClose: () => undefined,
    }),
  );
  const client = await host
    .openProcess('worker1')
    .network.connect({ host: 'worker2', port: 9_092 });
  client.start({ onData: () => undefined, onClose: () => undefined });
  return { client, received: () => received };
}

function frame(size: number, fill = 7): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + size).fill(fill);
  new DataView(bytes.buffer).setInt32(0, size);
  return bytes;
}

test('frames are found in a stream that is cut anywhere', async () => {
  const seen = openTap();
  const { client } = await connect();
  const stream = [frame(10, 1), frame(20, 2), frame(30, 3)].flatMap((each) => [...each]);
  for (let at = 0; at < stream.length; at += 7) {
    client.write([Uint8Array.from(stream.slice(at, at + 7))]);
    await new Promise((resolve) => setTimeout(resolve));
  }
  await expect.poll(() => seen.frames.length).toBe(3);
  expect(seen.frames.map(({ sizeBytes, bytes }) => [sizeBytes, bytes.length, bytes[0]])).toEqual([
    [10, 10, 1],
    [20, 20, 2],
    [30, 30, 3],
  ]);
  expect(seen.messages).toContainEqual({
    kind: 'connection',
    connection: {
      id: 1,
      client: expect.objectContaining({ machine: 'worker1', host: '10.0.0.11' }),
      server: expect.objectContaining({ machine: 'worker2', port: 9_092 }),
    },
  });
});

test('a tap that opens in the middle of a connection begins with the next whole frame', async () => {
  const { client, received } = await connect();
  client.write([frame(100).subarray(0, 50)]);
  await expect.poll(received).toBe(50);
  const seen = openTap();
  await new Promise((resolve) => setTimeout(resolve, 20));
  client.write([frame(100).subarray(50)]);
  await expect.poll(received).toBe(104);
  client.write([frame(8, 9)]);
  await expect.poll(() => seen.frames.length).toBe(1);
  expect(seen.frames[0]).toMatchObject({ sizeBytes: 8, isFromClient: true, isOther: false });
  expect(seen.lostBytes).toBe(54);
});

test('a large frame is kept to 16 KiB, and what is no frame as bytes', async () => {
  const seen = openTap();
  const { client } = await connect();
  client.write([frame(500_000)]);
  client.write([new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')]);
  await expect.poll(() => seen.frames.length).toBe(2);
  const shown = seen.frames.map(({ sizeBytes, bytes, isOther }) => [
    sizeBytes,
    bytes.length,
    isOther,
  ]);
  expect(shown[0]).toEqual([500_000, 16_384, false]);
  expect(shown[1]?.[2]).toBe(true);
});

test('a flood is sampled, and what is not kept is counted', async () => {
  const seen = openTap();
  const { client, received } = await connect();
  const count = 3_000;
  for (let i = 0; i < count; i++) client.write([frame(100)]);
  await expect.poll(received).toBe(count * 104);
  await expect.poll(() => seen.frames.length + seen.lostFrames).toBe(count);
  expect(seen.frames.length).toBeLessThan(1_000);
});

test('while the inspector is closed nothing is copied, and packets move as they are', async () => {
  const { client, received } = await connect();
  const lone = frame(100_000);
  client.write([lone]);
  await expect.poll(received).toBe(100_004);
  expect(lone.buffer.byteLength).toBe(0);
  expect((client as Connection & { tap: unknown }).tap).toBeUndefined();
});

test('what a process sends last, before it ends, is told', async () => {
  const seen = openTap();
  const server = host.openProcess('worker2').network;
  await server.listen({ host: '', port: 9_092 }, (connection) =>
    connection.start({ onData: () => undefined, onClose: () => undefined }),
  );
  const process = host.openProcess('worker1');
  const client = await process.network.connect({ host: 'worker2', port: 9_092 });
  client.start({ onData: () => undefined, onClose: () => undefined });
  client.write([frame(10)]);
  process.exit(0);
  await expect.poll(() => seen.frames.length).toBe(1);
});

test('a tap that is closed hears nothing more', async () => {
  const seen = openTap();
  const { client, received } = await connect();
  client.write([frame(10)]);
  await expect.poll(() => seen.frames.length).toBe(1);
  host.kernel.switchboard.setTap(undefined);
  await expect.poll(() => (client as Connection & { tap: unknown }).tap).toBeUndefined();
  client.write([frame(10)]);
  await expect.poll(received).toBe(28);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(seen.frames.length).toBe(1);
});
