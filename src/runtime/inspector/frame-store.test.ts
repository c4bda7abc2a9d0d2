import { expect, test } from 'vitest';
import { encodeRequest, encodeResponse } from '../../protocol/frames.ts';
import { metadataRequest, metadataResponse } from '../../protocol/schemas/03-metadata.ts';
import { detailOf } from './frame-detail.ts';
import { FrameStore } from './frame-store.ts';
import type { TapFrame } from './tap-messages.ts';

const connection = {
  id: 1,
  client: {
    machine: 'worker1',
    pid: 1_051,
    command: ['/opt/kafka/bin/kafka-topics.sh', '--list'],
    host: '10.0.0.11',
    port: 40_000,
  },
  server: {
    machine: 'worker2',
    pid: 1_043,
    command: ['/opt/kafka/bin/kafka-server-start.sh', 'server.properties'],
    host: '10.0.0.12',
    port: 9_092,
  },
};
const everything = { api: '', process: '', text: '' };

function frameOf(chunks: readonly Uint8Array[], atMs: number, isFromClient: boolean): TapFrame {
  const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk])).slice(4);
  return { connection: 1, isFromClient, atMs, sizeBytes: bytes.length, bytes, isOther: false };
}

function request(correlationId: number, topic: string, atMs = 1_000): TapFrame {
  const header = { apiVersion: 12, correlationId, clientId: 'adminclient-1' };
  return frameOf(encodeRequest(metadataRequest, header, { topics: [{ name: topic }] }), atMs, true);
}

function response(correlationId: number, topic: string, atMs = 1_012): TapFrame {
  const message = { clusterId: 'c', topics: [{ name: topic, partitions: [] }] };
  const header = { apiVersion: 12, correlationId };
  return frameOf(encodeResponse(metadataResponse, header, message), atMs, false);
}

function openStore(): FrameStore {
  const store = new FrameStore();
  store.addConnection(connection);
  return store;
}

test('a response finds its request by the correlation id, whichever came here first', () => {
  const store = openStore();
  store.add(request(7, 'orders'));
  store.add(response(8, 'payments'));
  store.add(response(7, 'orders'));
  store.add(request(8, 'payments'));
  const { rows, notKept } = store.list(everything);
  expect(rows.map(({ correlationId, latencyMs, api }) => [api, correlationId, latencyMs])).toEqual([
    ['Metadata', 7, 12],
    ['Metadata', 8, 12],
  ]);
  expect(rows[0]).toMatchObject({
    from: { machine: 'worker1', process: 'TopicCommand 1051' },
    to: { machine: 'worker2', process: 'Kafka 1043', port: 9_092 },
  });
  expect(notKept).toBe(0);
});

test('a filter finds APIs, processes, machines and topics', () => {
  const store = openStore();
  store.add(request(1, 'orders'));
  store.add(request(2, 'payments'));
  const found = (filter: object) =>
    store.list({ ...everything, ...filter }).rows.map((row) => row.correlationId);
  expect(found({ text: 'pay' })).toEqual([2]);
  expect(found({ api: 'Metadata' })).toEqual([1, 2]);
  expect(found({ api: 'Fetch' })).toEqual([]);
  expect(store.list(everything).otherApis).toContain('Vote');
  expect(found({ process: 'worker2 Kafka 1043' })).toEqual([1, 2]);
  expect(found({ process: 'worker3' })).toEqual([]);
  expect(store.list(everything).processes).toContain('worker1 TopicCommand 1051');
});

test('each field is told with the bytes that hold it', () => {
  const store = openStore();
  store.add(request(7, 'orders'));
  store.add(response(7, 'orders'));
  const exchange = store.get(1);
  const detail = exchange && detailOf(exchange);
  const [asked, answered] = detail?.parts ?? [];
  const name = asked?.fields.find((field) => field.name === 'name');
  expect(name).toMatchObject({ type: 'string', value: '"orders"' });
  const bytes = asked?.bytes.subarray(name?.start, name?.end) ?? new Uint8Array();
  expect(new TextDecoder().decode(bytes.subarray(1))).toBe('orders');
  expect(asked?.fields.find((field) => field.name === 'clientId')?.value).toBe('"adminclient-1"');
  expect(answered?.error).toBeUndefined();
  expect(JSON.parse(answered?.json ?? '')).toMatchObject({
    header: { correlationId: 7 },
    body: { clusterId: 'c', topics: [{ name: 'orders' }] },
  });
});

test('a frame that is damaged shows the fields before the damage, and why it ends', () => {
  const store = openStore();
  const whole = request(7, 'orders');
  const bytes = whole.bytes.slice(0, -6);
  store.add({ ...whole, bytes, sizeBytes: bytes.length });
  const exchange = store.get(1);
  const [asked] = (exchange && detailOf(exchange))?.parts ?? [];
  expect(asked?.fields.some((field) => field.name === 'correlationId')).toBe(true);
  expect(asked?.error).toMatch(/topics/);
});

test('what is no Kafka is a row of bytes', () => {
  const store = openStore();
  const bytes = new TextEncoder().encode('GET / HTTP/1.1\r\n');
  const other = { connection: 1, isFromClient: true, atMs: 0, sizeBytes: bytes.length };
  store.add({ ...other, bytes, isOther: true });
  store.add({ ...other, bytes: Uint8Array.of(0x7f, 0x7f, 0, 0), isOther: false });
  expect(store.list(everything).rows.map(({ api }) => api)).toEqual(['', '']);
  const exchange = store.get(1);
  expect((exchange && detailOf(exchange))?.parts[0]?.side).toBe('bytes');
});

test('responses whose requests were not kept are let go of, and counted', () => {
  const store = openStore();
  for (let id = 0; id < 400; id++) store.add(response(id, 'orders', id * 10));
  expect(store.list(everything)).toMatchObject({ kept: 0, notKept: 199 });
  store.forgetConnections();
  expect(store.list(everything).notKept).toBe(400);
});

test('of many processes the newest can be chosen', () => {
  const store = openStore();
  for (let id = 2; id < 300; id++) {
    store.addConnection({ ...connection, id, client: { ...connection.client, pid: id } });
    store.add({ ...request(1, 'orders'), connection: id });
  }
  const { processes } = store.list(everything);
  expect(processes.length).toBeLessThan(110);
  expect(processes).toContain('worker1 TopicCommand 299');
  expect(processes).not.toContain('worker1 TopicCommand 2');
});

test('the ring lets go of the oldest, and counts them', () => {
  const store = openStore();
  for (let id = 0; id < 5_010; id++) store.add(request(id, 'orders'));
  const { kept, notKept, rows, matching } = store.list(everything);
  expect([kept, notKept, rows.length, matching]).toEqual([5_000, 10, 60, 5_000]);
  expect(store.get(1)).toBeUndefined();
  store.clear();
  expect(store.list(everything)).toMatchObject({ kept: 0, notKept: 0, keptBytes: 0 });
});
