import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../../protocol/schemas/57-update-features.ts';
import { route } from '../route.ts';

/**
 * UpdateFeatures (57), v0-1
 *
 * Finalizes feature levels such as metadata.version, by the controller of this node (KIP-584).
 */
export const updateFeaturesRoute = route({
  request: updateFeaturesRequest,
  response: updateFeaturesResponse,
  handle: (context, request) => context.broker.controller.updateFeatures(request, context),
});
