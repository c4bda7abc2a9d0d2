import { expect, onTestFinished, test } from 'vitest';
import { errorNameOf } from '../protocol/error-codes.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts';
import { startTestCluster, type TestCluster, type TestClusterOptions } from '../testing/cluster.ts';
import { WireClient } from '../testing/wire-client.ts';
import type { Partition } from './partition.ts';

const produce = { request: produceRequest, response: produceResponse, version: 10 };
const fetch = { request: fetchRequest, response: fetchResponse, version: 12 };
const createTopics = { request: createTopicsRequest, response: createTopicsResponse, version: 7 };

interface ProduceOptions {
  readonly acks?: number;
  readonly timeoutMs?: number;
}

/** A cluster of three and a client at each of its brokers. */
class Lab {
  readonly cluster: TestCluster;
  readonly #clients = new Map<number, WireClient>();

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  async client(id: number): Promise<WireClient> {
    const known = this.#clients.get(id);
    if (known !== undefined && !known.isClosed) return known;
    const { network } = this.cluster.client();
    const address = { host: `worker${id}`, port: 9092 };
    const client = await this.cluster.run(WireClient.connect(network, address));
    this.#clients.set(id, client);
    return client;
  }

  async createTopic(name: string, configs: Record<string, string> = {}, replicas = [1, 2, 3]) {
    const client = await this.client(replicas[0] ?? 1);
    const { topics } = await this.cluster.run(
      client.send(createTopics, {
        topics: [
          {
            name,
            numPartitions: -1,
            replicationFactor: -1,
            assignments: [{ partitionIndex: 0, brokerIds: replicas }],
            configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
          },
        ],
        timeoutMs: 30_000,
      }),
    );
    expect(errorNameOf(topics[0]?.errorCode ?? -1)).toBe('NONE');
    await this.cluster.until(() => replicas.every((id) => this.replica(id, name) !== undefined));
  }

  replica(id: number, topic: string): Partition | undefined {
    return this.cluster.node(id).services.replicas.local(topic, 0);
  }

  produce(id: number, topic: string, values: readonly string[], options: ProduceOptions = {}) {
    return this.cluster.run(this.produceSoon(id, topic, values, options));
  }

  async produceSoon(
    id: number,
    topic: string,
    values: readonly string[],
    { acks = -1, timeoutMs = 30_000 }: ProduceOptions = {},
  ) {
    const client = await this.client(id);
    const { responses } = await client.send(produce, {
      acks,
      timeoutMs,
      topicData: [{ name: topic, partitionData: [{ index: 0, records: batchOf(values) }] }],
    });
    const answer = responses[0]?.partitionResponses[0];
    return { error: errorNameOf(answer?.errorCode ?? -1), offset: answer?.baseOffset ?? -1 };
  }

  async read(id: number, topic: string): Promise<readonly string[]> {
    const client = await this.client(id);
    const { responses } = await this.cluster.run(
      client.send(fetch, {
        maxWaitMs: 0,
        minBytes: 0,
        topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1e6 }] }],
      }),
    );
    return valuesIn(responses[0]?.partitions[0]?.records ?? new Uint8Array(0));
  }

  /** What is in the log of one replica, committed or not. */
  async logOf(id: number, topic: string): Promise<readonly string[]> {
    const log = this.replica(id, topic)?.log;
    const read = await this.cluster.run(
      log?.read(log.logStartOffset, 1e6) ?? Promise.reject(new TypeError('no replica')),
    );
    return read.kind === 'records' ? valuesIn(read.bytes) : [];
  }
}

function batchOf(values: readonly string[]): Uint8Array {
  const builder = new RecordBatchBuilder({ sizeLimitBytes: 1_000_000 });
  for (const value of values) builder.append(0, null, new TextEncoder().encode(value));
  return builder.close();
}

function valuesIn(bytes: Uint8Array): readonly string[] {
  return [...batchesOf(bytes)]
    .flatMap((batch) => [...batch.records()])
    .map(({ value }) => new TextDecoder().decode(value ?? undefined));
}

async function lab(options: TestClusterOptions = {}): Promise<Lab> {
  const cluster = await startTestCluster({ nodes: 3, ...options });
  onTestFinished(async () => {
    for (const { id, isRunning } of cluster.nodes) if (isRunning) await cluster.crash(id);
  });
  return new Lab(cluster);
}

test('records that are written with acks=all are in every log when they are acknowledged', async () => {
  const it = await lab();
  await it.createTopic('orders');
  expect(await it.produce(1, 'orders', ['a', 'b'])).toEqual({ error: 'NONE', offset: 0 });
  for (const id of [1, 2, 3]) expect(await it.logOf(id, 'orders')).toEqual(['a', 'b']);
  expect(await it.read(1, 'orders')).toEqual(['a', 'b']);
});
