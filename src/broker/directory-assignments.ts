import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { type Controller, ControllerError } from '../controller/controller.ts';
import type { PartitionRegistration } from '../controller/metadata-image.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import type { AssignReplicasToDirsRequest } from '../protocol/schemas/73-assign-replicas-to-dirs.ts';
import type { Partition } from './partition.ts';

export interface DirectoryAssignmentsOptions {
  readonly controller: Pick<Controller, 'assignReplicasToDirs'>;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly nodeId: number;
  readonly brokerEpoch: () => number;
  /** By log dir, from `meta.properties`. */
  readonly directoryIds: ReadonlyMap<string, string>;
}

const retryMs = 500;
const replicasPerRequestMax = 2_250;

/**
 * Tells the controller in which log dir this broker's replicas are, where it does not know (KIP-858, Kafka's
 * `AssignmentsManager`): it has to elect other leaders when a log dir fails. A broker with one log dir has nothing
 * to tell, unless that is another one than before.
 */
export class DirectoryAssignments implements Disposable {
  readonly #options: DirectoryAssignmentsOptions;
  readonly #pending = new Map<Partition, string>();
  readonly #offline = new Set<string>();
  #timer: Disposable | undefined;
  #isSending = false;
  #isDisposed = false;

  constructor(options: DirectoryAssignmentsOptions) {
    this.#options = options;
  }

  /** Ids of log dirs that can no longer be used. */
  get offlineDirectoryIds(): readonly string[] {
    return [...this.#offline];
  }

  /** The log dir that the metadata names for a replica here; undefined when it names none of ours. */
  logDirOf(directoryId: string | undefined): string | undefined {
    for (const [logDir, id] of this.#options.directoryIds) if (id === directoryId) return logDir;
    return undefined;
  }

  isOffline(directoryId: string | undefined): boolean {
    return directoryId !== undefined && this.#offline.has(directoryId);
  }

  onFailure(logDir: string): void {
    const id = this.#options.directoryIds.get(logDir);
    if (id !== undefined && id !== '') this.#offline.add(id);
  }

  /** The replica is in `logDir`: the controller is told if the metadata says otherwise. */
  check(partition: Partition, logDir: string): void {
    const id = this.#options.directoryIds.get(logDir);
    const known = directoryIdOf(partition.registration, this.#options.nodeId);
    if (id === undefined || id === '' || known === undefined || known === id) {
      this.#pending.delete(partition);
      return;
    }
    this.#pending.set(partition, id);
    if (this.#isSending || this.#isDisposed) return;
    this.#isSending = true;
    queueMicrotask(() => this.#send());
  }

  forget(partition: Partition): void {
    this.#pending.delete(partition);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #send(): void {
    if (this.#pending.size === 0 || this.#isDisposed) {
      this.#isSending = false;
      return;
    }
    const sent = [...this.#pending].slice(0, replicasPerRequestMax);
    const { controller, scheduler } = this.#options;
    const retry = (reason: string) => {
      this.#log(`AssignReplicasToDirs failed: ${reason}`);
      if (this.#isDisposed) return;
      this.#timer = scheduler.after(retryMs, () => this.#send());
    };
    controller.assignReplicasToDirs(this.#requestOf(sent)).then(
      ({ errorCode }) => {
        if (errorCode !== 0) {
          retry(errorNameOf(errorCode));
          return;
        }
        for (const [partition, id] of sent) {
          if (this.#pending.get(partition) === id) this.#pending.delete(partition);
        }
        this.#send();
      },
      (error: unknown) => {
        const reason = error instanceof ControllerError ? error.errorCode : `${error}`;
        // The cluster's metadata.version is from before KIP-858.
        if (reason === 'UNSUPPORTED_VERSION') this.#pending.clear();
        retry(reason);
      },
    );
  }

  #requestOf(sent: readonly (readonly [Partition, string])[]): AssignReplicasToDirsRequest {
    const directories = new Map<string, Map<string, { partitionIndex: number }[]>>();
    for (const [{ topicId, partitionIndex }, id] of sent) {
      const topics = directories.get(id) ?? new Map<string, { partitionIndex: number }[]>();
      directories.set(id, topics);
      const partitions = topics.get(topicId) ?? [];
      topics.set(topicId, partitions);
      partitions.push({ partitionIndex });
    }
    return {
      brokerId: this.#options.nodeId,
      brokerEpoch: this.#options.brokerEpoch(),
      directories: [...directories].map(([id, topics]) => ({
        id,
        topics: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
      })),
    };
  }

  #log(message: string): void {
    this.#options.logger.log('WARN', 'org.apache.kafka.server.AssignmentsManager', message);
  }
}

/** Of a replica on this broker, as the metadata has it. */
export function directoryIdOf(
  { directories, replicas }: PartitionRegistration,
  nodeId: number,
): string | undefined {
  return directories[replicas.indexOf(nodeId)];
}
