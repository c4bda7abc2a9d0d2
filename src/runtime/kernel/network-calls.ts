import { NetworkError } from '../../base/network.ts';
import { type Handlers, Transferred } from '../rpc.ts';
import type { OpenConnection, SystemCalls } from '../system-calls.ts';
import type { KernelProcess } from './kernel-process.ts';
import type { KernelServices } from './kernel-services.ts';

type Calls = Pick<
  SystemCalls,
  | 'listen'
  | 'closeListener'
  | 'connect'
  | 'cancelConnect'
  | 'connectionClosed'
  | 'resolveHost'
  | 'checkReachable'
>;

/** System calls on the network. */
export function networkCalls(kernel: KernelServices, process: KernelProcess): Handlers<Calls> {
  const { switchboard } = kernel;
  return {
    listen: ({ listener, address }) => switchboard.listen(process, listener, address),
    closeListener: ({ listener }) => switchboard.closeListener(process, listener),
    async connect({ attempt, address }) {
      const { opened, cancel } = switchboard.connect(process, address);
      process.attempts.set(attempt, cancel);
      try {
        return movedConnection(await opened);
      } finally {
        process.attempts.delete(attempt);
      }
    },
    cancelConnect: ({ attempt }) => process.attempts.get(attempt)?.(),
    connectionClosed: ({ connection }) => switchboard.closed(process, connection),
    resolveHost: ({ host }) => switchboard.resolve(process.machine, host),
    checkReachable({ machine }) {
      if (!kernel.machines.has(machine)) {
        throw new NetworkError('ENOTFOUND', `${machine}: Name or service not known`);
      }
      if (!switchboard.isPassable(process.machine, machine)) {
        throw new NetworkError('EHOSTUNREACH', `${machine}: No route to host`);
      }
    },
  };
}

export function movedConnection(opened: OpenConnection): Transferred<OpenConnection> {
  return new Transferred(opened, [opened.port]);
}
