import { expect, onTestFinished, test } from 'vitest';
import { errorNameOf } from '../protocol/error-codes.ts';
import { FrameSplitter } from '../protocol/frame-splitter.ts';
import { decodeResponse, encodeRequest } from '../protocol/frames.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import {
  type ProducerState,
  RecordBatchBuilder,
} from '../protocol/records/record-batch-builder.ts';
import type { MessageInput, MessageSchema } from '../protocol/schema.ts';
import { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../protocol/schemas/02-list-offsets.ts';
import { metadataRequest, metadataResponse } from '../protocol/schemas/03-metadata.ts';
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../protocol/schemas/10-find-coordinator.ts';
import { joinGroupRequest, joinGroupResponse } from '../protocol/schemas/11-join-group.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../protocol/schemas/18-api-versions.ts';
import { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../protocol/schemas/20-delete-topics.ts';
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../protocol/schemas/21-delete-records.ts';
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../protocol/schemas/22-init-producer-id.ts';
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../protocol/schemas/32-describe-configs.ts';
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../protocol/schemas/35-describe-log-dirs.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts';
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../protocol/schemas/55-describe-quorum.ts';
import { startTestCluster, type TestCluster, type TestClusterOptions } from '../testing/cluster.ts';
import { WireClient } from '../testing/wire-client.ts';

const produce = { request: produceRequest, response: produceResponse, version: 9 };
const fetch = { request: fetchRequest, response: fetchResponse, version: 12 };
const listOffsets = { request: listOffsetsRequest, response: listOffsetsResponse, version: 7 };
const metadata = { request: metadataRequest, response: metadataResponse, version: 12 };
const createTopics = { request: createTopicsRequest, response: createTopicsResponse, version: 7 };

class Session {
  readonly cluster: TestCluster;
  readonly client: WireClient;

  constructor(cluster: TestCluster, client: WireClient) {
    this.cluster = cluster;
    this.client = client;
  }

  send<const Q extends MessageSchema, const R extends MessageSchema>(
    api: { readonly request: Q; readonly response: R; readonly version: number },
    message: MessageInput<Q>,
  ) {
    return this.cluster.run(this.client.send(api, message));
  }

  async createTopic(name: string, numPartitions = 1, configs: Record<string, string> = {}) {
    const { topics } = await this.send(createTopics, {
      topics: [
        {
          name,
          numPartitions,
          replicationFactor: 1,
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 30_000,
    });
    return errorNameOf(topics[0]?.errorCode ?? -1);
  }

  async produce(topic: string, values: readonly string[], options: ProduceOptions = {}) {
    const { acks = -1, partition = 0 } = options;
    const { responses } = await this.send(
      produce,
      produceOf(topic, values, { ...options, acks, partition }),
    );
    const [response] = responses[0]?.partitionResponses ?? [];
    return {
      offset: response?.baseOffset ?? -1,
      error: errorNameOf(response?.errorCode ?? -1),
      message: response?.errorMessage,
    };
  }

  async fetch(topic: string, fetchOffset: number, more: MessageInput<typeof fetchRequest> = {}) {
    const { responses } = await this.send(fetch, fetchOf(topic, fetchOffset, more));
    const [response] = responses[0]?.partitions ?? [];
    return {
      error: errorNameOf(response?.errorCode ?? -1),
      highWatermark: response?.highWatermark ?? -1,
      values: valuesIn(response?.records ?? null),
    };
  }

  async endOffset(topic: string, timestamp = -1) {
    const { topics } = await this.send(listOffsets, {
      replicaId: -1,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
    });
    return topics[0]?.partitions[0]?.offset;
  }
}

interface ProduceOptions {
  readonly acks?: number;
  readonly partition?: number;
  readonly producer?: ProducerState;
  readonly timestamp?: number;
}

function produceOf(topic: string, values: readonly string[], options: ProduceOptions) {
  const builder = new RecordBatchBuilder();
  for (const value of values) {
    builder.append(options.timestamp ?? 1_700_000_000_000, null, new TextEncoder().encode(value));
  }
  if (options.producer) builder.setProducerState(options.producer);
  return {
    acks: options.acks ?? -1,
    timeoutMs: 1_000,
    topicData: [
      { name: topic, partitionData: [{ index: options.partition ?? 0, records: builder.close() }] },
    ],
  };
}

function fetchOf(topic: string, fetchOffset: number, more: MessageInput<typeof fetchRequest>) {
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    ...more,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }] }],
  };
}

