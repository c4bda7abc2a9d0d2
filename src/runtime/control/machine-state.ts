import { javaProcesses } from '../../cli/java-processes.ts';
import type { LabMachine } from '../system-calls.ts';
import type { KafkaServer, MachineState } from './sandbox-control.ts';

/** The Kafka servers of a machine, those that run and those that have. */
export function toMachineState({ name, processes, ended }: LabMachine): MachineState {
  return {
    name,
    servers: serversIn(processes),
    ended: serversIn(
      ended.map((command) => ({ pid: 0, parentPid: 0, command, startedAtMs: 0 })),
    ).map(({ config }) => config),
  };
}

function serversIn(processes: LabMachine['processes']): readonly KafkaServer[] {
  return javaProcesses(processes)
    .filter(({ shortName }) => shortName === 'Kafka')
    .map(({ pid, args }) => ({ pid, config: args[0] ?? '' }));
}
