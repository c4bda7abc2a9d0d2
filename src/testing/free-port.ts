import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux (from 32768), macOS and Windows (from 49152) give to connections that go out:
 * one of those could take a node's port while the node is down.
 */
const range = { from: 10_000, to: 32_768 } as const;
const attemptsMax = 100;
const handedOut = new Set<number>();

/** A TCP port of this machine that was free a moment ago, and that this process gets only once. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = randomInt(range.from, range.to);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new TypeError(`none of ${attemptsMax} ports from ${range.from} to ${range.to} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