function valuesIn(records: Uint8Array | null): string[] {
  const values: string[] = [];
  for (const batch of batchesOf(records ?? new Uint8Array(0))) {
    for (const { value } of batch.records())
      values.push(new TextDecoder().decode(value ?? undefined));
  }
  return values;
}

async function connect(cluster: TestCluster, port = 9092): Promise<Session> {
  const { network } = cluster.client();
  const client = await cluster.run(WireClient.connect(network, { host: 'worker1', port }));
  return new Session(cluster, client);
}

/** Sends bytes over a connection of their own and answers the frame that comes back. */
async function rawAnswer(cluster: TestCluster, bytes: readonly Uint8Array[]): Promise<Uint8Array> {
  const { network } = cluster.client();
  const splitter = new FrameSplitter();
  const connected = network.connect({ host: 'worker1', port: 9092 });
  const answered = connected.then(
    (connection) =>
      new Promise<Uint8Array>((resolve) => {
        connection.start({
          onData: (chunk) => {
            for (const frame of splitter.push(chunk)) resolve(frame);
          },
          onClose: () => undefined,
        });
        connection.write(bytes);
      }),
  );
  return await cluster.run(answered);
}

async function start(options: TestClusterOptions = {}): Promise<Session> {
  const cluster = await startTestCluster(options);
  onTestFinished(() => {
    cluster.network.crash('worker1');
  });
  return connect(cluster);
}

test('a node says that it has started, and where it lives', async () => {
  const { cluster } = await start();
  expect(cluster.logLines).toContain(
    'INFO kafka.server.KafkaRaftServer [KafkaRaftServer nodeId=1] Kafka Server started',
  );
  expect(cluster.broker.addresses.get('PLAINTEXT')?.port).toBe(9092);
});

