import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../../protocol/schemas/62-broker-registration.ts';
import { route } from '../route.ts';

/**
 * BrokerRegistration (62), v0-3
 *
 * A broker announces itself to the controller (KIP-631).
 */
export const brokerRegistrationRoute = route({
  request: brokerRegistrationRequest,
  response: brokerRegistrationResponse,
  handle: ({ broker }, request) => broker.controller.registerBroker(request),
});
