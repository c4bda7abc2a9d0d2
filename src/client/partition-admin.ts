import { errorNameOf } from '../protocol/error-codes.ts';
import { type Admin, throwIfError } from './admin.ts';
import {
  alterPartitionReassignmentsCall,
  alterReplicaLogDirsCall,
  electLeadersCall,
  listPartitionReassignmentsCall,
} from './api-calls.ts';
import { BrokerError } from './client-errors.ts';
import { groupByTopic, type TopicPartition } from './topic-partition.ts';

/** A move under way. `replicas` are all that hold the partition meanwhile. */
export interface OngoingReassignment extends TopicPartition {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface ElectionOutcome extends TopicPartition {
  readonly error: BrokerError | undefined;
}

export interface PartitionFailure extends TopicPartition {
  readonly error: BrokerError;
}

/** Kafka's `ElectionType` by its code on the wire. */
export const electionTypes = { PREFERRED: 0, UNCLEAN: 1 } as const;
export type ElectionType = keyof typeof electionTypes;

export interface ReplicaPlace extends TopicPartition {
  readonly brokerId: number;
}

/** What the tools ask about where partitions are and who leads them. Its calls reject with a ClientError. */
export class PartitionAdmin {
  readonly #admin: Admin;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** Moves under way, of all partitions or of these. */
  async listReassignments(
    partitions: readonly TopicPartition[] | null = null,
  ): Promise<readonly OngoingReassignment[]> {
    const topics =
      partitions === null
        ? null
        : groupByTopic(partitions).map(({ topic, partitions: own }) => ({
            name: topic,
            partitionIndexes: own.map(({ partition }) => partition),
          }));
    const message = { topics, timeoutMs: this.#timeoutMs };
    const name = 'listPartitionReassignments';
    const response = await this.#admin.call(name, listPartitionReassignmentsCall, message);
    throwIfError(response.errorCode, response.errorMessage);
    return response.topics.flatMap((topic) =>
      topic.partitions.map((each) => ({
        topic: topic.name,
        partition: each.partitionIndex,
        replicas: each.replicas,
        adding: each.addingReplicas,
        removing: each.removingReplicas,
      })),
    );
  }

  /** Starts moves to these replicas, or with null takes back the one under way; answers what failed. */
  async alterReassignments(
    wanted: readonly (TopicPartition & { readonly replicas: readonly number[] | null })[],
  ): Promise<readonly PartitionFailure[]> {
    const topics = groupByTopic(wanted).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map(({ partition, replicas }) => ({
        partitionIndex: partition,
        replicas,
      })),
    }));
    const message = { topics, timeoutMs: this.#timeoutMs };
    const name = 'alterPartitionReassignments';
    const response = await this.#admin.call(name, alterPartitionReassignmentsCall, message);
    throwIfError(response.errorCode, response.errorMessage);
    return response.responses.flatMap((topic) =>
      topic.partitions.flatMap((each) => {
        const error = errorOf(each.errorCode, each.errorMessage);
        const place = { topic: topic.name, partition: each.partitionIndex };
        return error === undefined ? [] : [{ ...place, error }];
      }),
    );
  }

  /** Elects leaders of these partitions; null: of all, and those that need none are not in the answer. */
  async electLeaders(
    type: ElectionType,
    partitions: readonly TopicPartition[] | null,
  ): Promise<readonly ElectionOutcome[]> {
    const topicPartitions =
      partitions === null
        ? null
        : groupByTopic(partitions).map(({ topic, partitions: own }) => ({
            topic,
            partitions: own.map(({ partition }) => partition),
          }));
    const message = {
      electionType: electionTypes[type],
      topicPartitions,
      timeoutMs: this.#timeoutMs,
    };
    const response = await this.#admin.call('electLeaders', electLeadersCall, message);
    throwIfError(response.errorCode);
    return response.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode, errorMessage }) => ({
        topic,
        partition: partitionId,
        error: errorOf(errorCode, errorMessage),
      })),
    );
  }

  /** Moves a broker's replicas to other of its log dirs; answers what failed. */
  async alterLogDirs(
    brokerId: number,
    wanted: readonly (TopicPartition & { readonly path: string })[],
  ): Promise<readonly PartitionFailure[]> {
    const dirs = [...new Set(wanted.map(({ path }) => path))].map((path) => ({
      path,
      topics: groupByTopic(wanted.filter((each) => each.path === path)).map((own) => ({
        name: own.topic,
        partitions: own.partitions.map(({ partition }) => partition),
      })),
    }));
    const target = { nodeId: brokerId, call: alterReplicaLogDirsCall };
    const response = await this.#admin.callBroker('alterReplicaLogDirs', target, { dirs });
    return response.results.flatMap(({ topicName, partitions }) =>
      partitions.flatMap(({ partitionIndex, errorCode }) => {
        const error = errorOf(errorCode, null);
        const place = { topic: topicName, partition: partitionIndex };
        return error === undefined ? [] : [{ ...place, error }];
      }),
    );
  }

  get #timeoutMs(): number {
    return this.#admin.client.config.requestTimeoutMs;
  }
}

function errorOf(errorCode: number, message: string | null): BrokerError | undefined {
  return errorCode === 0 ? undefined : new BrokerError(errorNameOf(errorCode), message);
}
