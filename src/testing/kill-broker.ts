import { NodeNetwork } from '../host/node/node-network.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import { batchesOf } from '../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts';
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../protocol/schemas/22-init-producer-id.ts';
import { type BrokerLauncher, BrokerProcess } from './broker-process.ts';
import { WireClient, WireClosedError } from './wire-client.ts';

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** Numbers of acknowledged records that are not in the log. */
  readonly lost: readonly number[];
  /** Numbers that are in the log more than once. */
  readonly repeated: readonly number[];
  readonly outOfOrder: boolean;
}

export interface KillOptions {
  readonly kills: number;
  /** How long the producer runs between two kills; the moment of the kill is not aimed at anything. */
  readonly intervalMs?: number;
  readonly launcher?: BrokerLauncher;
}

const topic = 'counted';
const recordsPerBatch = 20;

/**
 * Kills a broker process (SIGKILL) again and again while an idempotent producer writes numbers with
 * acks=all and sends again what was not answered; then reads everything.
 */
export async function killBrokerRepeatedly(options: KillOptions): Promise<KillReport> {
  const broker = await BrokerProcess.start(options.launcher);
  try {
    const producer = await CountingProducer.start(broker);
    for (let kill = 0; kill < options.kills; kill++) {
      const running = producer.run();
      await sleep(options.intervalMs ?? 300);
      await broker.kill('SIGKILL');
      await running;
      await broker.restart();
    }
    await producer.sendPending();
    const numbers = await readAll(broker);
    return reportOf(options.kills, producer.acknowledged, numbers);
  } finally {
    await broker.dispose();
  }
}

/** Writes 0, 1, 2 … in batches, one at a time, each until it is acknowledged. */
class CountingProducer {
  readonly #broker: BrokerProcess;
  readonly #producerId: number;
  readonly #producerEpoch: number;
  acknowledged = 0;

  private constructor(broker: BrokerProcess, producerId: number, producerEpoch: number) {
    this.#broker = broker;
    this.#producerId = producerId;
    this.#producerEpoch = producerEpoch;
  }

  static async start(broker: BrokerProcess): Promise<CountingProducer> {
    const client = await connect(broker);
    const create = { request: createTopicsRequest, response: createTopicsResponse, version: 5 };
    await client.send(create, {
      topics: [{ name: topic, numPartitions: 1, replicationFactor: 1 }],
      timeoutMs: 5_000,
    });
    const init = { request: initProducerIdRequest, response: initProducerIdResponse, version: 2 };
    const ask = { transactionalId: null, transactionTimeoutMs: 60_000 };
    const { producerId, producerEpoch } = await client.send(init, ask);
    client.close();
    return new CountingProducer(broker, producerId, producerEpoch);
  }

  /** Writes until the connection breaks. */
  async run(): Promise<void> {
    const client = await connect(this.#broker);
    try {
      for (;;) await this.#send(client);
    } catch (error) {
      if (!(error instanceof WireClosedError)) throw error;
    }
  }

  /** Writes the batch whose fate is not known. */
  async sendPending(): Promise<void> {
    const client = await connect(this.#broker);
    await this.#send(client);
    client.close();
  }

  async #send(client: WireClient): Promise<void> {
    const first = this.acknowledged;
    const builder = new RecordBatchBuilder();
    for (let number = first; number < first + recordsPerBatch; number++) {
      builder.append(Date.now(), null, new TextEncoder().encode(`${number}`));
    }
    const producer = { producerId: this.#producerId, producerEpoch: this.#producerEpoch };
    builder.setProducerState({ ...producer, baseSequence: first, isTransactional: false });
    const produce = { request: produceRequest, response: produceResponse, version: 9 };
    const partitionData = [{ index: 0, records: builder.close() }];
    const message = { acks: -1, timeoutMs: 5_000, topicData: [{ name: topic, partitionData }] };
    const { responses } = await client.send(produce, message);
    const error = errorNameOf(responses[0]?.partitionResponses[0]?.errorCode ?? -1);
    // A batch that was written before the kill is known to the restarted broker as a duplicate: NONE too.
    if (error !== 'NONE') throw new RangeError(`batch at ${first} was answered ${error}`);
    this.acknowledged = first + recordsPerBatch;
  }
}

async function readAll(broker: BrokerProcess): Promise<readonly number[]> {
  const client = await connect(broker);
  const fetch = { request: fetchRequest, response: fetchResponse, version: 11 };
  const numbers: number[] = [];
  let fetchOffset = 0;
  for (;;) {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }];
    const topics = [{ topic, partitions }];
    const ask = { replicaId: -1, minBytes: 0, maxBytes: 1_000_000, topics };
    const { responses } = await client.send(fetch, ask);
    const records = responses[0]?.partitions[0]?.records ?? new Uint8Array(0);
    if (records.length === 0) break;
    for (const batch of batchesOf(records)) {
      for (const { value } of batch.records()) {
        numbers.push(Number(new TextDecoder().decode(value ?? undefined)));
      }
      fetchOffset = batch.nextOffset;
    }
  }
  client.close();
  return numbers;
}

function reportOf(kills: number, acknowledged: number, numbers: readonly number[]): KillReport {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const lost: number[] = [];
  for (let number = 0; number < acknowledged; number++) if (!counts.has(number)) lost.push(number);
  return {
    kills,
    acknowledged,
    lost,
    repeated: [...counts].filter(([, count]) => 1 < count).map(([number]) => number),
    outOfOrder: numbers.some((number, index) => number !== index),
  };
}

function connect(broker: BrokerProcess): Promise<WireClient> {
  const [host = '', port] = broker.bootstrap.split(':');
  return WireClient.connect(new NodeNetwork(), { host, port: Number(port) });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
