import { expect, test } from 'vitest';
import type { Connection, NetworkError } from '../../base/network.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualNetwork } from './virtual-network.ts';
import { VirtualScheduler } from './virtual-scheduler.ts';

const bytes = (value: string) => new TextEncoder().encode(value);

interface End {
  readonly connection: Connection;
  text: string;
  events: string[];
}

function follow(connection: Connection): End {
  const end: End = { connection, text: '', events: [] };
  connection.start({
    onData: (chunk) => {
      end.text += new TextDecoder().decode(chunk);
    },
    onDrain: () => end.events.push('drain'),
    onEnd: () => end.events.push('end'),
    onClose: (error) => end.events.push(`close ${error?.code ?? 'cleanly'}`),
  });
  return end;
}

function start() {
  const scheduler = new VirtualScheduler(new VirtualClock());
  const network = new VirtualNetwork(scheduler);
  const worker1 = network.host('worker1');
  const worker2 = network.host('worker2');
  const accepted: End[] = [];
  const connect = async () => {
    const listening = worker1.listen({ host: '', port: 9092 }, (c) => accepted.push(follow(c)));
    await scheduler.runUntil(listening);
    const client = follow(
      await scheduler.runUntil(worker2.connect({ host: 'worker1', port: 9092 })),
    );
    return { client, server: accepted[0] as End };
  };
  return { scheduler, network, worker1, worker2, connect };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'connected',
    (error: NetworkError) => error.code,
  );

test('bytes go both ways, in order', async () => {
  const { scheduler, connect } = start();
  const { client, server } = await connect();
  client.connection.write([bytes('hello '), bytes('server')]);
  server.connection.write([bytes('hello client')]);
  await scheduler.settle();
  expect([server.text, client.text]).toEqual(['hello server', 'hello client']);
  expect(server.connection.remote).toEqual(client.connection.local);
});

test('connecting to nobody is refused, to an unknown name not found, and a taken port is in use', async () => {
  const { scheduler, worker1, worker2 } = start();
  const codes = [
    worker2.connect({ host: 'worker1', port: 1 }),
    worker2.connect({ host: 'nowhere', port: 1 }),
    worker1.listen({ host: 'worker1', port: 5 }, () => {}),
    worker1.listen({ host: '0.0.0.0', port: 5 }, () => {}),
    worker1.listen({ host: 'worker2', port: 6 }, () => {}),
  ].map(codeOf);
  expect(await scheduler.runUntil(Promise.all(codes))).toEqual([
    'ECONNREFUSED',
    'ENOTFOUND',
    'connected',
    'EADDRINUSE',
    'EADDRNOTAVAIL',
  ]);
});

test('localhost is the own machine, and port 0 picks a free one', async () => {
  const { scheduler, worker1, worker2 } = start();
  const listener = await scheduler.runUntil(
    worker1.listen({ host: 'localhost', port: 0 }, (c) => void follow(c)),
  );
  const port = listener.address.port;
  expect(port).toBeGreaterThan(0);
  const own = codeOf(worker1.connect({ host: '127.0.0.1', port }));
  const other = codeOf(worker2.connect({ host: 'localhost', port }));
  expect(await scheduler.runUntil(Promise.all([own, other]))).toEqual([
    'connected',
    'ECONNREFUSED',
  ]);
});

test('a paused reader pushes back on the writer until it resumes', async () => {
  const { scheduler, connect } = start();
  const { client, server } = await connect();
  server.connection.pause();
  expect(client.connection.write([new Uint8Array(60_000)])).toBe(true);
  expect(client.connection.write([new Uint8Array(60_000)])).toBe(false);
  await scheduler.settle();
  expect(client.connection.bufferedBytes).toBe(120_000);
  expect(client.events).toEqual([]);
  server.connection.resume();
  await scheduler.settle();
  expect(server.text.length).toBe(120_000);
  expect(client.events).toEqual(['drain']);
});

