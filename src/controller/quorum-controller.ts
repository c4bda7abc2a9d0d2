import { assert } from '../base/assert.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Random } from '../base/random.ts';
import type { CreatableTopicConfigs } from '../protocol/schemas/19-create-topics.ts';
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from '../protocol/schemas/63-broker-heartbeat.ts';
import {
  type AppendedBatch,
  type CommittedBatch,
  type LeaderAndEpoch,
  type LoadedSnapshot,
  NotLeaderError,
  type Quorum,
} from '../raft/raft-listener.ts';
import { activationRecords } from './bootstrap.ts';
import { brokerHeartbeat, noteHeartbeat } from './broker-heartbeat.ts';
import { BrokerHeartbeats } from './broker-heartbeats.ts';
import { ControllerError, type ImageListener } from './controller.ts';
import {
  type ControllerContext,
  type ControllerResult,
  RECORDS_PER_BATCH_MAX,
} from './controller-context.ts';
import { ControllerTasks, type ControllerTasksOptions } from './controller-tasks.ts';
import { MetadataDelta } from './metadata-delta.ts';
import type { MetadataImage } from './metadata-image.ts';
import { MetadataLoader, type MetadataLoaderOptions } from './metadata-loader.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from './metadata-record.ts';

export interface QuorumControllerOptions extends ControllerTasksOptions, MetadataLoaderOptions {
  readonly quorum: Quorum;
  readonly random: Random;
  /** Of `bootstrap.checkpoint`: written by the first controller that finds the log empty. */
  readonly bootstrap: readonly MetadataRecordInput[];
  /** A topic's effective configs, for CreateTopics responses; the broker knows all layers. */
  readonly describeTopicConfigs: (
    image: MetadataImage,
    overrides: ReadonlyMap<string, string>,
  ) => readonly CreatableTopicConfigs[];
}

/** A decision whose records are appended and not committed yet. */
interface PendingDecision {
  readonly lastOffset: number;
  readonly image: MetadataImage;
  readonly delta: MetadataDelta;
  readonly complete: () => void;
  readonly fail: (error: unknown) => void;
}

/** More undecided requests than a cluster's brokers and admins have together. */
const PENDING_MAX = 10_000;

/**
 * Owns the metadata (`QuorumController`). On the active node decisions are taken one at a time: decide,
 * replay at once, append, answer when committed, with no await in between. On the others, and after a
 * restart, committed records are replayed as they come. What listeners see is committed always.
 */
export class QuorumController implements Disposable {
  readonly #options: QuorumControllerOptions;
  readonly #heartbeats = new BrokerHeartbeats();
  readonly #tasks: ControllerTasks;
  readonly #loader: MetadataLoader;
  /** The committed image and all pending decisions. */
  #working: MetadataImage;
  #pending: PendingDecision[] = [];
  #leader: LeaderAndEpoch = { leaderId: undefined, epoch: 0 };
  #activeEpoch: number | undefined;

  constructor(options: QuorumControllerOptions) {
    this.#options = options;
    this.#tasks = new ControllerTasks(options, this);
    this.#loader = new MetadataLoader(options);
    this.#working = this.#loader.image;
    options.quorum.register({
      handleCommit: (batch) => this.#guard(() => this.#handleCommit(batch)),
      handleLoadSnapshot: (snapshot) => this.#guard(() => this.#handleLoadSnapshot(snapshot)),
      handleLeaderChange: (leader) => this.#guard(() => this.#handleLeaderChange(leader)),
    });
  }

  get image(): MetadataImage {
    return this.#loader.image;
  }

  get activeControllerId(): number | undefined {
    return this.#leader.leaderId;
  }

  get isActive(): boolean {
    return this.#activeEpoch !== undefined;
  }

  onImage(listener: ImageListener): Disposable {
    return this.#loader.onImage(listener);
  }

  /**
   * Takes a decision. Resolves with its response once its records, and all decided before, are
   * committed. Rejects with ControllerError.
   */
  decide<R>(decision: (ctx: ControllerContext) => ControllerResult<R>): Promise<R> {
    // What is thrown inside rejects the promise.
    return new Promise((resolve, reject) => {
      const { records, response } = decision(this.#context());
      this.#append(records, { complete: () => resolve(response), fail: reject });
    });
  }

  /** BrokerHeartbeat: a decision that also keeps the broker's session. */
  heartbeat(request: BrokerHeartbeatRequest): Promise<BrokerHeartbeatResponse> {
    return this.decide((ctx) => {
      const result = brokerHeartbeat(ctx, request);
      noteHeartbeat(ctx, request, result);
      return result;
    });
  }

  dispose(): void {
    this.#renounce('The controller is shutting down.');
    this.#loader.dispose();
  }

  /** The configs of a topic, as a CreateTopics response lists them. */
  describeTopicConfigs(overrides: ReadonlyMap<string, string>): readonly CreatableTopicConfigs[] {
    return this.#options.describeTopicConfigs(this.#working, overrides);
  }

  #context(): ControllerContext {
    const { quorum, clock, random, settings } = this.#options;
    if (this.#activeEpoch === undefined) throw this.#notController();
    return {
      image: this.#working,
      nextOffset: quorum.logEndOffset,
      nowMs: clock.monotonicMs(),
      random,
      settings,
      heartbeats: this.#heartbeats,
    };
  }

  #notController(): ControllerError {
    const { leaderId } = this.#leader;
    const message =
      leaderId === undefined
        ? 'No controller appears to be active.'
        : `The active controller appears to be node ${leaderId}.`;
    return new ControllerError('NOT_CONTROLLER', message);
  }

