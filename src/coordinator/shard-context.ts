import type { Clock } from '../base/clock.ts';
import type { LogLevel } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { Decision } from './coordinator-result.ts';
import type { GroupConfig } from './group-config.ts';

/** What the decisions about one partition of `__consumer_offsets` may use. */
export interface ShardContext {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly config: GroupConfig;
  readonly nodeId: number;
  readonly partition: number;
  log(level: LogLevel, message: string): void;
  /** Runs a decision that no request asked for (a timer) and appends what it yields. */
  run(decide: (decision: Decision) => void): void;
}

/** Who sends a request. */
export interface Caller {
  readonly clientId: string;
  /** `/` and the address, as Kafka shows it in descriptions of groups. */
  readonly clientHost: string;
  readonly apiVersion: number;
}
