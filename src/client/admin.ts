import { errorNameOf } from '../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import type { DescribeLogDirsResponse } from '../protocol/schemas/35-describe-log-dirs.ts';
import {
  type ConfigChange,
  type ConfigEntry,
  type ConfigResource,
  type ConfigResourceType,
  configSources,
  type ListedOffset,
  type NewTopic,
  type PartitionResult,
} from './admin-types.ts';
import {
  type ApiCall,
  createPartitionsCall,
  createTopicsCall,
  deleteRecordsCall,
  deleteTopicsCall,
  describeClusterCall,
  describeConfigsCall,
  describeLogDirsCall,
  describeTopicPartitionsCall,
  incrementalAlterConfigsCall,
  listOffsetsCall,
  listPartitionReassignmentsCall,
  unregisterBrokerCall,
} from './api-calls.ts';
import {
  type ClientProperties,
  type CommonConfig,
  ConfigReader,
  readCommonConfig,
} from './client-config.ts';
import { BrokerError } from './client-errors.ts';
import type { BrokerInfo, TopicInfo } from './client-metadata.ts';
import type { ClientPorts } from './client-ports.ts';
import { ClusterClient } from './cluster-client.ts';
import { toCreatable } from './creatable-topic.ts';
import { type TopicDescription, toDescription } from './topic-description.ts';
import { groupByTopic, type TopicPartition } from './topic-partition.ts';

/** What ListOffsets takes for a timestamp. */
export const specialTimestamps = { latest: -1, earliest: -2, maxTimestamp: -3 } as const;

const resourceTypes: Readonly<Record<ConfigResourceType, number>> = {
  topic: 2,
  broker: 4,
  'broker-logger': 8,
};
const setOperation = 0;
const deleteOperation = 1;

/** What Kafka's tools ask of a cluster (Kafka's Admin). Its calls reject with a ClientError. */
export class Admin {
  readonly client: ClusterClient;
  /** `default.api.timeout.ms` */
  readonly apiTimeoutMs: number;

  protected constructor(client: ClusterClient, apiTimeoutMs: number) {
    this.client = client;
    this.apiTimeoutMs = apiTimeoutMs;
  }

  /** Throws ConfigError. */
  static create(ports: ClientPorts, properties: ClientProperties): Admin {
    const config = readCommonConfig(properties, { clientId: 'adminclient-1' });
    const apiTimeoutMs = new ConfigReader(properties).integer('default.api.timeout.ms', 60_000, 0);
    const prefix = `[AdminClient clientId=${config.clientId}] `;
    const admin = Admin.over(ports, { ...config, apiTimeoutMs }, prefix);
    admin.client.metadata.allowsAutoTopicCreation = false;
    return admin;
  }

  /** For a client that also asks what an admin asks. */
  static over(
    ports: ClientPorts,
    config: CommonConfig & { readonly apiTimeoutMs: number },
    logPrefix: string,
  ): Admin {
    return new Admin(new ClusterClient(ports, config, logPrefix), config.apiTimeoutMs);
  }

  close(): void {
    this.client.dispose();
  }

  /** Sends to any broker; `apiName` is what a timeout names. */
  call<Q extends MessageSchema, S extends MessageSchema>(
    apiName: string,
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
  ): Promise<MessageOf<S>> {
    return this.retry(apiName, () => this.client.sendToAny(call, message));
  }

  callBroker<Q extends MessageSchema, S extends MessageSchema>(
    apiName: string,
    target: { readonly nodeId: number; readonly call: ApiCall<Q, S> },
    message: MessageInput<Q>,
  ): Promise<MessageOf<S>> {
    return this.retry(apiName, () => this.client.sendTo(target.nodeId, target.call, message));
  }

  /** Repeats what fails with a retriable error, for `default.api.timeout.ms`. */
  retry<T>(apiName: string, attempt: () => Promise<T>): Promise<T> {
    const message = `Timed out waiting for a node assignment. Call: ${apiName}`;
    return this.client.retry(this.apiTimeoutMs, message, attempt);
  }

  async listTopics(): Promise<readonly TopicInfo[]> {
    return await this.retry('listTopics', () => this.client.metadata.allTopics());
  }

  async brokers(): Promise<readonly BrokerInfo[]> {
    await this.retry('listNodes', () => this.client.metadata.refresh());
    return [...this.client.metadata.brokers.values()].toSorted((a, b) => a.id - b.id);
  }

  async describeCluster() {
    return await this.call('listNodes', describeClusterCall, {});
  }

