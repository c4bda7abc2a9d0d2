import { FileError } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import type { MetadataDelta } from '../controller/metadata-delta.ts';
import {
  type MetadataImage,
  type PartitionRegistration,
  type TopicImage,
  topicByName,
} from '../controller/metadata-image.ts';
import type { LogManager } from '../storage/log-manager.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import { type DirectoryAssignments, directoryIdOf } from './directory-assignments.ts';
import { Partition } from './partition.ts';
import type { PartitionHost } from './partition-types.ts';

/** What the metadata says of one partition. */
export interface PartitionPlacement {
  readonly topic: TopicImage;
  readonly partitionIndex: number;
  readonly registration: PartitionRegistration;
}

const source = 'kafka.server.ReplicaManager';
/** Logs made or removed at the same time: mostly waiting for the disk. */
const filesAtOnce = 16;

/** The partitions that this broker has, with their logs on its disks. */
export class LocalPartitions {
  readonly #logs: LogManager;
  readonly #logger: Logger;
  readonly #host: PartitionHost;
  readonly #directories: DirectoryAssignments;
  /** By topic name, then by index. */
  readonly #partitions = new Map<string, Map<number, Partition>>();

  constructor(ports: {
    logs: LogManager;
    logger: Logger;
    host: PartitionHost;
    directories: DirectoryAssignments;
  }) {
    this.#logs = ports.logs;
    this.#directories = ports.directories;
    this.#logger = ports.logger;
    this.#host = ports.host;
  }

  get(topic: string, partitionIndex: number): Partition | undefined {
    return this.#partitions.get(topic)?.get(partitionIndex);
  }

  *all(): Generator<Partition> {
    for (const partitions of this.#partitions.values()) yield* partitions.values();
  }

  ofTopic(topic: string): readonly Partition[] {
    return [...(this.#partitions.get(topic)?.values() ?? [])];
  }

  forget({ topic, partitionIndex }: Partition): void {
    const partitions = this.#partitions.get(topic);
    partitions?.delete(partitionIndex);
    if (partitions?.size === 0) this.#partitions.delete(topic);
  }

  /** Makes those that are not here yet; answers which. One whose log cannot be made is left out. */
  async createMissing(placements: readonly PartitionPlacement[]): Promise<ReadonlySet<Partition>> {
    const created = new Set<Partition>();
    const missing = placements.filter(
      ({ topic, partitionIndex }) => this.get(topic.name, partitionIndex) === undefined,
    );
    await inParallel(missing, async (placement) => {
      const partition = await this.#create(placement);
      if (partition !== undefined) created.add(partition);
    });
    return created;
  }

  async deleteLog({ log, name }: Partition): Promise<void> {
    try {
      await this.#logs.delete(log);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#logger.log('ERROR', source, `Error deleting the log of ${name}`, error);
    }
  }

  /** Logs of partitions that were deleted or moved away while this broker was not there. */
  async deleteStrayLogs(image: MetadataImage): Promise<void> {
    const { localId } = this.#host;
    const isStray = ({ topic, partition, topicId }: PartitionLog) => {
      const known = topicByName(image, topic);
      const replicas = known?.partitions[partition]?.replicas ?? [];
      return !replicas.includes(localId) || (topicId !== undefined && topicId !== known?.topicId);
    };
    await inParallel(this.#logs.logs.filter(isStray), async (log) => {
      const message = `Found stray log dir ${log.folder}: the cluster does not place it here`;
      this.#logger.log('INFO', source, message);
      await this.#logs.delete(log);
    });
  }

  async #create({
    topic: { name: topic, topicId },
    partitionIndex,
    registration,
  }: PartitionPlacement): Promise<Partition | undefined> {
    const directoryId = directoryIdOf(registration, this.#host.localId);
    if (this.#directories.isOffline(directoryId)) {
      // Its records may be there yet: an empty log elsewhere would be taken for all that there is.
      this.#logger.log('ERROR', source, `${topic}-${partitionIndex} is in a log dir that failed`);
      return undefined;
    }
    try {
      const logDir = this.#directories.logDirOf(directoryId);
      const creation = { topic, topicId, partition: partitionIndex };
      const log = await this.#logs.getOrCreate({ ...creation, ...(logDir && { logDir }) });
      const partition = new Partition(
        { topic, topicId, partitionIndex },
        log,
        registration,
        this.#host,
      );
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
}

export function allPartitions(image: MetadataImage): readonly PartitionPlacement[] {
  const placements: PartitionPlacement[] = [];
  for (const topic of image.topics.byName.values()) {
    for (const [partitionIndex, registration] of topic.partitions.entries()) {
      placements.push({ topic, partitionIndex, registration });
    }
  }
  return placements;
}

export function changedPartitions(
  image: MetadataImage,
  delta: MetadataDelta,
): readonly PartitionPlacement[] {
  const placements: PartitionPlacement[] = [];
  for (const [topicId, indexes] of delta.topics.changedPartitions) {
    const topic = image.topics.byId.get(topicId);
    if (topic === undefined) continue;
    for (const partitionIndex of indexes) {
      const registration = topic.partitions[partitionIndex];
      if (registration !== undefined) placements.push({ topic, partitionIndex, registration });
    }
  }
  return placements;
}

export async function inParallel<T>(
  items: readonly T[],
  task: (item: T) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = left.next(); next.done !== true; next = left.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, items.length) }, worker));
}
