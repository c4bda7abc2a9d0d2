import { ControllerError } from '../../controller/controller.ts';
import { apiOf } from '../../protocol/api.ts';
import { type ErrorCode, errorCodeOf } from '../../protocol/error-codes.ts';
import { DecodeError } from '../../protocol/errors.ts';
import { decodeRequestHeader } from '../../protocol/frames.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type EnvelopeRequest,
  envelopeRequest,
  envelopeResponse,
} from '../../protocol/schemas/58-envelope.ts';
import { addressText } from '../channel/client-address.ts';
import { decodePrincipal, withoutSize } from '../channel/envelope.ts';
import type { ControllerServices } from '../controller-services.ts';
import type { ClientInfo, RequestContextOf } from '../request-context.ts';
import { route } from '../route.ts';

type Response = MessageInput<typeof envelopeResponse>;

/** `ApiKeys.forwardable`, as far as a controller here answers them. */
const forwardable: ReadonlySet<number> = new Set([
  19, 20, 29, 30, 31, 33, 37, 38, 39, 40, 43, 44, 45, 46, 49, 51, 55, 57, 64, 80, 81,
]);

/**
 * Envelope (58), v0
 *
 * A broker passes a client's request on to the active controller, with the client's name and address (KIP-590).
 * Answered with the whole response to the inner request.
 *
 * The envelope's error is NOT_CONTROLLER when the inner one would be: the broker asks again elsewhere.
 */
export const envelopeRoute = route({
  request: envelopeRequest,
  response: envelopeResponse,
  handle: handleEnvelope,
});

async function handleEnvelope(
  { broker, client }: RequestContextOf<ControllerServices>,
  request: EnvelopeRequest,
): Promise<Response> {
  const problem = problemOf(request);
  if (problem !== null) return refusal(problem);
  try {
    const reply = await broker.forwarded(request.requestData, forwardedClient(client, request));
    if (reply.kind === 'chunks') return { responseData: withoutSize(reply.chunks), errorCode: 0 };
    return refusal('UNSUPPORTED_VERSION');
  } catch (error) {
    if (error instanceof ControllerError) return refusal(error.errorCode);
    if (error instanceof DecodeError) return refusal('INVALID_REQUEST');
    throw error;
  }
}

function refusal(errorCode: ErrorCode): Response {
  return { responseData: null, errorCode: errorCodeOf(errorCode) };
}

function problemOf(request: EnvelopeRequest): ErrorCode | null {
  try {
    decodePrincipal(request.requestPrincipal ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return 'PRINCIPAL_DESERIALIZATION_FAILURE';
  }
  const { byteLength } = request.clientHostAddress;
  if (byteLength !== 4 && byteLength !== 16) return 'INVALID_REQUEST';
  try {
    const { apiKey } = decodeRequestHeader(request.requestData);
    return apiOf(apiKey) !== undefined && forwardable.has(apiKey) ? null : 'INVALID_REQUEST';
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return 'INVALID_REQUEST';
  }
}

/** The connection is the broker's; the address is the client's. */
function forwardedClient(client: ClientInfo, { clientHostAddress }: EnvelopeRequest): ClientInfo {
  return {
    connectionId: client.connectionId,
    clientHost: `/${addressText(clientHostAddress)}`,
    listenerName: client.listenerName,
    softwareName: client.softwareName,
    softwareVersion: client.softwareVersion,
    onClose: (callback) => client.onClose(callback),
  };
}
