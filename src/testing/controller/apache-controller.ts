import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetadataDelta } from '../../controller/metadata-delta.ts';
import { emptyImage, type MetadataImage } from '../../controller/metadata-image.ts';
import { decodeMetadataRecord, type MetadataRecord } from '../../controller/metadata-record.ts';
import { NodeNetwork } from '../../host/node/node-network.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../protocol/schemas/19-create-topics.ts';
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../protocol/schemas/20-delete-topics.ts';
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../protocol/schemas/37-create-partitions.ts';
import {
  electLeadersRequest,
  electLeadersResponse,
} from '../../protocol/schemas/43-elect-leaders.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../protocol/schemas/44-incremental-alter-configs.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../protocol/schemas/45-alter-partition-reassignments.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../protocol/schemas/46-list-partition-reassignments.ts';
import {
  alterPartitionRequest,
  alterPartitionResponse,
} from '../../protocol/schemas/56-alter-partition.ts';
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../../protocol/schemas/57-update-features.ts';
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../../protocol/schemas/62-broker-registration.ts';
import {
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '../../protocol/schemas/63-broker-heartbeat.ts';
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../protocol/schemas/64-unregister-broker.ts';
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../../protocol/schemas/67-allocate-producer-ids.ts';
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../../protocol/schemas/70-controller-registration.ts';
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '../../protocol/schemas/73-assign-replicas-to-dirs.ts';
import { decodeBatches } from '../../raft/raft-batches.ts';
import type { ApacheKafka } from '../apache-kafka.ts';
import { freePort } from '../free-port.ts';
import { WireClient } from '../wire-client.ts';
import type { RequestOf, ResponseOf, ScriptCall, ScriptTarget } from './controller-script.ts';
import { scriptClusterId } from './controller-script.ts';

type Api = {
  readonly request: MessageSchema;
  readonly response: MessageSchema;
  readonly version: number;
};

const apis: Readonly<Record<ScriptCall, Api>> = {
  createTopics: { request: createTopicsRequest, response: createTopicsResponse, version: 7 },
  deleteTopics: { request: deleteTopicsRequest, response: deleteTopicsResponse, version: 6 },
  createPartitions: {
    request: createPartitionsRequest,
    response: createPartitionsResponse,
    version: 3,
  },
  electLeaders: { request: electLeadersRequest, response: electLeadersResponse, version: 2 },
  incrementalAlterConfigs: {
    request: incrementalAlterConfigsRequest,
    response: incrementalAlterConfigsResponse,
    version: 1,
  },
  alterPartitionReassignments: {
    request: alterPartitionReassignmentsRequest,
    response: alterPartitionReassignmentsResponse,
    version: 0,
  },
  listPartitionReassignments: {
    request: listPartitionReassignmentsRequest,
    response: listPartitionReassignmentsResponse,
    version: 0,
  },
  alterPartition: { request: alterPartitionRequest, response: alterPartitionResponse, version: 3 },
  updateFeatures: { request: updateFeaturesRequest, response: updateFeaturesResponse, version: 1 },
  registerBroker: {
    request: brokerRegistrationRequest,
    response: brokerRegistrationResponse,
    version: 3,
  },
  heartbeat: { request: brokerHeartbeatRequest, response: brokerHeartbeatResponse, version: 1 },
  unregisterBroker: {
    request: unregisterBrokerRequest,
    response: unregisterBrokerResponse,
    version: 0,
  },
  allocateProducerIds: {
    request: allocateProducerIdsRequest,
    response: allocateProducerIdsResponse,
    version: 0,
  },
  registerController: {
    request: controllerRegistrationRequest,
    response: controllerRegistrationResponse,
    version: 0,
  },
  assignReplicasToDirs: {
    request: assignReplicasToDirsRequest,
    response: assignReplicasToDirsResponse,
    version: 0,
  },
};

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
    // The table pairs each call with the schemas of its request and response.
    return (await this.#client.send(apis[call], request as object)) as unknown as ResponseOf<K>;
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
