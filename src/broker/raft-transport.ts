import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { NetworkError } from '../base/network.ts';
import type { ApiCall } from '../client/api-calls.ts';
import { DisconnectedError, TimeoutError } from '../client/client-errors.ts';
import type { ClientPorts } from '../client/client-ports.ts';
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
import type { RaftRequest, RaftResponse } from '../raft/quorum-types.ts';
import type { RaftTransport } from '../raft/raft-client-options.ts';
import * as wire from '../raft/raft-wire-client.ts';
import type { VoterEndpoint } from '../raft/voter-set.ts';
import { NodeChannel } from './channel/node-channel.ts';
import type { VoterAddresses } from './voter-addresses.ts';

const voteCall = {
  name: 'Vote',
  request: voteRequest,
  response: voteResponse,
  minVersion: 0,
  maxVersion: 2,
} as const satisfies ApiCall<typeof voteRequest, typeof voteResponse>;

const beginQuorumEpochCall = {
  name: 'BeginQuorumEpoch',
  request: beginQuorumEpochRequest,
  response: beginQuorumEpochResponse,
  minVersion: 0,
  maxVersion: 1,
} as const satisfies ApiCall<typeof beginQuorumEpochRequest, typeof beginQuorumEpochResponse>;

const endQuorumEpochCall = {
  name: 'EndQuorumEpoch',
  request: endQuorumEpochRequest,
  response: endQuorumEpochResponse,
  minVersion: 0,
  maxVersion: 1,
} as const satisfies ApiCall<typeof endQuorumEpochRequest, typeof endQuorumEpochResponse>;

/** From version 15 on the replica says who it is in a field of its own (KIP-903), as Kafka 3.5 and later do. */
const raftFetchCall = {
  name: 'Fetch',
  request: fetchRequest,
  response: fetchResponse,
  minVersion: 15,
  maxVersion: 17,
} as const satisfies ApiCall<typeof fetchRequest, typeof fetchResponse>;

const fetchSnapshotCall = {
  name: 'FetchSnapshot',
  request: fetchSnapshotRequest,
  response: fetchSnapshotResponse,
  minVersion: 0,
  maxVersion: 1,
} as const satisfies ApiCall<typeof fetchSnapshotRequest, typeof fetchSnapshotResponse>;

/** What Kafka 4.0 makes of the refusal of a voter that is older. */
const withoutPreVotes: RaftResponse = {
  errorCode: 'UNSUPPORTED_VERSION',
  epoch: -1,
  leaderId: undefined,
  result: { kind: 'none' },
};

async function knowsPreVotes(channel: NodeChannel): Promise<boolean> {
  const connection = await channel.connected();
  return 2 <= (connection.tryVersionOf(voteCall) ?? 0);
}

interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface NodeRaftTransportOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  /** `controller.quorum.request.timeout.ms` */
  readonly requestTimeoutMs: number;
  readonly addresses: VoterAddresses;
  /** This node's own, if it is a controller. */
  readonly endpoints: readonly VoterEndpoint[];
}

const source = 'org.apache.kafka.clients.NetworkClient';

/** Raft's requests in Kafka's messages, over one connection to each voter (Kafka's `KafkaNetworkChannel`). */
export class NodeRaftTransport implements RaftTransport, Disposable {
  readonly #ports: ClientPorts;
  readonly #options: NodeRaftTransportOptions;
  readonly #channels = new Map<number, NodeChannel>();
  readonly #disposables = new DisposableStore();
  readonly #unreachable = new Set<number>();

  constructor(ports: ClientPorts, options: NodeRaftTransportOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async send(to: number, request: RaftRequest): Promise<RaftResponse> {
    try {
      const response = await this.#ask(this.#channelTo(to), request);
      this.#unreachable.delete(to);
      return response;
    } catch (error) {
      this.#noteFailure(to, request, error);
      throw error;
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #ask(channel: NodeChannel, request: RaftRequest): Promise<RaftResponse> {
    const { clusterId, endpoints } = this.#options;
    switch (request.api) {
      case 'vote':
        if (request.isPreVote === true && !(await knowsPreVotes(channel))) return withoutPreVotes;
        return wire.voteFromWire(
          this.#heard(await channel.send(voteCall, wire.voteToWire(request, clusterId))),
        );
      case 'begin-quorum-epoch': {
        const message = wire.beginQuorumEpochToWire(request, clusterId, endpoints);
        return wire.acknowledgementFromWire(
          this.#heard(await channel.send(beginQuorumEpochCall, message)),
        );
      }
      case 'end-quorum-epoch': {
        const message = wire.endQuorumEpochToWire(request, clusterId, endpoints);
        return wire.acknowledgementFromWire(await channel.send(endQuorumEpochCall, message));
      }
      case 'fetch': {
        const message = wire.fetchToWire(request, clusterId);
        return wire.fetchFromWire(request, this.#heard(await channel.send(raftFetchCall, message)));
      }
      case 'fetch-snapshot': {
        const message = wire.fetchSnapshotToWire(request, clusterId);
        return wire.fetchSnapshotFromWire(
          this.#heard(await channel.send(fetchSnapshotCall, message)),
        );
      }
    }
  }

  /** Takes note of where a leader is (KIP-853). */
  #heard<T extends { readonly nodeEndpoints: readonly NodeEndpoint[] }>(response: T): T {
    for (const { nodeId, host, port } of response.nodeEndpoints) {
      this.#options.addresses.learn(nodeId, { host, port });
    }
    return response;
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
    if (this.#unreachable.has(to) || this.#disposables.isDisposed) return;
    this.#unreachable.add(to);
    const { nodeId, addresses } = this.#options;
    const address = addresses.textOf(to) ?? 'unknown';
    if (error instanceof wire.RaftAnswerError && error.errorCode !== undefined) {
      const api = request.api.toUpperCase().replaceAll('-', '_');
      this.#ports.logger?.log(
        'ERROR',
        'org.apache.kafka.raft.KafkaRaftClient',
        `[RaftManager id=${nodeId}] Unexpected error ${error.errorCode} in ${api} response: source=${address} (id: ${to} rack: null)`,
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
