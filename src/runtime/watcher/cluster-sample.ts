import type { DescribeClusterResponse } from '../../protocol/schemas/60-describe-cluster.ts';
import type { PartitionReport, QuorumReport } from './cluster-report.ts';

/** What one round of questions has found. */
export interface ClusterSample {
  /** When the leader answered or, where none did, when no answer was waited for any more. */
  readonly atMs: number;
  /** The same moment, for durations. */
  readonly monotonicMs: number;
  /** When the connection broke to who had last answered as the leader: the end of its process, in this clock. */
  readonly leaderGoneAtMs: number | undefined;
  /** Whether any node of the cluster has answered. */
  readonly isAnswered: boolean;
  readonly quorum: QuorumReport | undefined;
  /** Undefined when the round asked for the quorum alone, or no broker answered. */
  readonly metadata: MetadataSample | undefined;
  /** High watermarks, by partition as `topic-0`, of those whose leader has answered. */
  readonly offsets: ReadonlyMap<string, number>;
}

export interface MetadataSample {
  /** The machine whose broker has answered. */
  readonly from: string;
  readonly clusterId: string;
  readonly brokers: readonly DescribedBroker[];
  readonly partitions: readonly PartitionReport[];
  readonly topics: number;
}

export type DescribedBroker = Pick<
  DescribeClusterResponse['brokers'][number],
  'brokerId' | 'host' | 'port' | 'rack' | 'isFenced'
>;
