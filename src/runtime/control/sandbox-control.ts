import type { ExchangeDetail, FrameFilter, FrameList } from '../inspector/inspector-calls.ts';
import type { KafkaServer } from '../kafka-servers.ts';
import type { ClusterReport, PartitionView } from '../watcher/cluster-report.ts';

/** What somebody who stands beside the machines sees and can do. */
export interface SandboxControl {
  machines(): Promise<readonly MachineState[]>;
  /** Ends the machine's Kafka servers at once (SIGKILL); answers their pids. */
  kill(machine: string): Promise<readonly number[]>;
  /** Asks them to shut down (SIGTERM); answers their pids. */
  stop(machine: string): Promise<readonly number[]>;
  /** Starts what ran there last, with the configuration that it had; answers what runs now. */
  start(machine: string): Promise<readonly KafkaServer[]>;
  /** Reads the cluster over its protocol until it is disposed. */
  watchCluster(listener: ClusterListener): ClusterWatch;
  /** Keeps copies of what passes between processes until it is disposed. */
  inspectFrames(onList: (list: FrameList) => void): FrameInspection;
}

export interface FrameInspection {
  setFilter(filter: FrameFilter): void;
  /** Undefined when it is not kept any more. */
  detail(id: number): Promise<ExchangeDetail | undefined>;
  clear(): void;
  /** While it is paused no process copies anything. */
  setPaused(isPaused: boolean): void;
  dispose(): void;
}

export interface MachineState {
  readonly name: string;
  /** What `jps` calls Kafka. */
  readonly servers: readonly KafkaServer[];
  /** The configuration files of servers that have ended and can be started again. */
  readonly ended: readonly string[];
}

export interface ClusterListener {
  onReport(report: ClusterReport): void;
  /** Processes of the machines, twice a second. */
  onMachines(machines: readonly MachineState[]): void;
}

export interface ClusterWatch {
  setView(view: PartitionView): void;
  /** While nobody looks nothing is asked. */
  setPaused(isPaused: boolean): void;
  dispose(): void;
}
