import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from '../protocol/schemas/64-unregister-broker.ts';
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../protocol/schemas/67-allocate-producer-ids.ts';
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from '../protocol/schemas/70-controller-registration.ts';
import { brokerEpochProblem } from './broker-heartbeat.ts';
import { unregisterBroker as forgetBroker } from './broker-life-cycle.ts';
import { ControllerError } from './controller.ts';
import type { ControllerContext, ControllerResult } from './controller-context.ts';
import { metadataVersionOf } from './metadata-image.ts';
import { isControllerRegistrationSupported } from './metadata-version.ts';

/** `ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`. */
const PRODUCER_ID_BLOCK = 1000;

/** AllocateProducerIds (67, KIP-730): a block of ids that no other broker will ever get. */
export function allocateProducerIds(
  ctx: ControllerContext,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): ControllerResult<AllocateProducerIdsResponse> {
  const stale = brokerEpochProblem(ctx.image, { brokerId, brokerEpoch });
  if (stale !== undefined) {
    const errorCode = errorCodeOf(stale.errorCode);
    return {
      records: [],
      response: { throttleTimeMs: 0, errorCode, producerIdStart: 0, producerIdLen: 0 },
    };
  }
  const producerIdStart = ctx.image.nextProducerId;
  const nextProducerId = producerIdStart + PRODUCER_ID_BLOCK;
  return {
    records: [
      { kind: 'ProducerIdsRecord', version: 0, message: { brokerId, brokerEpoch, nextProducerId } },
    ],
    response: {
      throttleTimeMs: 0,
      errorCode: 0,
      producerIdStart,
      producerIdLen: PRODUCER_ID_BLOCK,
    },
  };
}

/** UnregisterBroker (64). */
export function unregisterBroker(
  ctx: ControllerContext,
  { brokerId }: UnregisterBrokerRequest,
): ControllerResult<UnregisterBrokerResponse> {
  const broker = ctx.image.brokers.get(brokerId);
  if (broker === undefined) {
    const errorCode = errorCodeOf('BROKER_ID_NOT_REGISTERED');
    return { records: [], response: { throttleTimeMs: 0, errorCode, errorMessage: '' } };
  }
  const response = { throttleTimeMs: 0, errorCode: 0, errorMessage: '' };
  return { records: forgetBroker(ctx, broker), response };
}

/** ControllerRegistration (70, KIP-919). Throws ControllerError where metadata.version is too old for it. */
export function registerController(
  { image }: ControllerContext,
  request: ControllerRegistrationRequest,
): ControllerResult<ControllerRegistrationResponse> {
  if (!isControllerRegistrationSupported(metadataVersionOf(image))) {
    throw new ControllerError(
      'UNSUPPORTED_VERSION',
      'The current MetadataVersion is too old to support controller registrations.',
    );
  }
  const { controllerId, incarnationId, zkMigrationReady, listeners, features } = request;
  const message = { controllerId, incarnationId, zkMigrationReady, endPoints: listeners, features };
  return {
    records: [{ kind: 'RegisterControllerRecord', version: 0, message }],
    response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null },
  };
}
