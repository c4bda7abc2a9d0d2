import type { ApiCall } from '../client/api-calls.ts';
import { type Controller, ControllerError, type RequestOrigin } from '../controller/controller.ts';
import type { MetadataLoader } from '../controller/metadata-loader.ts';
import { errorNameOf } from '../protocol/error-codes.ts';
import { DecodeError } from '../protocol/errors.ts';
import { decodeResponse } from '../protocol/frames.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import { addressBytes } from './channel/client-address.ts';
import { controllerCalls as calls } from './channel/controller-calls.ts';
import type { ControllerChannel, ControllerRequest } from './channel/controller-channel.ts';
import { anonymous, encodePrincipal, envelopeRequestData } from './channel/envelope.ts';
import { newestForms } from './channel/newest-forms.ts';
import type { NodeChannel } from './channel/node-channel.ts';

type Asking = Pick<ControllerChannel, 'ask'>;

export interface ForwardingOptions {
  readonly clientId: string;
  /** This node's own controller; undefined on a node that is only a broker. */
  readonly local: Controller | undefined;
  readonly metadata: Pick<MetadataLoader, 'image' | 'onImage'>;
  readonly leaderId: () => number | undefined;
  /** One each, so that no heartbeat waits behind an administrator's request. */
  readonly channels: {
    readonly heartbeats: Asking;
    readonly partitions: Asking;
    readonly forwarding: Asking;
  };
  /** `broker.session.timeout.ms`: for registration and heartbeats. */
  readonly sessionTimeoutMs: number;
  /** `request.timeout.ms`: for all else. */
  readonly requestTimeoutMs: number;
}

/**
 * The active controller, wherever it is: decides here when this node is it, else passes the request on.
 * What a client asked goes in an envelope (KIP-590), what the broker itself asks goes as it is.
 */
export function forwardingController(options: ForwardingOptions): Controller {
  const { metadata, leaderId } = options;
  return {
    ...clientRequests(options),
    ...ownRequests(options),
    get activeControllerId() {
      return leaderId();
    },
    get image() {
      return metadata.image;
    },
    onImage: (listener) => metadata.onImage(listener),
  };
}

/** What clients ask. */
function clientRequests(options: ForwardingOptions) {
  const local = localOf(options);
  const { channels, clientId, requestTimeoutMs } = options;
  const self = originOf(clientId);
  const enveloped =
    <Q extends MessageSchema, S extends MessageSchema>(
      call: ApiCall<Q, S>,
      decide: Decision<MessageOf<Q>, MessageOf<S>>,
      newestForm = (request: MessageOf<Q>) => request,
    ) =>
    (request: MessageOf<Q>, origin: RequestOrigin = self): Promise<MessageOf<S>> => {
      const here = () => decide(local(), request);
      const passed = envelopedRequest(call, newestForm(request), { here, origin });
      return channels.forwarding.ask(passed, requestTimeoutMs);
    };
  return {
    createTopics: enveloped(calls.createTopics, (to, request) => to.createTopics(request)),
    deleteTopics: enveloped(
      calls.deleteTopics,
      (to, request) => to.deleteTopics(request),
      newestForms.deleteTopics,
    ),
    alterConfigs: enveloped(calls.alterConfigs, (to, request) => to.alterConfigs(request)),
    createPartitions: enveloped(calls.createPartitions, (to, request) =>
      to.createPartitions(request),
    ),
    electLeaders: enveloped(calls.electLeaders, (to, request) => to.electLeaders(request)),
    incrementalAlterConfigs: enveloped(calls.incrementalAlterConfigs, (to, request) =>
      to.incrementalAlterConfigs(request),
    ),
    alterPartitionReassignments: enveloped(calls.alterPartitionReassignments, (to, request) =>
      to.alterPartitionReassignments(request),
    ),
    listPartitionReassignments: enveloped(calls.listPartitionReassignments, (to, request) =>
      to.listPartitionReassignments(request),
    ),
    alterClientQuotas: enveloped(calls.alterClientQuotas, (to, request) =>
      to.alterClientQuotas(request),
    ),
    updateFeatures: enveloped(
      calls.updateFeatures,
      (to, request) => to.updateFeatures(request),
      newestForms.updateFeatures,
    ),
    unregisterBroker: enveloped(calls.unregisterBroker, (to, request) =>
      to.unregisterBroker(request),
    ),
  };
}

