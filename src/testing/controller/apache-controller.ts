import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controllerCalls } from '../../broker/channel/controller-calls.ts';
import type { ApiCall } from '../../client/api-calls.ts';
import { MetadataDelta } from '../../controller/metadata-delta.ts';
import { emptyImage, type MetadataImage } from '../../controller/metadata-image.ts';
import { decodeMetadataRecord, type MetadataRecord } from '../../controller/metadata-record.ts';
import { NodeNetwork } from '../../host/node/node-network.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import { decodeBatches } from '../../raft/raft-batches.ts';
import type { ApacheKafka } from '../apache-kafka.ts';
import { freePort } from '../free-port.ts';
import { WireClient } from '../wire-client.ts';
import type { RequestOf, ResponseOf, ScriptCall, ScriptTarget } from './controller-script.ts';
import { scriptClusterId } from './controller-script.ts';

/** A controller of Apache Kafka 3.8.0 in a process of its own; a script's brokers are nothing but requests. */
export class ApacheController implements ScriptTarget {
  readonly #folder = mkdtempSync(join(tmpdir(), 'apache-controller-'));
  #child: ChildProcess | undefined;
  #client: WireClient | undefined;

  async start(kafka: ApacheKafka): Promise<void> {
    const port = await freePort();
    const config = join(this.#folder, 'controller.properties');
    writeFileSync(config, properties(port, join(this.#folder, 'logs')));
    kafka.run('kafka.tools.StorageTool', ['format', '-t', scriptClusterId, '-c', config]);
    const child = kafka.start('kafka.Kafka', [config]);
    this.#child = child;
    await untilStarted(child);
    while (!this.records().some(({ kind }) => kind === 'RegisterControllerRecord')) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#client = await WireClient.connect(new NodeNetwork(), { host: 'localhost', port });
  }

  async ask<K extends ScriptCall>(call: K, request: RequestOf<K>): Promise<ResponseOf<K>> {
    if (this.#client === undefined) throw new TypeError('not started');
    const known: ApiCall<MessageSchema, MessageSchema> = controllerCalls[call];
    // The table pairs each call with the schemas of its request and response.
    const api = { request: known.request, response: known.response, version: known.maxVersion };
    return (await this.#client.send(api, request as object)) as unknown as ResponseOf<K>;
  }

  image(): MetadataImage {
    const delta = new MetadataDelta(emptyImage);
    for (const record of this.records()) delta.replay(record);
    return delta.apply(emptyImage.provenance);
  }

  records(): readonly MetadataRecord[] {
    const name = '__cluster_metadata-0/00000000000000000000.log';
    const file = new Uint8Array(readFileSync(join(this.#folder, 'logs', name)));
    return [...decodeBatches(file.subarray(0, endOfBatches(file)))].flatMap(({ values }) =>
      values.map(decodeMetadataRecord),
    );
  }

  stop(): void {
    this.#client?.close();
    this.#child?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Kafka makes the file long in advance: behind the last batch are zeros. */
function endOfBatches(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let end = 0;
  while (end + 12 <= file.byteLength) {
    const length = view.getInt32(end + 8);
    if (length === 0) break;
    end += 12 + length;
  }
  return end;
}

function properties(port: number, logDir: string): string {
  return `process.roles=controller
node.id=1
controller.quorum.voters=1@localhost:${port}
listeners=CONTROLLER://localhost:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${logDir}
metadata.max.idle.interval.ms=0
broker.session.timeout.ms=600000
auto.leader.rebalance.enable=false
`;
}

function untilStarted(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', () => reject(new TypeError(`Apache Kafka does not start: ${output}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Kafka Server started')) resolve();
    });
  });
}
