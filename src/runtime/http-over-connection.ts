import { type Connection, NetworkError } from '../base/network.ts';

const largestHeadBytes = 65_536;
const largestBodyBytes = 67_108_864;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * One HTTP/1.1 exchange over a connection, which it closes. Simplified: the request body is text or
 * bytes, and the whole answer is read before the Response is made. Rejects with NetworkError.
 */
export async function fetchOver(
  connection: Connection,
  host: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const answer = readAll(connection);
  connection.write([requestBytes(host, path, init)]);
  init.signal?.addEventListener('abort', () => connection.dispose());
  const { status, reason, headers, body } = parseAnswer(await answer);
  const hasNoBody = status === 204 || status === 304 || init.method === 'HEAD';
  return new Response(hasNoBody ? null : body, { status, statusText: reason, headers });
}

function requestBytes(host: string, path: string, init: RequestInit): Uint8Array {
  const body = bodyBytes(init.body);
  const headers = new Headers(init.headers);
  headers.set('host', host);
  headers.set('connection', 'close');
  if (0 < body.length) headers.set('content-length', String(body.length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = encoder.encode(`${init.method ?? 'GET'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const request = new Uint8Array(head.length + body.length);
  request.set(head);
  request.set(body, head.length);
  return request;
}

function bodyBytes(body: RequestInit['body']): Uint8Array {
  if (body === null || body === undefined) return new Uint8Array(0);
  if (typeof body === 'string') return encoder.encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError('a request body is a string or bytes');
}

/** All bytes up to the end, or up to the end of the message where the head tells its length. */
function readAll(connection: Connection): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const finish = () => {
      resolve(join(chunks, length));
      connection.dispose();
    };
    connection.start({
      onData(chunk) {
        chunks.push(chunk);
        length += chunk.length;
        if (largestBodyBytes < length) connection.dispose();
        else if (isComplete(join(chunks, length))) finish();
      },
      onEnd: finish,
      onClose: (error) => reject(error ?? new NetworkError('ECONNRESET', 'connection closed')),
    });
  });
}

/** True when the head gives a length and so much has come. Simplified: a chunked answer ends with its connection or its last chunk. */
function isComplete(bytes: Uint8Array): boolean {
  const headEnd = endOfHead(bytes);
  if (headEnd < 0) return false;
  const head = decoder.decode(bytes.subarray(0, headEnd)).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) return headEnd + Number(length) <= bytes.length;
  if (!/\r\ntransfer-encoding: *chunked/.test(head)) return false;
  return decoder.decode(bytes.subarray(-5)) === '0\r\n\r\n';
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

function parseAnswer(bytes: Uint8Array<ArrayBuffer>): Answer {
  const headEnd = endOfHead(bytes);
  if (headEnd < 0) throw new NetworkError('ECONNRESET', 'the answer is no HTTP');
  const [first = '', ...lines] = decoder.decode(bytes.subarray(0, headEnd - 4)).split('\r\n');
  const match = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first);
  if (!match) throw new NetworkError('ECONNRESET', 'the answer is no HTTP');
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (0 < colon) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const body = bytes.subarray(headEnd);
  const isChunked = headers.get('transfer-encoding')?.toLowerCase() === 'chunked';
  headers.delete('transfer-encoding');
  return {
    status: Number(match[1]),
    reason: match[2] ?? '',
    headers,
    body: isChunked ? joinChunked(body) : body,
  };
}

/** The index after the blank line; -1 while it has not come. */
function endOfHead(bytes: Uint8Array): number {
  const limit = Math.min(bytes.length, largestHeadBytes);
  for (let at = 3; at < limit; at += 1) {
    if (bytes[at] === 10 && bytes[at - 1] === 13 && bytes[at - 2] === 10 && bytes[at - 3] === 13) {
      return at + 1;
    }
  }
  return -1;
}

function joinChunked(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf(10, at);
    const size = Number.parseInt(decoder.decode(body.subarray(at, lineEnd)), 16);
    if (lineEnd < 0 || !(0 < size)) break;
    parts.push(body.subarray(lineEnd + 1, lineEnd + 1 + size));
    length += parts.at(-1)?.length ?? 0;
    at = lineEnd + 1 + size + 2;
  }
  return join(parts, length);
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