test('what is advertised is what is answered, on each listener its own', async () => {
  const session = await start();
  const api = { request: apiVersionsRequest, response: apiVersionsResponse, version: 3 };
  const ask = { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' };
  const { apiKeys, finalizedFeatures } = await session.send(api, ask);
  expect(apiKeys.map(({ apiKey }) => apiKey)).not.toContain(62);
  expect(apiKeys.find(({ apiKey }) => apiKey === 0)).toMatchObject({
    minVersion: 0,
    maxVersion: 11,
  });
  expect(finalizedFeatures).toMatchObject([{ name: 'metadata.version', maxVersionLevel: 20 }]);
  const controller = await connect(session.cluster, 9093);
  const onController = await controller.send(api, ask);
  expect(onController.apiKeys.map(({ apiKey }) => apiKey)).toContain(62);
  expect(onController.apiKeys.map(({ apiKey }) => apiKey)).not.toContain(0);
});

test('an ApiVersions from the future is answered in v0', async () => {
  const session = await start();
  const bytes = encodeRequest(
    apiVersionsRequest,
    { apiVersion: 4, correlationId: 1, clientId: 'new' },
    { clientSoftwareName: 'a', clientSoftwareVersion: '1' },
  );
  const [first] = bytes;
  if (first !== undefined) first[7] = 99;
  const frames = await rawAnswer(session.cluster, bytes);
  const answer = decodeResponse(apiVersionsResponse, 0, frames);
  expect(errorNameOf(answer.errorCode)).toBe('UNSUPPORTED_VERSION');
  expect(answer.apiKeys).toMatchObject([{ apiKey: 18, minVersion: 0, maxVersion: 4 }]);
});

test('records come back as they were written', async () => {
  const session = await start();
  expect(await session.createTopic('orders')).toBe('NONE');
  expect(await session.produce('orders', ['a', 'b'])).toMatchObject({ offset: 0, error: 'NONE' });
  expect(await session.produce('orders', ['c'])).toMatchObject({ offset: 2, error: 'NONE' });
  expect(await session.fetch('orders', 0)).toEqual({
    error: 'NONE',
    highWatermark: 3,
    values: ['a', 'b', 'c'],
  });
  expect(await session.fetch('orders', 1)).toMatchObject({ values: ['a', 'b', 'c'] });
  expect(await session.fetch('orders', 4)).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE' });
  expect(await session.endOffset('orders')).toBe(3);
  expect(await session.endOffset('orders', -2)).toBe(0);
});

test('records and topics survive a clean stop and a crash', async () => {
  const session = await start();
  const { cluster } = session;
  await session.createTopic('orders', 3);
  await session.produce('orders', ['a']);
  await cluster.stop();
  await cluster.start();
  const second = await connect(cluster);
  expect((await second.fetch('orders', 0)).values).toEqual(['a']);
  await second.produce('orders', ['b']);
  await cluster.crash();
  await cluster.start();
  const third = await connect(cluster);
  expect((await third.fetch('orders', 0)).values).toEqual(['a', 'b']);
});

test('a consumer that waits is woken by the next record', async () => {
  const session = await start();
  await session.createTopic('orders');
  const consumer = await connect(session.cluster);
  const waiting = consumer.client.send(fetch, fetchOf('orders', 0, { maxWaitMs: 30_000 }));
  let isDone = false;
  void waiting.then(() => {
    isDone = true;
  });
  await session.cluster.scheduler.advance(1_000);
  expect(isDone).toBe(false);
  await session.produce('orders', ['now']);
  await session.cluster.scheduler.settle();
  expect(isDone).toBe(true);
  expect(valuesIn((await waiting).responses[0]?.partitions[0]?.records ?? null)).toEqual(['now']);
});

test('a consumer that waits for more bytes gets what there is when its time is over', async () => {
  const session = await start();
  await session.createTopic('orders');
  const consumer = await connect(session.cluster);
  const waiting = consumer.client.send(
    fetch,
    fetchOf('orders', 0, { maxWaitMs: 500, minBytes: 10_000 }),
  );
  await session.cluster.scheduler.settle();
  await session.produce('orders', ['few']);
  const before = session.cluster.clock.monotonicMs();
  const { responses } = await session.cluster.run(waiting);
  expect(session.cluster.clock.monotonicMs() - before).toBe(500);
  expect(valuesIn(responses[0]?.partitions[0]?.records ?? null)).toEqual(['few']);
});

test('requests of one connection are answered in their order', async () => {
  const session = await start();
  await session.createTopic('orders');
  const order: string[] = [];
  const slow = session.client
    .send(fetch, fetchOf('orders', 0, { maxWaitMs: 200 }))
    .then(() => order.push('fetch'));
  const quick = session.client
    .send(produce, produceOf('orders', ['x'], {}))
    .then(() => order.push('produce'));
  await session.cluster.run(Promise.all([slow, quick]));
  expect(order).toEqual(['fetch', 'produce']);
});

test('an idempotent producer’s batch is appended once, however often it is sent', async () => {
  const session = await start();
  await session.createTopic('orders');
  const init = { request: initProducerIdRequest, response: initProducerIdResponse, version: 4 };
  const { producerId, producerEpoch } = await session.send(init, {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
  });
  const producer = { producerId, producerEpoch, baseSequence: 0, isTransactional: false };
  expect(await session.produce('orders', ['a'], { producer })).toMatchObject({ offset: 0 });
  expect(await session.produce('orders', ['a'], { producer })).toMatchObject({
    offset: 0,
    error: 'NONE',
  });
  expect(await session.endOffset('orders')).toBe(1);
  const gap = { ...producer, baseSequence: 5 };
  expect((await session.produce('orders', ['b'], { producer: gap })).error).toBe(
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
  );
});

test('producer ids are never given twice, not even after a restart', async () => {
  const session = await start();
  const init = { request: initProducerIdRequest, response: initProducerIdResponse, version: 4 };
  const ask = { transactionalId: null, transactionTimeoutMs: 60_000 };
  const first = await session.send(init, ask);
  const second = await session.send(init, ask);
  await session.cluster.stop();
  await session.cluster.start();
  const third = await (await connect(session.cluster)).send(init, ask);
  expect(new Set([first, second, third].map(({ producerId }) => producerId)).size).toBe(3);
  const refused = await (await connect(session.cluster)).send(init, {
    ...ask,
    transactionalId: 'tx',
  });
  expect(errorNameOf(refused.errorCode)).toBe('INVALID_REQUEST');
});

test('acks=0 is not answered, and a failure closes the connection', async () => {
  const session = await start();
  await session.createTopic('orders');
  const silent = session.client.send(produce, produceOf('orders', ['a'], { acks: 0 }));
  silent.catch(() => undefined);
  await session.cluster.scheduler.settle();
  expect(await session.endOffset('orders')).toBe(1);
  const lost = session.client.send(produce, produceOf('nowhere', ['a'], { acks: 0 }));
  await expect(session.cluster.run(lost)).rejects.toThrow('connection closed');
});

test('what cannot be appended says why', async () => {
  const session = await start();
  await session.createTopic('small', 1, { 'max.message.bytes': '100' });
  expect(await session.produce('nowhere', ['a'])).toMatchObject({
    error: 'UNKNOWN_TOPIC_OR_PARTITION',
  });
  expect(await session.produce('small', ['x'.repeat(200)])).toMatchObject({
    error: 'MESSAGE_TOO_LARGE',
  });
  const broken = produceOf('small', ['a'], {});
  const records = broken.topicData[0]?.partitionData[0]?.records;
  if (records !== undefined) records[20] = (records[20] ?? 0) ^ 1;
  const { responses } = await session.send(produce, broken);
  expect(errorNameOf(responses[0]?.partitionResponses[0]?.errorCode ?? 0)).toBe('CORRUPT_MESSAGE');
});

test('a topic that a client names is created, unless it is forbidden', async () => {
  const session = await start();
  const ask = (name: string, allowAutoTopicCreation: boolean) =>
    session.send(metadata, { topics: [{ name }], allowAutoTopicCreation });
  const { topics } = await ask('auto', true);
  expect(topics[0]).toMatchObject({ errorCode: 0, name: 'auto', partitions: [{ leaderId: 1 }] });
  const denied = await ask('denied', false);
  expect(errorNameOf(denied.topics[0]?.errorCode ?? 0)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  const invalid = await ask('not a name', true);
  expect(errorNameOf(invalid.topics[0]?.errorCode ?? 0)).toBe('INVALID_TOPIC_EXCEPTION');
  const all = await session.send(metadata, { topics: null });
  expect(all.topics.map(({ name }) => name)).toEqual(['auto']);
  expect(all.brokers).toMatchObject([{ nodeId: 1, host: 'worker1', port: 9092 }]);
});

test('a deleted topic is gone, and its name free again', async () => {
  const session = await start();
  await session.createTopic('orders');
  await session.produce('orders', ['a']);
  const api = { request: deleteTopicsRequest, response: deleteTopicsResponse, version: 5 };
  const { responses } = await session.send(api, { topicNames: ['orders'], timeoutMs: 1_000 });
  expect(responses[0]?.errorCode).toBe(0);
  expect(await session.produce('orders', ['b'])).toMatchObject({
    error: 'UNKNOWN_TOPIC_OR_PARTITION',
  });
  await session.createTopic('orders');
  expect(await session.endOffset('orders')).toBe(0);
});

test('deleted records cannot be read any more', async () => {
  const session = await start();
  await session.createTopic('orders');
  await session.produce('orders', ['a']);
  await session.produce('orders', ['b']);
  const api = { request: deleteRecordsRequest, response: deleteRecordsResponse, version: 2 };
  const ask = (offset: number) =>
    session.send(api, {
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }],
      timeoutMs: 1_000,
    });
  expect((await ask(1)).topics[0]?.partitions[0]).toMatchObject({ lowWatermark: 1, errorCode: 0 });
  expect((await session.fetch('orders', 0)).error).toBe('OFFSET_OUT_OF_RANGE');
  expect((await session.fetch('orders', 1)).values).toEqual(['b']);
  expect(errorNameOf((await ask(9)).topics[0]?.partitions[0]?.errorCode ?? 0)).toBe(
    'OFFSET_OUT_OF_RANGE',
  );
});

