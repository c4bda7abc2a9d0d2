import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import {
  type ApiCall,
  findCoordinatorCall,
  offsetCommitCall,
  offsetFetchCall,
} from './api-calls.ts';
import { BrokerError, ClientError } from './client-errors.ts';
import { type ClusterClient, coordinatorConnectionId } from './cluster-client.ts';
import { groupByTopic, type TopicPartition } from './topic-partition.ts';

export interface CommittedOffset extends TopicPartition {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export interface CoordinatorNode {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

const coordinatorErrors: ReadonlySet<ErrorCode> = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
]);

/** One group's coordinator: found when needed, found again when it has moved. */
export class GroupCoordinatorClient {
  readonly groupId: string;
  readonly #client: ClusterClient;
  #node: CoordinatorNode | undefined;

  constructor(client: ClusterClient, groupId: string) {
    this.#client = client;
    this.groupId = groupId;
  }

  /** Rejects with a ClientError. */
  async node(): Promise<CoordinatorNode> {
    this.#node ??= await this.#find();
    return this.#node;
  }

  forget(): void {
    this.#node = undefined;
  }

  /** One attempt, over a connection of its own, so that a join does not hold up fetches. */
  async send<Q extends MessageSchema, S extends MessageSchema>(
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
    timeoutMs?: number,
  ): Promise<MessageOf<S>> {
    try {
      const { nodeId } = await this.node();
      return await this.#client.sendTo(coordinatorConnectionId(nodeId), call, message, timeoutMs);
    } catch (error) {
      if (error instanceof ClientError && error.isRetriable) this.forget();
      throw error;
    }
  }

  /** Throws the error that a code stands for; one that says that the coordinator moved makes it be found again. */
  check(errorCode: number, message?: string | null): void {
    const error = errorNameOf(errorCode);
    if (error === 'NONE') return;
    if (coordinatorErrors.has(error)) this.forget();
    throw new BrokerError(error, message);
  }

  /** Those of the partitions that have a committed offset; of all partitions without `partitions`. */
  async fetchOffsets(
    partitions: readonly TopicPartition[] | undefined,
  ): Promise<readonly CommittedOffset[]> {
    const topics =
      partitions === undefined
        ? null
        : groupByTopic(partitions).map(({ topic, partitions: own }) => ({
            name: topic,
            partitionIndexes: own.map(({ partition }) => partition),
          }));
    const response = await this.send(offsetFetchCall, {
      groups: [{ groupId: this.groupId, memberEpoch: -1, topics }],
      requireStable: true,
    });
    const group = response.groups[0];
    this.check(group?.errorCode ?? 0);
    return (group?.topics ?? []).flatMap(({ name, partitions: own }) =>
      own.flatMap((each) => {
        this.check(each.errorCode);
        if (each.committedOffset < 0) return [];
        return {
          topic: name,
          partition: each.partitionIndex,
          offset: each.committedOffset,
          leaderEpoch: each.committedLeaderEpoch,
          metadata: each.metadata ?? '',
        };
      }),
    );
  }

  /** Generation -1 and no member id: from outside, while the group is empty. */
  async commitOffsets(
    offsets: readonly (TopicPartition & { readonly offset: number })[],
    member: {
      readonly generationId: number;
      readonly memberId: string;
      readonly groupInstanceId: string | null;
    },
  ): Promise<void> {
    const response = await this.send(offsetCommitCall, {
      groupId: this.groupId,
      generationIdOrMemberEpoch: member.generationId,
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      topics: groupByTopic(offsets).map(({ topic, partitions }) => ({
        name: topic,
        partitions: partitions.map(({ partition, offset }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedMetadata: '',
        })),
      })),
    });
    for (const topic of response.topics) {
      for (const { errorCode } of topic.partitions) this.check(errorCode);
    }
  }

  async #find(): Promise<CoordinatorNode> {
    const connection = await this.#client.anyConnection();
    const isBatched = 4 <= connection.versionOf(findCoordinatorCall);
    const { groupId } = this;
    const message = isBatched ? { coordinatorKeys: [groupId] } : { key: groupId };
    const response = await connection.send(findCoordinatorCall, { ...message, keyType: 0 });
    const found = response.coordinators[0] ?? response;
    const error = errorNameOf(found.errorCode);
    if (error !== 'NONE') throw new BrokerError(error, found.errorMessage);
    const { nodeId, host, port } = found;
    if (!this.#client.metadata.brokers.has(nodeId)) await this.#client.metadata.refresh();
    return { nodeId, host, port };
  }
}
