import { expect, test } from 'vitest';
import { staticVoter, type VoterSet } from '../raft/voter-set.ts';
import { VoterAddresses } from './voter-addresses.ts';

const config = {
  voters: [{ nodeId: 1, host: 'proxy', port: 19093 }],
  controllerListenerNames: ['CONTROLLER'],
  bootstrapServers: [{ host: 'seed', port: 9093 }],
};
const dynamic = { ...config, voters: [] };
const heard = { host: 'worker1', port: 9093 };

function loggedVoter(id: number, port: number): VoterSet {
  return [{ ...staticVoter(id), endpoints: [{ name: 'CONTROLLER', host: `worker${id}`, port }] }];
}

test('the way to a voter that is configured stays, whatever a leader says of itself', () => {
  const addresses = new VoterAddresses(config, () => [staticVoter(1)]);
  addresses.learnFrom({ id: 1, epoch: 3 }, [{ name: 'CONTROLLER', ...heard }]);
  expect(addresses.addressOf(1)).toMatchObject({ host: 'proxy', port: 19093 });
});

test('a leader that is not configured is found where others say it is', () => {
  const addresses = new VoterAddresses(dynamic, () => []);
  expect(addresses.addressOf(2)).toBeUndefined();
  addresses.learn({ id: 2, epoch: 1 }, heard);
  expect(addresses.addressOf(2)).toEqual(heard);
});

test('a leader is where it says, until the log says something new of it', () => {
  let voters = loggedVoter(1, 9093);
  const addresses = new VoterAddresses(dynamic, () => voters);
  addresses.learnFrom({ id: 1, epoch: 3 }, [{ name: 'CONTROLLER', host: 'worker1', port: 9193 }]);
  expect(addresses.addressOf(1)).toMatchObject({ port: 9193 });
  voters = loggedVoter(1, 9293);
  expect(addresses.addressOf(1)).toMatchObject({ port: 9293 });
});

test('where the leader of an earlier epoch was is no news', () => {
  const addresses = new VoterAddresses(dynamic, () => loggedVoter(1, 9093));
  addresses.learn({ id: 2, epoch: 4 }, { host: 'worker2', port: 9093 });
  addresses.learn({ id: 1, epoch: 3 }, { host: 'worker1', port: 9193 });
  expect(addresses.addressOf(1)).toMatchObject({ port: 9093 });
});

test('bootstrap servers have ids below zero', () => {
  expect(new VoterAddresses(dynamic, () => []).addressOf(-2)).toEqual({ host: 'seed', port: 9093 });
});
