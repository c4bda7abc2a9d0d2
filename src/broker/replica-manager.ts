import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import type { Disposable } from '../base/disposable.ts';
import { FileError } from '../base/file-system.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { Controller } from '../controller/controller.ts';
import type { MetadataDelta } from '../controller/metadata-delta.ts';
import {
  emptyImage,
  isActiveBroker,
  type MetadataImage,
  type PartitionRegistration,
  type TopicImage,
  topicByName,
} from '../controller/metadata-image.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { type AppendError, type AppendOrigin, appendError } from '../storage/append-validation.ts';
import type { LogManager } from '../storage/log-manager.ts';
import type { LogAppendInfo } from '../storage/partition-log-types.ts';
import { AlterPartitionManager } from './alter-partition-manager.ts';
import type { DirectoryAssignments } from './directory-assignments.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { LeaderEndpoint } from './leader-endpoint.ts';
import {
  allPartitions,
  changedPartitions,
  inParallel,
  LocalPartitions,
  type PartitionPlacement,
} from './local-partitions.ts';
import { minInsyncReplicasOf } from './log-config-of.ts';
import { hasLeader, type Partition } from './partition.ts';
import type { PartitionHost } from './partition-types.ts';
import { ReplicaFetcherManager } from './replica-fetcher-manager.ts';
import { type ReaderPlace, type ReplicaSelector, replicaSelectorOf } from './replica-selector.ts';
import { ReplicationQuota } from './replication-quota.ts';
import { kafkaReplicationRules, type ReplicationRules } from './replication-rules.ts';
import { Timeouts } from './timeouts.ts';

export interface ReplicaManagerPorts {
  readonly logs: LogManager;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly controller: Pick<Controller, 'alterPartition'>;
  /** Of this broker's registration; -1 before it. */
  readonly brokerEpoch: () => number;
  /** Another broker, to fetch from. */
  readonly leaderEndpointOf: (leaderId: number, fetcherId: number) => LeaderEndpoint;
  readonly rules?: ReplicationRules | undefined;
  readonly directories: DirectoryAssignments;
}

/** Told of changes of leadership on this broker, after the partition is ready. */
export interface LeadershipListener {
  onElection(partition: Partition): void;
  onResignation(topic: string, partitionIndex: number): void;
  onTopicDeleted(topic: string): void;
}

const source = 'kafka.server.ReplicaManager';

/**
 * The partitions of this broker: makes them what the metadata log says, appends to them, keeps their followers and
 * their fetchers, and wakes who waits (Kafka's `ReplicaManager`).
 */
export class ReplicaManager implements Disposable {
  readonly logs: LogManager;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Ends of all that waits here. */
  readonly timeouts: Timeouts;
  readonly leaderQuota: ReplicationQuota;
  readonly followerQuota: ReplicationQuota;
  /** In which log dirs replicas are, and which of them have failed. */
  readonly directories: DirectoryAssignments;
  readonly #config: KafkaConfig;
  readonly #logger: Logger;
  readonly #listener: LeadershipListener;
  readonly #brokerEpoch: () => number;
  readonly #host: PartitionHost;
  readonly #alterPartitions: AlterPartitionManager;
  readonly #fetchers: ReplicaFetcherManager;
  readonly #selector: ReplicaSelector | undefined;
  readonly #partitions: LocalPartitions;
  readonly #disposeListeners = new Set<() => void>();
  readonly #minInsyncReplicas = new Map<string, number>();
  readonly #started = deferred<void>();
  #image: MetadataImage = emptyImage;
  #hasStarted = false;
  #isDisposed = false;
  #work: Promise<void> = Promise.resolve();
  #isrTimer: Disposable | undefined;

