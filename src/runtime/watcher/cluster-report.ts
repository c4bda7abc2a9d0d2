/** What the cluster's watcher tells the page: plain data, bounded, all of it read over the wire protocol. */
export interface ClusterReport {
  /** Wall-clock time of the sample. */
  readonly atMs: number;
  readonly nodes: readonly NodeReport[];
  readonly clusterId: string | undefined;
  /** What the leader says of the quorum; undefined while no node answers as leader. */
  readonly quorum: QuorumReport | undefined;
  readonly brokers: readonly BrokerReport[];
  /** Undefined before the first broker has answered. */
  readonly partitions: PartitionsReport | undefined;
  /** No broker answers: brokers and partitions are those that were seen last. */
  readonly isMetadataStale: boolean;
  readonly writes: WritesReport | undefined;
  /** What has changed since the report before. */
  readonly events: readonly ClusterEvent[];
}

/** A socket that something listens on, and what it turned out to be. */
export interface NodeReport {
  readonly machine: string;
  readonly port: number;
  /** Unknown before it has answered once. */
  readonly kind: NodeKind | undefined;
  readonly isAnswering: boolean;
}

export type NodeKind = 'controller' | 'broker' | 'other';

export interface QuorumReport {
  readonly leaderId: number;
  readonly epoch: number;
  readonly highWatermark: number;
  readonly voters: readonly ReplicaReport[];
  readonly observers: readonly ReplicaReport[];
  /** Others that still take themselves for the leader, of an older epoch. */
  readonly rivals: readonly { readonly nodeId: number; readonly epoch: number }[];
}

export interface ReplicaReport {
  readonly nodeId: number;
  /** Where it runs, as far as the answers tell. */
  readonly machine: string | undefined;
  /** -1: the leader does not know. */
  readonly logEndOffset: number;
  readonly lag: number | undefined;
  readonly lastFetchAgoMs: number | undefined;
  readonly caughtUpAgoMs: number | undefined;
}

export interface BrokerReport {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly machine: string | undefined;
  /** `missing`: it was there, and the cluster does not name it any more. */
  readonly state: 'active' | 'fenced' | 'missing';
}

export interface PartitionsReport {
  /** Which broker's view this is. */
  readonly from: string;
  readonly topics: number;
  readonly partitions: number;
  readonly underReplicated: number;
  readonly offline: number;
  /** How many the view's filter lets through. */
  readonly matching: number;
  /** The first row's number, from 0. */
  readonly first: number;
  readonly rows: readonly PartitionReport[];
}

export interface PartitionReport {
  readonly topic: string;
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
}

/** How fast the high watermarks grow, together; of how many partitions. */
export interface WritesReport {
  readonly recordsPerSecond: number;
  readonly partitions: number;
}

/** Which partitions the page wants to see. */
export interface PartitionView {
  /** A part of the topic's name; '' is every topic. */
  readonly filter: string;
  readonly onlyProblems: boolean;
  readonly first: number;
}

export const partitionRowsMax = 50;
/** Of so many partitions the high watermark is asked for. */
export const askedPartitionsMax = 200;
/** Of voters, observers and brokers no more are told. */
export const nodeRowsMax = 100;

/** Several partitions at once; `example` is one of them, as `topic-0`. */
export interface PartitionChange {
  readonly partitions: number;
  readonly example: string;
}

export type ClusterChange =
  | { readonly kind: 'leader-lost'; readonly nodeId: number; readonly epoch: number }
  /**
   * `afterMs`: from the moment at which the leader's connection broke (or it first did not answer as such) to the
   * answer of the new one; undefined for the first that was seen, or when one followed the other at once.
   */
  | {
      readonly kind: 'leader-elected';
      readonly nodeId: number;
      readonly epoch: number;
      readonly afterMs: number | undefined;
    }
  | { readonly kind: 'rival-leader'; readonly nodeId: number; readonly epoch: number }
  | { readonly kind: 'voters-changed'; readonly voters: readonly number[] }
  | { readonly kind: 'broker-registered'; readonly nodeId: number }
  | { readonly kind: 'broker-fenced'; readonly nodeId: number }
  | {
      readonly kind: 'broker-unfenced';
      readonly nodeId: number;
      readonly afterMs: number | undefined;
    }
  | ({ readonly kind: 'isr-shrunk' | 'isr-grown'; readonly nodeId: number } & PartitionChange)
  | ({
      readonly kind: 'leaders-moved';
      readonly from: number;
      readonly to: number;
    } & PartitionChange)
  | ({ readonly kind: 'partitions-offline' } & PartitionChange)
  | ({ readonly kind: 'partitions-online'; readonly afterMs: number } & PartitionChange)
  /** `afterMs`: the longest time that one of them was not written. */
  | ({ readonly kind: 'writes-go-on'; readonly afterMs: number } & PartitionChange)
  | { readonly kind: 'nobody-answers' }
  | { readonly kind: 'answers-again'; readonly afterMs: number };

export type ClusterEvent = ClusterChange & {
  /** Wall-clock time. */
  readonly atMs: number;
};

/** What the page tells the watcher: where something listens, what it wants to see, whether anybody looks. */
export interface WatcherOrder {
  readonly targets?: readonly WatchTarget[];
  readonly view?: PartitionView;
  readonly isPaused?: boolean;
}

export interface WatchTarget {
  readonly machine: string;
  readonly port: number;
}
