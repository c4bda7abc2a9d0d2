import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../protocol/schemas/37-create-partitions.ts';
import { route } from '../route.ts';

/**
 * CreatePartitions (37), v0-3
 *
 * Grows topics, by the controller of this node.
 */
export const createPartitionsRoute = route({
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  async handle(context, request) {
    const { broker } = context;
    const response = await broker.controller.createPartitions(request, context);
    await broker.caughtUp();
    return response;
  },
  fail: (request, errorCode) => ({
    results: request.topics.map(({ name }) => ({ name, errorCode })),
  }),
});
