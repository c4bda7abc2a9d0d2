import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { fenceBroker } from './broker-life-cycle.ts';
import { ControllerError } from './controller.ts';
import type {
  ControllerContext,
  ControllerResult,
  ControllerSettings,
} from './controller-context.ts';
import { balanceLeaders, electUnclean } from './elect-leaders.ts';
import { type BrokerRegistration, metadataVersionOf } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import { isNoOpRecordSupported } from './metadata-version.ts';

/** At most so many leaderships move at a time (`MAX_ELECTIONS_PER_IMBALANCE`). */
const ELECTIONS_MAX = 1000;
/** `unclean.leader.election.interval.ms` of Kafka 4.0: how long a partition may wait that lost its leader unnoticed. */
const UNCLEAN_ELECTION_INTERVAL_MS = 300_000;
/** Others come between two turns of a long task. */
const GO_ON_MS = 10;
const noOp: MetadataRecordInput = { kind: 'NoOpRecord', version: 0, message: {} };

export interface ControllerTasksOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly settings: ControllerSettings;
  /** `metadata.max.idle.interval.ms`; 0 writes no NoOpRecords. */
  readonly maxIdleIntervalMs: number;
  /** `leader.imbalance.check.interval.seconds` in milliseconds; 0 where `auto.leader.rebalance.enable` is off. */
  readonly balanceIntervalMs: number;
}

type Task = (ctx: ControllerContext) => readonly MetadataRecordInput[];

/** Whom the tasks work for. */
export interface TaskOwner {
  decide<R>(decision: (ctx: ControllerContext) => ControllerResult<R>): Promise<R>;
}

/** What the active controller does by itself from time to time. */
export class ControllerTasks {
  readonly #options: ControllerTasksOptions;
  readonly #controller: TaskOwner;
  readonly #timers = new Map<string, Disposable>();
  #isRunning = false;

  constructor(options: ControllerTasksOptions, controller: TaskOwner) {
    this.#options = options;
    this.#controller = controller;
  }

  start(): void {
    const { settings, maxIdleIntervalMs, balanceIntervalMs } = this.#options;
    this.#isRunning = true;
    this.#fenceAfter(settings.sessionTimeoutMs / 4);
    if (0 < maxIdleIntervalMs) this.#every('no-op', maxIdleIntervalMs, writeNoOp);
    this.#every('elect-unclean', UNCLEAN_ELECTION_INTERVAL_MS, (ctx) =>
      electUnclean(ctx, ELECTIONS_MAX),
    );
    if (balanceIntervalMs <= 0) return;
    this.#every('balance', balanceIntervalMs, (ctx) => balanceLeaders(ctx, ELECTIONS_MAX));
  }

  stop(): void {
    this.#isRunning = false;
    for (const timer of this.#timers.values()) timer.dispose();
    this.#timers.clear();
  }

  /** At the moment when the first session may end, and not much later than it did. */
  #fenceAfter(delayMs: number): void {
    const run = () => {
      let nextMs = this.#options.settings.sessionTimeoutMs / 4;
      const decision = (ctx: ControllerContext): ControllerResult<void> => {
        const records = fenceStaleBrokers(ctx);
        nextMs = Math.max(GO_ON_MS, Math.min(nextMs, untilSessionEnds(ctx)));
        return { records, response: undefined };
      };
      this.#decide('fence', decision);
      this.#fenceAfter(nextMs);
    };
    this.#schedule('fence', delayMs, run);
  }

  /** A task that did as much as it may at a time goes on at once. */
  #every(name: string, intervalMs: number, task: Task, delayMs = intervalMs): void {
    const run = () => {
      let count = 0;
      const decision = (ctx: ControllerContext): ControllerResult<void> => {
        const records = task(ctx);
        count = records.length;
        return { records, response: undefined };
      };
      this.#decide(name, decision);
      this.#every(name, intervalMs, task, count < ELECTIONS_MAX ? intervalMs : GO_ON_MS);
    };
    this.#schedule(name, delayMs, run);
  }

  #schedule(name: string, delayMs: number, run: () => void): void {
    if (!this.#isRunning) return;
    this.#timers.set(name, this.#options.scheduler.after(delayMs, run));
  }

  #decide(name: string, decision: (ctx: ControllerContext) => ControllerResult<void>): void {
    this.#controller.decide(decision).catch((error: unknown) => {
      // What was under way when another controller took over is that one's to do.
      const isDeposed = error instanceof ControllerError && error.errorCode === 'NOT_CONTROLLER';
      if (!isDeposed) this.#warn(`The task ${name} failed.`, error);
    });
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
  const { settings, heartbeats, nowMs } = ctx;
  const stale = brokersWithSession(ctx).find(
    ({ brokerId }) => !heartbeats.hasValidSession(brokerId, settings.sessionTimeoutMs, nowMs),
  );
  return stale === undefined ? [] : fenceBroker(ctx, stale);
}

/** Milliseconds until a broker is stale if nothing is heard of it; negative if one is already. */
function untilSessionEnds(ctx: ControllerContext): number {
  const { settings, heartbeats, nowMs } = ctx;
  const contacts = brokersWithSession(ctx).map(
    ({ brokerId }) => heartbeats.get(brokerId)?.lastContactMs ?? nowMs,
  );
  return Math.min(...contacts) + settings.sessionTimeoutMs - nowMs;
}

function brokersWithSession({ image, settings }: ControllerContext): readonly BrokerRegistration[] {
  return [...image.brokers.values()].filter(
    ({ brokerId, fenced }) => !(fenced || (settings.isCombined && brokerId === settings.nodeId)),
  );
}
