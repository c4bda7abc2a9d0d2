import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../protocol/schemas/46-list-partition-reassignments.ts';
import { route } from '../route.ts';

/**
 * ListPartitionReassignments (46), v0
 *
 * Moves of partitions that are under way (KIP-455); kafka-topics.sh --describe asks for them.
 */
export const listPartitionReassignmentsRoute = route({
  request: listPartitionReassignmentsRequest,
  response: listPartitionReassignmentsResponse,
  handle: (context, request) =>
    context.broker.controller.listPartitionReassignments(request, context),
});
