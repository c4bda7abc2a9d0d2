import { describeNetwork } from '../../testing/conformance/network.ts';
import { nodeScheduler } from '../node/node-scheduler.ts';
import { VirtualNetwork } from './virtual-network.ts';

describeNetwork('Virtual', () => {
  const network = new VirtualNetwork(nodeScheduler);
  return {
    server: network.host('worker1'),
    client: network.host('worker2'),
    serverHost: 'worker1',
  };
});