  #append(
    records: readonly MetadataRecordInput[],
    outcome: Pick<PendingDecision, 'complete' | 'fail'>,
  ): void {
    const last = this.#pending.at(-1);
    if (PENDING_MAX <= this.#pending.length) {
      throw new ControllerError(
        'REQUEST_TIMED_OUT',
        'Too many requests wait for the metadata log.',
      );
    }
    if (records.length === 0) {
      // An answer may rest on decisions that are not committed: it waits for them.
      if (last === undefined) outcome.complete();
      else this.#pending.push({ ...last, ...outcome });
      return;
    }
    const batches = inBatches(records);
    for (const [i, batch] of batches.entries()) {
      this.#appendBatch(batch, i === batches.length - 1 ? outcome : nobody);
    }
  }

  #appendBatch(
    records: readonly MetadataRecordInput[],
    outcome: Pick<PendingDecision, 'complete' | 'fail'>,
  ): void {
    assert(this.#activeEpoch !== undefined, 'only the active controller appends');
    const values = records.map(encodeMetadataRecord);
    const delta = new MetadataDelta(this.#working);
    for (const value of values) delta.replay(decodeMetadataRecord(value));
    const { lastOffset, appendedAtMs: timestampMs } = this.#appendToLog(this.#activeEpoch, values);
    const image = delta.apply({ offset: lastOffset, epoch: this.#activeEpoch, timestampMs });
    assert(
      lastOffset + 1 === this.#options.quorum.logEndOffset,
      'what was appended is the end of the log',
    );
    this.#working = image;
    this.#pending.push({ lastOffset, image, delta, ...outcome });
  }

  #appendToLog(epoch: number, values: readonly Uint8Array[]): AppendedBatch {
    try {
      return this.#options.quorum.append(epoch, values);
    } catch (error) {
      if (error instanceof NotLeaderError) throw this.#notController();
      throw error;
    }
  }

  #handleCommit(batch: CommittedBatch): void {
    const isOwn = this.#pending[0] !== undefined && batch.lastOffset <= this.#pending[0].lastOffset;
    if (isOwn) this.#completeUpTo(batch.lastOffset);
    else {
      this.#loader.replay(batch);
      this.#working = this.image;
    }
    this.#loader.noteCommit(batch);
  }

  #completeUpTo(lastOffset: number): void {
    while (this.#pending[0] !== undefined && this.#pending[0].lastOffset <= lastOffset) {
      const decision = this.#pending.shift();
      if (decision === undefined) return;
      const { image, delta } = decision;
      if (image !== this.image) this.#loader.publish(image, delta);
      decision.complete();
    }
  }

  #handleLoadSnapshot(snapshot: LoadedSnapshot): void {
    this.#loader.load(snapshot);
    this.#working = this.image;
  }

  #handleLeaderChange(leader: LeaderAndEpoch): void {
    this.#leader = leader;
    if (leader.leaderId !== this.#options.settings.nodeId) {
      this.#renounce('This node is not the active controller any more.');
      return;
    }
    this.#log(
      'INFO',
      `Becoming the active controller at epoch ${leader.epoch}, next write offset ${this.#options.quorum.logEndOffset}.`,
    );
    this.#activeEpoch = leader.epoch;
    this.#working = this.image;
    const nowMs = this.#options.clock.monotonicMs();
    for (const id of this.#working.brokers.keys()) this.#heartbeats.register(id, nowMs);
    const records = activationRecords(this.#working, this.#options.bootstrap);
    this.#append(records, nobody);
    this.#tasks.start();
  }

  #renounce(reason: string): void {
    if (this.#activeEpoch === undefined) return;
    this.#activeEpoch = undefined;
    this.#tasks.stop();
    this.#heartbeats.clear();
    this.#working = this.image;
    const error = new ControllerError('NOT_CONTROLLER', reason);
    for (const { fail } of this.#pending.splice(0)) fail(error);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#log('FATAL', 'The metadata log cannot be replayed.', error);
      this.#renounce('The controller has failed.');
      this.#options.onFault(error);
    }
  }

  #log(level: 'INFO' | 'FATAL', message: string, error?: unknown): void {
    const { logger, settings } = this.#options;
    const prefix = `[QuorumController id=${settings.nodeId}]`;
    logger.log(
      level,
      'org.apache.kafka.controller.QuorumController',
      `${prefix} ${message}`,
      error,
    );
  }
}

/** Who waits for no answer. */
const nobody: Pick<PendingDecision, 'complete' | 'fail'> = { complete: () => {}, fail: () => {} };

/** What a broker's end changes may be more than one batch can hold; what a user asks for never is. */
function inBatches(
  records: readonly MetadataRecordInput[],
): readonly (readonly MetadataRecordInput[])[] {
  if (records.length <= RECORDS_PER_BATCH_MAX) return [records];
  const count = Math.ceil(records.length / RECORDS_PER_BATCH_MAX);
  return Array.from({ length: count }, (_, i) =>
    records.slice(i * RECORDS_PER_BATCH_MAX, (i + 1) * RECORDS_PER_BATCH_MAX),
  );
}
