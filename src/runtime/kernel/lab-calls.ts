import type { ProcessInfo } from '../../base/program.ts';
import type { Handlers } from '../rpc.ts';
import type { LabState, LinkRequest, SystemCalls } from '../system-calls.ts';
import type { KernelServices } from './kernel-services.ts';
import { spawnDetached } from './process-calls.ts';

type Calls = Pick<SystemCalls, 'labState' | 'labSignal' | 'labRestart' | 'labLink'>;

/** What somebody who stands beside the machines can do: pull plugs and cables, and put them back. */
export function labCalls(kernel: KernelServices): Handlers<Calls> {
  const { processes } = kernel;
  return {
    labState: () => labState(kernel),
    labSignal: ({ machine, pid, signal }) =>
      processes.kill(kernel.machine(machine).name, pid, signal),
    labRestart: ({ machine }) => restart(kernel, machine),
    labLink: (request) => setLink(kernel, request),
  };
}

/** Starts what last ran in the background on a machine; what still runs is left alone. */
export function restart(kernel: KernelServices, machine: string): readonly ProcessInfo[] {
  const { daemons, processes } = kernel;
  const ended = daemons.of(machine).filter(({ pid }) => processes.get(pid) === undefined);
  return ended.map(({ request }) => spawnDetached(kernel, kernel.machine(machine), request));
}

/** Throws ProcessError for a machine that there is not. */
export function setLink(kernel: KernelServices, request: LinkRequest): void {
  const [from, to] = [kernel.machine(request.from).name, kernel.machine(request.to).name];
  kernel.switchboard.setLink({ ...request, from, to });
}

export function labState({ machines, processes, switchboard, daemons }: KernelServices): LabState {
  const ended = (name: string) =>
    daemons.of(name).filter(({ pid }) => processes.get(pid) === undefined);
  return {
    machines: [...machines.keys()].map((name) => ({
      name,
      processes: processes.list(name),
      listening: switchboard.listeningOn(name),
      ended: ended(name).map(({ request }) => request.command),
    })),
    faults: switchboard.faults(),
  };
}
