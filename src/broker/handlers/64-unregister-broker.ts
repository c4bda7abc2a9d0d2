import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../protocol/schemas/64-unregister-broker.ts';
import { route } from '../route.ts';

/**
 * UnregisterBroker (64), v0
 *
 * Makes the controller forget a broker that is gone for good (KIP-631).
 */
export const unregisterBrokerRoute = route({
  request: unregisterBrokerRequest,
  response: unregisterBrokerResponse,
  handle: (context, request) => context.broker.controller.unregisterBroker(request, context),
});
