import type { ConsumerFigures, ProducerFigures } from './perf-tools.ts';

/** Everything that one `npm run bench` measured. What could not be measured is absent. */
export interface BenchResults {
  readonly machine: Machine;
  /** Records of 1 KiB in each run of the comparison. */
  readonly records: number;
  readonly brokers: readonly BrokerFigures[];
  readonly clusters: readonly ClusterFigures[];
  readonly manyPartitions: readonly ManyPartitionsFigures[];
  readonly tools: readonly ToolFigures[];
  readonly scaling: readonly ScalingFigures[];
  readonly tab: TabFigures | { readonly skipped: string };
}

export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
}

/** One broker under the unmodified Java perf tools (ours where there is no Java). */
export interface BrokerFigures {
  readonly broker: string;
  readonly tool: string;
  readonly startMs: number;
  readonly runs: readonly { readonly acks: string; readonly figures: ProducerFigures }[];
  readonly consume: ConsumerFigures;
  readonly residentBytes: number;
  readonly peakBytes: number;
  /** CPU time of the broker for all runs together. */
  readonly cpuSeconds: number;
}

/** One perf tool against our broker. */
export interface ToolFigures {
  readonly tool: string;
  readonly produce: ProducerFigures;
  readonly consume: ConsumerFigures;
}

export interface ScalingFigures {
  readonly broker: string;
  readonly partitions: number;
  readonly recordBytes: number;
  readonly figures: ProducerFigures;
}

export interface TabFigures {
  readonly browser: string;
  /** From *Start lab* to a prompt. */
  readonly promptMs: number;
  /** From `kafka-server-start.sh` to "started". */
  readonly startMs: number;
  readonly produce: ProducerFigures;
  readonly longestTaskMs: number;
  /** Three nodes in the tab, three replicas, acks=all. */
  readonly cluster: ProducerFigures;
}

/** Three combined nodes under one producer with acks=all and three replicas. */
export interface ClusterFigures {
  readonly cluster: string;
  readonly tool: string;
  readonly partitions: number;
  /** Records a second of each measured run, in their order. */
  readonly runs: readonly number[];
  /** The run in the middle. */
  readonly produce: ProducerFigures;
  /** Of all three processes together, after the runs. */
  readonly residentBytes: number;
  /** Of all three processes together, for one run. */
  readonly cpuSeconds: number;
}

/** Three combined nodes with many partitions of three replicas. */
export interface ManyPartitionsFigures {
  readonly cluster: string;
  readonly partitions: number;
  /** Until the last CreateTopics was answered. */
  readonly createMs: number;
  /** Until every node knew of every partition that all its replicas are in sync. */
  readonly inSyncMs: number;
  /** From SIGKILL of the active controller to the next one that says that it leads. */
  readonly failoverMs: number;
  /** From SIGKILL of the active controller to the first topic that the next one has made. */
  readonly firstChangeMs: number;
  /** Of the largest process, before the kill. */
  readonly residentBytesMax: number;
}
