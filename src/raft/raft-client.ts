import { assert } from '../base/assert.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { sleep } from '../base/scheduler.ts';
import type { ControlBatchPlace } from '../protocol/records/control-records.ts';
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
} from '../protocol/schemas/55-describe-quorum.ts';
import { describeQuorum } from './describe-quorum.ts';
import { hasOtherVoters, leaderIdOf } from './quorum-transitions.ts';
import type {
  QuorumEffect,
  QuorumEvent,
  QuorumRole,
  QuorumState,
  RaftRequest,
  RaftResponse,
  VoterChangeMessage,
} from './quorum-types.ts';
import { encodeDataBatch, encodeEpochStart, encodeVotersBatch } from './raft-batches.ts';
import type { RaftClientOptions } from './raft-client-options.ts';
import { RaftDelivery } from './raft-delivery.ts';
import { RaftFetches } from './raft-fetches.ts';
import {
  type AppendedBatch,
  type LeaderAndEpoch,
  NotLeaderError,
  type Quorum,
  type RaftListener,
  type SnapshotContent,
} from './raft-listener.ts';
import type { OffsetAndEpoch } from './raft-log.ts';
import { RaftLogLines } from './raft-log-lines.ts';
import { RaftResponders } from './raft-responders.ts';
import { RaftSnapshots } from './raft-snapshots.ts';
import { newQuorumState, nextDeadlineMs, stepQuorum } from './step-quorum.ts';
import { VoterLog } from './voter-log.ts';
import {
  completedEndpoints,
  type KraftVersion,
  staticVoter,
  type VoterEndpoint,
  type VoterSet,
} from './voter-set.ts';

const EVENTS_MAX = 10_000;

/**
 * Drives the quorum state machine against the ports: carries out effects in their order, keeps the
 * timer, flushes the log, and hands committed records to listeners (`KafkaRaftClient`).
 */
export class RaftClient implements Quorum, Disposable {
  readonly #options: RaftClientOptions;
  readonly #log: VoterLog;
  readonly #state: QuorumState;
  readonly #delivery: RaftDelivery;
  readonly #fetches: RaftFetches;
  readonly #snapshots: RaftSnapshots;
  readonly #lines: RaftLogLines;
  readonly #disposables = new DisposableStore();
  readonly #responders = new RaftResponders();
  readonly #events: QuorumEvent[] = [];
  #timer: Disposable | undefined;
  #isProcessing = false;
  #isFlushing = false;
  #needsFlush = false;

  constructor(options: RaftClientOptions) {
    this.#options = options;
    const log = new VoterLog(options.log, options.voters.map(staticVoter));
    this.#log = log;
    this.#state = newQuorumState({ ...options, log });
    this.#lines = new RaftLogLines(options);
    this.#snapshots = new RaftSnapshots({ ...options, log }, () => this.#state);
    this.#delivery = new RaftDelivery(log, this.#fault);
    this.#fetches = this.#disposables.add(
      new RaftFetches(log, options.scheduler, () => this.#state),
    );
  }

  /** Takes part in the quorum from now on. Rejects with QuorumStateError or FileError. */
  async start(): Promise<void> {
    await this.#log.load();
    const stored = await this.#options.elections.read();
    await this.#enqueue({ kind: 'start', stored, nowMs: this.#nowMs });
  }

  get nodeId(): number {
    return this.#state.nodeId;
  }

