/** The one topic that raft knows of; it has one partition, 0. */
export const metadataTopic = '__cluster_metadata';
