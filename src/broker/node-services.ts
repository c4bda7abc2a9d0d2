import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { Controller } from '../controller/controller.ts';
import type { ApiSpec } from '../protocol/api.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { QuorumRequests } from './quorum-requests.ts';

/** What handlers work with that answer on both kinds of listeners. */
export interface NodeServices {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly config: KafkaConfig;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  readonly codecs: CompressionCodecs;
  /**
   * On a broker's listener whoever is the active controller, wherever that is; on a controller's listener
   * this node's own controller, which refuses with NOT_CONTROLLER while another one is active.
   */
  readonly controller: Controller;
  /** On a broker's listener whoever leads the metadata quorum, else this node's own replica. */
  readonly quorum: QuorumRequests;
  /** The APIs that a listener answers. */
  apisOf(listenerName: string): readonly ApiSpec[];
  /** Resolves when this node's partitions are what the metadata said up to now. */
  caughtUp(): Promise<void>;
}