  get leaderAndEpoch(): LeaderAndEpoch {
    return { leaderId: leaderIdOf(this.#state), epoch: this.#state.role.epoch };
  }

  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }

  get highWatermark(): number | undefined {
    return this.#state.highWatermark;
  }

  /** Who votes, as this replica's log or configuration has it. */
  get voterSet(): VoterSet {
    return this.#state.voterSet;
  }

  /** Where this node listens as a controller, as far as it or the log knows. */
  get endpoints(): readonly VoterEndpoint[] {
    const logged = this.voterSet.find(({ id }) => id === this.nodeId);
    return completedEndpoints(this.#state.endpoints, logged?.endpoints);
  }

  /** 1 where the log names the voters (KIP-853). */
  get kraftVersion(): KraftVersion {
    return this.#state.kraftVersion;
  }

  get role(): QuorumRole {
    return this.#state.role;
  }

  /** Answers DescribeQuorum (55). */
  describe(request: DescribeQuorumRequest): DescribeQuorumResponse {
    const { clock } = this.#options;
    const moment = { nowMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
    return describeQuorum(this.#state, request, moment);
  }

  register(listener: RaftListener): void {
    this.#delivery.register(listener);
  }

  append(epoch: number, values: readonly Uint8Array[]): AppendedBatch {
    const { role } = this.#state;
    assert(0 < values.length, 'a batch has at least one record');
    const baseOffset = this.logEndOffset;
    // A leader appends nothing before its LeaderChange record.
    const isLeading = role.kind === 'leader' && role.epochStartOffset < baseOffset;
    if (!isLeading || role.epoch !== epoch) throw new NotLeaderError(this.leaderAndEpoch);
    const timestampMs = this.#options.clock.nowMs();
    this.#appendToLog(encodeDataBatch({ baseOffset, epoch, timestampMs }, values));
    const lastOffset = baseOffset + values.length - 1;
    this.#delivery.remember({ baseOffset, lastOffset, epoch, appendedAtMs: timestampMs, values });
    this.#flushSoon();
    this.#fetches.wake();
    return { baseOffset, lastOffset, appendedAtMs: timestampMs };
  }

  resign(epoch: number): void {
    this.#post({ kind: 'resign', epoch, nowMs: this.#nowMs });
  }

  /** After a failed write nobody knows what is on the disk: this replica is at its end. */
  #appendToLog(batches: Uint8Array): void {
    try {
      this.#log.append(batches);
    } catch (error) {
      this.#fault(error);
      throw error;
    }
  }

  /** Answers another replica's request. */
  handleRequest(from: number, request: RaftRequest): Promise<RaftResponse> {
    if (this.#isRefusing) return Promise.resolve(this.#refusal());
    // A newcomer fetches from any bootstrap server, itself too.
    if (from === this.nodeId && request.api !== 'fetch') this.#lines.double(request);
    const { requestId, response } = this.#responders.open();
    this.#post({ kind: 'request', from, requestId, request, nowMs: this.#nowMs });
    return response;
  }

  /** Adds, removes or updates a voter (KIP-853); resolves when the change is committed, or refused. */
  changeVoters(change: VoterChangeMessage): Promise<RaftResponse> {
    if (this.#isRefusing) return Promise.resolve(this.#refusal());
    const { requestId, response } = this.#responders.open();
    this.#post({ kind: 'change-voters', requestId, change, nowMs: this.#nowMs });
    return response;
  }

  get #isRefusing(): boolean {
    return this.#responders.isFull || this.#disposables.isDisposed;
  }

  createSnapshot(endOffset: number, snapshot: SnapshotContent): Promise<void> {
    return this.#snapshots.create(endOffset, snapshot);
  }

  /** A leader tells the others that it goes, so that they elect at once, and waits for their answers. */
  async shutdown(timeoutMs: number): Promise<void> {
    const { role } = this.#state;
    if (role.kind === 'leader' && hasOtherVoters(this.#state)) {
      await this.#enqueue({ kind: 'resign', epoch: role.epoch, nowMs: this.#nowMs });
      const deadlineMs = this.#nowMs + timeoutMs;
      while (this.#hasGoodbyesLeft() && this.#nowMs < deadlineMs) {
        await sleep(this.#options.scheduler, 10);
      }
    }
    this.dispose();
    await this.#log.flush();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#disposables.dispose();
    this.#events.length = 0;
    this.#responders.respondToAll(this.#refusal());
  }

  #refusal(): RaftResponse {
    const { leaderId, epoch } = this.leaderAndEpoch;
    return { errorCode: 'BROKER_NOT_AVAILABLE', epoch, leaderId, result: { kind: 'none' } };
  }

  #hasGoodbyesLeft(): boolean {
    const { role } = this.#state;
    return role.kind === 'resigned' && 0 < role.unacknowledged.size;
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  readonly #fault = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.logger.log('FATAL', source, `The metadata quorum cannot go on: ${reason}`, error);
    this.dispose();
    this.#options.onFault(error);
  };

  #post(event: QuorumEvent): void {
    this.#enqueue(event).catch(this.#fault);
  }

  /** Resolves when the event, or an earlier call that works the queue off, is done with. */
  async #enqueue(event: QuorumEvent): Promise<void> {
    if (this.#disposables.isDisposed) return;
    assert(this.#events.length < EVENTS_MAX, 'raft events are worked off faster than they come');
    this.#events.push(event);
    if (this.#isProcessing) return;
    this.#isProcessing = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        for (const effect of stepQuorum(this.#state, next)) {
          this.#options.observe?.(effect);
          // Nothing else is waited for, so that a commit is told in the turn of its flush.
          const work = this.#begin(effect);
          if (work !== undefined) await work;
        }
      }
    } finally {
      this.#isProcessing = false;
    }
    this.#setTimer();
  }

  /** Carries an effect out; a promise where it must be done before the next one. */
  #begin(effect: QuorumEffect): Promise<void> | undefined {
    switch (effect.kind) {
      case 'persist':
        return this.#options.elections.write(effect.election);
      case 'truncate':
        return this.#truncate(effect.offset);
      case 'install-snapshot':
        return this.#installSnapshot(effect.id);
      default:
        this.#perform(effect);
        return undefined;
    }
  }

  #perform(effect: Exclude<QuorumEffect, AwaitedEffect>): void {
    switch (effect.kind) {
      case 'append-leader-change':
        this.#appendControl(effect.epoch, (place) => encodeEpochStart(place, this.#state, effect));
        break;
      case 'append-voters':
        this.#appendControl(effect.epoch, (place) => encodeVotersBatch(place, effect.voters));
        this.#fetches.wake();
        break;
      case 'append':
        this.#log.append(effect.records);
        this.#flushSoon();
        break;
      case 'append-snapshot':
        this.#log.writeSnapshotPart(effect.id, effect.position, effect.bytes);
        break;
      case 'send':
        this.#send(effect.to, effect.request);
        break;
      case 'respond':
        this.#responders.respond(effect.requestId, effect.response);
        break;
      case 'respond-with-records':
        this.#fetches.answer(effect.request, (response) => {
          this.#responders.respond(effect.requestId, response);
        });
        break;
      case 'respond-with-snapshot':
        this.#snapshots.answer(effect.request, (response) => {
          this.#responders.respond(effect.requestId, response);
        });
        break;
      case 'become':
        this.#become(effect.role);
        break;
      case 'commit':
        this.#delivery.commit(effect.highWatermark);
        this.#fetches.wake();
    }
  }

  async #truncate(offset: number): Promise<void> {
    await this.#log.truncateTo(offset);
    this.#delivery.forgetFrom(offset);
    this.#lines.truncated(this.#state, offset);
    this.#flushSoon();
  }

  #appendControl(epoch: number, encode: (place: ControlBatchPlace) => Uint8Array): void {
    const baseOffset = this.#log.logEndOffset;
    const timestamp = this.#options.clock.nowMs();
    this.#log.append(encode({ baseOffset, partitionLeaderEpoch: epoch, timestamp }));
    this.#flushSoon();
  }

  #become(role: QuorumRole): void {
    const { nodeId } = this.#options;
    this.#lines.transition(this.#state, role, this.#nowMs);
    const startsAfter = role.kind === 'leader' ? role.epochStartOffset : undefined;
    // The role of the effect: the state may be a step ahead of what is carried out.
    const leaderId = role.kind === 'resigned' ? undefined : leaderIdOf({ role, nodeId });
    this.#delivery.announce({ leaderId, epoch: role.epoch }, startsAfter);
    this.#fetches.wake();
  }

  #send(to: number, request: RaftRequest): void {
    this.#options.transport.send(to, request).then(
      (response) => {
        this.#post({ kind: 'response', from: to, request, response, nowMs: this.#nowMs });
      },
      () => {
        this.#post({ kind: 'request-failed', to, request, nowMs: this.#nowMs });
      },
    );
  }

  /** A snapshot that is damaged or cut short is never installed. */
  async #installSnapshot(id: OffsetAndEpoch): Promise<void> {
    if (await this.#snapshots.install(id)) {
      this.#delivery.restart();
      this.#flushSoon();
    } else this.#post({ kind: 'snapshot-refused', nowMs: this.#nowMs });
  }

  /** One flush at a time; what is appended meanwhile shares the next one. */
  #flushSoon(): void {
    this.#needsFlush = true;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#flush().catch(this.#fault);
  }

  async #flush(): Promise<void> {
    while (this.#needsFlush && !this.#disposables.isDisposed) {
      this.#needsFlush = false;
      const logEndOffset = this.#log.logEndOffset;
      await this.#log.flush();
      this.#post({ kind: 'flushed', logEndOffset, nowMs: this.#nowMs });
    }
    this.#isFlushing = false;
  }

  #setTimer(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const deadlineMs = nextDeadlineMs(this.#state);
    if (deadlineMs === Number.POSITIVE_INFINITY || this.#disposables.isDisposed) return;
    const delayMs = Math.max(1, deadlineMs - this.#nowMs);
    this.#timer = this.#options.scheduler.after(delayMs, () => {
      this.#post({ kind: 'tick', nowMs: this.#nowMs });
    });
  }
}

const source = 'org.apache.kafka.raft.KafkaRaftClient';

type AwaitedEffect = { kind: 'persist' | 'truncate' | 'install-snapshot' };
