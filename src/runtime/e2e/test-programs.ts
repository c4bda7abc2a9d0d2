import { readFile } from '../../base/file-system.ts';
import type { Connection } from '../../base/network.ts';
import type { Program, ProgramContext } from '../../base/program.ts';
import { nextTurn, sleep } from '../../base/scheduler.ts';
import type { ProgramRegistry } from '../programs.ts';

/** Small programs that show one thing each; the tests run them in real workers. */
const programs: readonly Program[] = [
  {
    name: 'hello',
    async run(ctx) {
      await ctx.stdout.write(`hello ${ctx.args.join(' ')} on ${ctx.hostname}\n`);
      await ctx.stderr.write('to stderr\n');
      return 3;
    },
  },
  {
    name: 'copy-input',
    async run(ctx) {
      for (;;) {
        const bytes = await ctx.stdin.read();
        if (bytes === null) return 0;
        await ctx.stdout.write(bytes);
      }
    },
  },
  {
    name: 'yes',
    async run(ctx) {
      for (;;) await ctx.stdout.write('y\n'.repeat(512));
    },
  },
  {
    name: 'spin',
    async run(ctx) {
      await ctx.stdout.write('spinning\n');
      for (;;);
    },
  },
  {
    name: 'wait-for-signal',
    async run(ctx) {
      const signalled = new Promise<number>((resolve) => {
        ctx.onSignal('SIGINT', () => resolve(7));
      });
      await ctx.stdout.write('up\n');
      return signalled;
    },
  },
  {
    name: 'append-for-ever',
    async run(ctx) {
      const file = ctx.files.create('/tmp/log');
      let written = 0;
      for (;;) {
        const record = new Uint8Array(65_536).fill(written % 251);
        file.write(written * record.length, [record]);
        written += 1;
        // Told after the write: what was told must be there after a kill.
        await ctx.stdout.write(`${written}\n`);
        if (written % 16 === 0) await file.flush();
        await nextTurn(ctx.scheduler);
      }
    },
  },
  {
    name: 'count-bytes',
    async run(ctx) {
      const bytes = await readFile(ctx.files, ctx.args[0] ?? '');
      let isIntact = true;
      for (let at = 0; at < bytes.length; at += 4_096) {
        if (bytes[at] !== Math.floor(at / 65_536) % 251) isIntact = false;
      }
      await ctx.stdout.write(`${bytes.length} ${isIntact}\n`);
      return 0;
    },
  },
  { name: 'echo-server', run: echoServer },
  { name: 'echo-client', run: echoClient },
  { name: 'sink-server', run: sinkServer },
  { name: 'flood', run: flood },
  { name: 'http-server', run: httpServer },
];

export const testPrograms: ProgramRegistry = new Map(
  programs.map((program) => [program.name, () => Promise.resolve(program)]),
);

const encoder = new TextEncoder();

async function echoServer(ctx: ProgramContext): Promise<number> {
  const port = Number(ctx.args[0]);
  await ctx.network.listen({ host: '', port }, (connection) => {
    connection.start({
      onData: (chunk) => {
        connection.write([chunk]);
      },
      onEnd: () => connection.end(),
      onClose() {},
    });
  });
  await ctx.stdout.write('listening\n');
  return new Promise<number>(() => {});
}

/** Sends its words one a line for as long as asked, prints what comes back and how long it took. */
async function echoClient(ctx: ProgramContext): Promise<number> {
  const [host = '', port, ...words] = ctx.args;
  const connection = await ctx.network.connect({ host, port: Number(port) }, { timeoutMs: 2_000 });
  const closed = new Promise<string>((resolve) => {
    connection.start({
      onData: (chunk) => void ctx.stdout.write(chunk),
      onEnd: () => void ctx.stdout.write('end\n'),
      onClose: (error) => resolve(error?.code ?? 'closed'),
    });
  });
  for (const word of words) connection.write([encoder.encode(`${word}\n`)]);
  if (!words.includes('stay')) connection.end();
  await ctx.stdout.write(`${await closed}\n`);
  return 0;
}

async function sinkServer(ctx: ProgramContext): Promise<number> {
  let bytes = 0;
  await ctx.network.listen({ host: '', port: Number(ctx.args[0]) }, (connection) => {
    connection.start({
      onData: (chunk) => {
        bytes += chunk.length;
      },
      onEnd: () => {
        connection.write([encoder.encode(`${bytes}\n`)]);
        connection.end();
      },
      onClose() {},
    });
  });
  await ctx.stdout.write('listening\n');
  return new Promise<number>(() => {});
}

/** Sends megabytes in chunks of 64 KiB, each copied into a fresh buffer, and prints MB/s. */
async function flood(ctx: ProgramContext): Promise<number> {
  const [host = '', port, megabytes] = ctx.args;
  const connection = await ctx.network.connect({ host, port: Number(port) });
  const total = Number(megabytes) * 1_000_000;
  const drained: (() => void)[] = [];
  const startMs = ctx.clock.monotonicMs();
  const answered = new Promise<void>((resolve) => {
    connection.start({
      onData: () => resolve(),
      onDrain: () => {
        for (const resume of drained.splice(0)) resume();
      },
      onClose() {},
    });
  });
  const source = new Uint8Array(65_536).fill(7);
  for (let sent = 0; sent < total; sent += source.length) {
    if (!connection.write([source.slice()])) {
      await new Promise<void>((resolve) => drained.push(resolve));
    }
  }
  connection.end();
  await answered;
  const seconds = (ctx.clock.monotonicMs() - startMs) / 1_000;
  await ctx.stdout.write(`${Math.round(total / 1_000_000 / seconds)}\n`);
  return 0;
}

async function httpServer(ctx: ProgramContext): Promise<number> {
  const answer = (connection: Connection) => {
    connection.start({
      onData: (chunk) => {
        const path = new TextDecoder().decode(chunk).split(' ')[1] ?? '';
        const body = `you asked for ${path}`;
        connection.write([
          encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
        ]);
      },
      onClose() {},
    });
  };
  await ctx.network.listen({ host: '', port: 8_080 }, answer);
  await ctx.stdout.write('listening\n');
  await sleep(ctx.scheduler, 60_000);
  return 0;
}