test('offsets are found by time', async () => {
  const session = await start();
  await session.createTopic('orders');
  await session.produce('orders', ['a'], { timestamp: 1_000 });
  await session.produce('orders', ['b'], { timestamp: 2_000 });
  expect(await session.endOffset('orders', 1_500)).toBe(1);
  expect(await session.endOffset('orders', 2_500)).toBe(-1);
  expect(await session.endOffset('orders', -3)).toBe(1);
});

test('a config of a topic can be changed and shows where it comes from', async () => {
  const session = await start();
  await session.createTopic('orders');
  const alter = {
    request: incrementalAlterConfigsRequest,
    response: incrementalAlterConfigsResponse,
    version: 1,
  };
  const { responses } = await session.send(alter, {
    resources: [
      {
        resourceType: 2,
        resourceName: 'orders',
        configs: [{ name: 'retention.ms', configOperation: 0, value: '1000' }],
      },
    ],
  });
  expect(responses[0]?.errorCode).toBe(0);
  const describe = {
    request: describeConfigsRequest,
    response: describeConfigsResponse,
    version: 4,
  };
  const { results } = await session.send(describe, {
    resources: [{ resourceType: 2, resourceName: 'orders', configurationKeys: null }],
    includeSynonyms: true,
  });
  const configs = results[0]?.configs ?? [];
  expect(configs).toHaveLength(34);
  expect(configs.find(({ name }) => name === 'retention.ms')).toMatchObject({
    value: '1000',
    configSource: 1,
    synonyms: [{ name: 'retention.ms', value: '1000', source: 1 }],
  });
  expect(configs.find(({ name }) => name === 'segment.bytes')).toMatchObject({
    value: '1073741824',
    configSource: 5,
  });
});

