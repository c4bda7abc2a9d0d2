import { AssertionError } from '../base/assert.ts';
import { type ApiSpec, apiOf } from '../protocol/api.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import type { NodeServices } from './node-services.ts';
import type { Outcome, RequestContextOf } from './request-context.ts';

export type Awaitable<T> = T | Promise<T>;

/** One API that a node answers, with the services that its handler needs. */
export interface Route<Services extends NodeServices = NodeServices> {
  readonly api: ApiSpec;
  readonly handle: (
    context: RequestContextOf<Services>,
    request: unknown,
  ) => Awaitable<Outcome<Record<string, unknown>>>;
  /** The response that says that a request failed as a whole; null where its form has no place for that. */
  fail(request: unknown, errorCode: ErrorCode): Record<string, unknown> | null;
}

interface RouteOptions<
  Request extends MessageSchema,
  Response extends MessageSchema,
  Services extends NodeServices,
> {
  readonly request: Request;
  readonly response: Response;
  readonly handle: (
    context: RequestContextOf<Services>,
    request: MessageOf<Request>,
  ) => Awaitable<Outcome<MessageInput<Response>> | MessageInput<Response>>;
  readonly fail?: (request: MessageOf<Request>, errorCode: number) => MessageInput<Response>;
}

/** Ties a handler to its API; the types of request and response come from the schemas. */
export function route<
  const Request extends MessageSchema,
  const Response extends MessageSchema,
  Services extends NodeServices = NodeServices,
>(options: RouteOptions<Request, Response, Services>): Route<Services> {
  const { request: schema, response, handle, fail } = options;
  const api = apiOf(schema.apiKey ?? -1);
  if (api === undefined) throw new AssertionError(`${schema.name} has a key of the API table`);
  return {
    api,
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
