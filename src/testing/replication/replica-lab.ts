import { onTestFinished } from 'vitest';
import { type Logger, silentLogger } from '../../base/logger.ts';
import { DirectoryAssignments } from '../../broker/directory-assignments.ts';
import { FetchSessionCache } from '../../broker/fetch-session.ts';
import { fetchRoute } from '../../broker/handlers/01-fetch.ts';
import { KafkaConfig } from '../../broker/kafka-config.ts';
import type { FollowerFetchRequest, LeaderEndpoint } from '../../broker/leader-endpoint.ts';
import type { Partition } from '../../broker/partition.ts';
import { ReplicaManager } from '../../broker/replica-manager.ts';
import type { ReplicationRules } from '../../broker/replication-rules.ts';
import type { RequestContext } from '../../broker/request-context.ts';
import { MetadataDelta } from '../../controller/metadata-delta.ts';
import { emptyImage, type MetadataImage } from '../../controller/metadata-image.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from '../../controller/metadata-record.ts';
import { MemoryFileSystem } from '../../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import { VirtualClock } from '../../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../../host/virtual/virtual-scheduler.ts';
import { decodeMessage, encodeMessage } from '../../protocol/codec.ts';
import { noCodecs } from '../../protocol/records/compression.ts';
import { batchesOf } from '../../protocol/records/record-batch.ts';
import { RecordBatchBuilder } from '../../protocol/records/record-batch-builder.ts';
import {
  type FetchResponse,
  fetchRequest,
  fetchResponse,
} from '../../protocol/schemas/01-fetch.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from '../../protocol/schemas/56-alter-partition.ts';
import { logConfigDefaults } from '../../storage/log-config.ts';
import { LogManager } from '../../storage/log-manager.ts';

export interface ReplicaLabOptions {
  readonly logger?: Logger;
  readonly rules?: ReplicationRules;
  readonly properties?: Readonly<Record<string, string>>;
}

interface LabBroker {
  readonly replicas: ReplicaManager;
  readonly sessions: FetchSessionCache;
  readonly config: KafkaConfig;
  readonly brokerEpoch: number;
}

export const labTopic = 'orders';
const topicId = 'MkU3OEVBNTcwNTJENDM2Qg';
const fetchVersion = 17;

/**
 * Brokers' replica managers that follow each other over calls, with the metadata in the test's hands: who leads, in
 * which epoch, is what the test says. One topic, one partition.
 */
export class ReplicaLab {
  readonly clock = new VirtualClock();
  readonly scheduler: VirtualScheduler;
  readonly topicId = topicId;
  readonly #options: ReplicaLabOptions;
  readonly #disks = new Map<number, MemoryFileSystem>();
  readonly #brokers = new Map<number, LabBroker>();
  /** What leaders have asked the controller for, newest last. */
  readonly proposals: AlterPartitionRequest[] = [];
  /** What the controller answers; never, if it is not set. */
  onProposal: ((request: AlterPartitionRequest) => AlterPartitionResponse) | undefined;
  /** Brokers that do not answer, although they run. */
  readonly unreachable = new Set<number>();
  /** Leaders that never answer where their logs begin and end. */
  readonly silentAboutOffsets = new Set<number>();
  #image: MetadataImage = emptyImage;
  #offset = 0;

  constructor(options: ReplicaLabOptions = {}) {
    this.#options = options;
    this.scheduler = new VirtualScheduler(this.clock, {
      settle: () => new Promise((resolve) => setImmediate(resolve)),
    });
  }

  /** A process begins, on the disk that its predecessor left. */
  async start(...ids: number[]): Promise<void> {
    for (const id of ids) await this.#startOne(id);
  }

  /** A process begins that has not registered yet: it hears of metadata that may be long past. */
  async startUnregistered(id: number): Promise<void> {
    await this.#open(id);
  }

  /** The process is gone; what it wrote stays. */
  crash(id: number): void {
    this.#brokers.get(id)?.replicas.dispose();
    this.#brokers.delete(id);
  }

  /** Makes the partition, with its first replica as leader. */
  async createPartition(replicas: readonly number[], isr = replicas): Promise<void> {
    await this.write(
      { kind: 'TopicRecord', version: 0, message: { name: labTopic, topicId } },
      {
        kind: 'PartitionRecord',
        version: 1,
        message: {
          partitionId: 0,
          topicId,
          replicas: [...replicas],
          isr: [...isr],
          leader: replicas[0] ?? -1,
          leaderEpoch: 0,
          partitionEpoch: 0,
          directories: replicas.map(() => 'AAAAAAAAAAAAAAAAAAAAAA'),
        },
      },
    );
  }

