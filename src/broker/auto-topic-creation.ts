import type { Logger } from '../base/logger.ts';
import type { Controller, RequestOrigin } from '../controller/controller.ts';
import { topicByName } from '../controller/metadata-image.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import { consumerOffsetsTopic, isInternalTopic } from './internal-topics.ts';
import type { KafkaConfig } from './kafka-config.ts';

const source = 'kafka.server.DefaultAutoTopicCreationManager';
/** Names that one Metadata request may have created; the rest waits for the client's next request. */
const inFlightMax = 1_000;

/** Creates topics that clients name (`auto.create.topics.enable`) and those that the broker needs itself. */
export class AutoTopicCreation {
  readonly #controller: Controller;
  readonly #config: KafkaConfig;
  readonly #logger: Logger;
  readonly #inFlight = new Map<string, Promise<ErrorCode>>();

  constructor(controller: Controller, config: KafkaConfig, logger: Logger) {
    this.#controller = controller;
    this.#config = config;
    this.#logger = logger;
  }

  get isEnabled(): boolean {
    return this.#config.boolean('auto.create.topics.enable');
  }

  /** For a client's request. NONE once the topic is there; asked for twice at a time, it is created once. */
  ensure(topic: string, origin: RequestOrigin): Promise<ErrorCode> {
    if (topicByName(this.#controller.image, topic) !== undefined) return Promise.resolve('NONE');
    const running = this.#inFlight.get(topic);
    if (running !== undefined) return running;
    if (inFlightMax <= this.#inFlight.size) return Promise.resolve('UNKNOWN_TOPIC_OR_PARTITION');
    const creation = this.#create(topic, origin).finally(() => this.#inFlight.delete(topic));
    this.#inFlight.set(topic, creation);
    return creation;
  }

  async #create(name: string, origin: RequestOrigin): Promise<ErrorCode> {
    const configs = isInternalTopic(name) ? internalConfigs(this.#config) : [];
    const timeoutMs = this.#config.number('request.timeout.ms');
    const wanted = { name, ...this.#sizeOf(name), assignments: [], configs };
    const request = { topics: [wanted], timeoutMs, validateOnly: false };
    const { topics } = await this.#controller.createTopics(request, origin);
    const [created] = topics;
    const errorCode = errorNameOf(created?.errorCode ?? -1);
    const isThere = errorCode === 'NONE' || errorCode === 'TOPIC_ALREADY_EXISTS';
    this.#logger.log(
      isThere ? 'INFO' : 'WARN',
      source,
      isThere
        ? `Auto-created topic ${name}`
        : `Auto-creation of topic ${name} failed: ${errorCode}: ${created?.errorMessage ?? ''}`,
    );
    return isThere ? 'NONE' : errorCode;
  }

  #sizeOf(topic: string): { numPartitions: number; replicationFactor: number } {
    if (topic === consumerOffsetsTopic) {
      return {
        numPartitions: this.#config.number('offsets.topic.num.partitions'),
        replicationFactor: this.#config.number('offsets.topic.replication.factor'),
      };
    }
    // -1: the broker's num.partitions and default.replication.factor.
    return { numPartitions: -1, replicationFactor: -1 };
  }
}

/** As Kafka's `GroupCoordinator.groupMetadataTopicConfigs`. */
function internalConfigs(config: KafkaConfig): { name: string; value: string }[] {
  return [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'segment.bytes', value: `${config.number('offsets.topic.segment.bytes')}` },
    { name: 'compression.type', value: 'producer' },
  ];
}
