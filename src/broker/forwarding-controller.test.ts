import { expect, onTestFinished, test } from 'vitest';
import { decodeRequestHeader } from '../protocol/frames.ts';
import type { EnvelopeRequest } from '../protocol/schemas/58-envelope.ts';
import { startTestCluster } from '../testing/cluster.ts';
import type { ControllerRequest } from './channel/controller-channel.ts';
import { NodeChannel } from './channel/node-channel.ts';
import { forwardingController } from './forwarding-controller.ts';

/** A broker's way to the controller of a cluster, and the envelopes that went over it. */
async function forwarder() {
  const cluster = await startTestCluster();
  const channel = new NodeChannel(cluster.client('worker2'), {
    address: () => ({ host: 'worker1', port: 9093 }),
    clientId: 'forwarding-2',
    requestTimeoutMs: 30_000,
  });
  onTestFinished(() => channel.dispose());
  const envelopes: EnvelopeRequest[] = [];
  const send = channel.send.bind(channel);
  channel.send = (call, message, timeoutMs) => {
    envelopes.push(message as unknown as EnvelopeRequest);
    return send(call, message, timeoutMs);
  };
  const toController = {
    ask: <R>(request: ControllerRequest<R>, timeoutMs: number) =>
      request.remote(channel, timeoutMs),
  };
  const { metadata, raft } = cluster.broker.quorum;
  const controller = forwardingController({
    clientId: 'forwarding-2',
    local: undefined,
    metadata,
    leaderId: () => raft.quorum.leaderAndEpoch.leaderId,
    channels: { heartbeats: toController, partitions: toController, forwarding: toController },
    sessionTimeoutMs: 9_000,
    requestTimeoutMs: 30_000,
  });
  return { cluster, controller, envelopes };
}

const topics = (name: string) => ({
  topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
  timeoutMs: 5_000,
  validateOnly: false,
});

test('an envelope tells the address and the name of the client whose request is in it', async () => {
  const { cluster, controller, envelopes } = await forwarder();
  const origin = { clientId: 'shop', correlationId: 7, client: { clientHost: '/10.0.0.7' } };
  const created = await cluster.run(controller.createTopics(topics('a'), origin));
  expect(created.topics).toMatchObject([{ name: 'a', errorCode: 0 }]);
  const [envelope] = envelopes;
  expect(envelope?.clientHostAddress).toEqual(Uint8Array.of(10, 0, 0, 7));
  const header = decodeRequestHeader(envelope?.requestData ?? new Uint8Array());
  expect(header).toMatchObject({ clientId: 'shop', correlationId: 7 });
});

test('what a broker wants for itself goes in its own name', async () => {
  const { cluster, controller, envelopes } = await forwarder();
  await cluster.run(controller.createTopics(topics('b')));
  const [envelope] = envelopes;
  expect(envelope?.clientHostAddress).toEqual(Uint8Array.of(127, 0, 0, 1));
  const header = decodeRequestHeader(envelope?.requestData ?? new Uint8Array());
  expect(header.clientId).toBe('forwarding-2');
});