test('a broker refuses listeners that it could not open', async () => {
  const session = await start();
  const api = {
    request: incrementalAlterConfigsRequest,
    response: incrementalAlterConfigsResponse,
    version: 1,
  };
  const configs = [{ name: 'listeners', configOperation: 0, value: 'foo' }];
  const resources = [{ resourceType: 4, resourceName: '1', configs }];
  const { responses } = await session.send(api, { resources });
  expect(responses[0]?.errorMessage).toBe(
    "Error creating broker listeners from 'foo': Unable to parse foo to a broker endpoint",
  );
});

test('log dirs and the quorum can be described', async () => {
  const session = await start();
  await session.createTopic('orders');
  await session.produce('orders', ['a']);
  const dirs = { request: describeLogDirsRequest, response: describeLogDirsResponse, version: 4 };
  const { results } = await session.send(dirs, { topics: null });
  expect(results).toMatchObject([
    {
      logDir: '/kafka-logs',
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, partitionSize: 69 }] }],
    },
  ]);
  const quorum = { request: describeQuorumRequest, response: describeQuorumResponse, version: 1 };
  const { topics } = await session.send(quorum, {
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  expect(topics[0]?.partitions[0]).toMatchObject({
    errorCode: 0,
    leaderId: 1,
    currentVoters: [{ replicaId: 1 }],
  });
});

test('a group finds its coordinator and joins', async () => {
  const session = await start();
  const find = { request: findCoordinatorRequest, response: findCoordinatorResponse, version: 4 };
  const { coordinators } = await session.send(find, { keyType: 0, coordinatorKeys: ['g'] });
  expect(coordinators).toMatchObject([
    { key: 'g', nodeId: 1, host: 'worker1', port: 9092, errorCode: 0 },
  ]);
  const join = { request: joinGroupRequest, response: joinGroupResponse, version: 5 };
  const ask = {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: new Uint8Array(6) }],
  };
  const first = await session.send(join, ask);
  expect(errorNameOf(first.errorCode)).toBe('MEMBER_ID_REQUIRED');
  const second = await session.send(join, { ...ask, memberId: first.memberId });
  expect(second).toMatchObject({ errorCode: 0, generationId: 1, leader: first.memberId });
  const { topics } = await session.send(metadata, { topics: null });
  expect(topics.find(({ name }) => name === '__consumer_offsets')?.partitions).toHaveLength(50);
});

test('a browser that comes by is sent away with a line in the log', async () => {
  const session = await start();
  session.client.write(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'));
  await session.cluster.scheduler.settle();
  expect(session.client.isClosed).toBe(true);
  expect(session.cluster.logLines.join('\n')).toContain('speaks HTTP');
});

test('a request that is none closes its own connection only', async () => {
  const session = await start();
  const other = await connect(session.cluster);
  session.client.write(new Uint8Array([0, 0, 0, 10, 0, 3, 0, 12, 0, 0, 0, 1, 0, 0]));
  await session.cluster.scheduler.settle();
  expect(session.client.isClosed).toBe(true);
  expect(session.cluster.logLines.join('\n')).toContain('the request cannot be decoded');
  expect(await other.createTopic('orders')).toBe('NONE');
});

test('a handler that fails is answered with UNKNOWN_SERVER_ERROR and logged', async () => {
  const session = await start();
  session.cluster.broker.intercept(3, () => Promise.reject(new TypeError('boom')));
  const { topics } = await session.send(metadata, { topics: [{ name: 'orders' }] });
  expect(errorNameOf(topics[0]?.errorCode ?? 0)).toBe('UNKNOWN_SERVER_ERROR');
  expect(session.cluster.logLines.join('\n')).toContain('boom');
});

test('an idle connection is closed', async () => {
  const session = await start({ properties: { 'connections.max.idle.ms': '10000' } });
  await session.cluster.scheduler.advance(25_000);
  expect(session.client.isClosed).toBe(true);
});

test('a disk of another node, or of none, is not touched', async () => {
  const session = await start();
  await session.cluster.stop();
  const { files } = session.cluster;
  await files.remove('/kafka-logs/meta.properties');
  await expect(session.cluster.start()).rejects.toThrow('No readable meta.properties files found.');
});
