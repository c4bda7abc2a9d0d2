import { sleep } from '../../base/scheduler.ts';
import type { Command, CommandContext } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { openSocket, type SocketStream } from '../socket-stream.ts';
import { concatenate, readAll } from '../streams.ts';
import { openInput, openOutput, report } from './support/files.ts';
import { type Options, readOptions } from './support/options.ts';

interface HttpTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** A response's head is no longer than this. */
const headBytesMax = 65_536;

export const curl: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'sSo:X:d:H:iILkfvOu:w:m:A:',
    long: {
      silent: 's',
      'show-error': 'S',
      'output=': 'o',
      'request=': 'X',
      'data=': 'd',
      'data-raw=': 'd',
      'data-binary=': 'd',
      'json=': 'json',
      'header=': 'H',
      include: 'i',
      head: 'I',
      location: 'L',
      insecure: 'k',
      fail: 'f',
      verbose: 'v',
      'write-out=': 'w',
      'max-time=': 'm',
      'connect-timeout=': 'm',
      'user=': 'u',
    },
    usage:
      '[options...] <url>\n  -s silent  -o FILE  -X METHOD  -d DATA  -H HEADER  -i include headers  -I only headers  -f fail on errors  -w FORMAT\nSimplified: http only.',
  });
  if (typeof options === 'number') return options === 0 ? 0 : 2;
  const [url] = options.operands;
  if (url === undefined) {
    await ctx.stderr.write("curl: try 'curl --help' for more information\n");
    return 2;
  }
  const target = parseUrl(url);
  if (target === undefined) {
    const scheme = /^(\w+):/.exec(url)?.[1] ?? '';
    return report(ctx, `(1) Protocol "${scheme}" not supported or disabled in libcurl`, 1);
  }
  try {
    return await request(ctx, target, options);
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    return await refuseConnection(ctx, { target, options, message });
  }
};

async function refuseConnection(
  ctx: CommandContext,
  { target, options, message }: { target: HttpTarget; options: Options; message: string },
): Promise<number> {
  const isUnknown = message.startsWith('Name or service');
  const text = isUnknown
    ? `(6) Could not resolve host: ${target.host}`
    : `(7) Failed to connect to ${target.host} port ${target.port}: ${message}`;
  if (!options.has('s') || options.has('S')) await report(ctx, text);
  return isUnknown ? 6 : 7;
}

