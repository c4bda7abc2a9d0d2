import { isActiveBroker, type MetadataImage, topicByName } from '../controller/metadata-image.ts';

/** Where clients reach a broker over one listener. */
export interface BrokerNode {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export const noNode: BrokerNode = { nodeId: -1, host: '', port: -1, rack: null };

/** A broker that is alive and has the listener. */
export function brokerNode(
  image: MetadataImage,
  brokerId: number,
  listenerName: string,
): BrokerNode | undefined {
  const registration = image.brokers.get(brokerId);
  if (registration === undefined || !isActiveBroker(image, brokerId)) return undefined;
  const endPoint = registration.endPoints.find(({ name }) => name === listenerName);
  if (endPoint === undefined) return undefined;
  return { nodeId: brokerId, host: endPoint.host, port: endPoint.port, rack: registration.rack };
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
