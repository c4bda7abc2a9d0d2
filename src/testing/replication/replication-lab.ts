import type { Partition } from '../../broker/partition.ts';
import { errorNameOf } from '../../protocol/error-codes.ts';
import { batchesOf } from '../../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../../protocol/records/record-batch-builder.ts';
import { produceRequest, produceResponse } from '../../protocol/schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../protocol/schemas/19-create-topics.ts';
import { startTestCluster, type TestCluster, type TestClusterOptions } from '../cluster.ts';
import { WireClient } from '../wire-client.ts';

const produce = { request: produceRequest, response: produceResponse, version: 10 };
const fetch = { request: fetchRequest, response: fetchResponse, version: 12 };
const createTopics = { request: createTopicsRequest, response: createTopicsResponse, version: 7 };

interface ProduceOptions {
  readonly acks?: number;
  readonly timeoutMs?: number;
  /** Whether others of this client need not wait behind it. */
  readonly hasOwnConnection?: boolean;
}

/** A cluster of three and a client at each of its brokers. */
export class ReplicationLab {
  readonly cluster: TestCluster;
  readonly #clients = new Map<number, WireClient>();

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  async client(id: number): Promise<WireClient> {
    const known = this.#clients.get(id);
    if (known !== undefined && !known.isClosed) return known;
    const client = await this.#connect(id);
    this.#clients.set(id, client);
    return client;
  }

  #connect(id: number): Promise<WireClient> {
    const { network } = this.cluster.client();
    return this.cluster.run(WireClient.connect(network, { host: `worker${id}`, port: 9092 }));
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
    const error = errorNameOf(topics[0]?.errorCode ?? -1);
    if (error !== 'NONE') throw new TypeError(`the topic is not created: ${error}`);
    await this.cluster.until(() => replicas.every((id) => this.replica(id, name) !== undefined));
  }

  /** Ends all nodes. */
  async end(): Promise<void> {
    for (const { id, isRunning } of this.cluster.nodes) if (isRunning) await this.cluster.crash(id);
  }

  /** The network between one broker and the two others. */
  cutOff(id: number): void {
    for (const other of [1, 2, 3]) {
      if (other !== id) this.cluster.network.cut(`worker${id}`, `worker${other}`);
    }
  }

  /** The replica on a node that runs. */
  replicaAt(id: number, topic: string): Partition {
    const replica = this.replica(id, topic);
    if (replica === undefined) throw new TypeError(`node ${id} has no replica of ${topic}`);
    return replica;
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
    { acks = -1, timeoutMs = 30_000, hasOwnConnection = false }: ProduceOptions = {},
  ) {
    const client = await (hasOwnConnection ? this.#connect(id) : this.client(id));
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

/** Three combined nodes that run. */
export async function startReplicationLab(
  options: TestClusterOptions = {},
): Promise<ReplicationLab> {
  return new ReplicationLab(await startTestCluster({ nodes: 3, ...options }));
}
