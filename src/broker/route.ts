import { AssertionError } from '../base/assert.ts';
import { type ApiSpec, apiOf, type ListenerKind } from '../protocol/api.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import type { Outcome, RequestContext } from './request-context.ts';

export type Awaitable<T> = T | Promise<T>;

/** One API that this node answers. */
export interface Route {
  readonly api: ApiSpec;
  readonly listeners: readonly ListenerKind[];
  handle(context: RequestContext, request: unknown): Awaitable<Outcome<Record<string, unknown>>>;
  /** The response that says that a request failed as a whole; null where its form has no place for that. */
  fail(request: unknown, errorCode: ErrorCode): Record<string, unknown> | null;
}

interface RouteOptions<Request extends MessageSchema, Response extends MessageSchema> {
  readonly request: Request;
  readonly response: Response;
  readonly handle: (
    context: RequestContext,
    request: MessageOf<Request>,
  ) => Awaitable<Outcome<MessageInput<Response>> | MessageInput<Response>>;
  readonly fail?: (request: MessageOf<Request>, errorCode: number) => MessageInput<Response>;
  readonly listeners?: readonly ListenerKind[];
}

/** Ties a handler to its API; the types of request and response come from the schemas. */
export function route<const Request extends MessageSchema, const Response extends MessageSchema>(
  options: RouteOptions<Request, Response>,
): Route {
  const { request: schema, response, handle, fail } = options;
  const api = apiOf(schema.apiKey ?? -1);
  if (api === undefined) throw new AssertionError(`${schema.name} has a key of the API table`);
  return {
    api,
    listeners: options.listeners ?? api.listeners,
    handle(context, request) {
      const result = handle(context, request as MessageOf<Request>);
      return result instanceof Promise ? result.then(toOutcome) : toOutcome(result);
    },
    fail(request, errorCode) {
      const code = errorCodeOf(errorCode);
      if (fail !== undefined) return fail(request as MessageOf<Request>, code);
      const hasErrorCode = response.fields.some(({ name }) => name === 'errorCode');
      return hasErrorCode ? { errorCode: code } : null;
    },
  };
}

function toOutcome(result: object): Outcome<Record<string, unknown>> {
  // No message of Kafka's has a field called `kind`.
  if ('kind' in result) return result as Outcome<Record<string, unknown>>;
  return { kind: 'response', message: result as Record<string, unknown> };
}
