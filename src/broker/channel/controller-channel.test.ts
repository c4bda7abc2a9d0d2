import { expect, onTestFinished, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../../testing/cluster.ts';
import type { Awaitable } from '../route.ts';
import { controllerCalls } from './controller-calls.ts';
import { ControllerChannel } from './controller-channel.ts';

/** A channel on a machine of its own, told by the test who leads. */
function channelOf(cluster: TestCluster, leaderId: () => number | undefined): ControllerChannel {
  const channel = new ControllerChannel(cluster.client('outside'), {
    nodeId: 9,
    clientId: 'test',
    leader: () => ({ leaderId: leaderId(), epoch: 1 }),
    addressOf: (id) => ({ host: `worker${id}`, port: 9093 }),
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  return channel;
}

function heartbeatTo(channel: ControllerChannel, timeoutMs = 9_000) {
  const { heartbeat } = controllerCalls;
  const unknown = { brokerId: 77, brokerEpoch: 1, currentMetadataOffset: 0 };
  return channel.ask(
    {
      name: heartbeat.name,
      local: () => Promise.reject(new TypeError('this node leads nothing')),
      remote: (to, within): Promise<{ errorCode: number }> => to.send(heartbeat, unknown, within),
    },
    timeoutMs,
  );
}

test('a request waits until there is a leader', async () => {
  const cluster = await startTestCluster();
  let leader: number | undefined;
  const asking = heartbeatTo(channelOf(cluster, () => leader));
  await cluster.scheduler.advance(500);
  leader = 1;
  const { errorCode } = await cluster.run<Awaitable<{ errorCode: number }>>(asking);
  expect(errorCode).toBe(77);
});

test('without a leader a request fails when its time is over', async () => {
  const cluster = await startTestCluster();
  const startMs = cluster.clock.monotonicMs();
  const asking = heartbeatTo(
    channelOf(cluster, () => undefined),
    2_000,
  );
  await expect(cluster.run(asking)).rejects.toMatchObject({ errorCode: 'REQUEST_TIMED_OUT' });
  expect(cluster.clock.monotonicMs() - startMs).toBeLessThan(2_200);
});

test('a leader that is cut off is given up as soon as another one is known', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const active = cluster.activeController ?? 0;
  const cutOff = (active % 3) + 1;
  let leader = cutOff;
  cluster.network.cut('outside', `worker${cutOff}`);
  const startMs = cluster.clock.monotonicMs();
  const asking = heartbeatTo(channelOf(cluster, () => leader));
  await cluster.scheduler.advance(1_000);
  leader = active;
  const { errorCode } = await cluster.run<Awaitable<{ errorCode: number }>>(asking);
  expect(errorCode).toBe(77);
  expect(cluster.clock.monotonicMs() - startMs).toBeLessThan(1_200);
});

test('a request goes on when its leader dies under it', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const channel = channelOf(cluster, () => cluster.activeController);
  await cluster.run(heartbeatTo(channel));
  await cluster.crash(cluster.activeController);
  const { errorCode } = await cluster.run(heartbeatTo(channel));
  expect(errorCode).toBe(77);
});
