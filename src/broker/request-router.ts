import type { Logger } from '../base/logger.ts';
import { ControllerError } from '../controller/controller.ts';
import { type ApiSpec, apiOf } from '../protocol/api.ts';
import { DecodeError, EncodeError } from '../protocol/errors.ts';
import {
  decodeRequestBody,
  decodeRequestHeader,
  encodeResponse,
  type IncomingRequestHeader,
} from '../protocol/frames.ts';
import { unsupportedApiVersions } from './handlers/18-api-versions.ts';
import type { NodeServices } from './node-services.ts';
import type {
  ClientInfo,
  NodeRequestContext,
  Outcome,
  RequestContextOf,
} from './request-context.ts';
import type { Awaitable, Route } from './route.ts';

/** What is sent back, as bytes. */
export type Reply =
  | { readonly kind: 'chunks'; readonly chunks: readonly Uint8Array[] }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'close'; readonly reason: string };

/** Answers a request in the handler's place, or null to let the handler do it (a test's or a lesson's hook). */
export type Interceptor = (
  context: NodeRequestContext,
  request: unknown,
) => Awaitable<Record<string, unknown> | null>;

/** Takes frames to whoever answers them. */
export interface FrameRouter {
  /** Throws DecodeError for a body that is none; everything else that goes wrong becomes a reply. */
  route(header: IncomingRequestHeader, frame: Uint8Array, client: ClientInfo): Awaitable<Reply>;
}

const nothing: Reply = { kind: 'nothing' };
const source = 'kafka.server.KafkaApis';

/** Decodes a frame, finds its handler and encodes what it answers. One for each kind of listener. */
export class RequestRouter<Services extends NodeServices> implements FrameRouter {
  readonly #routes = new Map<number, Route<Services>>();
  readonly #interceptors = new Map<number, Interceptor>();
  readonly #broker: Services;
  readonly #logger: Logger;

  constructor(routes: readonly Route<Services>[], broker: Services) {
    this.#broker = broker;
    this.#logger = broker.logger;
    for (const route of routes) this.#routes.set(route.api.key, route);
  }

  /** The APIs that are answered here, in the order of keys. */
  get apis(): readonly ApiSpec[] {
    return [...this.#routes.values()].map(({ api }) => api).sort((a, b) => a.key - b.key);
  }

  /** Puts `interceptor` before the handler of an API; undefined takes it away. */
  intercept(apiKey: number, interceptor: Interceptor | undefined): void {
    if (interceptor === undefined) this.#interceptors.delete(apiKey);
    else this.#interceptors.set(apiKey, interceptor);
  }

  route(header: IncomingRequestHeader, frame: Uint8Array, client: ClientInfo): Awaitable<Reply> {
    return this.#route(header, frame, { client, isForwarded: false });
  }

  /**
   * As `route`, for a frame out of an envelope. Throws or rejects with ControllerError while another
   * controller is active, and with DecodeError.
   */
  forwarded(frame: Uint8Array, client: ClientInfo): Awaitable<Reply> {
    return this.#route(decodeRequestHeader(frame), frame, { client, isForwarded: true });
  }

  #route(
    header: IncomingRequestHeader,
    frame: Uint8Array,
    origin: { readonly client: ClientInfo; readonly isForwarded: boolean },
  ): Awaitable<Reply> {
    const { apiKey, apiVersion, correlationId, clientId } = header;
    const found = this.#routes.get(apiKey);
    const name = apiOf(apiKey)?.name ?? `${apiKey}`;
    if (found === undefined || !isOffered(found.api, apiVersion)) {
      if (apiKey === 18) return chunks(unsupportedApiVersions(this.apis, correlationId));
      const reason = `Received request api key ${name} with version ${apiVersion} which is not enabled`;
      return { kind: 'close', reason };
    }
    const request = decodeRequestBody(found.api.request, header, frame);
    const broker = this.#broker;
    const context = { apiVersion, clientId: clientId ?? '', correlationId, ...origin, broker };
    try {
      const outcome = this.#handle(found, context, request);
      if (!(outcome instanceof Promise)) return this.#encode(found, context, request, outcome);
      return outcome.then(
        (settled) => this.#encode(found, context, request, settled),
        (error: unknown) => this.#failure(found, context, request, error),
      );
    } catch (error) {
      return this.#failure(found, context, request, error);
    }
  }

  #handle(
    found: Route<Services>,
    context: RequestContextOf<Services>,
    request: unknown,
  ): Awaitable<Outcome<Record<string, unknown>>> {
    const interceptor = this.#interceptors.get(found.api.key);
    if (interceptor === undefined) return found.handle(context, request);
    return this.#intercepted(interceptor, found, context, request);
  }

  async #intercepted(
    interceptor: Interceptor,
    found: Route<Services>,
    context: RequestContextOf<Services>,
    request: unknown,
  ): Promise<Outcome<Record<string, unknown>>> {
    const message = await interceptor(context, request);
    return message === null ? await found.handle(context, request) : { kind: 'response', message };
  }

  #encode(
    found: Route<Services>,
    context: RequestContextOf<Services>,
    request: unknown,
    outcome: Outcome<Record<string, unknown>>,
  ): Reply {
    if (outcome.kind === 'no-response') return nothing;
    if (outcome.kind === 'close') return outcome;
    try {
      return chunks(encodeResponse(found.api.response, context, outcome.message as object));
    } catch (error) {
      return this.#failure(found, context, request, error);
    }
  }

  /** Our bug, or a disk that failed: the client hears UNKNOWN_SERVER_ERROR, the log all of it. */
  #failure(
    found: Route<Services>,
    context: RequestContextOf<Services>,
    request: unknown,
    error: unknown,
  ): Reply {
    const { apiVersion, correlationId, clientId, client } = context;
    const errorCode = error instanceof ControllerError ? error.errorCode : 'UNKNOWN_SERVER_ERROR';
    if (errorCode === 'NOT_CONTROLLER' && context.isForwarded) throw error;
    if (errorCode === 'UNKNOWN_SERVER_ERROR') {
      this.#logger.log(
        'ERROR',
        source,
        `[KafkaApi-${this.#broker.nodeId}] Unexpected error handling request ${found.api.name} v${apiVersion} correlationId=${correlationId} clientId=${clientId} from connection ${client.connectionId}`,
        error,
      );
    }
    const message = found.fail(request, errorCode);
    const reason = `${found.api.name} failed and its response has no place to say so`;
    if (message === null) return { kind: 'close', reason };
    try {
      return chunks(encodeResponse(found.api.response, context, message as object));
    } catch (encodeError) {
      if (encodeError instanceof EncodeError || encodeError instanceof DecodeError) {
        return { kind: 'close', reason };
      }
      throw encodeError;
    }
  }
}

function isOffered(api: ApiSpec, version: number): boolean {
  return api.versions[0] <= version && version <= api.versions[1];
}

function chunks(encoded: readonly Uint8Array[]): Reply {
  return { kind: 'chunks', chunks: encoded };
}
