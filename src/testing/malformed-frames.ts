import type { Connection } from '../base/network.ts';
import { type Random, randomBelow } from '../base/random.ts';
import type { Route } from '../broker/route.ts';
import { brokerRoutes, controllerRoutes } from '../broker/routes.ts';
import { SeededRandom } from '../host/virtual/seeded-random.ts';
import { encodeRequest } from '../protocol/frames.ts';
import { RecordBatchBuilder } from '../protocol/records/record-batch-builder.ts';
import { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts';
import { startTestCluster, type TestCluster } from './cluster.ts';
import {
  controllerSamples,
  type Message,
  pruneToVersion,
  sampleRequests,
} from './sample-requests.ts';
import { WireClient } from './wire-client.ts';

export interface MalformedFramesReport {
  readonly frames: number;
  /** Connections that the broker closed on the way. */
  readonly closedConnections: number;
  /** Records that a well-behaved client wrote and read in between, all of them right. */
  readonly witnessRecords: number;
  /** Lines at ERROR or FATAL in the broker's log. */
  readonly errorLines: readonly string[];
  readonly connectionsLeft: number;
  /** Heap and buffers after each quarter of the frames; exact under `--expose-gc`. */
  readonly memoryBytes: readonly number[];
}

/** One flipped bit makes it a well-formed order to forget this very broker, which is then obeyed. */
const unregisterBroker = 64;
const witnessEvery = 250;
const connectionFrames = 20;

/**
 * Sends `frames` frames of which most are damaged (cut, lengthened, bits flipped, lengths faked, garbage,
 * HTTP) over many connections of a broker on the virtual host, while a witness goes on writing and reading.
 * The same seed gives the same bytes. Rejects when the witness notices anything.
 */
export async function sendMalformedFrames(options: {
  readonly frames: number;
  readonly seed: number;
  /** Where they are sent; a broker's listener by default. */
  readonly listener?: 'broker' | 'controller';
}): Promise<MalformedFramesReport> {
  const random = new SeededRandom(options.seed);
  // Small limits, so that they are met; auto-creation off, so that damaged names leave no topics.
  const errorLines: string[] = [];
  const cluster = await startTestCluster({
    onLog: (line) => {
      if (/^(ERROR|FATAL) /.test(line) && errorLines.length < 100) errorLines.push(line);
    },
    properties: { 'socket.request.max.bytes': '1000000', 'auto.create.topics.enable': 'false' },
  });
  const witness = await Witness.start(cluster);
  const isController = options.listener === 'controller';
  const valid = isController ? validRequests(controllerRoutes, controllerSamples) : everyRequest();
  const port = isController ? 9093 : 9092;
  const memoryBytes: number[] = [];
  let closedConnections = 0;
  let connection = await connect(cluster, port);
  for (let sent = 0; sent < options.frames; sent++) {
    if (connection.isClosed() || sent % connectionFrames === connectionFrames - 1) {
      if (connection.isClosed()) closedConnections += 1;
      connection.close();
      connection = await connect(cluster, port);
    }
    const frame = valid[randomBelow(random, valid.length)] ?? new Uint8Array(0);
    connection.write(damaged(random, frame));
    await cluster.scheduler.settle();
    if (sent % witnessEvery === 0) await witness.check();
    if (sent % Math.ceil(options.frames / 4) === 0 && 0 < sent) memoryBytes.push(usedBytes());
  }
  connection.close();
  await cluster.scheduler.advance(1_000);
  await witness.check();
  memoryBytes.push(usedBytes());
  return {
    frames: options.frames,
    closedConnections,
    witnessRecords: witness.records,
    errorLines,
    connectionsLeft: cluster.broker.connectionCount,
    memoryBytes,
  };
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A client that does everything right and expects the same of the broker. */
class Witness {
  readonly #cluster: TestCluster;
  readonly #client: WireClient;
  records = 0;

  private constructor(cluster: TestCluster, client: WireClient) {
    this.#cluster = cluster;
    this.#client = client;
  }

  static async start(cluster: TestCluster): Promise<Witness> {
    const { network } = cluster.client('witness');
    const address = { host: 'worker1', port: 9092 };
    const client = await cluster.run(WireClient.connect(network, address));
    const api = { request: createTopicsRequest, response: createTopicsResponse, version: 5 };
    const topics = [
      { name: 'witness', numPartitions: 1, replicationFactor: 1 },
      { name: 'orders', numPartitions: 1, replicationFactor: 1 },
    ];
    await cluster.run(client.send(api, { topics, timeoutMs: 1_000 }));
    return new Witness(cluster, client);
  }

  async check(): Promise<void> {
    const builder = new RecordBatchBuilder({ sizeLimitBytes: 256 });
    builder.append(1, null, new Uint8Array([this.records & 0xff]));
    const partitionData = [{ index: 0, records: builder.close() }];
    const produce = { request: produceRequest, response: produceResponse, version: 9 };
    const topicData = [{ name: 'witness', partitionData }];
    const produced = await this.#cluster.run(
      this.#client.send(produce, { acks: -1, timeoutMs: 1_000, topicData }),
    );
    const written = produced.responses[0]?.partitionResponses[0];
    if (written?.errorCode !== 0 || written.baseOffset !== this.records) {
      throw new WitnessError(`record ${this.records} was answered ${JSON.stringify(written)}`);
    }
    const fetch = { request: fetchRequest, response: fetchResponse, version: 11 };
    const partitions = [{ partition: 0, fetchOffset: this.records, partitionMaxBytes: 1_000 }];
    const topics = [{ topic: 'witness', partitions }];
    const fetched = await this.#cluster.run(
      this.#client.send(fetch, { replicaId: -1, minBytes: 1, maxBytes: 1_000, topics }),
    );
    const read = fetched.responses[0]?.partitions[0];
    if (read?.errorCode !== 0 || read.records?.length !== 69) {
      throw new WitnessError(`record ${this.records} came back with error ${read?.errorCode}`);
    }
    this.records += 1;
  }
}

