/** Offsets of a leader's log, as an acknowledgement sees them. */
export interface LeaderOffsets {
  readonly highWatermark: number;
  readonly logEndOffset: number;
}

/**
 * The two rules on which "acknowledged is never lost" rests. Every broker goes by `kafkaReplicationRules`; the
 * simulator puts a wrong rule in its place (`BrokerPorts.replicationRules`) to prove that it is found out.
 */
export interface ReplicationRules {
  /** Whether acks=all may be answered: every in-sync replica has all records before `requiredOffset`. */
  readonly isReplicated: (leader: LeaderOffsets, requiredOffset: number) => boolean;
  /**
   * How a replica that becomes a follower finds what its log has and the leader's has not. `by-epoch`: the leader
   * says where its epochs end (KIP-101, KIP-279). `by-high-watermark`: all above its own high watermark is cut,
   * and no epochs are compared, as Kafka did before 0.11, which loses acknowledged records.
   */
  readonly truncation: 'by-epoch' | 'by-high-watermark';
}

export const kafkaReplicationRules: ReplicationRules = {
  isReplicated: ({ highWatermark }, requiredOffset) => requiredOffset <= highWatermark,
  truncation: 'by-epoch',
};