/** What nodes ask for themselves. */
function ownRequests(options: ForwardingOptions) {
  const local = localOf(options);
  const { channels, sessionTimeoutMs, requestTimeoutMs } = options;
  const direct =
    (channel: Asking, timeoutMs: number) =>
    <Q extends MessageSchema, S extends MessageSchema>(
      call: ApiCall<Q, S>,
      decide: Decision<MessageOf<Q>, MessageOf<S>>,
    ) =>
    (request: MessageOf<Q>): Promise<MessageOf<S>> =>
      channel.ask(
        directRequest(call, request, () => decide(local(), request)),
        timeoutMs,
      );
  const alive = direct(channels.heartbeats, sessionTimeoutMs);
  const own = direct(channels.partitions, requestTimeoutMs);
  return {
    registerBroker: alive(calls.registerBroker, (to, request) => to.registerBroker(request)),
    heartbeat: alive(calls.heartbeat, (to, request) => to.heartbeat(request)),
    registerController: alive(calls.registerController, (to, request) =>
      to.registerController(request),
    ),
    alterPartition: own(calls.alterPartition, (to, request) => to.alterPartition(request)),
    allocateProducerIds: own(calls.allocateProducerIds, (to, request) =>
      to.allocateProducerIds(request),
    ),
    assignReplicasToDirs: own(calls.assignReplicasToDirs, (to, request) =>
      to.assignReplicasToDirs(request),
    ),
  };
}

type Decision<Q, R> = (controller: Controller, request: Q) => Promise<R>;

function localOf({ local }: ForwardingOptions): () => Controller {
  return () => {
    if (local !== undefined) return local;
    throw new ControllerError('NOT_CONTROLLER', 'This node is not a controller.');
  };
}

function directRequest<Q extends MessageSchema, S extends MessageSchema>(
  call: ApiCall<Q, S>,
  message: MessageOf<Q>,
  local: () => Promise<MessageOf<S>>,
): ControllerRequest<MessageOf<S>> {
  return {
    name: call.name,
    local,
    async remote(channel, timeoutMs) {
      const response = await channel.send(call, message as MessageInput<Q>, timeoutMs);
      throwIfNotController((response as { errorCode?: unknown }).errorCode);
      return response;
    },
  };
}

/** A client's request on its way to the active controller in an envelope. */
export function envelopedRequest<Q extends MessageSchema, S extends MessageSchema>(
  call: ApiCall<Q, S>,
  message: MessageOf<Q>,
  {
    here,
    origin: { clientId, correlationId, client },
  }: { readonly here: () => Promise<MessageOf<S>>; readonly origin: RequestOrigin },
): ControllerRequest<MessageOf<S>> {
  return {
    name: call.name,
    local: here,
    async remote(channel, timeoutMs) {
      const apiVersion = await versionAt(channel, call);
      const header = { apiVersion, correlationId, clientId };
      const envelope = {
        requestData: envelopeRequestData(call.request, header, message as MessageInput<Q>),
        requestPrincipal: encodePrincipal(anonymous),
        clientHostAddress: addressBytes(client.clientHost),
      };
      const { errorCode, responseData } = await channel.send(calls.envelope, envelope, timeoutMs);
      throwIfNotController(errorCode);
      if (errorCode !== 0 || responseData === null) {
        // As Kafka's ForwardingManager: the envelope's own errors say nothing to a client.
        const message = `The controller refused the envelope: ${errorNameOf(errorCode)}`;
        throw new ControllerError('UNKNOWN_SERVER_ERROR', message);
      }
      return decodeInner(call, apiVersion, responseData);
    },
  };
}

/** What this node asks for itself, as when it creates a topic. */
export function originOf(clientId: string): RequestOrigin {
  return { clientId, correlationId: 0, client: { clientHost: '/127.0.0.1' } };
}

async function versionAt(
  channel: NodeChannel,
  call: ApiCall<MessageSchema, MessageSchema>,
): Promise<number> {
  const connection = await channel.connected();
  return connection.versionOf(call);
}

function decodeInner<S extends MessageSchema>(
  call: ApiCall<MessageSchema, S>,
  apiVersion: number,
  responseData: Uint8Array,
): MessageOf<S> {
  try {
    return decodeResponse(call.response, apiVersion, responseData);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw unreadable(call.name, error);
  }
}

function unreadable(api: string, { message }: DecodeError): ControllerError {
  return new ControllerError(
    'UNKNOWN_SERVER_ERROR',
    `The controller's answer to ${api} cannot be read: ${message}`,
  );
}

function throwIfNotController(errorCode: unknown): void {
  if (errorCode !== notController) return;
  throw new ControllerError('NOT_CONTROLLER', 'The node is not the active controller.');
}

const notController = 41;