test('end half-closes; the last end closes both sides cleanly', async () => {
  const { scheduler, connect } = start();
  const { client, server } = await connect();
  client.connection.write([bytes('last words')]);
  client.connection.end();
  await scheduler.settle();
  expect(server).toMatchObject({ text: 'last words', events: ['end'] });
  server.connection.write([bytes('answer')]);
  server.connection.end();
  await scheduler.settle();
  expect(client).toMatchObject({ text: 'answer', events: ['end', 'close cleanly'] });
  expect(server.events).toEqual(['end', 'close cleanly']);
});

test('disposing one side resets the other', async () => {
  const { scheduler, connect } = start();
  const { client, server } = await connect();
  client.connection.dispose();
  client.connection.dispose();
  await scheduler.settle();
  expect(client.events).toEqual(['close cleanly']);
  expect(server.events).toEqual(['close ECONNRESET']);
});

test('a cut link holds bytes back and delivers them when it heals', async () => {
  const { scheduler, network, connect } = start();
  const { client, server } = await connect();
  network.cut('worker2', 'worker1');
  client.connection.write([bytes('are you there?')]);
  await scheduler.advance(60_000);
  expect(server.text).toBe('');
  network.heal();
  await scheduler.settle();
  expect(server.text).toBe('are you there?');
});

test('connecting over a cut link times out, or succeeds when it heals in time', async () => {
  const { scheduler, network, worker1, worker2 } = start();
  await scheduler.runUntil(worker1.listen({ host: '', port: 9 }, (c) => void follow(c)));
  network.cut('worker1', 'worker2');
  const hasty = codeOf(worker2.connect({ host: 'worker1', port: 9 }, { timeoutMs: 50 }));
  const patient = codeOf(worker2.connect({ host: 'worker1', port: 9 }));
  await scheduler.advance(100);
  network.heal();
  expect(await scheduler.runUntil(Promise.all([hasty, patient]))).toEqual([
    'ETIMEDOUT',
    'connected',
  ]);
});

test('a delayed link delivers late and in order', async () => {
  const { scheduler, network, connect } = start();
  const { client, server } = await connect();
  network.delay('worker1', 'worker2', 200);
  client.connection.write([bytes('a')]);
  await scheduler.advance(100);
  network.delay('worker1', 'worker2', 0);
  client.connection.write([bytes('b')]);
  await scheduler.advance(99);
  expect(server.text).toBe('');
  await scheduler.advance(1);
  expect(server.text).toBe('ab');
});

test('a crashed machine resets its connections and frees its ports', async () => {
  const { scheduler, network, connect, worker2 } = start();
  const { client } = await connect();
  network.crash('worker1');
  await scheduler.settle();
  expect(client.events).toEqual(['close ECONNRESET']);
  const again = codeOf(worker2.connect({ host: 'worker1', port: 9092 }));
  expect(await scheduler.runUntil(again)).toBe('ECONNREFUSED');
});

test('a link that is cut one way still carries the other way', async () => {
  const { scheduler, network, connect } = start();
  const { client, server } = await connect();
  network.cutOneWay('worker2', 'worker1');
  client.connection.write([bytes('held back')]);
  server.connection.write([bytes('through')]);
  await scheduler.advance(1000);
  expect([server.text, client.text]).toEqual(['', 'through']);
  network.heal();
  await scheduler.settle();
  expect(server.text).toBe('held back');
});

test('a reset breaks the connections between two machines, and new ones may be made', async () => {
  const { scheduler, network, connect, worker2 } = start();
  const { client, server } = await connect();
  network.reset('worker1', 'worker2');
  await scheduler.settle();
  expect([client.events, server.events]).toEqual([['close ECONNRESET'], ['close ECONNRESET']]);
  expect(await scheduler.runUntil(codeOf(worker2.connect({ host: 'worker1', port: 9092 })))).toBe(
    'connected',
  );
});

test('on a rough network bytes take longer and still come whole and in order', async () => {
  const { scheduler, network, connect } = start();
  const { client, server } = await connect();
  network.roughen(new SeededRandom(1), { jitterMs: 50, loss: 300 });
  for (const letter of 'abcdefghij') client.connection.write([bytes(letter)]);
  await scheduler.advance(10);
  expect(server.text.length).toBeLessThan(10);
  await scheduler.advance(1000);
  expect(server.text).toBe('abcdefghij');
});
