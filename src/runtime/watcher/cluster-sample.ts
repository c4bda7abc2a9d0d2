import type { DescribeClusterResponse } from '../../protocol/schemas/60-describe-cluster.ts';
import type { PartitionReport, QuorumReport } from './cluster-report.ts';

/** What one round of questions has found. */
export interface ClusterSample {
  readonly atMs: number;
  /** For durations. */
  readonly monotonicMs: number;
  /** Whether any node of the cluster has answered. */
  readonly isAnswered: boolean;
  readonly quorum: QuorumReport | undefined;
  /** Undefined when the round asked for the quorum alone, or no broker answered. */
  readonly metadata: MetadataSample | undefined;
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