  /** Those of the topics that exist. */
  async describeTopics(
    names: readonly string[],
    partitionsPerResponse = 2000,
  ): Promise<readonly TopicDescription[]> {
    if (names.length === 0) return [];
    return await this.retry('describeTopics', async () => {
      const connection = await this.client.anyConnection();
      if (connection.tryVersionOf(describeTopicPartitionsCall) === undefined) {
        const topics = await this.client.metadata.allTopics();
        const wanted = topics.filter(({ name }) => names.includes(name));
        return wanted.map((topic) => toDescription(topic, undefined));
      }
      return await this.#describePages(names, partitionsPerResponse);
    });
  }

  async createTopic(topic: NewTopic): Promise<void> {
    const response = await this.call('createTopics', createTopicsCall, {
      topics: [toCreatable(topic)],
      timeoutMs: this.client.config.requestTimeoutMs,
    });
    for (const { errorCode, errorMessage } of response.topics)
      throwIfError(errorCode, errorMessage);
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    const response = await this.call('deleteTopics', deleteTopicsCall, {
      topics: names.map((name) => ({ name })),
      topicNames: names,
      timeoutMs: this.client.config.requestTimeoutMs,
    });
    for (const { errorCode, errorMessage } of response.responses) {
      throwIfError(errorCode, errorMessage);
    }
  }

  /** Raises the number of partitions; `assignments` are those of the new ones. */
  async createPartitions(
    topics: ReadonlyMap<
      string,
      { count: number; assignments: readonly (readonly number[])[] | null }
    >,
  ): Promise<void> {
    const response = await this.call('createPartitions', createPartitionsCall, {
      topics: [...topics].map(([name, { count, assignments }]) => ({
        name,
        count,
        assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null,
      })),
      timeoutMs: this.client.config.requestTimeoutMs,
    });
    for (const { errorCode, errorMessage } of response.results)
      throwIfError(errorCode, errorMessage);
  }

  /** The reassignments under way, by `topic-partition`. */
  async listReassignments(): Promise<
    ReadonlyMap<string, { adding: readonly number[]; removing: readonly number[] }>
  > {
    const name = 'listPartitionReassignments';
    const response = await this.call(name, listPartitionReassignmentsCall, {
      topics: null,
      timeoutMs: this.client.config.requestTimeoutMs,
    });
    throwIfError(response.errorCode, response.errorMessage);
    return new Map(
      response.topics.flatMap((topic) =>
        topic.partitions.map((each) => [
          `${topic.name}-${each.partitionIndex}`,
          { adding: each.addingReplicas, removing: each.removingReplicas },
        ]),
      ),
    );
  }

  /** All configuration of the resources, in their order. */
  async describeConfigs(
    resources: readonly ConfigResource[],
  ): Promise<readonly (readonly ConfigEntry[])[]> {
    return await Promise.all(resources.map((resource) => this.#describeConfig(resource)));
  }

  async alterConfigs(resource: ConfigResource, changes: readonly ConfigChange[]): Promise<void> {
    const message = {
      resources: [
        {
          resourceType: resourceTypes[resource.type],
          resourceName: resource.name,
          configs: changes.map(({ name, value }) => ({
            name,
            value,
            configOperation: value === null ? deleteOperation : setOperation,
          })),
        },
      ],
    };
    const name = 'incrementalAlterConfigs';
    const response = await this.#callForResource(name, incrementalAlterConfigsCall, {
      resource,
      message,
    });
    for (const { errorCode, errorMessage } of response.responses) {
      throwIfError(errorCode, errorMessage);
    }
  }

