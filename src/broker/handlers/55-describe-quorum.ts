import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../protocol/schemas/55-describe-quorum.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeQuorum (55), v0-2
 *
 * The state of the metadata quorum (KIP-595); kafka-metadata-quorum.sh shows it. Only the leader knows how
 * far the others are, so a broker passes the request on to it.
 *
 * - v1: times of last fetch (KIP-836). v2 (KIP-853): directory ids and listeners of the voters.
 */
export const describeQuorumRoute = route({
  request: describeQuorumRequest,
  response: describeQuorumResponse,
  async handle(context: NodeRequestContext, request) {
    const { nodes, ...described } = await context.broker.quorum.describe(request, context);
    return context.apiVersion < 2 ? described : { ...described, nodes };
  },
});
