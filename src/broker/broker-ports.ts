import type { Clock } from '../base/clock.ts';
import type { FileSystem } from '../base/file-system.ts';
import type { Logger } from '../base/logger.ts';
import type { Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import type { ReplicationRules } from './replication-rules.ts';

/** All that a broker needs from its host. */
export interface BrokerPorts {
  readonly files: FileSystem;
  readonly network: Network;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  readonly codecs: CompressionCodecs;
  /** Kafka's, unless a test puts a wrong one in its place. */
  readonly replicationRules?: ReplicationRules;
}
