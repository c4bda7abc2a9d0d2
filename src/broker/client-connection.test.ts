import { expect, test } from 'vitest';
import type { Connection } from '../base/network.ts';
import { FrameSplitter } from '../protocol/frame-splitter.ts';
import { correlationIdOf, encodeRequest } from '../protocol/frames.ts';
import { metadataRequest } from '../protocol/schemas/03-metadata.ts';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';

/** A client that sends Metadata requests and notes which answers come, in order. */
async function connect(cluster: TestCluster) {
  const { network } = cluster.client();
  const splitter = new FrameSplitter();
  const answered: number[] = [];
  let isClosed = false;
  const opened = network.connect({ host: 'worker1', port: 9092 });
  const started = opened.then((connection: Connection) => {
    connection.start({
      onData: (chunk) => {
        for (const frame of splitter.push(chunk)) answered.push(correlationIdOf(frame));
      },
      onClose: () => {
        isClosed = true;
      },
    });
    return connection;
  });
  const connection = await cluster.run(started);
  const ask = (correlationId: number) => {
    const header = { apiVersion: 5, correlationId, clientId: 'test' };
    connection.write(encodeRequest(metadataRequest, header, { topics: [] }));
  };
  return { connection, answered, ask, isClosed: () => isClosed };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('a client that does not read is not worked for, and loses nothing', async () => {
  const cluster = await startTestCluster();
  let handled = 0;
  cluster.broker.intercept(3, () => {
    handled += 1;
    return { brokers: [{ nodeId: 1, host: 'x'.repeat(30_000), port: 1 }], topics: [] };
  });
  const client = await connect(cluster);
  client.connection.pause();
  for (const id of upTo(500)) client.ask(id);
  await cluster.scheduler.settle();
  expect(handled).toBeLessThan(400);
  client.connection.resume();
  await cluster.scheduler.settle();
  expect(client.answered).toEqual(upTo(500));
});

test('a hundred requests behind a slow one are answered after it, in order', async () => {
  const cluster = await startTestCluster();
  let release: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isFirst = true;
  cluster.broker.intercept(3, async () => {
    if (isFirst) {
      isFirst = false;
      await gate;
    }
    return null;
  });
  const client = await connect(cluster);
  for (const id of upTo(100)) client.ask(id);
  await cluster.scheduler.settle();
  expect(client.answered).toEqual([]);
  release?.();
  await cluster.scheduler.settle();
  expect(client.answered).toEqual(upTo(100));
});

test('a client that goes while its request is in work leaves nothing behind', async () => {
  const cluster = await startTestCluster();
  cluster.broker.intercept(3, () => new Promise(() => undefined));
  const client = await connect(cluster);
  client.ask(1);
  await cluster.scheduler.settle();
  expect(cluster.broker.connectionCount).toBe(1);
  client.connection.dispose();
  await cluster.scheduler.settle();
  expect(cluster.broker.connectionCount).toBe(0);
});

test('connections over the limit are turned away', async () => {
  const cluster = await startTestCluster({ properties: { 'max.connections': '2' } });
  await connect(cluster);
  await connect(cluster);
  const third = await connect(cluster);
  await cluster.scheduler.settle();
  expect(third.isClosed()).toBe(true);
  expect(cluster.logLines.join('\n')).toContain('configured maximum of 2 connections');
});
