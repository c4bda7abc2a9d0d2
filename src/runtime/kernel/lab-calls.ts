import type { Handlers } from '../rpc.ts';
import type { LabState, SystemCalls } from '../system-calls.ts';
import type { KernelServices } from './kernel-services.ts';
import { spawnDetached } from './process-calls.ts';

type Calls = Pick<SystemCalls, 'labState' | 'labSignal' | 'labRestart' | 'labLink'>;

/** What somebody who stands beside the machines can do: pull plugs and cables, and put them back. */
export function labCalls(kernel: KernelServices): Handlers<Calls> {
  const { processes, switchboard, daemons } = kernel;
  return {
    labState: () => labState(kernel),
    labSignal: ({ machine, pid, signal }) =>
      processes.kill(kernel.machine(machine).name, pid, signal),
    labRestart({ machine }) {
      const ended = daemons.of(machine).filter(({ pid }) => processes.get(pid) === undefined);
      return ended.map(({ request }) => spawnDetached(kernel, kernel.machine(machine), request));
    },
    labLink({ a, b, change }) {
      switchboard.setLink(kernel.machine(a).name, kernel.machine(b).name, change);
    },
  };
}

function labState({ machines, processes, switchboard }: KernelServices): LabState {
  const names = [...machines.keys()];
  const pairs = names.flatMap((a, at) => names.slice(at + 1).map((b) => ({ a, b })));
  const links = pairs.map(({ a, b }) => ({ a, b, link: switchboard.linkBetween(a, b) }));
  return {
    machines: names.map((name) => ({ name, processes: processes.list(name) })),
    links: links.filter(({ link }) => link.isCut || 0 < link.delayMs),
  };
}