  /** Another leader, in the next epoch; all brokers that run hear of it. */
  async lead(leader: number, isr: readonly number[]): Promise<void> {
    await this.write({
      kind: 'PartitionChangeRecord',
      version: 1,
      message: { partitionId: 0, topicId, leader, isr: [...isr] },
    });
  }

  /** Records of the metadata log, applied everywhere. */
  async write(...records: MetadataRecordInput[]): Promise<void> {
    const delta = new MetadataDelta(this.#image);
    for (const record of records) delta.replay(decodeMetadataRecord(encodeMetadataRecord(record)));
    this.#offset += records.length;
    const timestampMs = this.clock.nowMs();
    this.#image = delta.apply({ offset: this.#offset, epoch: 1, timestampMs });
    for (const { replicas } of this.#brokers.values()) replicas.apply(this.#image, delta);
    await this.settle();
  }

  /** Changes the topic's configuration. */
  async configure(name: string, value: string): Promise<void> {
    const message = { resourceType: 2, resourceName: labTopic, name, value };
    await this.write({ kind: 'ConfigRecord', version: 0, message });
  }

  /** The controller takes a broker out of service, or puts it back; its process goes on. */
  async setFenced(id: number, isFenced: boolean): Promise<void> {
    const brokerEpoch = this.#brokers.get(id)?.brokerEpoch ?? -1;
    const message = { brokerId: id, brokerEpoch, fenced: isFenced ? 1 : -1 };
    await this.write({ kind: 'BrokerRegistrationChangeRecord', version: 0, message });
  }

  /** Another process registers as this broker; the one that runs has not heard of it. */
  async replaceRegistration(id: number): Promise<void> {
    this.#offset += 1;
    await this.write(registration(id, this.#offset));
  }

  /** Everything that can happen without time going by has happened. */
  settle(): Promise<void> {
    return this.scheduler.settle();
  }

  async advance(ms: number): Promise<void> {
    await this.scheduler.advance(ms);
  }

  replica(id: number): Partition {
    const partition = this.#brokers.get(id)?.replicas.local(labTopic, 0);
    if (partition === undefined) throw new TypeError(`broker ${id} has no replica`);
    return partition;
  }

  /** The disk of a broker, running or not. */
  files(id: number): MemoryFileSystem {
    const files = this.#disks.get(id) ?? new MemoryFileSystem({ clock: this.clock });
    this.#disks.set(id, files);
    return files;
  }

  replicas(id: number): ReplicaManager {
    const broker = this.#brokers.get(id);
    if (broker === undefined) throw new TypeError(`broker ${id} does not run`);
    return broker.replicas;
  }

  /** Appends as the leader does. */
  append(id: number, ...values: string[]): void {
    for (const value of values) {
      const result = this.replica(id).append(batchOf(value), 'client');
      if (result.kind === 'error') throw new TypeError(result.message);
    }
  }

  /** The log of a replica as `epoch:value`. */
  async logOf(id: number): Promise<readonly string[]> {
    const { log } = this.replica(id);
    const read = await log.read(log.logStartOffset, 1e6);
    if (read.kind === 'error') return [];
    return [...batchesOf(read.bytes)].flatMap((batch) =>
      [...batch.records()].map(
        ({ value }) =>
          `${batch.partitionLeaderEpoch}:${new TextDecoder().decode(value ?? undefined)}`,
      ),
    );
  }

  async #startOne(id: number): Promise<void> {
    const { replicas, brokerEpoch } = await this.#open(id);
    await this.write(registration(id, brokerEpoch));
    await replicas.caughtUp();
  }

  async #open(id: number): Promise<LabBroker> {
    const files = this.files(id);
    const { clock, scheduler } = this;
    const random = new SeededRandom(id);
    const logs = await LogManager.open({
      files,
      clock,
      random,
      logger: silentLogger,
      codecs: noCodecs,
      logDirs: ['/logs'],
      configFor: () => logConfigDefaults,
    });
    const brokerEpoch = ++this.#offset;
    const config = KafkaConfig.of({
      'process.roles': 'broker,controller',
      'node.id': `${id}`,
      'controller.quorum.voters': `${id}@worker${id}:9093`,
      listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': '/logs',
      ...this.#options.properties,
    });
    const replicas = new ReplicaManager(
      {
        logs,
        clock,
        scheduler,
        logger: this.#options.logger ?? silentLogger,
        controller: { alterPartition: (request) => this.#alterPartition(request) },
        brokerEpoch: () => brokerEpoch,
        directories: new DirectoryAssignments({
          controller: { assignReplicasToDirs: () => new Promise(() => {}) },
          scheduler,
          logger: silentLogger,
          nodeId: id,
          brokerEpoch: () => brokerEpoch,
          directoryIds: new Map(),
        }),
        leaderEndpointOf: (leaderId) => this.#endpoint(id, leaderId),
        rules: this.#options.rules,
      },
      config,
      { onElection() {}, onResignation() {}, onTopicDeleted() {} },
    );
    const sessions = new FetchSessionCache({ clock, random }, 10);
    const broker = { replicas, sessions, config, brokerEpoch };
    this.#brokers.set(id, broker);
    return broker;
  }

  #alterPartition(request: AlterPartitionRequest): Promise<AlterPartitionResponse> {
    this.proposals.push(request);
    if (this.onProposal === undefined) return new Promise(() => {});
    return Promise.resolve(this.onProposal(request));
  }

  #endpoint(followerId: number, leaderId: number): LeaderEndpoint {
    return {
      fetch: (request) => this.#fetch(followerId, leaderId, request),
      offsetOf: (_partition, which) => {
        if (this.silentAboutOffsets.has(leaderId)) return new Promise(() => {});
        const { log } = this.replica(leaderId);
        return Promise.resolve(which === 'latest' ? log.logEndOffset : log.logStartOffset);
      },
      reset() {},
      dispose() {},
    };
  }

  /** By the handler, and through the bytes that go over the wire. */
  async #fetch(
    followerId: number,
    leaderId: number,
    request: FollowerFetchRequest,
  ): Promise<FetchResponse> {
    const leader = this.#brokers.get(leaderId);
    const follower = this.#brokers.get(followerId);
    const isCut = this.unreachable.has(leaderId);
    if (isCut || leader === undefined || follower === undefined) throw new TypeError('no answer');
    const bytes = encodeMessage(fetchRequest, fetchVersion, {
      ...request,
      replicaState: { replicaId: followerId, replicaEpoch: follower.brokerEpoch },
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 10_485_760,
    });
    const context = {
      apiVersion: fetchVersion,
      client: { listenerName: 'PLAINTEXT', onClose: () => () => undefined },
      broker: {
        replicas: leader.replicas,
        fetchSessions: leader.sessions,
        controller: { image: this.#image },
        config: leader.config,
        clock: this.clock,
      },
    } as unknown as RequestContext;
    const outcome = await fetchRoute.handle(
      context,
      decodeMessage(fetchRequest, fetchVersion, bytes),
    );
    if (outcome.kind !== 'response' || !this.#brokers.has(leaderId))
      throw new TypeError('no answer');
    return decodeMessage(
      fetchResponse,
      fetchVersion,
      encodeMessage(fetchResponse, fetchVersion, outcome.message),
    );
  }
}

/** A lab whose brokers end with the test. */
export function replicaLab(options: ReplicaLabOptions = {}): ReplicaLab {
  const lab = new ReplicaLab(options);
  onTestFinished(() => {
    for (const id of [1, 2, 3]) lab.crash(id);
  });
  return lab;
}

export function batchOf(...values: string[]): Uint8Array {
  const builder = new RecordBatchBuilder({ sizeLimitBytes: 1_000_000 });
  for (const value of values) builder.append(0, null, new TextEncoder().encode(value));
  return builder.close();
}

function registration(brokerId: number, brokerEpoch: number): MetadataRecordInput {
  return {
    kind: 'RegisterBrokerRecord',
    version: 3,
    message: {
      brokerId,
      brokerEpoch,
      incarnationId: topicId,
      endPoints: [
        { name: 'PLAINTEXT', host: `worker${brokerId}`, port: 9092, securityProtocol: 0 },
      ],
      features: [],
      rack: null,
      fenced: false,
      inControlledShutdown: false,
      isMigratingZkBroker: false,
      logDirs: [],
    },
  };
}