export class WitnessError extends Error {
  override readonly name = 'WitnessError';
}

interface RawConnection {
  isClosed(): boolean;
  write(bytes: Uint8Array): void;
  close(): void;
}

async function connect(cluster: TestCluster, port: number): Promise<RawConnection> {
  const { network } = cluster.client('attacker');
  const opened = network.connect({ host: 'worker1', port });
  let isClosed = false;
  const started = opened.then((connection: Connection) => {
    connection.start({
      onData: () => undefined,
      onClose: () => {
        isClosed = true;
      },
    });
    return connection;
  });
  const connection = await cluster.run(started);
  return {
    isClosed: () => isClosed,
    write: (bytes) => {
      connection.write([bytes]);
    },
    close: () => connection.dispose(),
  };
}

/** One well-formed frame of every version of every API, with its size. */
function everyRequest(): readonly Uint8Array[] {
  return validRequests([...brokerRoutes, ...controllerRoutes], sampleRequests);
}

function validRequests(
  routes: readonly Pick<Route, 'api'>[],
  samples: Readonly<Record<number, () => Message>>,
): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (const { api } of routes) {
    const sample = samples[api.key]?.();
    if (sample === undefined || api.key === unregisterBroker) continue;
    for (let version = api.versions[0]; version <= api.versions[1]; version++) {
      const header = { apiVersion: version, correlationId: 1, clientId: 'attacker' };
      const body = pruneToVersion(api.request, version, sample) as object;
      frames.push(joined(encodeRequest(api.request, header, body)));
    }
  }
  return frames;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}

/** Bytes for the wire, made from a well-formed frame in one of several ways. */
function damaged(random: Random, frame: Uint8Array): Uint8Array {
  switch (randomBelow(random, 9)) {
    case 0:
      return frame.slice();
    case 1:
      return resized(frame.slice(0, 4 + randomBelow(random, frame.length - 3)));
    case 2:
      return frame.slice(0, randomBelow(random, frame.length));
    case 3:
      return flipped(random, frame, 1 + randomBelow(random, 8));
    case 4:
      return withInt32(random, frame);
    case 5:
      return resized(joined([frame, random.bytes(randomBelow(random, 64))]));
    case 6:
      return random.bytes(4 + randomBelow(random, 64));
    case 7:
      return withHeader(random, frame);
    default:
      return new TextEncoder().encode('GET / HTTP/1.1\r\nHost: worker1\r\n\r\n');
  }
}

/** With the size field made right again. */
function resized(frame: Uint8Array): Uint8Array {
  new DataView(frame.buffer).setInt32(0, frame.length - 4);
  return frame;
}

function flipped(random: Random, frame: Uint8Array, bits: number): Uint8Array {
  const copy = frame.slice();
  for (let i = 0; i < bits; i++) {
    // Mostly behind the size field: a wrong size only makes the broker wait.
    const at = 4 + randomBelow(random, copy.length - 4);
    copy[at] = (copy[at] ?? 0) ^ (1 << randomBelow(random, 8));
  }
  return copy;
}

/** Some four bytes say something extreme: a length, a count, an offset. */
function withInt32(random: Random, frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  const values = [-1, -2_147_483_648, 2_147_483_647, 65_536, 0];
  const value = values[randomBelow(random, values.length)] ?? 0;
  if (8 <= copy.length)
    new DataView(copy.buffer).setInt32(randomBelow(random, copy.length - 3), value);
  return copy;
}

/** Any API key and any version. */
function withHeader(random: Random, frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  const view = new DataView(copy.buffer);
  if (randomBelow(random, 2) === 0) view.setInt16(4, randomBelow(random, 100) - 5);
  view.setInt16(6, randomBelow(random, 30) - 5);
  return copy;
}
