import type { Clock } from '../base/clock.ts';
import { type Logger, silentLogger } from '../base/logger.ts';
import type { Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { type CompressionCodecs, noCodecs } from '../protocol/records/compression.ts';

/** What a client needs of its host. */
export interface ClientPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger?: Logger;
  /** Without it only uncompressed records can be written and read. */
  readonly codecs?: CompressionCodecs;
}

export function loggerOf(ports: ClientPorts): Logger {
  return ports.logger ?? silentLogger;
}

export function codecsOf(ports: ClientPorts): CompressionCodecs {
  return ports.codecs ?? noCodecs;
}
