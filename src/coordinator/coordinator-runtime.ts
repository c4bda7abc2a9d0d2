import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { DecodeError } from '../protocol/errors.ts';
import { Decision } from './coordinator-result.ts';
import type { GroupConfig } from './group-config.ts';
import {
  type CoordinatorRecord,
  decodeGroupRecord,
  encodeGroupRecord,
  type GroupRecord,
} from './group-record.ts';
import { GroupShard } from './group-shard.ts';
import { coordinatorPartitionFor } from './java-string-hash.ts';
import type { ShardContext } from './shard-context.ts';

export interface CoordinatorPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  readonly log: CoordinatorLog;
}

/** Port: the partitions of `__consumer_offsets` that this broker leads. */
export interface CoordinatorLog {
  /**
   * Appends records in order. Answers at once whether the local log took them, and `committed`
   * resolves when every in-sync replica has them.
   */
  append(
    partition: number,
    records: readonly CoordinatorRecord[],
  ): { readonly errorCode: ErrorCode; readonly committed: Promise<ErrorCode> };
  /** Yields all records from the start to the end of the log, in order. */
  read(partition: number): AsyncIterable<CoordinatorRecord>;
}

type ShardState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'active'; readonly shard: GroupShard };

const source = 'kafka.coordinator.group.GroupCoordinator';
const metadataManagerSource = 'kafka.coordinator.group.GroupMetadataManager';

/** Loads and unloads shards with leadership, and turns decisions into appended and replayed records. */
export class CoordinatorRuntime {
  readonly ports: CoordinatorPorts;
  readonly config: GroupConfig;
  readonly #nodeId: number;
  readonly #shards = new Map<number, ShardState>();
  #partitionCount = 50;

  constructor(ports: CoordinatorPorts, config: GroupConfig, nodeId: number) {
    this.ports = ports;
    this.config = config;
    this.#nodeId = nodeId;
  }

  setPartitionCount(count: number): void {
    this.#partitionCount = count;
  }

  partitionFor(groupId: string): number {
    return coordinatorPartitionFor(groupId, this.#partitionCount);
  }

  /** The shard of a group, or why there is none. */
  shardFor(groupId: string): GroupShard | ErrorCode {
    const state = this.#shards.get(this.partitionFor(groupId));
    if (state === undefined) return 'NOT_COORDINATOR';
    return state.kind === 'active' ? state.shard : 'COORDINATOR_LOAD_IN_PROGRESS';
  }

  *activeShards(): Generator<readonly [number, GroupShard]> {
    for (const [partition, state] of this.#shards) {
      if (state.kind === 'active') yield [partition, state.shard];
    }
  }

  get isLoading(): boolean {
    return [...this.#shards.values()].some(({ kind }) => kind === 'loading');
  }

  /** This broker leads the partition now: reads its log and then serves its groups. */
  async load(partition: number): Promise<void> {
    if (this.#shards.has(partition)) return;
    const loading: ShardState = { kind: 'loading' };
    this.#shards.set(partition, loading);
    const shard = new GroupShard(this.#contextOf(partition));
    const startedAtMs = this.ports.clock.monotonicMs();
    for await (const record of this.ports.log.read(partition)) {
      if (this.#shards.get(partition) !== loading) return;
      this.#replay(shard, record);
    }
    if (this.#shards.get(partition) !== loading) return;
    this.#shards.set(partition, { kind: 'active', shard });
    shard.onLoaded();
    const elapsedMs = Math.round(this.ports.clock.monotonicMs() - startedAtMs);
    this.ports.logger.log(
      'INFO',
      metadataManagerSource,
      `[GroupMetadataManager brokerId=${this.#nodeId}] Finished loading offsets and group metadata from __consumer_offsets-${partition} in ${elapsedMs} milliseconds for epoch 0, of which 0 milliseconds was spent in the scheduler.`,
    );
  }

  unload(partition: number): void {
    const state = this.#shards.get(partition);
    this.#shards.delete(partition);
    if (state?.kind === 'active') state.shard.dispose();
  }

  unloadAll(): void {
    for (const partition of [...this.#shards.keys()]) this.unload(partition);
  }

  /** Runs a decision for a group's partition: append, replay, then what waits for the commit. */
  decide(groupId: string, decide: (decision: Decision, shard: GroupShard) => void): void {
    this.#run(this.partitionFor(groupId), decide);
  }

  decideAll(decide: (decision: Decision, shard: GroupShard) => void): void {
    for (const [partition] of this.activeShards()) this.#run(partition, decide);
  }

  #run(partition: number, decide: (decision: Decision, shard: GroupShard) => void): void {
    const state = this.#shards.get(partition);
    if (state?.kind !== 'active') return;
    const decision = new Decision();
    decide(decision, state.shard);
    if (decision.records.length === 0) {
      decision.complete('NONE');
      return;
    }
    const encoded = decision.records.map(encodeKnown);
    const { errorCode, committed } = this.ports.log.append(partition, encoded);
    if (errorCode !== 'NONE') {
      decision.complete(storeError(errorCode));
      return;
    }
    for (const record of decision.records) state.shard.replay(record);
    committed.then(
      (result) => decision.complete(storeError(result)),
      (error: unknown) => {
        this.ports.logger.log('ERROR', source, `append to __consumer_offsets-${partition}`, error);
        decision.complete('UNKNOWN_SERVER_ERROR');
      },
    );
  }

  #replay(shard: GroupShard, record: CoordinatorRecord): void {
    try {
      const decoded = decodeGroupRecord(record);
      if (decoded.kind === 'unknown') {
        this.#log(
          'WARN',
          `Unknown message key with version ${decoded.type} while loading offsets and group metadata. Ignoring it. It could be a left over from an aborted upgrade.`,
        );
      }
      shard.replay(decoded);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#log('ERROR', `A record of __consumer_offsets cannot be read: ${error.message}`);
    }
  }

  #contextOf(partition: number): ShardContext {
    const { clock, scheduler, random } = this.ports;
    return {
      clock,
      scheduler,
      random,
      config: this.config,
      nodeId: this.#nodeId,
      partition,
      log: (level, message) => this.ports.logger.log(level, source, message),
      run: (decide) => this.#run(partition, decide),
    };
  }

  #log(level: 'WARN' | 'ERROR', message: string): void {
    this.ports.logger.log(level, metadataManagerSource, message);
  }
}

function encodeKnown(record: GroupRecord): CoordinatorRecord {
  assert(record.kind !== 'unknown', 'a decision writes records that this code knows');
  return encodeGroupRecord(record);
}

/** What the append's error means to a client of the coordinator (Kafka's `GroupMetadataManager.storeGroup`). */
function storeError(errorCode: ErrorCode): ErrorCode {
  switch (errorCode) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
    case 'REQUEST_TIMED_OUT':
      return 'COORDINATOR_NOT_AVAILABLE';
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR';
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
    case 'INVALID_FETCH_SIZE':
      return 'INVALID_COMMIT_OFFSET_SIZE';
    default:
      return errorCode;
  }
}
