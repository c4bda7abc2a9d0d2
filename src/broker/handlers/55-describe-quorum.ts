import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeQuorumRequest,
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../protocol/schemas/55-describe-quorum.ts';
import type { NodeServices } from '../node-services.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeQuorum (55), v0-2
 *
 * The state of the metadata quorum (KIP-595); kafka-metadata-quorum.sh shows it. Only the leader knows how
 * far the others are.
 *
 * - v1: times of last fetch (KIP-836). v2 (KIP-853): directory ids and listeners of the voters.
 */
export const describeQuorumRoute = route({
  request: describeQuorumRequest,
  response: describeQuorumResponse,
  handle: handleDescribeQuorum,
});

function handleDescribeQuorum(
  { broker, apiVersion }: NodeRequestContext,
  request: DescribeQuorumRequest,
): MessageInput<typeof describeQuorumResponse> {
  const described = broker.quorum.describe(request);
  return apiVersion < 2 ? described : { ...described, nodes: voterNodes(broker) };
}

function voterNodes({ config }: NodeServices) {
  const name = config.controllerListeners[0]?.listenerName ?? 'CONTROLLER';
  return config.voters.map(({ nodeId, host, port }) => ({
    nodeId,
    listeners: [{ name, host, port }],
  }));
}
