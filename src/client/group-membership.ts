import type { Disposable } from '../base/disposable.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import type { JoinGroupResponse } from '../protocol/schemas/11-join-group.ts';
import { heartbeatCall, joinGroupCall, leaveGroupCall, syncGroupCall } from './api-calls.ts';
import type { Assignor } from './assignors.ts';
import { BrokerError, ClientError } from './client-errors.ts';
import { loggerOf } from './client-ports.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { ConsumerConfig } from './consumer-config.ts';
import {
  decodeAssignment,
  decodeSubscriptionTopics,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol-codec.ts';
import type { GroupCoordinatorClient } from './group-coordinator-client.ts';
import type { TopicPartition } from './topic-partition.ts';

export interface MembershipEvents {
  /** The topics to subscribe to, asked anew for each join. */
  topics(): Promise<readonly string[]>;
  owned(): readonly TopicPartition[];
  /** Something happened that a poll should see. */
  notify(): void;
}

const protocolType = 'consumer';
/** Kafka waits so much longer than the rebalance timeout for the answer to a join. */
const joinGraceMs = 5000;
const noGeneration = -1;

/** One consumer's membership in a group of the classic protocol (Kafka's ConsumerCoordinator). */
export class GroupMembership implements Disposable {
  memberId = '';
  generationId = noGeneration;
  readonly #client: ClusterClient;
  readonly #config: ConsumerConfig;
  readonly #coordinator: GroupCoordinatorClient;
  readonly #events: MembershipEvents;
  #needsJoin = true;
  #heartbeatTimer: Disposable | undefined;
  #polledAtMs = 0;
  #isDisposed = false;
  /** What the leader shared out last, to notice that topics have changed. */
  #sharedCounts: ReadonlyMap<string, number> | undefined;

  constructor(
    client: ClusterClient,
    config: ConsumerConfig,
    coordinator: GroupCoordinatorClient,
    events: MembershipEvents,
  ) {
    this.#client = client;
    this.#config = config;
    this.#coordinator = coordinator;
    this.#events = events;
    this.#polledAtMs = client.ports.clock.monotonicMs();
    client.metadata.onUpdated(() => this.#onMetadata());
  }

  get needsJoin(): boolean {
    return this.#needsJoin;
  }

  get identity() {
    const { generationId, memberId } = this;
    return { generationId, memberId, groupInstanceId: this.#config.groupInstanceId };
  }

  requestJoin(): void {
    this.#needsJoin = true;
    this.#events.notify();
  }

  /** The application is alive (`max.poll.interval.ms`). */
  polled(): void {
    this.#polledAtMs = this.#client.ports.clock.monotonicMs();
  }

  /** One attempt to join, agree, and get an assignment. Rejects with a ClientError, retriable where another attempt may help. */
  async join(): Promise<readonly TopicPartition[]> {
    this.#stopHeartbeats();
    try {
      const joined = await this.#joinGroup();
      const assignment = await this.#syncGroup(joined);
      this.#needsJoin = false;
      this.#startHeartbeats();
      this.#log('INFO', `Successfully joined group with generation ${this.generationId}`);
      return assignment;
    } catch (error) {
      this.#onGroupError(error);
      throw error;
    }
  }

  /** Best effort: a coordinator that does not answer will notice by itself. */
  async leave(): Promise<void> {
    this.#stopHeartbeats();
    const isMember = this.memberId !== '' && this.generationId !== noGeneration;
    // A static member stays one (KIP-345): it will be back.
    if (!isMember || this.#config.groupInstanceId !== null) return;
    const message = {
      groupId: this.#coordinator.groupId,
      members: [{ memberId: this.memberId, reason: 'the consumer is being closed' }],
    };
    this.#reset();
    try {
      await this.#coordinator.send(leaveGroupCall, message, 5000);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#stopHeartbeats();
  }

  async #joinGroup(): Promise<JoinGroupResponse> {
    const config = this.#config;
    const topics = await this.#events.topics();
    const metadata = encodeSubscription(topics, this.#events.owned(), this.generationId);
    const timeoutMs = Math.max(config.requestTimeoutMs, config.maxPollIntervalMs + joinGraceMs);
    const message = {
      groupId: this.#coordinator.groupId,
      sessionTimeoutMs: config.sessionTimeoutMs,
      rebalanceTimeoutMs: config.maxPollIntervalMs,
      memberId: this.memberId,
      groupInstanceId: config.groupInstanceId,
      protocolType,
      protocols: config.assignors.map(({ name }) => ({ name, metadata })),
    };
    this.#log('INFO', '(Re-)joining group');
    const response = await this.#coordinator.send(joinGroupCall, message, timeoutMs);
    if (errorNameOf(response.errorCode) === 'MEMBER_ID_REQUIRED') this.memberId = response.memberId;
    this.#coordinator.check(response.errorCode);
    this.memberId = response.memberId;
    this.generationId = response.generationId;
    return response;
  }

  async #syncGroup(joined: JoinGroupResponse): Promise<readonly TopicPartition[]> {
    const isLeader = joined.leader === joined.memberId && !joined.skipAssignment;
    const response = await this.#coordinator.send(syncGroupCall, {
      groupId: this.#coordinator.groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupInstanceId: this.#config.groupInstanceId,
      protocolType,
      protocolName: joined.protocolName,
      assignments: isLeader ? await this.#shareOut(joined) : [],
    });
    this.#coordinator.check(response.errorCode);
    return decodeAssignment(response.assignment);
  }

  async #shareOut(joined: JoinGroupResponse) {
    const assignor = this.#config.assignors.find(({ name }) => name === joined.protocolName);
    if (assignor === undefined) throw new BrokerError('INCONSISTENT_GROUP_PROTOCOL');
    const members = new Map(
      joined.members.map((member) => [member.memberId, decodeSubscriptionTopics(member.metadata)]),
    );
    const topics = [...new Set([...members.values()].flat())];
    this.#client.metadata.want(topics);
    await this.#client.metadata.refresh();
    const counts = this.#countsOf(topics);
    this.#sharedCounts = new Map(topics.map((topic) => [topic, counts.get(topic) ?? 0]));
    return encodeAll(assignor, members, counts);
  }

  #countsOf(topics: readonly string[]): ReadonlyMap<string, number> {
    const known = this.#client.metadata.topics;
    return new Map(
      topics.flatMap((topic) => {
        const info = known.get(topic);
        return info === undefined ? [] : [[topic, info.partitions.length] as const];
      }),
    );
  }

  /** The leader shares out again when topics came, grew or went. */
  #onMetadata(): void {
    const shared = this.#sharedCounts;
    if (shared === undefined || this.#needsJoin) return;
    const counts = this.#countsOf([...shared.keys()]);
    const hasChanged = [...shared].some(([topic, count]) => (counts.get(topic) ?? 0) !== count);
    if (hasChanged) this.requestJoin();
  }

  #startHeartbeats(): void {
    if (this.#isDisposed) return;
    this.#heartbeatTimer = this.#client.ports.scheduler.after(
      this.#config.heartbeatIntervalMs,
      () => {
        this.#heartbeatTimer = undefined;
        this.#heartbeat().catch((error: unknown) => this.#onGroupError(error));
      },
    );
  }

  #stopHeartbeats(): void {
    this.#heartbeatTimer?.dispose();
    this.#heartbeatTimer = undefined;
  }

  async #heartbeat(): Promise<void> {
    const { clock } = this.#client.ports;
    if (this.#config.maxPollIntervalMs <= clock.monotonicMs() - this.#polledAtMs) {
      this.#log(
        'WARN',
        'consumer poll timeout has expired. This means the time between subsequent calls to poll() was longer than the configured max.poll.interval.ms, which typically implies that the poll loop is spending too much time processing messages.',
      );
      await this.leave();
      return;
    }
    const { generationId, memberId } = this;
    try {
      const response = await this.#coordinator.send(heartbeatCall, {
        groupId: this.#coordinator.groupId,
        generationId,
        memberId,
        groupInstanceId: this.#config.groupInstanceId,
      });
      this.#coordinator.check(response.errorCode);
    } finally {
      if (!this.#needsJoin && generationId === this.generationId) this.#startHeartbeats();
    }
  }

  /** What the group's coordinator refused: whether to join again, and as whom. */
  #onGroupError(error: unknown): void {
    if (!(error instanceof ClientError)) throw error;
    if (!(error instanceof BrokerError)) return;
    switch (error.code) {
      case 'UNKNOWN_MEMBER_ID':
      case 'ILLEGAL_GENERATION':
        this.#log('INFO', `Attempt to heartbeat or join failed since ${error.message}`);
        this.#reset();
        break;
      case 'REBALANCE_IN_PROGRESS':
        this.#log('INFO', 'Request joining group due to: group is already rebalancing');
        this.requestJoin();
        break;
      default:
        break;
    }
  }

  #reset(): void {
    this.memberId = '';
    this.generationId = noGeneration;
    this.requestJoin();
  }

  #log(level: 'INFO' | 'WARN', message: string): void {
    const source = 'org.apache.kafka.clients.consumer.internals.ConsumerCoordinator';
    loggerOf(this.#client.ports).log(level, source, `${this.#client.logPrefix}${message}`);
  }
}

function encodeAll(
  assignor: Assignor,
  members: ReadonlyMap<string, readonly string[]>,
  counts: ReadonlyMap<string, number>,
) {
  return [...assignor.assign(members, counts)].map(([memberId, partitions]) => ({
    memberId,
    assignment: encodeAssignment(partitions),
  }));
}
