import type { ProcessInfo } from '../base/program.ts';
import { javaProcesses } from '../cli/java-processes.ts';

export interface KafkaServer {
  readonly pid: number;
  /** The configuration file that it was started with. */
  readonly config: string;
}

/** What `jps` calls Kafka. */
export function kafkaServersIn(processes: readonly ProcessInfo[]): readonly KafkaServer[] {
  return javaProcesses(processes)
    .filter(({ fullName }) => fullName === 'kafka.Kafka')
    .map(({ pid, args }) => ({ pid, config: args[0] ?? '' }));
}
