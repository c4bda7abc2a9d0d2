import {
  alterPartitionRequest,
  alterPartitionResponse,
} from '../../protocol/schemas/56-alter-partition.ts';
import { route } from '../route.ts';

/**
 * AlterPartition (56), v0-3
 *
 * A leader asks the controller for a change of its partition's ISR (KIP-497).
 */
export const alterPartitionRoute = route({
  request: alterPartitionRequest,
  response: alterPartitionResponse,
  handle: ({ broker }, request) => broker.controller.alterPartition(request),
});
