export interface HttpEvents {
  /** The first line and the headers, names in lower case. */
  onHead(firstLine: string, headers: Record<string, string>): void;
  onBody(bytes: Uint8Array): void;
  onEnd(): void;
}

type State = 'head' | 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close';

const largestHeadBytes = 65_536;
const decoder = new TextDecoder();
const newline = 10;

/** Messages of HTTP/1.1 from a stream of bytes, one after the other. */
export class HttpParser {
  /** A client's: an answer without a length ends with its connection. */
  bodyMayLackLength = false;
  readonly #events: HttpEvents;
  #rest: Uint8Array = new Uint8Array(0);
  #state: State = 'head';
  #remaining = 0;

  constructor(events: HttpEvents) {
    this.#events = events;
  }

  /** False when the bytes are no HTTP. */
  take(bytes: Uint8Array): boolean {
    this.#rest = joined(this.#rest, bytes);
    for (;;) {
      const step = this.#step();
      if (step !== 'again') return step === 'wait';
    }
  }

  /** The connection has ended; false when that was too early. */
  finish(): boolean {
    if (this.#state === 'until-close') this.#end();
    return this.#state === 'head';
  }

  #step(): 'again' | 'wait' | 'bad' {
    switch (this.#state) {
      case 'head':
        return this.#head();
      case 'chunk-size':
        return this.#chunkSize();
      case 'chunk-end':
        return this.#line() === undefined ? 'wait' : this.#go('chunk-size');
      case 'trailer': {
        const line = this.#line();
        if (line === undefined) return 'wait';
        if (line === '') this.#end();
        return 'again';
      }
      default:
        return this.#body();
    }
  }

  #head(): 'again' | 'wait' | 'bad' {
    const end = endOfHead(this.#rest);
    if (end < 0) return largestHeadBytes < this.#rest.length ? 'bad' : 'wait';
    const [first = '', ...lines] = decoder.decode(this.#rest.subarray(0, end)).trim().split('\r\n');
    this.#rest = this.#rest.subarray(end);
    if (!/^(HTTP\/1\.[01] \d{3}|[A-Z]+ \S+ HTTP\/1\.[01]$)/.test(first)) return 'bad';
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    this.#events.onHead(first, headers);
    this.#expectBody(first, headers);
    return 'again';
  }

  #expectBody(first: string, headers: Record<string, string>): void {
    if (headers['transfer-encoding']?.toLowerCase() === 'chunked') this.#state = 'chunk-size';
    else if (headers['content-length'] !== undefined) {
      this.#remaining = Number(headers['content-length']) || 0;
      this.#state = 'length';
      if (this.#remaining === 0) this.#end();
    } else if (this.bodyMayLackLength && !/^HTTP\/1\.[01] (1|204|304)/.test(first)) {
      this.#state = 'until-close';
    } else this.#end();
  }

  #body(): 'again' | 'wait' {
    const isBounded = this.#state !== 'until-close';
    const part = isBounded ? this.#rest.subarray(0, this.#remaining) : this.#rest;
    if (part.length === 0) return 'wait';
    this.#rest = this.#rest.subarray(part.length);
    this.#remaining -= part.length;
    this.#events.onBody(part.slice());
    if (!isBounded || 0 < this.#remaining) return 'wait';
    if (this.#state === 'chunk') return this.#go('chunk-end');
    this.#end();
    return 'again';
  }

  #chunkSize(): 'again' | 'wait' | 'bad' {
    const line = this.#line();
    if (line === undefined) return 'wait';
    const size = Number.parseInt(line, 16);
    if (!(0 <= size)) return 'bad';
    this.#remaining = size;
    return this.#go(size === 0 ? 'trailer' : 'chunk');
  }

  #go(state: State): 'again' {
    this.#state = state;
    return 'again';
  }

  #end(): void {
    this.#state = 'head';
    this.#events.onEnd();
  }

  #line(): string | undefined {
    const end = this.#rest.indexOf(newline);
    if (end < 0) return undefined;
    const line = decoder.decode(this.#rest.subarray(0, end)).trimEnd();
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }
}

/** The index after the blank line; -1 while it has not come. */
function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(newline); 0 <= at; at = bytes.indexOf(newline, at + 1)) {
    if (bytes[at + 1] === newline) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === newline) return at + 3;
  }
  return -1;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}
