import { errorCodeOf } from '../../protocol/error-codes.ts';
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../../protocol/schemas/62-broker-registration.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * BrokerRegistration (62), v0-3
 *
 * A broker announces itself to the controller (KIP-631).
 */
export const brokerRegistrationRoute = route({
  request: brokerRegistrationRequest,
  response: brokerRegistrationResponse,
  handle({ broker }: NodeRequestContext, request) {
    // This node's own broker is in this process and asks without the network.
    const isImpostor = broker.config.isBroker && request.brokerId === broker.nodeId;
    if (!isImpostor) return broker.controller.registerBroker(request);
    return { errorCode: errorCodeOf('DUPLICATE_BROKER_REGISTRATION') };
  },
});
