export const consumerOffsetsTopic = '__consumer_offsets';
export const transactionStateTopic = '__transaction_state';
export const clusterMetadataTopic = '__cluster_metadata';

export function isInternalTopic(topic: string): boolean {
  return topic === consumerOffsetsTopic || topic === transactionStateTopic;
}
