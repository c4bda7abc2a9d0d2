import { isActiveBroker, type MetadataImage, topicByName } from '../controller/metadata-image.ts';

/** Where clients reach a broker over one listener. */
export interface BrokerNode {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  /** Registered, but not to be used. */
  readonly isFenced?: boolean;
}

export const noNode: BrokerNode = { nodeId: -1, host: '', port: -1, rack: null };

/** A broker that is alive and has the listener. */
export function brokerNode(
  image: MetadataImage,
  brokerId: number,
  listenerName: string,
): BrokerNode | undefined {
  return isActiveBroker(image, brokerId)
    ? registeredBroker(image, brokerId, listenerName)
    : undefined;
}

function registeredBroker(
  image: MetadataImage,
  brokerId: number,
  listenerName: string,
): BrokerNode | undefined {
  const registration = image.brokers.get(brokerId);
  const endPoint = registration?.endPoints.find(({ name }) => name === listenerName);
  if (registration === undefined || endPoint === undefined) return undefined;
  return { nodeId: brokerId, host: endPoint.host, port: endPoint.port, rack: registration.rack };
}

/** Also those that are fenced, and say so. */
export function registeredBrokerNodes(
  image: MetadataImage,
  listenerName: string,
): readonly BrokerNode[] {
  return [...image.brokers.keys()]
    .sort((a, b) => a - b)
    .map((brokerId) => registeredBroker(image, brokerId, listenerName))
    .filter((node) => node !== undefined)
    .map((node) => ({ ...node, isFenced: !isActiveBroker(image, node.nodeId) }));
}

/** In the order of their ids, as Kafka's map of small numbers has them. */
export function brokerNodes(image: MetadataImage, listenerName: string): readonly BrokerNode[] {
  return [...image.brokers.keys()]
    .sort((a, b) => a - b)
    .map((brokerId) => brokerNode(image, brokerId, listenerName))
    .filter((node) => node !== undefined);
}

export function hasPartition(image: MetadataImage, topic: string, partition: number): boolean {
  return topicByName(image, topic)?.partitions[partition] !== undefined;
}
