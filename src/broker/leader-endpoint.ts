import type { Disposable } from '../base/disposable.ts';
import type { SocketAddress } from '../base/network.ts';
import type { ApiCall } from '../client/api-calls.ts';
import type { ClientPorts } from '../client/client-ports.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import type { MessageInput } from '../protocol/schema.ts';
import { type FetchResponse, fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../protocol/schemas/02-list-offsets.ts';
import { NodeChannel } from './channel/node-channel.ts';
import type { Partition } from './partition.ts';

export type FollowerFetchRequest = Pick<
  MessageInput<typeof fetchRequest>,
  'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'
>;

/** The broker that leads the partitions of one fetcher (Kafka's `LeaderEndPoint`). */
export interface LeaderEndpoint extends Disposable {
  /** Rejects when there is no answer. */
  fetch(request: FollowerFetchRequest): Promise<FetchResponse>;
  /** The first or last offset of the leader's log, or why it is not told. Rejects when there is no answer. */
  offsetOf(partition: Partition, which: 'earliest' | 'latest'): Promise<number | ErrorCode>;
  /** After a failure: the next request uses another connection. */
  reset(): void;
}

export interface LeaderEndpointOptions {
  readonly address: () => SocketAddress | undefined;
  readonly clientId: string;
  readonly nodeId: number;
  readonly brokerEpoch: () => number;
  /** `replica.fetch.wait.max.ms` */
  readonly maxWaitMs: number;
  /** `replica.fetch.min.bytes` */
  readonly minBytes: number;
  /** `replica.fetch.response.max.bytes` */
  readonly maxBytes: number;
  /** `replica.socket.timeout.ms` */
  readonly timeoutMs: number;
}

/** With the replica's epoch (KIP-903), which every broker of 3.5 or later understands. */
const followerFetchCall: ApiCall<typeof fetchRequest, typeof fetchResponse> = {
  name: 'Fetch',
  request: fetchRequest,
  response: fetchResponse,
  minVersion: 15,
  maxVersion: 17,
};
const listOffsetsCall: ApiCall<typeof listOffsetsRequest, typeof listOffsetsResponse> = {
  name: 'ListOffsets',
  request: listOffsetsRequest,
  response: listOffsetsResponse,
  minVersion: 4,
  maxVersion: 8,
};
const timestamps = { earliest: -2, latest: -1 } as const;

/** Another broker, over a connection of its own. */
export class RemoteLeaderEndpoint implements LeaderEndpoint {
  readonly #channel: NodeChannel;
  readonly #options: LeaderEndpointOptions;

  constructor(ports: ClientPorts, options: LeaderEndpointOptions) {
    const { address, clientId, timeoutMs } = options;
    this.#options = options;
    this.#channel = new NodeChannel(ports, { address, clientId, requestTimeoutMs: timeoutMs });
  }

  fetch(request: FollowerFetchRequest): Promise<FetchResponse> {
    const { nodeId, brokerEpoch, maxWaitMs, minBytes, maxBytes } = this.#options;
    return this.#channel.send(followerFetchCall, {
      ...request,
      replicaState: { replicaId: nodeId, replicaEpoch: brokerEpoch() },
      maxWaitMs,
      minBytes,
      maxBytes,
    });
  }

  async offsetOf(
    { topic, partitionIndex, leaderEpoch }: Partition,
    which: 'earliest' | 'latest',
  ): Promise<number | ErrorCode> {
    const { topics } = await this.#channel.send(listOffsetsCall, {
      replicaId: this.#options.nodeId,
      topics: [
        {
          name: topic,
          partitions: [
            { partitionIndex, currentLeaderEpoch: leaderEpoch, timestamp: timestamps[which] },
          ],
        },
      ],
    });
    const answer = topics[0]?.partitions[0];
    if (answer === undefined) return 'UNKNOWN_SERVER_ERROR';
    return answer.errorCode === 0 ? answer.offset : errorNameOf(answer.errorCode);
  }

  reset(): void {
    this.#channel.reset();
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
