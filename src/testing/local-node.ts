import { NodeChannel } from '../broker/channel/node-channel.ts';
import type { ClientPorts } from '../client/client-ports.ts';
import { nodeClock } from '../host/node/node-clock.ts';
import { NodeNetwork } from '../host/node/node-network.ts';
import { NodeRandom } from '../host/node/node-random.ts';
import { nodeScheduler } from '../host/node/node-scheduler.ts';

/** The ports of a client of ours in this process. */
export function localClientPorts(): ClientPorts {
  return {
    network: new NodeNetwork(),
    clock: nodeClock,
    scheduler: nodeScheduler,
    random: new NodeRandom(),
  };
}

/** Single requests to one node on this machine, whoever it is. */
export function channelTo(port: number, clientId: string, requestTimeoutMs: number): NodeChannel {
  const address = () => ({ host: 'localhost', port });
  return new NodeChannel(localClientPorts(), { address, clientId, requestTimeoutMs });
}
