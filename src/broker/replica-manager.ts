import type { Disposable } from '../base/disposable.ts';
import { FileError } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { MetadataDelta } from '../controller/metadata-delta.ts';
import {
  type MetadataImage,
  type PartitionRegistration,
  type TopicImage,
  topicByName,
} from '../controller/metadata-image.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { type AppendError, type AppendOrigin, appendError } from '../storage/append-validation.ts';
import type { LogManager } from '../storage/log-manager.ts';
import type { LogAppendInfo } from '../storage/partition-log-types.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { minInsyncReplicasOf } from './log-config-of.ts';
import { Partition } from './partition.ts';
import { Purgatory } from './purgatory.ts';

export interface ReplicaManagerPorts {
  readonly logs: LogManager;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
}

/** Told of changes of leadership on this broker, after the partition is ready. */
export interface LeadershipListener {
  onElection(partition: Partition): void;
  onResignation(topic: string, partitionIndex: number): void;
  onTopicDeleted(topic: string): void;
}

const source = 'kafka.server.ReplicaManager';

/** The partitions of this broker: makes them what the metadata log says, appends to them and wakes who waits. */
export class ReplicaManager implements Disposable {
  readonly logs: LogManager;
  /** Fetches that wait for data, by `topic-partition`. */
  readonly fetchPurgatory: Purgatory;
  readonly #config: KafkaConfig;
  readonly #logger: Logger;
  readonly #listener: LeadershipListener;
  /** By topic name, then by index. */
  readonly #partitions = new Map<string, Map<number, Partition>>();
  #image: MetadataImage | undefined;
  #work: Promise<void> = Promise.resolve();
  readonly #minInsyncReplicas = new Map<string, number>();

  constructor(ports: ReplicaManagerPorts, config: KafkaConfig, listener: LeadershipListener) {
    this.logs = ports.logs;
    this.#logger = ports.logger;
    this.#config = config;
    this.#listener = listener;
    this.fetchPurgatory = new Purgatory(ports.scheduler);
  }

  /** Brings the partitions in line with an image, after all earlier ones. */
  apply(image: MetadataImage, delta: MetadataDelta): void {
    this.#work = this.#work
      .then(() => this.#apply(image, delta))
      .catch((error: unknown) => {
        this.#logger.log('ERROR', source, 'Applying metadata to the partitions failed', error);
      });
  }

  /** Resolves when all images so far are applied. */
  caughtUp(): Promise<void> {
    return this.#work;
  }

  *partitions(): Generator<Partition> {
    for (const partitions of this.#partitions.values()) yield* partitions.values();
  }

  /** A partition that this broker has, leader or not. */
  local(topic: string, partitionIndex: number): Partition | undefined {
    return this.#partitions.get(topic)?.get(partitionIndex);
  }

  /** The partition if this broker leads it, else what a client is told. */
  leader(topic: string, partitionIndex: number): Partition | ErrorCode {
    const partition = this.local(topic, partitionIndex);
    if (partition?.isLeader) return partition;
    const image = this.#image;
    const known = image && topicByName(image, topic)?.partitions[partitionIndex];
    return known === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER';
  }

  /** Appends batches of a client or of a coordinator. The bytes belong to the log from now on. */
  append(
    partition: Partition,
    bytes: Uint8Array,
    { acks, origin }: { acks: number; origin: AppendOrigin },
  ): LogAppendInfo | AppendError {
    if (acks === -1 && partition.isr.length < this.#minInsyncReplicasOf(partition.topic)) {
      const message = `The size of the current ISR ${partition.isr.length} is insufficient to satisfy the min.isr requirement for partition ${partition.name}`;
      return appendError('NOT_ENOUGH_REPLICAS', message);
    }
    try {
      const result = partition.append(bytes, origin);
      if (result.kind === 'appended') this.fetchPurgatory.checkAndComplete(partition.name);
      return result;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#logger.log('ERROR', source, `Error while appending to ${partition.name}`, error);
      return appendError('KAFKA_STORAGE_ERROR', error.message);
    }
  }

  /** All delayed fetches are answered with what there is. */
  dispose(): void {
    this.fetchPurgatory.dispose();
  }

  async #apply(image: MetadataImage, delta: MetadataDelta): Promise<void> {
    const isFirst = this.#image === undefined;
    this.#image = image;
    this.#minInsyncReplicas.clear();
    for (const topic of delta.topics.deletedTopics.values()) await this.#delete(topic);
    for (const topic of this.#changedTopics(image, delta, isFirst)) {
      for (const [index, registration] of topic.partitions.entries()) {
        await this.#place(topic, index, registration);
      }
    }
    if (isFirst || 0 < delta.changedConfigs.size) {
      for (const topic of this.#partitions.keys()) this.logs.updateConfig(topic);
    }
  }

  #changedTopics(image: MetadataImage, delta: MetadataDelta, isFirst: boolean): TopicImage[] {
    if (isFirst) return [...image.topics.byName.values()];
    return [...delta.topics.changedPartitions.keys()]
      .map((topicId) => image.topics.byId.get(topicId))
      .filter((topic) => topic !== undefined);
  }

  async #place(
    topic: TopicImage,
    partitionIndex: number,
    registration: PartitionRegistration,
  ): Promise<void> {
    const localId = this.#config.nodeId;
    const known = this.local(topic.name, partitionIndex);
    if (!registration.replicas.includes(localId)) return;
    const partition = known ?? (await this.#create(topic, partitionIndex, registration));
    if (partition === undefined) return;
    const wasLeader = known?.isLeader ?? false;
    if (partition.update(registration, known === undefined)) this.#listener.onElection(partition);
    else if (wasLeader && !partition.isLeader) {
      this.#listener.onResignation(topic.name, partitionIndex);
    }
    this.fetchPurgatory.checkAndComplete(partition.name);
  }

  async #create(
    { name: topic, topicId }: TopicImage,
    partitionIndex: number,
    registration: PartitionRegistration,
  ): Promise<Partition | undefined> {
    try {
      const log = await this.logs.getOrCreate({ topic, topicId, partition: partitionIndex });
      const id = { topic, topicId, partitionIndex, localId: this.#config.nodeId };
      const partition = new Partition(id, log, registration);
      const partitions = this.#partitions.get(topic) ?? new Map<number, Partition>();
      partitions.set(partitionIndex, partition);
      this.#partitions.set(topic, partitions);
      return partition;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const message = `Error creating the log of ${topic}-${partitionIndex}`;
      this.#logger.log('ERROR', source, message, error);
      return undefined;
    }
  }

  async #delete({ name }: TopicImage): Promise<void> {
    const partitions = [...(this.#partitions.get(name)?.values() ?? [])];
    this.#partitions.delete(name);
    for (const partition of partitions) {
      this.#listener.onResignation(name, partition.partitionIndex);
      this.fetchPurgatory.checkAndComplete(partition.name);
      await this.logs.delete(partition.log);
    }
    this.#listener.onTopicDeleted(name);
  }

  #minInsyncReplicasOf(topic: string): number {
    const known = this.#minInsyncReplicas.get(topic);
    if (known !== undefined || this.#image === undefined) return known ?? 1;
    const count = minInsyncReplicasOf(this.#image, this.#config, topic);
    this.#minInsyncReplicas.set(topic, count);
    return count;
  }
}
