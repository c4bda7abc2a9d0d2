import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../protocol/schemas/45-alter-partition-reassignments.ts';
import { route } from '../route.ts';

/**
 * AlterPartitionReassignments (45), v0
 *
 * Starts or cancels moves of partitions to other brokers, by the controller of this node (KIP-455).
 */
export const alterPartitionReassignmentsRoute = route({
  request: alterPartitionReassignmentsRequest,
  response: alterPartitionReassignmentsResponse,
  handle: (context, request) =>
    context.broker.controller.alterPartitionReassignments(request, context),
});
