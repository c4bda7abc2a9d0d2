import { expect, test } from 'vitest';
import { openChannel } from '../port.ts';
import type { LinkState, OpenConnection } from '../system-calls.ts';
import type { Endpoint } from './endpoint.ts';
import { Switchboard } from './switchboard.ts';

class Process implements Endpoint {
  readonly accepted: OpenConnection[] = [];
  readonly resets: number[] = [];
  readonly links: LinkState[] = [];
  readonly machine: string;
  constructor(machine: string) {
    this.machine = machine;
  }
  accept(_listener: number, opened: OpenConnection): void {
    this.accepted.push(opened);
  }
  reset(connection: number): void {
    this.resets.push(connection);
  }
  linkChanged(_connection: number, link: LinkState): void {
    this.links.push(link);
  }
}

function network() {
  const board = new Switchboard(['worker1', 'worker2', 'worker3'], () => {
    const [near, far] = openChannel();
    near.close();
    return [near, far];
  });
  const server = new Process('worker2');
  board.listen(server, 1, { host: '', port: 9_092 });
  return { board, server, client: new Process('worker1') };
}
const address = { host: 'worker2', port: 9_092 };

test('both ends know the other’s address', async () => {
  const { board, server, client } = network();
  const opened = await board.connect(client, address).opened;
  expect(opened.remote).toEqual({ host: '10.0.0.12', port: 9_092 });
  expect(server.accepted[0]?.remote).toEqual({ host: '10.0.0.11', port: opened.local.port });
});

test('a port on loopback is not there for other machines', async () => {
  const { board, client } = network();
  board.listen(new Process('worker2'), 2, { host: 'localhost', port: 5_000 });
  const remote = board.connect(client, { host: 'worker2', port: 5_000 }).opened;
  await expect(remote).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const own = board.connect(new Process('worker2'), { host: '127.0.0.1', port: 5_000 }).opened;
  await expect(own).resolves.toMatchObject({ remote: { port: 5_000 } });
});

test('ports are taken by machine, below 1024 by nobody, and only on own addresses', () => {
  const { board } = network();
  const listen = (machine: string, host: string, port: number) => () =>
    board.listen(new Process(machine), 9, { host, port });
  expect(listen('worker2', 'localhost', 9_092)).toThrow('Address already in use');
  expect(listen('worker3', '', 9_092)).not.toThrow();
  expect(listen('worker1', '', 80)).toThrow('Permission denied');
  expect(listen('worker1', 'worker2', 7_000)).toThrow('Cannot assign requested address');
});

test('a connect over a cut link waits, may be cancelled, and is made when the link is whole', async () => {
  const { board, client } = network();
  board.setLink({ from: 'worker2', to: 'worker1', change: { isCut: true }, both: true });
  const cancelled = board.connect(client, address);
  const patient = board.connect(client, address);
  cancelled.cancel();
  await expect(cancelled.opened).rejects.toMatchObject({ code: 'ABORTED' });
  board.heal();
  await expect(patient.opened).resolves.toMatchObject({ link: { isCut: false, delayMs: 0 } });
});

test('the survivor hears of a dead peer, over a cut link only when that is healed', async () => {
  const { board, server, client } = network();
  const { connection } = await board.connect(client, address).opened;
  board.setLink({ from: 'worker1', to: 'worker2', change: { isCut: true }, both: true });
  board.endpointGone(server);
  expect(client.resets).toEqual([]);
  board.heal();
  expect(client.resets).toEqual([connection]);
  await expect(board.connect(client, address).opened).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('a link that is cut one way holds what its sender sends, and every new connection', async () => {
  const { board, server, client } = network();
  const { connection } = await board.connect(client, address).opened;
  board.setLink({ from: 'worker1', to: 'worker2', change: { isCut: true }, both: false });
  expect([client.links.at(-1)?.isCut, server.links.at(-1)?.isCut]).toEqual([true, false]);
  expect(board.isPassable('worker2', 'worker1')).toBe(false);
  board.endpointGone(server);
  expect(client.resets).toEqual([connection]);
});

test('what is cut or slow can be read, and is gone when it is whole again', () => {
  const { board } = network();
  let changes = 0;
  board.onLinksChanged = () => (changes += 1);
  board.setLink({ from: 'worker1', to: 'worker2', change: { isCut: true }, both: true });
  board.setLink({ from: 'worker2', to: 'worker3', change: { delayMs: 50 }, both: false });
  board.heal(({ from }) => from === 'worker1');
  expect(board.faults()).toEqual([
    { from: 'worker2', to: 'worker1', isCut: true, delayMs: 0 },
    { from: 'worker2', to: 'worker3', isCut: false, delayMs: 50 },
  ]);
  board.setLink({ from: 'worker2', to: 'worker3', change: { delayMs: 0 }, both: false });
  board.heal();
  expect([board.faults(), changes]).toEqual([[], 5]);
});

test('the observer reaches every machine, whatever is cut, and is seen by its address', async () => {
  const { board, server } = network();
  board.setLink({ from: 'worker2', to: 'worker1', change: { isCut: true }, both: true });
  await board.connect(new Process('observer'), address).opened;
  expect(server.accepted[0]?.remote.host).toBe('10.0.0.10');
  await expect(board.connect(server, { host: 'observer', port: 1 }).opened).rejects.toMatchObject({
    code: 'ENOTFOUND',
  });
});
