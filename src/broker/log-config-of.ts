import { type MetadataImage, topicConfigOverrides } from '../controller/metadata-image.ts';
import { topicConfigs } from '../controller/schemas/topic-configs.ts';
import type { CompressionType } from '../protocol/records/compression.ts';
import type { LogConfig } from '../storage/log-config.ts';
import { type BrokerLayers, brokerLayers, effectiveTopicConfig } from './config-layers.ts';
import type { KafkaConfig } from './kafka-config.ts';

/** A topic's log configuration: its overrides over the broker's configuration over Kafka's defaults. */
export function logConfigOf(image: MetadataImage, config: KafkaConfig, topic: string): LogConfig {
  const values = new TopicValues(topicConfigOverrides(image, topic), brokerLayers(image, config));
  return {
    segmentBytes: values.number('segment.bytes'),
    segmentMs: values.number('segment.ms'),
    segmentIndexBytes: values.number('segment.index.bytes'),
    indexIntervalBytes: values.number('index.interval.bytes'),
    retentionBytes: values.number('retention.bytes'),
    retentionMs: values.number('retention.ms'),
    maxMessageBytes: values.number('max.message.bytes'),
    cleanupPolicy: values.list('cleanup.policy') as readonly ('delete' | 'compact')[],
    messageTimestampType:
      values.string('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    messageTimestampBeforeMaxMs: values.number('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: values.number('message.timestamp.after.max.ms'),
    compressionType: compressionOf(values.string('compression.type')),
    fileDeleteDelayMs: values.number('file.delete.delay.ms'),
    flushMessages: values.number('flush.messages'),
  };
}

/** `min.insync.replicas` of a topic. */
export function minInsyncReplicasOf(
  image: MetadataImage,
  config: KafkaConfig,
  topic: string,
): number {
  const values = new TopicValues(topicConfigOverrides(image, topic), brokerLayers(image, config));
  return values.number('min.insync.replicas');
}

class TopicValues {
  readonly #overrides: ReadonlyMap<string, string>;
  readonly #layers: BrokerLayers;

  constructor(overrides: ReadonlyMap<string, string>, layers: BrokerLayers) {
    this.#overrides = overrides;
    this.#layers = layers;
  }

  string(name: string): string {
    const definition = topicConfigs.get(name);
    if (definition === undefined) return '';
    return effectiveTopicConfig(definition, this.#overrides, this.#layers).value ?? '';
  }

  /** Java's largest long stands for "no limit". */
  number(name: string): number {
    const text = this.string(name);
    return text === '9223372036854775807' ? Number.POSITIVE_INFINITY : Number(text);
  }

  list(name: string): readonly string[] {
    return this.string(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
}

function compressionOf(name: string): CompressionType | 'producer' {
  return name === 'uncompressed' ? 'none' : (name as CompressionType | 'producer');
}
