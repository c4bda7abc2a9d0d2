import type { ProcessInfo } from '../base/program.ts';

/** A process that would be a JVM in Kafka. */
export interface JavaProcess {
  readonly pid: number;
  /** As `jps` calls it. */
  readonly shortName: string;
  /** As `jps -l` does. */
  readonly fullName: string;
  readonly args: readonly string[];
}

const mainClasses: Readonly<Record<string, string>> = {
  'kafka-server-start.sh': 'kafka.Kafka',
  'kafka-storage.sh': 'kafka.tools.StorageTool',
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
  'kafka-console-producer.sh': 'kafka.tools.ConsoleProducer',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-producer-perf-test.sh': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-consumer-perf-test.sh': 'org.apache.kafka.tools.ConsumerPerformance',
  'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-get-offsets.sh': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-delete-records.sh': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-log-dirs.sh': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-cluster.sh': 'org.apache.kafka.tools.ClusterTool',
  'kafka-metadata-quorum.sh': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-metadata-shell.sh': 'org.apache.kafka.shell.MetadataShell',
  'kafka-leader-election.sh': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-reassign-partitions.sh': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-features.sh': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-dump-log.sh': 'kafka.tools.DumpLogSegments',
  'kafka-broker-api-versions.sh': 'kafka.admin.BrokerApiVersionsCommand',
  jps: 'jdk.jcmd/sun.tools.jps.Jps',
};

/** Those of the machine's processes that run one of Kafka's programs, by pid. */
export function javaProcesses(processes: readonly ProcessInfo[]): readonly JavaProcess[] {
  return processes.flatMap(toJavaProcess).toSorted((a, b) => a.pid - b.pid);
}

/** The script is the command itself, or what its interpreter was given. */
function toJavaProcess({ pid, command }: ProcessInfo): JavaProcess[] {
  const at = command.slice(0, 4).findIndex((word) => mainClasses[baseName(word)] !== undefined);
  const isScript = at === 0 || (0 < at && /(^|\/)(node|bun|deno)$/.test(command[0] ?? ''));
  const fullName = mainClasses[baseName(command[at] ?? '')];
  if (!isScript || fullName === undefined) return [];
  const args = command.slice(at + 1);
  // What only starts another process in the background is no JVM.
  if (fullName === 'kafka.Kafka' && args[0] === '-daemon') return [];
  const shortName = fullName.slice(fullName.lastIndexOf('.') + 1);
  return [{ pid, shortName, fullName, args }];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