  /** Offsets by time; see `specialTimestamps`. Partitions without a leader reject with a retriable error until the time is up. */
  async listOffsets(
    partitions: readonly (TopicPartition & { readonly timestamp: number })[],
    isolation: 'read_uncommitted' | 'read_committed' = 'read_uncommitted',
  ): Promise<readonly ListedOffset[]> {
    const isolationLevel = isolation === 'read_committed' ? 1 : 0;
    return await this.#perLeader('listOffsets', partitions, async (nodeId, own) => {
      const topics = groupByTopic(own).map(({ topic, partitions: asked }) => ({
        name: topic,
        partitions: asked.map(({ partition, timestamp }) => ({
          partitionIndex: partition,
          timestamp,
        })),
      }));
      const message = { replicaId: -1, isolationLevel, topics };
      const response = await this.client.sendTo(nodeId, listOffsetsCall, message);
      return response.topics.flatMap((topic) =>
        topic.partitions.map(({ partitionIndex, errorCode, offset, timestamp }) => {
          throwIfError(errorCode);
          return { topic: topic.name, partition: partitionIndex, offset, timestamp };
        }),
      );
    });
  }

  /** Deletes records before the offsets; -1 is the high watermark. */
  async deleteRecords(
    partitions: readonly (TopicPartition & { readonly offset: number })[],
  ): Promise<readonly PartitionResult[]> {
    return await this.#perLeader('deleteRecords', partitions, async (nodeId, own) => {
      const topics = groupByTopic(own).map(({ topic, partitions: asked }) => ({
        name: topic,
        partitions: asked.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
      }));
      const message = { topics, timeoutMs: this.client.config.requestTimeoutMs };
      const response = await this.client.sendTo(nodeId, deleteRecordsCall, message);
      return response.topics.flatMap((topic) =>
        topic.partitions.map(({ partitionIndex, errorCode, lowWatermark }) => ({
          topic: topic.name,
          partition: partitionIndex,
          lowWatermark,
          error: errorCode === 0 ? undefined : new BrokerError(errorNameOf(errorCode)),
        })),
      );
    });
  }

  async describeLogDirs(brokerId: number): Promise<DescribeLogDirsResponse> {
    const target = { nodeId: brokerId, call: describeLogDirsCall };
    return await this.callBroker('describeLogDirs', target, { topics: null });
  }

  async unregisterBroker(brokerId: number): Promise<void> {
    const response = await this.call('unregisterBroker', unregisterBrokerCall, { brokerId });
    // Kafka's client says what the code means, whatever the broker wrote.
    throwIfError(response.errorCode, null);
  }

  async #describePages(
    names: readonly string[],
    responsePartitionLimit: number,
  ): Promise<readonly TopicDescription[]> {
    const topics = names.toSorted().map((name) => ({ name }));
    const described = new Map<string, TopicDescription>();
    let cursor: { topicName: string; partitionIndex: number } | null = null;
    do {
      const response: MessageOf<typeof describeTopicPartitionsCall.response> =
        await this.client.sendToAny(describeTopicPartitionsCall, {
          topics,
          responsePartitionLimit,
          cursor,
        });
      for (const topic of response.topics) {
        if (errorNameOf(topic.errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') continue;
        throwIfError(topic.errorCode);
        const description = toDescription(topic, described.get(topic.name ?? ''));
        described.set(description.name, description);
      }
      cursor = response.nextCursor;
    } while (cursor !== null);
    return [...described.values()];
  }

  async #describeConfig(resource: ConfigResource): Promise<readonly ConfigEntry[]> {
    const message = {
      resources: [
        {
          resourceType: resourceTypes[resource.type],
          resourceName: resource.name,
          configurationKeys: null,
        },
      ],
      includeSynonyms: true,
    };
    const response = await this.#callForResource('describeConfigs', describeConfigsCall, {
      resource,
      message,
    });
    return response.results.flatMap((result) => {
      throwIfError(result.errorCode, result.errorMessage);
      return result.configs.map((config) => ({
        name: config.name,
        value: config.value,
        source: configSources[config.configSource] ?? 'UNKNOWN',
        isSensitive: config.isSensitive,
        isReadOnly: config.readOnly,
        synonyms: config.synonyms.map(({ name, value, source }) => ({
          name,
          value,
          source: configSources[source] ?? 'UNKNOWN',
        })),
      }));
    });
  }

  /** What concerns one broker is asked of that broker. */
  #callForResource<Q extends MessageSchema, S extends MessageSchema>(
    apiName: string,
    call: ApiCall<Q, S>,
    request: { readonly resource: ConfigResource; readonly message: MessageInput<Q> },
  ): Promise<MessageOf<S>> {
    const { resource, message } = request;
    if (resource.type === 'topic' || resource.name === '') return this.call(apiName, call, message);
    return this.retry(apiName, async () => {
      await this.client.metadata.refresh();
      return await this.client.sendTo(Number(resource.name), call, message);
    });
  }

  /** Asks each partition's leader; what fails with a retriable error is asked again of who leads then. */
  async #perLeader<P extends TopicPartition, R>(
    apiName: string,
    partitions: readonly P[],
    ask: (nodeId: number, own: readonly P[]) => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    const { metadata } = this.client;
    metadata.want(partitions.map(({ topic }) => topic));
    return await this.retry(apiName, async () => {
      await metadata.refresh();
      const byLeader = new Map<number, P[]>();
      for (const each of partitions) {
        const leader = metadata.leaderOf(each.topic, each.partition);
        if (leader === undefined) throw this.#leaderless(each);
        byLeader.set(leader, [...(byLeader.get(leader) ?? []), each]);
      }
      const answers = [...byLeader].map(([nodeId, own]) => ask(nodeId, own));
      return (await Promise.all(answers)).flat();
    });
  }

  #leaderless({ topic, partition }: TopicPartition): BrokerError {
    const isKnown = this.client.metadata.topics.get(topic)?.partitions[partition] !== undefined;
    return new BrokerError(isKnown ? 'LEADER_NOT_AVAILABLE' : 'UNKNOWN_TOPIC_OR_PARTITION');
  }
}

/** Throws BrokerError unless the code is that of success. */
export function throwIfError(errorCode: number, message?: string | null): void {
  if (errorCode !== 0) throw new BrokerError(errorNameOf(errorCode), message);
}
