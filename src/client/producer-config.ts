import { type CompressionType, compressionTypes } from '../protocol/records/compression.ts';
import {
  type ClientProperties,
  type CommonConfig,
  ConfigReader,
  readCommonConfig,
} from './client-config.ts';
import { ConfigError } from './client-errors.ts';

export interface ProducerConfig extends CommonConfig {
  /** -1 is all. */
  readonly acks: -1 | 0 | 1;
  readonly batchSizeBytes: number;
  readonly bufferMemoryBytes: number;
  readonly compression: CompressionType;
  readonly deliveryTimeoutMs: number;
  readonly isIdempotent: boolean;
  readonly lingerMs: number;
  readonly maxBlockMs: number;
  readonly maxInFlightRequests: number;
  readonly maxRequestBytes: number;
  readonly ignoresKeys: boolean;
  readonly isAdaptive: boolean;
  readonly retries: number;
}

const maxInt = 2_147_483_647;

/** Reads `linger.ms`, `acks` and the like, with Kafka 3.8's defaults. Throws ConfigError. */
export function readProducerConfig(
  properties: ClientProperties,
  defaults: { readonly clientId: string },
): ProducerConfig {
  const reader = new ConfigReader(properties);
  const acks = readAcks(reader);
  const retries = reader.integer('retries', maxInt, 0);
  const maxInFlightRequests = reader.integer('max.in.flight.requests.per.connection', 5, 1);
  const lingerMs = reader.integer('linger.ms', 0, 0);
  const common = readCommonConfig(properties, defaults);
  if (reader.has('transactional.id')) {
    throw new ConfigError('transactional.id is not supported yet: transactions are to come.');
  }
  return {
    ...common,
    acks,
    batchSizeBytes: reader.integer('batch.size', 16_384, 0),
    bufferMemoryBytes: reader.integer('buffer.memory', 33_554_432, 0),
    compression: reader.oneOf('compression.type', compressionTypes, 'none'),
    deliveryTimeoutMs: readDeliveryTimeout(reader, lingerMs + common.requestTimeoutMs),
    isIdempotent: readIdempotence(reader, { acks, retries, maxInFlightRequests }),
    lingerMs,
    maxBlockMs: reader.integer('max.block.ms', 60_000, 0),
    maxInFlightRequests,
    maxRequestBytes: reader.integer('max.request.size', 1_048_576, 0),
    ignoresKeys: reader.boolean('partitioner.ignore.keys', false),
    isAdaptive: reader.boolean('partitioner.adaptive.partitioning.enable', true),
    retries,
  };
}

function readAcks(reader: ConfigReader): -1 | 0 | 1 {
  const acks = reader.oneOf('acks', ['all', '-1', '0', '1'], 'all');
  if (acks === '0') return 0;
  return acks === '1' ? 1 : -1;
}

/** KafkaProducer.configureDeliveryTimeout */
function readDeliveryTimeout(reader: ConfigReader, leastMs: number): number {
  const timeoutMs = reader.integer('delivery.timeout.ms', 120_000, 0);
  if (leastMs <= timeoutMs) return timeoutMs;
  if (!reader.has('delivery.timeout.ms')) return leastMs;
  throw new ConfigError(
    'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
  );
}

/** On by default, and quietly off where other settings speak against it (KAFKA-13598). */
function readIdempotence(
  reader: ConfigReader,
  settings: { acks: number; retries: number; maxInFlightRequests: number },
): boolean {
  const isWanted = reader.boolean('enable.idempotence', true);
  if (!isWanted) return false;
  const conflict = idempotenceConflict(settings);
  if (conflict === undefined) return true;
  if (reader.has('enable.idempotence')) throw new ConfigError(conflict);
  return false;
}

function idempotenceConflict(settings: {
  acks: number;
  retries: number;
  maxInFlightRequests: number;
}): string | undefined {
  if (settings.retries === 0) {
    return 'Must set retries to non-zero when using the idempotent producer.';
  }
  if (settings.acks !== -1) {
    return 'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.';
  }
  if (5 < settings.maxInFlightRequests) {
    return 'Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.';
  }
  return undefined;
}
