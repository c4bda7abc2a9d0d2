import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { fenceBroker } from './broker-life-cycle.ts';
import type {
  ControllerContext,
  ControllerResult,
  ControllerSettings,
} from './controller-context.ts';
import { balanceLeaders } from './elect-leaders.ts';
import { metadataVersionOf } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { isNoOpRecordSupported } from './metadata-version.ts';

/** At most so many leaderships move at a time (`MAX_ELECTIONS_PER_IMBALANCE`). */
const ELECTIONS_MAX = 1000;
const noOp: MetadataRecordInput = { kind: 'NoOpRecord', version: 0, message: {} };

export interface ControllerTasksOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly settings: ControllerSettings;
  /** `metadata.max.idle.interval.ms`; 0 writes no NoOpRecords. */
  readonly maxIdleIntervalMs: number;
  /** `metadata.log.max.record.bytes.between.snapshots`. */
  readonly snapshotBytesMax: number;
  /** `metadata.log.max.snapshot.interval.ms`; 0 for never by time. */
  readonly snapshotIntervalMs: number;
  /** `leader.imbalance.check.interval.seconds` in milliseconds; 0 where `auto.leader.rebalance.enable` is off. */
  readonly balanceIntervalMs: number;
}

/** Whom the tasks work for. */
export interface TaskOwner {
  decide<R>(decision: (ctx: ControllerContext) => ControllerResult<R>): Promise<R>;
  createSnapshot(): Promise<void>;
}

/** What the active controller does by itself from time to time, and snapshots on every controller. */
export class ControllerTasks {
  readonly #options: ControllerTasksOptions;
  readonly #controller: TaskOwner;
  readonly #timers = new Map<string, Disposable>();
  #bytesSinceSnapshot = 0;
  #lastSnapshotAtMs: number;
  #isSnapshotting = false;

  constructor(options: ControllerTasksOptions, controller: TaskOwner) {
    this.#options = options;
    this.#controller = controller;
    this.#lastSnapshotAtMs = options.clock.monotonicMs();
  }

  start(): void {
    const { settings, maxIdleIntervalMs, balanceIntervalMs } = this.#options;
    this.#every('fence', settings.sessionTimeoutMs / 4, fenceStaleBrokers);
    if (0 < maxIdleIntervalMs) this.#every('no-op', maxIdleIntervalMs, writeNoOp);
    if (balanceIntervalMs <= 0) return;
    this.#every('balance', balanceIntervalMs, (ctx) => balanceLeaders(ctx, ELECTIONS_MAX));
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.dispose();
    this.#timers.clear();
  }

  /** Takes a snapshot when enough was written, or long enough ago, since the last one (KIP-630). */
  noteCommit(bytes: number): void {
    this.#bytesSinceSnapshot += bytes;
    const { clock, snapshotBytesMax, snapshotIntervalMs } = this.#options;
    const nowMs = clock.monotonicMs();
    const isLarge = snapshotBytesMax <= this.#bytesSinceSnapshot;
    const isOld = 0 < snapshotIntervalMs && this.#lastSnapshotAtMs + snapshotIntervalMs <= nowMs;
    if (this.#isSnapshotting || !(isLarge || isOld)) return;
    this.#isSnapshotting = true;
    this.#bytesSinceSnapshot = 0;
    this.#lastSnapshotAtMs = nowMs;
    this.#controller.createSnapshot().then(
      () => {
        this.#isSnapshotting = false;
      },
      (error: unknown) => {
        this.#isSnapshotting = false;
        this.#warn('A snapshot could not be written; the next one will be tried in time.', error);
      },
    );
  }

  #every(
    name: string,
    intervalMs: number,
    task: (ctx: ControllerContext) => readonly MetadataRecordInput[],
  ): void {
    const run = () => {
      this.#every(name, intervalMs, task);
      const decision = (ctx: ControllerContext): ControllerResult<void> => ({
        records: task(ctx),
        response: undefined,
      });
      this.#controller.decide(decision).catch((error: unknown) => {
        this.#warn(`The task ${name} failed.`, error);
      });
    };
    this.#timers.set(name, this.#options.scheduler.after(intervalMs, run));
  }

  #warn(message: string, error: unknown): void {
    this.#options.logger.log(
      'WARN',
      'org.apache.kafka.controller.QuorumController',
      message,
      error,
    );
  }
}

function writeNoOp({ image }: ControllerContext): readonly MetadataRecordInput[] {
  return isNoOpRecordSupported(metadataVersionOf(image)) ? [noOp] : [];
}

/**
 * One broker that has not been heard of for a session (`maybeFenceReplicas`); the next one follows.
 * The broker in the controller's own process lives as long as it does, however late its heartbeats.
 */
function fenceStaleBrokers(ctx: ControllerContext): readonly MetadataRecordInput[] {
  const { image, settings, heartbeats, nowMs } = ctx;
  const stale = [...image.brokers.values()].find(({ brokerId, fenced }) => {
    if (fenced || (settings.isCombined && brokerId === settings.nodeId)) return false;
    return !heartbeats.hasValidSession(brokerId, settings.sessionTimeoutMs, nowMs);
  });
  return stale === undefined ? [] : fenceBroker(ctx, stale);
}
