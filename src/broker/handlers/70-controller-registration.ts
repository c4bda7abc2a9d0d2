import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../../protocol/schemas/70-controller-registration.ts';
import { route } from '../route.ts';

/**
 * ControllerRegistration (70), v0
 *
 * A controller announces itself to the active one (KIP-919).
 */
export const controllerRegistrationRoute = route({
  request: controllerRegistrationRequest,
  response: controllerRegistrationResponse,
  handle: ({ broker }, request) => broker.controller.registerController(request),
});
