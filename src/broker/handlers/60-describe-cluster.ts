import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type DescribeClusterRequest,
  describeClusterRequest,
  describeClusterResponse,
} from '../../protocol/schemas/60-describe-cluster.ts';
import { authorizedOperations } from '../authorized-operations.ts';
import { type BrokerNode, brokerNodes, registeredBrokerNodes } from '../metadata-lookup.ts';
import type { NodeServices } from '../node-services.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * DescribeCluster (60), v0-2
 *
 * Cluster id, controller and brokers (KIP-700).
 *
 * - v1 (KIP-919): endpoint type; a broker's listener answers for brokers (1), a controller's for controllers (2).
 * - v2 (KIP-1073): fenced brokers on request.
 */
export const describeClusterRoute = route({
  request: describeClusterRequest,
  response: describeClusterResponse,
  handle: handleDescribeCluster,
});

function handleDescribeCluster(
  { broker, client, apiVersion }: NodeRequestContext,
  request: DescribeClusterRequest,
): MessageInput<typeof describeClusterResponse> {
  const { clusterId, config, controller } = broker;
  const isControllerListener = config.controllerListeners.some(
    ({ listenerName }) => listenerName === client.listenerName,
  );
  const endpointType = isControllerListener ? 2 : 1;
  const nodesOf = request.includeFencedBrokers ? registeredBrokerNodes : brokerNodes;
  if (request.endpointType !== endpointType) {
    return {
      errorCode: errorCodeOf('MISMATCHED_ENDPOINT_TYPE'),
      errorMessage: `The request was sent to an endpoint of type ${isControllerListener ? 'CONTROLLER' : 'BROKER'}, but we wanted an endpoint of type ${isControllerListener ? 'BROKER' : 'CONTROLLER'}`,
      ...(1 <= apiVersion && { endpointType }),
    };
  }
  const brokers = isControllerListener
    ? controllerNodes(broker, client.listenerName)
    : nodesOf(controller.image, client.listenerName);
  return {
    clusterId,
    ...(1 <= apiVersion && { endpointType }),
    controllerId: isControllerListener ? (controller.activeControllerId ?? -1) : broker.nodeId,
    brokers: brokers.map(({ nodeId, host, port, rack, isFenced = false }) => ({
      brokerId: nodeId,
      host,
      port,
      rack,
      ...(2 <= apiVersion && { isFenced }),
    })),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? authorizedOperations.cluster
      : authorizedOperations.unknown,
  };
}

/** As they registered; before the metadata version knows registrations of controllers, as the quorum was configured. */
function controllerNodes(
  { config, controller }: NodeServices,
  listenerName: string,
): readonly BrokerNode[] {
  const registered = [...controller.image.controllers.values()].flatMap(
    ({ controllerId: nodeId, endPoints }) =>
      endPoints
        .filter(({ name }) => name === listenerName)
        .map(({ host, port }) => ({ nodeId, host, port, rack: null })),
  );
  const nodes = 0 < registered.length ? registered : config.voters;
  return nodes
    .map(({ nodeId, host, port }) => ({ nodeId, host, port, rack: null }))
    .sort((a, b) => a.nodeId - b.nodeId);
}
