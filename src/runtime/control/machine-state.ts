import { kafkaServersIn } from '../kafka-servers.ts';
import type { LabMachine } from '../system-calls.ts';
import type { MachineState } from './sandbox-control.ts';

/** The Kafka servers of a machine, those that run and those that have. */
export function toMachineState({ name, processes, ended }: LabMachine): MachineState {
  const former = ended.map((command) => ({ pid: 0, parentPid: 0, command, startedAtMs: 0 }));
  return {
    name,
    servers: kafkaServersIn(processes),
    ended: kafkaServersIn(former).map(({ config }) => config),
  };
}
