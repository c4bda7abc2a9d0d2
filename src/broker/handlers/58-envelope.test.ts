import { expect, onTestFinished, test } from 'vitest';
import { createTopicsCall, describeClusterCall, metadataCall } from '../../client/api-calls.ts';
import { decodeResponse } from '../../protocol/frames.ts';
import { startTestCluster, type TestCluster } from '../../testing/cluster.ts';
import { controllerCalls } from '../channel/controller-calls.ts';
import { anonymous, encodePrincipal, envelopeRequestData } from '../channel/envelope.ts';
import { NodeChannel } from '../channel/node-channel.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { ClientInfo, RequestContextOf } from '../request-context.ts';
import { envelopeRoute } from './58-envelope.ts';

const header = { apiVersion: 7, correlationId: 42, clientId: 'somebody' };
const topics = [{ name: 'a', numPartitions: 1, replicationFactor: 1 }];
const envelope = {
  requestData: envelopeRequestData(createTopicsCall.request, header, { topics, timeoutMs: 5_000 }),
  requestPrincipal: encodePrincipal(anonymous),
  clientHostAddress: Uint8Array.of(10, 0, 0, 7),
};

function send(cluster: TestCluster, id: number, changes: Partial<typeof envelope> = {}) {
  const channel = new NodeChannel(cluster.client(), {
    address: () => ({ host: `worker${id}`, port: 9093 }),
    clientId: 'test',
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  return cluster.run(channel.send(controllerCalls.envelope, { ...envelope, ...changes }));
}

test('a request in an envelope is carried out and answered as if it had come alone', async () => {
  const cluster = await startTestCluster();
  const { errorCode, responseData } = await send(cluster, 1);
  expect(errorCode).toBe(0);
  const bytes = responseData ?? new Uint8Array();
  expect(new DataView(bytes.buffer, bytes.byteOffset).getInt32(0)).toBe(42);
  const response = decodeResponse(createTopicsCall.response, 7, bytes);
  expect(response.topics).toMatchObject([{ name: 'a', errorCode: 0, numPartitions: 1 }]);
});

test("the request counts as the client's: by its address, not by that of the broker's connection", async () => {
  const heard: string[] = [];
  const context = {
    client: { clientHost: '/10.0.0.99' },
    broker: {
      forwarded: (_frame: Uint8Array, { clientHost }: ClientInfo) => {
        heard.push(clientHost);
        return { kind: 'nothing' };
      },
    },
  } as unknown as RequestContextOf<ControllerServices>;
  await envelopeRoute.handle(context, envelope);
  await envelopeRoute.handle(context, { ...envelope, clientHostAddress: new Uint8Array(16) });
  expect(heard).toEqual(['/10.0.0.7', '/0:0:0:0:0:0:0:0']);
});

test('a controller that is not active says so on the envelope', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  const idle = ((cluster.activeController ?? 0) % 3) + 1;
  expect(await send(cluster, idle)).toMatchObject({ errorCode: 41, responseData: null });
});

test('what may not be passed on is refused', async () => {
  const cluster = await startTestCluster();
  const metadata = envelopeRequestData(
    metadataCall.request,
    { ...header, apiVersion: 12 },
    { topics: null },
  );
  expect(await send(cluster, 1, { requestData: metadata })).toMatchObject({ errorCode: 42 });
  const describe = envelopeRequestData(
    describeClusterCall.request,
    { ...header, apiVersion: 1 },
    {},
  );
  expect(await send(cluster, 1, { requestData: describe })).toMatchObject({ errorCode: 42 });
});

test('bytes that are no request, no principal or no address are refused by their error codes', async () => {
  const cluster = await startTestCluster();
  const noise = Uint8Array.of(0, 19, 0, 7, 0, 0);
  const short = envelope.requestData.subarray(0, 20);
  expect(await send(cluster, 1, { requestData: noise })).toMatchObject({ errorCode: 42 });
  expect(await send(cluster, 1, { requestData: short })).toMatchObject({ errorCode: 42 });
  expect(await send(cluster, 1, { requestPrincipal: noise })).toMatchObject({ errorCode: 97 });
  expect(await send(cluster, 1, { clientHostAddress: noise })).toMatchObject({ errorCode: 42 });
  expect(cluster.logLines.filter((line) => line.startsWith('ERROR'))).toEqual([]);
});
