import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connection, ConnectionHandler, Network, NetworkError } from '../../base/network.ts';

export interface NetworkFixture {
  readonly server: Network;
  readonly client: Network;
  /** The name by which the client reaches the server. */
  readonly serverHost: string;
  dispose?(): Promise<void> | void;
}

/** What every implementation of the Network port does, as tests. */
export function describeNetwork(
  name: string,
  create: () => Promise<NetworkFixture> | NetworkFixture,
): void {
  describe(`${name} as a Network`, () => {
    let fixture: NetworkFixture;
    beforeEach(async () => {
      fixture = await create();
    });
    afterEach(() => fixture.dispose?.());

    describe('connecting', () => connectingSuite(() => fixture));
    describe('bytes', () => bytesSuite(() => fixture));
  });
}

function connectingSuite(fixture: () => NetworkFixture): void {
  test('port 0 takes a free port and says which', async () => {
    const { server } = fixture();
    const listener = await server.listen({ host: '', port: 0 }, () => {});
    expect(listener.address.port).toBeGreaterThan(0);
    listener.dispose();
  });

  test('a port is taken once, and free again after dispose', async () => {
    const { server } = fixture();
    const listener = await server.listen({ host: '', port: 0 }, () => {});
    const { port } = listener.address;
    const code = await server.listen({ host: '', port }, () => {}).catch(codeOf);
    expect(code).toBe('EADDRINUSE');
    listener.dispose();
    await turn();
    const again = await server.listen({ host: '', port }, () => {});
    again.dispose();
  });

  test('a port without a listener refuses', async () => {
    const { server, client, serverHost } = fixture();
    const listener = await server.listen({ host: '', port: 0 }, () => {});
    const { port } = listener.address;
    listener.dispose();
    await turn();
    const code = await client.connect({ host: serverHost, port }).catch(codeOf);
    expect(code).toBe('ECONNREFUSED');
  });

  test('an unknown host is not found', async () => {
    const { client } = fixture();
    const code = await client.connect({ host: 'no-such-host.invalid', port: 1 }).catch(codeOf);
    expect(code).toBe('ENOTFOUND');
  });

  test('an aborted connect rejects', async () => {
    const { client, serverHost } = fixture();
    const controller = new AbortController();
    controller.abort();
    const { signal } = controller;
    const code = await client.connect({ host: serverHost, port: 9 }, { signal }).catch(codeOf);
    expect(code).toBe('ABORTED');
  });
}

function bytesSuite(fixture: () => NetworkFixture): void {
  test('bytes arrive in order, whatever the chunks', async () => {
    const inbox = new Inbox();
    const { near, far } = await connect(fixture(), () => inbox);
    near.start(ignore);
    for (let round = 0; round < 50; round += 1) {
      near.write([fill(round, 3), fill(round + 100, 5000), new Uint8Array(0), fill(7, 1)]);
    }
    near.end();
    const bytes = await inbox.all;
    expect(bytes.length).toBe(50 * 5004);
    expect([bytes[0], bytes[5004], bytes[5003]]).toEqual([0, 1, 7]);
    near.dispose();
    far.dispose();
  });

  test('a view is sent without the rest of its buffer', async () => {
    const inbox = new Inbox();
    const { near, far } = await connect(fixture(), () => inbox);
    near.start(ignore);
    near.write([new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3)]);
    near.end();
    expect([...(await inbox.all)]).toEqual([2, 3]);
    near.dispose();
    far.dispose();
  });

  test('half-close leaves the other direction open', async () => {
    const { near, far } = await connect(fixture(), (connection) => ({
      ...ignore,
      onEnd() {
        connection.write([fill(9, 4)]);
        connection.end();
      },
    }));
    const inbox = new Inbox();
    near.start(inbox);
    near.end();
    expect([...(await inbox.all)]).toEqual([9, 9, 9, 9]);
    near.dispose();
    far.dispose();
  });

  test('the peer of a disposed connection hears of its close', async () => {
    let heard: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const { near } = await connect(fixture(), (connection) => ({
      onData() {},
      onEnd: () => connection.end(),
      onClose: () => heard(),
    }));
    near.start(ignore);
    near.dispose();
    await closed;
  });

  test('a paused reader stops a writer, and resuming lets everything through', async () => {
    const total = 32 * 1024 * 1024;
    const inbox = new Inbox();
    const { near, far } = await connect(fixture(), () => inbox);
    far.pause();
    const writer = new Writer(near, total);
    near.start({ ...ignore, onDrain: () => writer.pump() });
    writer.pump();
    await turn();
    expect(writer.sawFull).toBe(true);
    expect(writer.writtenBytes).toBeLessThan(total);
    far.resume();
    expect((await inbox.all).length).toBe(total);
    near.dispose();
    far.dispose();
  });
}

const ignore: ConnectionHandler = { onData() {}, onClose() {} };

/** Keeps everything that arrives until the peer ends. */
class Inbox implements ConnectionHandler {
  readonly all: Promise<Uint8Array>;
  readonly #chunks: Uint8Array[] = [];
  #finish: (bytes: Uint8Array) => void = () => {};

  constructor() {
    this.all = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  onData(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  onEnd(): void {
    this.#finish(Buffer.concat(this.#chunks));
  }

  onClose(): void {}
}

/** Writes until told to wait, and on when drained; ends after `total` bytes. */
class Writer {
  writtenBytes = 0;
  sawFull = false;
  readonly #connection: Connection;
  readonly #total: number;

  constructor(connection: Connection, total: number) {
    this.#connection = connection;
    this.#total = total;
  }

  pump(): void {
    while (this.writtenBytes < this.#total) {
      this.writtenBytes += 65_536;
      if (this.#connection.write([fill(1, 65_536)])) continue;
      this.sawFull = true;
      return;
    }
    this.#connection.end();
  }
}

async function connect(
  fixture: NetworkFixture,
  handlerOf: (far: Connection) => ConnectionHandler,
): Promise<{ near: Connection; far: Connection }> {
  let accept: (connection: Connection) => void = () => {};
  const accepted = new Promise<Connection>((resolve) => {
    accept = resolve;
  });
  const listener = await fixture.server.listen({ host: '', port: 0 }, (connection) => {
    connection.start(handlerOf(connection));
    accept(connection);
  });
  const { port } = listener.address;
  const near = await fixture.client.connect({ host: fixture.serverHost, port });
  const far = await accepted;
  listener.dispose();
  return { near, far };
}

function fill(value: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function codeOf(error: NetworkError): string {
  return error.code;
}