  constructor(ports: ReplicaManagerPorts, config: KafkaConfig, listener: LeadershipListener) {
    const { logs, clock, scheduler, logger, controller, brokerEpoch } = ports;
    const rules = ports.rules ?? kafkaReplicationRules;
    const { nodeId } = config;
    this.logs = logs;
    this.directories = ports.directories;
    this.clock = clock;
    this.scheduler = scheduler;
    this.timeouts = new Timeouts({ clock, scheduler });
    this.leaderQuota = new ReplicationQuota('leader', clock, config);
    this.followerQuota = new ReplicationQuota('follower', clock, config);
    this.#logger = logger;
    this.#config = config;
    this.#listener = listener;
    this.#brokerEpoch = brokerEpoch;
    this.#selector = replicaSelectorOf(config);
    this.#alterPartitions = new AlterPartitionManager({
      controller,
      scheduler,
      logger,
      nodeId,
      brokerEpoch,
    });
    this.#fetchers = new ReplicaFetcherManager({
      nodeId,
      scheduler,
      timeouts: this.timeouts,
      logger,
      rules,
      fetchersPerLeader: config.number('num.replica.fetchers'),
      partitionMaxBytes: config.number('replica.fetch.max.bytes'),
      backoffMaxMs: config.number('replica.fetch.backoff.ms'),
      endpointOf: ports.leaderEndpointOf,
      throttleMs: (partition, lag) =>
        0 < lag && this.followerQuota.isThrottled(partition) ? this.followerQuota.waitMs() : 0,
      onBytes: (partition, bytes) => this.followerQuota.record(partition, bytes),
    });
    this.#host = {
      localId: nodeId,
      clock,
      rules,
      lagMaxMs: config.number('replica.lag.time.max.ms'),
      minInsyncReplicasOf: (topic) => this.#minInsyncReplicasOf(topic),
      brokerEpoch,
      aliveBrokerEpoch: (brokerId) =>
        isActiveBroker(this.#image, brokerId) ? this.registeredBrokerEpoch(brokerId) : undefined,
      log: (partition, message) => this.#logOf(partition, message),
      proposeIsr: (partition, proposal) => this.#alterPartitions.submit(partition, proposal),
    };
    this.#partitions = new LocalPartitions({ ...ports, host: this.#host });
    this.#scheduleIsrCheck();
  }

  /**
   * Brings the partitions in line with an image, after all earlier ones. Begins with the first image that holds
   * the registration of this very process: one before that may be long past, and who leads by it is no leader.
   */
  apply(image: MetadataImage, delta: MetadataDelta): void {
    const before = this.#image;
    this.#image = image;
    if (!this.#hasStarted) {
      const brokerEpoch = this.registeredBrokerEpoch(this.#config.nodeId);
      if (brokerEpoch === undefined || brokerEpoch !== this.#brokerEpoch()) return;
      this.#hasStarted = true;
      this.#queue(() => this.#applyFirst(image).finally(this.#started.resolve));
      return;
    }
    this.#queue(() => this.#apply(image, delta, before));
  }

  /** Resolves when all images so far are applied, and at least one. */
  async caughtUp(): Promise<void> {
    await this.#started.promise;
    await this.#work;
  }

  partitions(): Iterable<Partition> {
    return this.#partitions.all();
  }

  /** A partition that this broker has, leader or not. */
  local(topic: string, partitionIndex: number): Partition | undefined {
    return this.#partitions.get(topic, partitionIndex);
  }

  /** The partition if this broker leads it, else what a client is told. */
  leader(topic: string, partitionIndex: number): Partition | ErrorCode {
    const partition = this.readable(topic, partitionIndex);
    if (typeof partition === 'string' || partition.isLeader) return partition;
    return 'NOT_LEADER_OR_FOLLOWER';
  }

  /** The partition if this broker has a replica of it, leading or following (KIP-392). */
  readable(topic: string, partitionIndex: number): Partition | ErrorCode {
    const partition = this.local(topic, partitionIndex);
    if (partition !== undefined) return partition.isOffline ? 'KAFKA_STORAGE_ERROR' : partition;
    const known = topicByName(this.#image, topic)?.partitions[partitionIndex];
    return known === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER';
  }

  /** As the metadata has it, fenced or not. */
  registeredBrokerEpoch(brokerId: number): number | undefined {
    return this.#image.brokers.get(brokerId)?.brokerEpoch;
  }

  /** What every replica on a broker that is alive has deleted. */
  lowWatermarkOf({ log, followers }: Partition): number {
    let lowWatermark = log.logStartOffset;
    for (const { brokerId, logStartOffset } of followers.values()) {
      if (!isActiveBroker(this.#image, brokerId)) continue;
      lowWatermark = Math.min(lowWatermark, logStartOffset);
    }
    return lowWatermark;
  }

  get hasReplicaSelector(): boolean {
    return this.#selector !== undefined;
  }

  /** KIP-392: the replica that this consumer should rather read from; -1 for the leader. */
  preferredReadReplica(partition: Partition, fetchOffset: number, reader: ReaderPlace): number {
    if (this.#selector === undefined) return -1;
    const nowMs = this.clock.monotonicMs();
    return this.#selector({ image: this.#image, partition, fetchOffset, reader, nowMs });
  }

  /** Appends batches of a client or of a coordinator. The bytes belong to the log from now on. */
  append(
    partition: Partition,
    bytes: Uint8Array,
    { acks, origin }: { acks: number; origin: AppendOrigin },
  ): LogAppendInfo | AppendError {
    if (acks === -1 && partition.isUnderMinIsr) {
      const message = `The size of the current ISR ${partition.isr.length} is insufficient to satisfy the min.isr requirement of ${partition.minIsr} for partition ${partition.name}`;
      return appendError('NOT_ENOUGH_REPLICAS', message);
    }
    try {
      return partition.append(bytes, origin);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#log('ERROR', `Error while appending to ${partition.name}`, error);
      return appendError('KAFKA_STORAGE_ERROR', error.message);
    }
  }

  /** A log dir can no longer be used: its replicas are offline until the broker starts anew. */
  onLogDirFailure(logDir: string): void {
    for (const partition of this.partitions()) {
      if (this.logs.logDirOf(partition.log) !== logDir || partition.isOffline) continue;
      const wasLeader = partition.isLeader;
      void this.#fetchers.remove(partition);
      this.directories.forget(partition);
      partition.isOffline = true;
      partition.remove();
      if (wasLeader) this.#listener.onResignation(partition.topic, partition.partitionIndex);
    }
  }

  /** Calls back when the broker ends; answers how to take that back. */
  onDispose(listener: () => void): () => void {
    this.#disposeListeners.add(listener);
    return () => {
      this.#disposeListeners.delete(listener);
    };
  }

  /** Nothing is fetched any more, and all that waits is answered with what there is. */
  dispose(): void {
    this.#isDisposed = true;
    this.#isrTimer?.dispose();
    this.#fetchers.dispose();
    this.#alterPartitions.dispose();
    this.directories.dispose();
    for (const listener of [...this.#disposeListeners]) listener();
    this.timeouts.dispose();
    this.#started.resolve();
  }

  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#log('ERROR', 'Applying metadata to the partitions failed', error);
    });
  }

  async #applyFirst(image: MetadataImage): Promise<void> {
    await this.#partitions.deleteStrayLogs(image);
    this.#updateConfigs(image);
    await this.#place(allPartitions(image));
  }

  #updateConfigs(image: MetadataImage): void {
    this.logs.updateConfigs();
    this.leaderQuota.update(image);
    this.followerQuota.update(image);
  }

  async #apply(image: MetadataImage, delta: MetadataDelta, before: MetadataImage): Promise<void> {
    this.#minInsyncReplicas.clear();
    for (const topic of delta.topics.deletedTopics.values()) await this.#delete(topic);
    await this.#place(changedPartitions(image, delta));
    if (0 < delta.changedConfigs.size) {
      this.#updateConfigs(image);
      for (const partition of this.partitions()) partition.maybeAdvanceHighWatermark();
    }
    if (before.brokers === image.brokers) return;
    // A broker that was fenced or restarted may be welcome in the ISR now.
    for (const partition of this.partitions()) partition.retryIsr();
  }

  async #place(changes: readonly PartitionPlacement[]): Promise<void> {
    if (changes.length === 0) return;
    const { nodeId } = this.#config;
    const isOurs = ({ registration }: PartitionPlacement) => registration.replicas.includes(nodeId);
    for (const change of changes) if (!isOurs(change)) await this.#leave(change);
    const ours = changes.filter(isOurs);
    const created = await this.#partitions.createMissing(ours);
    for (const { topic, partitionIndex, registration } of ours) {
      const partition = this.local(topic.name, partitionIndex);
      if (partition === undefined || partition.isOffline) continue;
      const isNew = created.has(partition);
      const work = this.#updateFetching(partition, registration, isNew);
      if (work !== undefined) await work;
      this.#update(partition, registration, isNew);
      this.directories.check(partition, this.logs.logDirOf(partition.log));
    }
  }

  /** Stops fetching where the leader or its epoch is another now. Resolves when the log is at rest. */
  #updateFetching(
    partition: Partition,
    { leader, leaderEpoch }: PartitionRegistration,
    isNew: boolean,
  ): Promise<void> | undefined {
    const isSame = partition.leaderId === leader && partition.leaderEpoch === leaderEpoch;
    return isNew || isSame ? undefined : this.#fetchers.remove(partition);
  }

  #update(partition: Partition, registration: PartitionRegistration, isNew: boolean): void {
    const wasLeader = !isNew && partition.isLeader;
    const isNewEpoch = isNew || partition.leaderEpoch !== registration.leaderEpoch;
    if (partition.update(registration, isNew)) {
      this.#log(
        'INFO',
        `Leader ${partition.name} with topic id Some(${partition.topicId}) starts at leader epoch ${registration.leaderEpoch} from offset ${partition.log.logEndOffset} with partition epoch ${registration.partitionEpoch}, high watermark ${partition.highWatermark}, ISR [${registration.isr.join(',')}], adding replicas [${registration.addingReplicas.join(',')}] and removing replicas [${registration.removingReplicas.join(',')}].`,
      );
      this.#listener.onElection(partition);
      return;
    }
    if (wasLeader && !partition.isLeader) {
      this.#listener.onResignation(partition.topic, partition.partitionIndex);
    }
    const mustFetch = isNewEpoch && !partition.isLeader && hasLeader(registration);
    if (mustFetch && !this.#isDisposed) this.#fetchers.add(partition);
  }

  /** The partition was moved to other brokers (Kafka's StopReplica with delete). */
  async #leave({ topic, partitionIndex }: PartitionPlacement): Promise<void> {
    const partition = this.local(topic.name, partitionIndex);
    if (partition !== undefined) await this.#remove(partition);
  }

  async #delete({ name }: TopicImage): Promise<void> {
    await inParallel(this.#partitions.ofTopic(name), (partition) => this.#remove(partition));
    this.#listener.onTopicDeleted(name);
  }

  async #remove(partition: Partition): Promise<void> {
    const wasLeader = partition.isLeader;
    const work = this.#fetchers.remove(partition);
    this.#partitions.forget(partition);
    this.directories.forget(partition);
    partition.remove();
    if (wasLeader) this.#listener.onResignation(partition.topic, partition.partitionIndex);
    await work;
    await this.#partitions.deleteLog(partition);
  }

  #scheduleIsrCheck(): void {
    this.#isrTimer = this.scheduler.after(this.#host.lagMaxMs / 2, () => {
      for (const partition of this.partitions()) partition.maybeShrinkIsr();
      this.#scheduleIsrCheck();
    });
  }

  #minInsyncReplicasOf(topic: string): number {
    const known = this.#minInsyncReplicas.get(topic);
    if (known !== undefined) return known;
    const count = minInsyncReplicasOf(this.#image, this.#config, topic);
    this.#minInsyncReplicas.set(topic, count);
    return count;
  }

  #logOf(partition: string, message: string): void {
    const prefix = `[Partition ${partition} broker=${this.#config.nodeId}]`;
    this.#logger.log('INFO', 'kafka.cluster.Partition', `${prefix} ${message}`);
  }

  #log(level: LogLevel, message: string, error?: unknown): void {
    const prefix = `[ReplicaManager broker=${this.#config.nodeId}]`;
    this.#logger.log(level, source, `${prefix} ${message}`, error);
  }
}
