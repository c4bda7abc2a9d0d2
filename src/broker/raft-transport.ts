import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { NetworkError } from '../base/network.ts';
import type { ApiCall } from '../client/api-calls.ts';
import { DisconnectedError, TimeoutError } from '../client/client-errors.ts';
import type { ClientPorts } from '../client/client-ports.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts';
import { voteRequest, voteResponse } from '../protocol/schemas/52-vote.ts';
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../protocol/schemas/53-begin-quorum-epoch.ts';
import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../protocol/schemas/54-end-quorum-epoch.ts';
import {
  fetchSnapshotRequest,
  fetchSnapshotResponse,
} from '../protocol/schemas/59-fetch-snapshot.ts';
import {
  updateRaftVoterRequest,
  updateRaftVoterResponse,
} from '../protocol/schemas/82-update-raft-voter.ts';
import type { RaftRequest, RaftResponse } from '../raft/quorum-types.ts';
import type { RaftTransport } from '../raft/raft-client-options.ts';
import * as wire from '../raft/raft-wire-client.ts';
import type { VoterEndpoint } from '../raft/voter-set.ts';
import { callOf } from './channel/controller-calls.ts';
import { NodeChannel } from './channel/node-channel.ts';
import type { VoterAddresses } from './voter-addresses.ts';

const calls = {
  vote: callOf(voteRequest, voteResponse),
  beginQuorumEpoch: callOf(beginQuorumEpochRequest, beginQuorumEpochResponse),
  endQuorumEpoch: callOf(endQuorumEpochRequest, endQuorumEpochResponse),
  /** From version 15 on the replica says who it is in a field of its own (KIP-903), as Kafka 3.5 and later do. */
  fetch: { ...callOf(fetchRequest, fetchResponse), minVersion: 15 },
  fetchSnapshot: callOf(fetchSnapshotRequest, fetchSnapshotResponse),
  updateVoter: callOf(updateRaftVoterRequest, updateRaftVoterResponse),
} as const;

/** What Kafka 4.0 makes of the refusal of a voter that is older. */
const withoutPreVotes: RaftResponse = {
  errorCode: 'UNSUPPORTED_VERSION',
  epoch: -1,
  leaderId: undefined,
  result: { kind: 'none' },
};

async function knowsPreVotes(channel: NodeChannel): Promise<boolean> {
  const connection = await channel.connected();
  return 2 <= (connection.tryVersionOf(calls.vote) ?? 0);
}

async function exchange<Q extends MessageSchema, S extends MessageSchema>(
  channel: NodeChannel,
  call: ApiCall<Q, S>,
  message: MessageInput<Q>,
  read: (response: MessageOf<S>) => wire.WireAnswer,
): Promise<wire.WireAnswer> {
  return read(await channel.send(call, message));
}

export interface NodeRaftTransportOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  /** `controller.quorum.request.timeout.ms` */
  readonly requestTimeoutMs: number;
  readonly addresses: VoterAddresses;
  /** Where this node listens as a controller, if it is one. */
  readonly endpoints: () => readonly VoterEndpoint[];
}

const source = 'org.apache.kafka.clients.NetworkClient';

/** Raft's requests in Kafka's messages, over one connection to each voter (Kafka's `KafkaNetworkChannel`). */
export class NodeRaftTransport implements RaftTransport, Disposable {
  readonly #ports: ClientPorts;
  readonly #options: NodeRaftTransportOptions;
  readonly #channels = new Map<number, NodeChannel>();
  readonly #disposables = new DisposableStore();
  /** What was said last of each voter that does not answer as it should. */
  readonly #noted = new Map<number, string>();

  constructor(ports: ClientPorts, options: NodeRaftTransportOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async send(to: number, request: RaftRequest): Promise<RaftResponse> {
    try {
      const answer = await this.#ask(this.#channelTo(to), request);
      this.#noted.delete(to);
      const { leaderId, epoch, leaderAddress } = answer;
      if (leaderId !== undefined && leaderAddress !== undefined) {
        this.#options.addresses.learn({ id: leaderId, epoch }, leaderAddress);
      }
      return answer;
    } catch (error) {
      this.#noteFailure(to, request, error);
      throw error;
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #ask(channel: NodeChannel, request: RaftRequest): Promise<wire.WireAnswer> {
    const { clusterId, endpoints } = this.#options;
    switch (request.api) {
      case 'vote': {
        if (request.isPreVote === true && !(await knowsPreVotes(channel))) return withoutPreVotes;
        return exchange(
          channel,
          calls.vote,
          wire.voteToWire(request, clusterId),
          wire.voteFromWire,
        );
      }
      case 'begin-quorum-epoch': {
        const message = wire.beginQuorumEpochToWire(request, clusterId, endpoints());
        return exchange(channel, calls.beginQuorumEpoch, message, wire.acknowledgementFromWire);
      }
      case 'end-quorum-epoch': {
        const message = wire.endQuorumEpochToWire(request, clusterId, endpoints());
        return exchange(channel, calls.endQuorumEpoch, message, wire.acknowledgementFromWire);
      }
      case 'fetch': {
        const message = wire.fetchToWire(request, clusterId);
        return exchange(channel, calls.fetch, message, (response) =>
          wire.fetchFromWire(request, response),
        );
      }
      case 'fetch-snapshot': {
        const message = wire.fetchSnapshotToWire(request, clusterId);
        return exchange(channel, calls.fetchSnapshot, message, wire.fetchSnapshotFromWire);
      }
      case 'update-voter': {
        const message = wire.updateVoterToWire(request, clusterId);
        return exchange(channel, calls.updateVoter, message, wire.updateVoterFromWire);
      }
    }
  }

  #channelTo(id: number): NodeChannel {
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const { nodeId, requestTimeoutMs, addresses } = this.#options;
    const channel = this.#disposables.add(
      new NodeChannel(this.#ports, {
        address: () => addresses.addressOf(id),
        clientId: `raft-client-${nodeId}`,
        requestTimeoutMs,
      }),
    );
    this.#channels.set(id, channel);
    return channel;
  }

  /** Said once until the voter answers again, with Kafka's words. */
  #noteFailure(to: number, request: RaftRequest, error: unknown): void {
    const errorCode = error instanceof wire.RaftAnswerError ? error.errorCode : undefined;
    const kind = errorCode ?? 'no answer';
    if (this.#noted.get(to) === kind || this.#disposables.isDisposed) return;
    this.#noted.set(to, kind);
    const { nodeId, addresses } = this.#options;
    const address = addresses.textOf(to) ?? 'unknown';
    if (errorCode !== undefined) {
      const api = request.api.toUpperCase().replaceAll('-', '_');
      this.#ports.logger?.log(
        'ERROR',
        'org.apache.kafka.raft.KafkaRaftClient',
        `[RaftManager id=${nodeId}] Unexpected error ${errorCode} in ${api} response: source=${address} (id: ${to} rack: null)`,
      );
      return;
    }
    const isUnreachable =
      error instanceof NetworkError ||
      error instanceof DisconnectedError ||
      error instanceof TimeoutError;
    const reason = isUnreachable
      ? 'could not be established. Node may not be available.'
      : `is of no use: ${error instanceof Error ? error.message : String(error)}`;
    this.#ports.logger?.log(
      'WARN',
      source,
      `[RaftManager id=${nodeId}] Connection to node ${to} (${address}) ${reason}`,
    );
  }
}
