import { sleep } from '../../base/scheduler.ts';
import { type ApiCall, describeQuorumCall, metadataCall } from '../../client/api-calls.ts';
import type { ClientPorts } from '../../client/client-ports.ts';
import type { MessageOf } from '../../protocol/schema.ts';
import type { MetadataResponse } from '../../protocol/schemas/03-metadata.ts';
import {
  type DescribeQuorumResponse,
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../protocol/schemas/55-describe-quorum.ts';
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../protocol/schemas/60-describe-cluster.ts';
import {
  type NodeReport,
  nodeRowsMax,
  type PartitionReport,
  type QuorumReport,
  type ReplicaReport,
  type WatchTarget,
} from './cluster-report.ts';
import type { ClusterSample, MetadataSample } from './cluster-sample.ts';
import { askOffsets, groupedBy, partitionsToAsk } from './offset-questions.ts';
import { WatchedNode } from './watched-node.ts';

type DescribedQuorum = DescribeQuorumResponse['topics'][number]['partitions'][number];
type DescribedReplica = DescribedQuorum['currentVoters'][number];
type AdvertisedBroker = MessageOf<typeof describeClusterResponse>['brokers'][number];

interface Moment {
  readonly atMs: number;
  readonly monotonicMs: number;
}

/** What a node said, and when, that takes itself for the leader. */
interface Claim extends Moment {
  readonly node: WatchedNode;
  readonly quorum: DescribedQuorum;
}

interface Heard extends Moment {
  readonly node: WatchedNode;
  readonly quorum: QuorumReport;
}

/** Clients of Kafka 3.8 stop at version 1; a watcher wants fenced brokers (KIP-1073) and endpoints of voters (KIP-853) where they are served. */
const fencedClusterCall = {
  name: 'DescribeCluster',
  request: describeClusterRequest,
  response: describeClusterResponse,
  minVersion: 0,
  maxVersion: 2,
} as const satisfies ApiCall<typeof describeClusterRequest, typeof describeClusterResponse>;
const quorumCall = {
  ...describeQuorumCall,
  request: describeQuorumRequest,
  response: describeQuorumResponse,
  maxVersion: 2,
} as const;
const quorumQuestion = {
  topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
} as const;

/** With a leader's answer in hand, others are waited for so long; without one, longer. */
const patienceMs = 250;
const leaderlessPatienceMs = 1_500;
const controllerEndpoints = 2;

/** Asks the nodes of a cluster, whoever answers, over their own protocol. */
export class ClusterReader {
  readonly #ports: ClientPorts;
  readonly #onLost: () => void;
  #nodes = new Map<string, WatchedNode>();
  /** Questions that have no answer yet, so that a silent node is not asked twice. */
  readonly #asked = new Map<WatchedNode, Promise<void>>();
  #lastQuorum: QuorumReport | undefined;
  /** Where each node runs, learned from who answered and from what was advertised. */
  readonly #machines = new Map<number, string>();
  /** Who said last that it leads, by a connection of its own. */
  #leader: WatchedNode | undefined;
  #leaderGoneAtMs: number | undefined;
  /** Where brokers are asked for their partitions. */
  #brokers = new Map<number, WatchedNode>();
  #asksOffsetsOf: readonly PartitionReport[] = [];

  constructor(ports: ClientPorts, onLost: () => void) {
    this.#ports = ports;
    this.#onLost = onLost;
  }

  /** Listeners that are gone lose their connection, new ones get one with the next sample. */
  setTargets(targets: readonly WatchTarget[]): void {
    const nodes = new Map<string, WatchedNode>();
    for (const target of targets) {
      const key = `${target.machine}:${target.port}`;
      const node = this.#nodes.get(key) ?? new WatchedNode(this.#ports, target);
      node.onLost = () => this.#lose(node);
      nodes.set(key, node);
    }
    for (const [key, node] of this.#nodes) if (!nodes.has(key)) node.dispose();
    this.#nodes = nodes;
  }

  get nodes(): readonly NodeReport[] {
    return [...this.#nodes.values()].map(({ target, kind, isAnswering }) => ({
      machine: target.machine,
      port: target.port,
      kind,
      isAnswering,
    }));
  }

  machineOf(nodeId: number): string | undefined {
    return this.#machines.get(nodeId);
  }

  /** Nobody has looked for a while: when a leader went in that time is not told. */
  resume(): void {
    this.#leaderGoneAtMs = undefined;
  }

  /** One round. With `isQuick` brokers and partitions are not asked for. */
  async sample(isQuick: boolean): Promise<ClusterSample> {
    const heard = await this.#askQuorum();
    const { atMs, monotonicMs } = heard ?? this.#now();
    const leaderGoneAtMs = this.#leaderGoneAtMs;
    if (heard !== undefined) {
      this.#leader = heard.node.kind === 'controller' ? heard.node : undefined;
      this.#leaderGoneAtMs = undefined;
    }
    const quorum = heard?.quorum;
    const metadata = isQuick ? undefined : await this.#askMetadata(quorum);
    if (metadata !== undefined) this.#asksOffsetsOf = partitionsToAsk(metadata.partitions);
    const offsets = await this.#askOffsets();
    const isAnswered = this.nodes.some(({ kind, isAnswering }) => isAnswering && kind !== 'other');
    return { atMs, monotonicMs, leaderGoneAtMs, isAnswered, quorum, metadata, offsets };
  }

  dispose(): void {
    this.setTargets([]);
  }

  #now(): Moment {
    const { clock } = this.#ports;
    return { atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  }

  #lose(node: WatchedNode): void {
    if (node === this.#leader) this.#leaderGoneAtMs ??= this.#now().monotonicMs;
    this.#onLost();
  }

  async #askQuorum(): Promise<Heard | undefined> {
    const claims: Claim[] = [];
    const ask = async (node: WatchedNode) => {
      if (!(await node.reach()) || node.kind === 'other') return;
      // A broker passes the question on, in vain where it is cut off: it is asked where no controller can be.
      if (node.kind === 'broker' && this.nodes.some(({ kind }) => kind === 'controller')) return;
      const quorum = await this.#claimOf(node);
      if (quorum !== undefined) claims.push({ ...this.#now(), node, quorum });
    };
    const rounds = [...this.#nodes.values()].map((node) => {
      const asked = this.#asked.get(node) ?? ask(node).finally(() => this.#asked.delete(node));
      this.#asked.set(node, asked);
      return asked;
    });
    const all = Promise.all(rounds);
    await this.#within(all, patienceMs);
    if (claims.length === 0) await this.#within(all, leaderlessPatienceMs - patienceMs);
    const newest = claims.toSorted((a, b) => b.quorum.leaderEpoch - a.quorum.leaderEpoch)[0];
    if (newest === undefined) return undefined;
    const { leaderId, leaderEpoch } = newest.quorum;
    const rivals = new Map<number, number>();
    for (const { quorum } of claims) {
      if (quorum.leaderEpoch < leaderEpoch) rivals.set(quorum.leaderId, quorum.leaderEpoch);
    }
    rivals.delete(leaderId);
    return { ...newest, quorum: this.#reportOf(newest.quorum, rivals) };
  }

  /** What a node says as the leader; brokers pass the question on, so only a controller speaks for itself. */
  async #claimOf(node: WatchedNode): Promise<DescribedQuorum | undefined> {
    const answer = await node.ask(quorumCall, quorumQuestion);
    const quorum = answer?.topics[0]?.partitions[0];
    if (answer === undefined || quorum === undefined) return undefined;
    const isLeader = answer.errorCode === 0 && quorum.errorCode === 0 && 0 <= quorum.leaderId;
    if (!isLeader) return undefined;
    if (node.kind === 'controller') this.#machines.set(quorum.leaderId, node.target.machine);
    for (const { nodeId, listeners } of answer.nodes) {
      const host = listeners.map((listener) => listener.host).find((each) => this.#isMachine(each));
      if (host !== undefined) this.#machines.set(nodeId, host);
    }
    return quorum;
  }

  #reportOf(quorum: DescribedQuorum, rivals: ReadonlyMap<number, number>): QuorumReport {
    const leader = quorum.currentVoters.find(({ replicaId }) => replicaId === quorum.leaderId);
    const endOffset = leader?.logEndOffset ?? quorum.highWatermark;
    const report = (replica: DescribedReplica): ReplicaReport => ({
      nodeId: replica.replicaId,
      machine: this.machineOf(replica.replicaId),
      logEndOffset: replica.logEndOffset,
      lag: replica.logEndOffset < 0 ? undefined : Math.max(0, endOffset - replica.logEndOffset),
      lastFetchAgoMs: this.#ago(replica.lastFetchTimestamp),
      caughtUpAgoMs: this.#ago(replica.lastCaughtUpTimestamp),
    });
    return {
      leaderId: quorum.leaderId,
      epoch: quorum.leaderEpoch,
      highWatermark: quorum.highWatermark,
      voters: quorum.currentVoters.slice(0, nodeRowsMax).map(report),
      observers: quorum.observers.slice(0, nodeRowsMax).map(report),
      rivals: [...rivals].slice(0, nodeRowsMax).map(([nodeId, epoch]) => ({ nodeId, epoch })),
    };
  }

  #ago(timestampMs: number): number | undefined {
    return timestampMs < 0 ? undefined : Math.max(0, this.#ports.clock.nowMs() - timestampMs);
  }

  async #askMetadata(quorum: QuorumReport | undefined): Promise<MetadataSample | undefined> {
    await this.#learnControllers();
    // While there is no leader, those who were behind when there was one are behind still.
    this.#lastQuorum = quorum ?? this.#lastQuorum;
    for (const node of this.#brokersByFreshness(this.#lastQuorum)) {
      const cluster = await node.ask(fencedClusterCall, {
        includeClusterAuthorizedOperations: false,
        includeFencedBrokers: true,
      });
      const metadata = cluster && (await node.ask(metadataCall, { topics: null }));
      if (cluster === undefined || metadata === undefined) continue;
      this.#learnBrokers(cluster, node);
      const { clusterId } = cluster;
      const brokers = cluster.brokers.slice(0, nodeRowsMax);
      this.#brokers = new Map(brokers.flatMap((broker) => this.#nodeOf(broker)));
      const from = node.target.machine;
      const partitions = partitionsOf(metadata);
      return { from, clusterId, brokers, partitions, topics: metadata.topics.length };
    }
    return undefined;
  }

  #nodeOf({ brokerId, host, port }: AdvertisedBroker): readonly (readonly [number, WatchedNode])[] {
    const machine = this.#isMachine(host) ? host : this.machineOf(brokerId);
    const node = this.#nodes.get(`${machine}:${port}`);
    return node === undefined ? [] : [[brokerId, node]];
  }

  /** Leaders that answer late are not waited for: what is written there is in the next sample. */
  async #askOffsets(): Promise<ReadonlyMap<string, number>> {
    const offsets = new Map<string, number>();
    const byLeader = groupedBy(this.#asksOffsetsOf, ({ leader }) => leader);
    const questions = [...byLeader].map(async ([leader, partitions]) => {
      const node = this.#brokers.get(leader);
      if (node?.isAnswering) await askOffsets(node, partitions, offsets);
    });
    await this.#within(Promise.all(questions), patienceMs);
    return new Map(offsets);
  }

  /** A broker that is behind in the metadata log, such as one that is cut off, tells old news: it is asked last. */
  #brokersByFreshness(quorum: QuorumReport | undefined): readonly WatchedNode[] {
    const replicas = [...(quorum?.voters ?? []), ...(quorum?.observers ?? [])];
    const lagOf = ({ target }: WatchedNode): number => {
      const own = replicas.filter(({ machine }) => machine === target.machine);
      const isLeader = own.some(({ nodeId }) => nodeId === quorum?.leaderId);
      if (isLeader) return -1;
      return Math.min(...own.map(({ lag }) => lag ?? unknownLag), unknownLag);
    };
    return [...this.#nodes.values()]
      .filter(({ kind, isAnswering }) => kind === 'broker' && isAnswering)
      .toSorted((a, b) => lagOf(a) - lagOf(b));
  }

  /** Controllers name themselves to who asks at their listener (KIP-919). */
  async #learnControllers(): Promise<void> {
    const node = [...this.#nodes.values()].find(
      ({ kind, isAnswering }) => kind === 'controller' && isAnswering,
    );
    const answer = await node?.ask(fencedClusterCall, {
      includeClusterAuthorizedOperations: false,
      endpointType: controllerEndpoints,
    });
    if (node !== undefined && answer?.errorCode === 0) this.#learnBrokers(answer, node);
  }

  #learnBrokers({ brokers }: MessageOf<typeof describeClusterResponse>, node: WatchedNode): void {
    for (const { brokerId, host } of brokers) {
      const isAlone = brokers.length === 1 && !this.#isMachine(host);
      if (isAlone) this.#machines.set(brokerId, node.target.machine);
      else if (this.#isMachine(host)) this.#machines.set(brokerId, host);
    }
  }

  #isMachine(host: string): boolean {
    return [...this.#nodes.values()].some(({ target }) => target.machine === host);
  }

  #within(work: Promise<unknown>, limitMs: number): Promise<unknown> {
    const enough = new AbortController();
    const late = sleep(this.#ports.scheduler, limitMs, enough.signal);
    return Promise.race([work.finally(() => enough.abort()), late]);
  }
}

const unknownLag = Number.MAX_SAFE_INTEGER;

function partitionsOf({ topics }: MetadataResponse): readonly PartitionReport[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map((each) => ({
      topic: name ?? '',
      partition: each.partitionIndex,
      leader: each.leaderId,
      leaderEpoch: each.leaderEpoch,
      replicas: each.replicaNodes,
      isr: each.isrNodes,
      offlineReplicas: each.offlineReplicas,
    })),
  );
}
