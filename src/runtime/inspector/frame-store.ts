import { javaProcesses } from '../../cli/java-processes.ts';
import { apiOf, apis as knownApis } from '../../protocol/api.ts';
import { DecodeError } from '../../protocol/errors.ts';
import { correlationIdOf, decodeRequestHeader } from '../../protocol/frames.ts';
import {
  type EndName,
  type ExchangeRow,
  type FrameFilter,
  type FrameList,
  listedRowsMax,
} from './inspector-calls.ts';
import type { TapFrame, TapLoss, TappedConnection, TappedEnd } from './tap-messages.ts';

/** A request with its response, or a piece of another protocol. */
export interface Exchange {
  readonly id: number;
  readonly connection: ConnectionState;
  readonly atMs: number;
  readonly request: TapFrame;
  response: TapFrame | undefined;
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | undefined;
}

interface ConnectionState {
  readonly ends: TappedConnection;
  readonly from: EndName;
  readonly to: EndName;
  /** Requests without their response, and responses that came here first, by correlation id. */
  readonly requests: Map<number, Exchange>;
  readonly responses: Map<number, TapFrame>;
}

const exchangesMax = 5_000;
const keptBytesMax = 16_777_216;
/** Of one connection; older ones will not be matched any more. */
const waitingMax = 500;
/** A response may come here before its request, but not by so much: its request was not kept. */
const responseWaitMs = 2_000;
/** Processes that may be filtered by: the newest. */
const processesMax = 100;
const otherProtocol = -1;
const allApis = knownApis.map(({ name }) => name).toSorted();

/** A ring of what has passed by, matched as it comes: the newest five thousand exchanges, 16 MiB of bytes. */
export class FrameStore {
  readonly #connections = new Map<number, ConnectionState>();
  #exchanges: Exchange[] = [];
  #byId = new Map<number, Exchange>();
  #keptBytes = 0;
  #notKept = 0;
  #lastId = 0;

  addConnection(ends: TappedConnection): void {
    this.#connections.set(ends.id, {
      ends,
      from: nameOf(ends.client),
      to: nameOf(ends.server),
      requests: new Map(),
      responses: new Map(),
    });
  }

  /** Another tap tells of the connections that there are then. */
  forgetConnections(): void {
    for (const connection of [...this.#connections.keys()]) this.closeConnection(connection);
  }

  closeConnection(connection: number): void {
    this.#notKept += this.#connections.get(connection)?.responses.size ?? 0;
    this.#connections.delete(connection);
  }

  /** Frames may come before the connection that they are of is known, and after it is gone. */
  add(frame: TapFrame): void {
    const connection = this.#connections.get(frame.connection);
    if (connection === undefined) this.#notKept += 1;
    else if (frame.isOther) this.#addOther(connection, frame);
    else if (frame.isFromClient) this.#addRequest(connection, frame);
    else this.#addResponse(connection, frame);
  }

  lose({ frames }: TapLoss): void {
    this.#notKept += frames;
  }

  get(id: number): Exchange | undefined {
    return this.#byId.get(id);
  }

  clear(): void {
    this.#exchanges = [];
    this.#byId = new Map();
    this.#keptBytes = 0;
    this.#notKept = 0;
    for (const { requests, responses } of this.#connections.values()) {
      requests.clear();
      responses.clear();
    }
  }

  list(filter: FrameFilter): FrameList {
    const needle = new TextEncoder().encode(filter.text);
    const matching = this.#exchanges.filter((each) => matches(each, filter, needle));
    const apis = new Set(this.#exchanges.map(apiName));
    return {
      event: 'frames',
      rows: matching.slice(-listedRowsMax).map(rowOf),
      matching: matching.length,
      kept: this.#exchanges.length,
      keptBytes: this.#keptBytes,
      notKept: this.#notKept,
      apis: [...apis].toSorted(),
      otherApis: allApis.filter((name) => !apis.has(name)),
      processes: this.#processes(),
    };
  }

  #processes(): readonly string[] {
    const labels = new Set<string>();
    for (let at = this.#exchanges.length - 1; 0 <= at && labels.size < processesMax; at--) {
      const connection = this.#exchanges[at]?.connection;
      for (const label of connection === undefined ? [] : labelsOf(connection)) labels.add(label);
    }
    return [...labels].toSorted();
  }

  #addOther(connection: ConnectionState, frame: TapFrame): void {
    const unknown = { apiKey: otherProtocol, apiVersion: 0, correlationId: 0, clientId: undefined };
    this.#keep({ connection, request: frame, ...unknown });
  }

  #addRequest(connection: ConnectionState, frame: TapFrame): void {
    const header = headerOf(frame);
    if (header === undefined) {
      this.#addOther(connection, frame);
      return;
    }
    const exchange = this.#keep({ connection, request: frame, ...header });
    const early = connection.responses.get(exchange.correlationId);
    if (early === undefined) {
      connection.requests.set(exchange.correlationId, exchange);
      this.#dropOldest(connection.requests);
    } else {
      connection.responses.delete(exchange.correlationId);
      this.#answer(exchange, early);
    }
  }

  #addResponse(connection: ConnectionState, frame: TapFrame): void {
    if (frame.bytes.length < 4) {
      this.#notKept += 1;
      return;
    }
    const correlationId = correlationIdOf(frame.bytes);
    const exchange = connection.requests.get(correlationId);
    if (exchange !== undefined) {
      connection.requests.delete(correlationId);
      this.#answer(exchange, frame);
      return;
    }
    connection.responses.set(correlationId, frame);
    this.#notKept += this.#dropOldest(connection.responses) + dropStale(connection, frame.atMs);
  }

  #answer(exchange: Exchange, response: TapFrame): void {
    if (!this.#byId.has(exchange.id)) return;
    exchange.response = response;
    this.#keptBytes += response.bytes.length;
    this.#evict();
  }

  #keep(known: Omit<Exchange, 'id' | 'atMs' | 'response'>): Exchange {
    this.#lastId += 1;
    const { atMs } = known.request;
    const exchange: Exchange = { ...known, id: this.#lastId, atMs, response: undefined };
    this.#exchanges.push(exchange);
    this.#byId.set(exchange.id, exchange);
    this.#keptBytes += exchange.request.bytes.length;
    this.#evict();
    return exchange;
  }

  #evict(): void {
    let count = 0;
    while (exchangesMax < this.#exchanges.length - count || keptBytesMax < this.#keptBytes) {
      const oldest = this.#exchanges[count];
      if (oldest === undefined) break;
      count += 1;
      this.#byId.delete(oldest.id);
      this.#keptBytes -= oldest.request.bytes.length + (oldest.response?.bytes.length ?? 0);
      this.#notKept += oldest.response === undefined ? 1 : 2;
    }
    if (0 < count) this.#exchanges.splice(0, count);
  }

  #dropOldest(waiting: Map<number, unknown>): number {
    if (waiting.size <= waitingMax) return 0;
    for (const oldest of waiting.keys()) {
      waiting.delete(oldest);
      break;
    }
    return 1;
  }
}

