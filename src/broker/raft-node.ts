import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
  Node,
} from '../protocol/schemas/55-describe-quorum.ts';
import { QuorumStateFile } from '../raft/quorum-state-file.ts';
import { RaftClient } from '../raft/raft-client.ts';
import { RaftApis } from '../raft/raft-wire-server.ts';
import { readMetaProperties } from '../storage/meta-properties.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { MetadataLog } from './metadata-log.ts';
import { NodeRaftTransport } from './raft-transport.ts';

/** This node's replica of the metadata log: a voter, or an observer where its id is not among the voters. */
export interface RaftNode {
  readonly quorum: RaftClient;
  /** Answers what other replicas ask over the controller listener. */
  readonly apis: RaftApis;
  /** Answers DescribeQuorum (55). */
  readonly describe: (request: DescribeQuorumRequest) => DescribeQuorumResponse;
  /** Takes part in the quorum from now on. Rejects with QuorumStateError or FileError. */
  start(): Promise<void>;
  /** A leader says goodbye, so that the others elect at once; then the log is flushed and closed. */
  close(): Promise<void>;
}

export interface RaftNodeOptions {
  readonly clusterId: string;
  /** How much of a snapshot is fetched at once; for tests. */
  readonly snapshotPartBytes?: number;
  /** The metadata log failed: the node can go on no more. */
  onFault(error: unknown): void;
}

const shutdownTimeoutMs = 5_000;

/** Opens the metadata log. Rejects with FileError. */
export async function openRaftNode(
  ports: BrokerPorts,
  config: KafkaConfig,
  { clusterId, snapshotPartBytes, onFault }: RaftNodeOptions,
): Promise<RaftNode> {
  const { files, clock, scheduler, random, logger, codecs } = ports;
  const onStorageError = (_folder: string, error: unknown) => onFault(error);
  const log = await MetadataLog.open(
    { files, clock, logger, codecs, onStorageError },
    config.metadataLogDir,
    { segmentBytes: config.number('metadata.log.segment.bytes') },
  );
  const voters = config.voters.map(({ nodeId }) => nodeId);
  const addressOf = (id: number) => config.voters.find(({ nodeId }) => nodeId === id);
  const endpointOf = (id: number) => {
    const address = addressOf(id);
    return address && `${address.host}:${address.port}`;
  };
  const transport = new NodeRaftTransport(ports, {
    nodeId: config.nodeId,
    clusterId,
    requestTimeoutMs: config.number('controller.quorum.request.timeout.ms'),
    addressOf,
  });
  const directoryId = (await readMetaProperties(files, config.metadataLogDir))?.directoryId;
  const quorum = new RaftClient({
    nodeId: config.nodeId,
    ...(directoryId !== undefined && { directoryId }),
    voters,
    config: {
      electionTimeoutMs: config.number('controller.quorum.election.timeout.ms'),
      electionBackoffMaxMs: config.number('controller.quorum.election.backoff.max.ms'),
      fetchTimeoutMs: config.number('controller.quorum.fetch.timeout.ms'),
      retryBackoffMs: config.number('controller.quorum.retry.backoff.ms'),
      ...(snapshotPartBytes !== undefined && { snapshotPartBytes }),
    },
    log,
    elections: new QuorumStateFile(files, log.folder, voters),
    transport,
    endpointOf,
    clock,
    scheduler,
    random,
    logger,
    onFault,
  });
  return {
    quorum,
    apis: new RaftApis(clusterId, quorum),
    describe: (request) => ({ ...quorum.describe(request), nodes: voterNodes(config) }),
    start: () => quorum.start(),
    async close() {
      await quorum.shutdown(shutdownTimeoutMs);
      transport.dispose();
      await log.close();
    },
  };
}

/** A broker has no controller listener, but knows its name. */
function voterNodes(config: KafkaConfig): readonly Node[] {
  const [name = 'CONTROLLER'] = config.list('controller.listener.names');
  return config.voters.map(({ nodeId, host, port }) => ({
    nodeId,
    listeners: [{ name, host, port }],
  }));
}
