import { expect, test } from 'vitest';
import type { VoterSet } from '../raft/voter-set.ts';
import { VoterAddresses } from './voter-addresses.ts';

const config = {
  voters: [{ nodeId: 1, host: 'proxy', port: 19093 }],
  controllerListenerNames: ['CONTROLLER'],
  bootstrapServers: [{ host: 'seed', port: 9093 }],
};
const heard = { host: 'worker1', port: 9093 };

function addressesWith(voters: VoterSet): VoterAddresses {
  return new VoterAddresses(config, () => voters);
}

test('the way to a voter that is configured stays, whatever a leader says of itself', () => {
  const addresses = addressesWith([]);
  addresses.learnFrom(1, [{ name: 'CONTROLLER', ...heard }]);
  expect(addresses.addressOf(1)).toMatchObject({ host: 'proxy', port: 19093 });
});

test('a leader that is not configured is found where others say it is', () => {
  const addresses = addressesWith([]);
  expect(addresses.addressOf(2)).toBeUndefined();
  addresses.learn(2, heard);
  expect(addresses.addressOf(2)).toEqual(heard);
});

test('bootstrap servers have ids below zero', () => {
  expect(addressesWith([]).addressOf(-2)).toEqual({ host: 'seed', port: 9093 });
});