/** Else large responses would pile up where their requests were too many to be kept. */
function dropStale({ responses }: ConnectionState, nowMs: number): number {
  let dropped = 0;
  for (const [correlationId, { atMs }] of responses) {
    if (nowMs - atMs <= responseWaitMs) break;
    responses.delete(correlationId);
    dropped += 1;
  }
  return dropped;
}

export function rowOf(exchange: Exchange): ExchangeRow {
  const { id, atMs, connection, request, response, apiVersion, correlationId } = exchange;
  const isReversed = exchange.apiKey === otherProtocol && !request.isFromClient;
  const { from, to } = connection;
  return {
    id,
    atMs,
    from: isReversed ? to : from,
    to: isReversed ? from : to,
    api: apiName(exchange),
    version: apiVersion,
    correlationId,
    requestBytes: request.sizeBytes,
    responseBytes: response?.sizeBytes,
    latencyMs: response && Math.max(0, response.atMs - request.atMs),
  };
}

function apiName({ apiKey }: Exchange): string {
  return apiOf(apiKey)?.name ?? '';
}

interface Header {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | undefined;
}

/** Undefined where the bytes are no request of Kafka's. */
function headerOf({ bytes }: TapFrame): Header | undefined {
  try {
    const { apiKey, apiVersion, correlationId, clientId } = decodeRequestHeader(bytes);
    return { apiKey, apiVersion, correlationId, clientId: clientId ?? undefined };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
}

function matches(exchange: Exchange, filter: FrameFilter, needle: Uint8Array): boolean {
  if (filter.api !== '' && apiName(exchange) !== filter.api) return false;
  if (filter.process !== '' && !labelsOf(exchange.connection).includes(filter.process))
    return false;
  if (needle.length === 0) return true;
  const { request, response } = exchange;
  return contains(request.bytes, needle) || contains(response?.bytes, needle);
}

function contains(bytes: Uint8Array | undefined, needle: Uint8Array): boolean {
  if (bytes === undefined) return false;
  const [first = 0] = needle;
  for (let at = bytes.indexOf(first); 0 <= at; at = bytes.indexOf(first, at + 1)) {
    if (needle.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

/** What a filter may name: both machines, both processes. */
function labelsOf({ from, to }: ConnectionState): readonly string[] {
  return [from, to].flatMap(({ machine, process }) => [machine, `${machine} ${process}`]);
}

function nameOf({ machine, pid, command, port }: TappedEnd): EndName {
  const [java] = javaProcesses([{ pid, parentPid: 0, command, startedAtMs: 0 }]);
  const program = command[0] ?? '';
  const name = java?.shortName ?? program.slice(program.lastIndexOf('/') + 1);
  return { machine, process: pid === 0 ? name : `${name} ${pid}`, port };
}