function parseUrl(url: string): HttpTarget | undefined {
  const match = /^(?:http:\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^:/?#]+)(?::(\d+))?([^#]*)/.exec(url);
  if (match === null || /^(?!http:)\w+:\/\//.test(url)) return undefined;
  const path = match[3] ?? '';
  return {
    host: match[1] ?? '',
    port: Number(match[2] ?? 80),
    path: path.startsWith('/') ? path : `/${path}`,
  };
}

async function request(ctx: CommandContext, target: HttpTarget, options: Options): Promise<number> {
  const seconds = Number(options.value('m') ?? 30);
  const socket = await openSocket(
    ctx.host.network,
    { host: target.host, port: target.port },
    { timeoutMs: seconds * 1000, signal: ctx.task.abortSignal },
  );
  try {
    const body = await requestBody(ctx, options);
    await socket.write(requestHead(target, options, body));
    if (body !== undefined) await socket.write(body);
    return await receive(ctx, socket, options);
  } finally {
    socket.dispose();
  }
}

async function requestBody(ctx: CommandContext, options: Options): Promise<Uint8Array | undefined> {
  const parts: string[] = [];
  for (const data of [...options.values('d'), ...options.values('json')]) {
    if (!data.startsWith('@')) parts.push(data);
    else {
      const input = await openInput(ctx, data.slice(1));
      parts.push(new TextDecoder().decode(await readAll(input.source)));
      await input.close();
    }
  }
  return parts.length === 0 ? undefined : new TextEncoder().encode(parts.join('&'));
}

function requestHead(target: HttpTarget, options: Options, body: Uint8Array | undefined): string {
  const implied = body === undefined ? 'GET' : 'POST';
  const method = options.value('X') ?? (options.has('I') ? 'HEAD' : implied);
  const own = options.values('H');
  const has = (name: string) => own.some((header) => header.toLowerCase().startsWith(`${name}:`));
  const type = options.has('json') ? 'application/json' : 'application/x-www-form-urlencoded';
  const lines = [
    `${method} ${target.path} HTTP/1.1`,
    ...(has('host') ? [] : [`Host: ${target.host}:${target.port}`]),
    ...(has('user-agent') ? [] : ['User-Agent: curl/8.5.0']),
    ...(has('accept') ? [] : ['Accept: */*']),
    ...own,
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
    ...(body === undefined || has('content-type') ? [] : [`Content-Type: ${type}`]),
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

interface ResponseHead {
  readonly text: string;
  readonly status: number;
  readonly isChunked: boolean;
  readonly length: number | undefined;
  readonly rest: Uint8Array;
}

async function receive(
  ctx: CommandContext,
  socket: SocketStream,
  options: Options,
): Promise<number> {
  const head = await readHead(socket);
  if (head === undefined) return report(ctx, '(52) Empty reply from server', 52);
  if (options.has('f') && 400 <= head.status) {
    if (!options.has('s') || options.has('S'))
      await report(ctx, `(22) The requested URL returned error: ${head.status}`);
    return 22;
  }
  const path = options.value('o');
  const output = path === undefined ? undefined : await openOutput(ctx, path, 'truncate');
  const sink = output?.sink ?? ctx.stdout;
  if (options.has('i', 'I')) await sink.write(head.text);
  if (!options.has('I')) {
    for await (const chunk of bodyOf(socket, head)) {
      await ctx.task.checkpoint();
      await sink.write(chunk);
    }
  }
  await output?.close();
  const format = options.value('w');
  if (format !== undefined) {
    await ctx.stdout.write(
      format.replaceAll('%{http_code}', String(head.status)).replaceAll('\\n', '\n'),
    );
  }
  return 0;
}

async function readHead(socket: SocketStream): Promise<ResponseHead | undefined> {
  let bytes: Uint8Array = new Uint8Array();
  while (bytes.length < headBytesMax) {
    const chunk = await socket.read();
    if (chunk === null) return undefined;
    bytes = concatenate([bytes, chunk], bytes.length + chunk.length);
    const text = new TextDecoder('latin1').decode(bytes);
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) continue;
    const head = text.slice(0, end + 4);
    const length = /^content-length:\s*(\d+)/im.exec(head)?.[1];
    return {
      text: head,
      status: Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? 0),
      isChunked: /^transfer-encoding:.*chunked/im.test(head),
      length: length === undefined ? undefined : Number(length),
      rest: bytes.subarray(end + 4),
    };
  }
  return undefined;
}

async function* rawBody(socket: SocketStream, head: ResponseHead): AsyncGenerator<Uint8Array> {
  if (0 < head.rest.length) yield head.rest;
  for (let chunk = await socket.read(); chunk !== null; chunk = await socket.read()) yield chunk;
}

async function* bodyOf(socket: SocketStream, head: ResponseHead): AsyncGenerator<Uint8Array> {
  if (head.isChunked) {
    yield* unchunk(rawBody(socket, head));
    return;
  }
  let left = head.length ?? Number.POSITIVE_INFINITY;
  if (left === 0) return;
  for await (const chunk of rawBody(socket, head)) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function* unchunk(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    held = concatenate([held, chunk], held.length + chunk.length);
    for (;;) {
      const end = held.indexOf(10);
      if (end === -1) break;
      const size = Number.parseInt(new TextDecoder().decode(held.subarray(0, end)), 16);
      if (size === 0 || Number.isNaN(size)) return;
      if (held.length < end + 1 + size + 2) break;
      yield held.slice(end + 1, end + 1 + size);
      held = held.slice(end + 1 + size + 2);
    }
  }
}

export const nc: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 'zvw:lnp:k',
    usage:
      '[-z] [-v] [-w SECONDS] HOST PORT\nConnect to a port; -z only tries whether somebody listens.',
  });
  if (typeof options === 'number') return options;
  const [host, port] = options.operands;
  if (host === undefined || port === undefined) return report(ctx, 'missing host and port');
  const timeoutMs = Number(options.value('w') ?? 10) * 1000;
  try {
    const socket = await openSocket(
      ctx.host.network,
      { host, port: Number(port) },
      { timeoutMs, signal: ctx.task.abortSignal },
    );
    if (options.has('v'))
      await ctx.stderr.write(`Connection to ${host} ${port} port [tcp/*] succeeded!\n`);
    if (!options.has('z')) await exchange(ctx, socket);
    socket.dispose();
    return 0;
  } catch (error) {
    const message = errorMessage(error);
    if (message === undefined) throw error;
    if (options.has('v'))
      await report(ctx, `connect to ${host} port ${port} (tcp) failed: ${message}`);
    return 1;
  }
};

async function exchange(ctx: CommandContext, socket: SocketStream): Promise<void> {
  const sending = (async () => {
    for (let chunk = await ctx.stdin.read(); chunk !== null; chunk = await ctx.stdin.read()) {
      await socket.write(chunk);
    }
    socket.end();
  })();
  sending.catch(() => undefined);
  for (;;) {
    const chunk = await ctx.task.race(socket.read());
    if (chunk === null) return;
    await ctx.stdout.write(chunk);
  }
}

/** Asks whether a machine answers, as `ping -c` does. Simplified: by its ssh port, since a tab has no ICMP. */
export const ping: Command = async (ctx) => {
  const host = ctx.args.find(
    (arg, index) => !arg.startsWith('-') && !/^-[cWi]$/.test(ctx.args[index - 1] ?? ''),
  );
  if (host === undefined) return report(ctx, 'usage error: Destination address required', 2);
  const count = Number(/-c\s*(\d+)/.exec(ctx.args.join(' '))?.[1] ?? Number.POSITIVE_INFINITY);
  let received = 0;
  let sent = 0;
  await ctx.stdout.write(`PING ${host} 56(84) bytes of data.\n`);
  while (sent < count) {
    const startedMs = ctx.host.clock.monotonicMs();
    sent++;
    try {
      await ctx.host.machines.files(host);
      received++;
      const ms = (ctx.host.clock.monotonicMs() - startedMs).toFixed(3);
      await ctx.stdout.write(`64 bytes from ${host}: icmp_seq=${sent} ttl=64 time=${ms} ms\n`);
    } catch (error) {
      const message = errorMessage(error);
      if (message === undefined) throw error;
      if (message.startsWith('Name')) return report(ctx, `${host}: ${message}`, 2);
      await ctx.stdout.write(
        `From ${ctx.host.hostname} icmp_seq=${sent} Destination Host Unreachable\n`,
      );
    }
    if (sent < count) await sleep(ctx.host.scheduler, 1000, ctx.task.abortSignal);
    await ctx.task.checkpoint();
  }
  const loss = Math.round((1 - received / sent) * 100);
  await ctx.stdout.write(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} received, ${loss}% packet loss\n`,
  );
  return received === 0 ? 1 : 0;
};
