import type { SocketAddress } from '../base/network.ts';
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponse,
  Node,
} from '../protocol/schemas/55-describe-quorum.ts';
import { QuorumStateFile } from '../raft/quorum-state-file.ts';
import { RaftClient } from '../raft/raft-client.ts';
import { RaftApis } from '../raft/raft-wire-server.ts';
import type { VoterEndpoint, VoterSet } from '../raft/voter-set.ts';
import type { LogConfig } from '../storage/log-config.ts';
import { readMetaProperties } from '../storage/meta-properties.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { MetadataLog } from './metadata-log.ts';
import { NodeRaftTransport } from './raft-transport.ts';
import { VoterAddresses } from './voter-addresses.ts';

/** This node's replica of the metadata log: a voter, or an observer where its id is not among the voters. */
export interface RaftNode {
  readonly quorum: RaftClient;
  /** Answers what other replicas ask over the controller listener. */
  readonly apis: RaftApis;
  /** Where a voter's controller listener is. */
  addressOf(id: number): SocketAddress | undefined;
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

/** Of our own: Kafka 4.0 always asks for pre-votes, 3.8 never. */
const preVoteKey = 'controller.quorum.pre.vote.enable';
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
    logConfigOf(config),
  );
  const voters = config.voters.map(({ nodeId }) => nodeId);
  const addresses = new VoterAddresses(config, () => quorum.voterSet);
  const transport = new NodeRaftTransport(ports, {
    nodeId: config.nodeId,
    clusterId,
    requestTimeoutMs: config.number('controller.quorum.request.timeout.ms'),
    addresses,
    endpoints: () => quorum.endpoints,
  });
  const directoryId = (await readMetaProperties(files, config.metadataLogDir))?.directoryId;
  const quorum: RaftClient = new RaftClient({
    nodeId: config.nodeId,
    ...(directoryId !== undefined && { directoryId }),
    endpoints: ownEndpoints(config),
    voters,
    config: {
      electionTimeoutMs: config.number('controller.quorum.election.timeout.ms'),
      electionBackoffMaxMs: config.number('controller.quorum.election.backoff.max.ms'),
      fetchTimeoutMs: config.number('controller.quorum.fetch.timeout.ms'),
      retryBackoffMs: config.number('controller.quorum.retry.backoff.ms'),
      isPreVoteEnabled: config.optional(preVoteKey) === 'true',
      ...(snapshotPartBytes !== undefined && { snapshotPartBytes }),
    },
    log,
    elections: new QuorumStateFile(files, log.folder, voters),
    transport,
    bootstrapIds: addresses.bootstrapIds,
    endpointOf: (id) => addresses.textOf(id),
    clock,
    scheduler,
    random,
    logger,
    onFault,
  });
  return {
    quorum,
    addressOf: (id) => addresses.addressOf(id),
    apis: new RaftApis(clusterId, quorum, addresses),
    describe: (request) => ({
      ...quorum.describe(request),
      nodes: voterNodes(config, quorum.voterSet),
    }),
    start: () => quorum.start(),
    async close() {
      await quorum.shutdown(shutdownTimeoutMs);
      transport.dispose();
      await log.close();
    },
  };
}

function logConfigOf(config: KafkaConfig): Partial<LogConfig> {
  return {
    segmentBytes: config.number('metadata.log.segment.bytes'),
    retentionBytes: config.number('metadata.max.retention.bytes'),
    retentionMs: config.number('metadata.max.retention.ms'),
  };
}

/** As the log names the voters, else as they are configured. A broker has no controller listener, but knows its name. */
function voterNodes(config: KafkaConfig, voters: VoterSet): readonly Node[] {
  const named = voters.filter(({ endpoints }) => 0 < endpoints.length);
  if (0 < named.length) {
    return named.map(({ id, endpoints }) => ({ nodeId: id, listeners: endpoints }));
  }
  const [name = 'CONTROLLER'] = config.controllerListenerNames;
  return config.voters.map(({ nodeId, host, port }) => ({
    nodeId,
    listeners: [{ name, host, port }],
  }));
}

/** Where this node listens as a controller, as others reach it; host '' where it listens everywhere and none is known. */
function ownEndpoints(config: KafkaConfig): VoterEndpoint[] {
  const configured = config.voters.find((voter) => voter.nodeId === config.nodeId)?.host ?? '';
  return config.advertisedControllerListeners.map(({ listenerName: name, host, port }) => {
    const isEverywhere = host === '' || host === '0.0.0.0';
    return { name, host: isEverywhere ? configured : host, port };
  });
}
