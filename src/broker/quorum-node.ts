import type { Disposable } from '../base/disposable.ts';
import { FileError, readFile } from '../base/file-system.ts';
import { decodeBootstrapCheckpoint } from '../controller/bootstrap.ts';
import type { Controller } from '../controller/controller.ts';
import { controllerApi } from '../controller/controller-api.ts';
import type { ControllerSettings } from '../controller/controller-context.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import { MetadataLoader, type MetadataLoaderOptions } from '../controller/metadata-loader.ts';
import type { MetadataRecordInput } from '../controller/metadata-record.ts';
import { QuorumController } from '../controller/quorum-controller.ts';
import { topicConfigs } from '../controller/schemas/topic-configs.ts';
import type { CreatableTopicConfigs } from '../protocol/schemas/19-create-topics.ts';
import type { BrokerPorts } from './broker-ports.ts';
import { brokerLayers, effectiveTopicConfig } from './config-layers.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { openRaftNode, type RaftNode } from './raft-node.ts';

/** This node's replica of the metadata, and its controller if it is one (Kafka's `SharedServer`). */
export interface QuorumNode {
  readonly raft: RaftNode;
  /** The committed metadata, as far as this node has it. */
  readonly metadata: Pick<MetadataLoader, 'image' | 'onImage'>;
  /** This node's own controller, active or not; undefined on a node that is only a broker. */
  readonly controller: Controller | undefined;
  /** Takes part in the quorum from now on. Rejects with QuorumStateError or FileError. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface QuorumNodeOptions {
  readonly clusterId: string;
  /** The metadata log failed: the node can go on no more. */
  onFault(error: unknown): void;
}

/** Opens the metadata log, with a controller on top of it where the node is one. Rejects with FileError. */
export async function openQuorumNode(
  ports: BrokerPorts,
  config: KafkaConfig,
  options: QuorumNodeOptions,
): Promise<QuorumNode> {
  const raft = await openRaftNode(ports, config, options);
  const { clock, logger } = ports;
  const { onFault } = options;
  const loading: MetadataLoaderOptions = {
    quorum: raft.quorum,
    clock,
    logger,
    snapshotBytesMax: config.number('metadata.log.max.record.bytes.between.snapshots'),
    snapshotIntervalMs: config.number('metadata.log.max.snapshot.interval.ms'),
    onFault,
  };
  if (!config.isController) {
    const metadata = new MetadataLoader(loading);
    metadata.follow();
    return quorumNode(raft, metadata, undefined);
  }
  const settings = controllerSettingsOf(config, options.clusterId, raft);
  const bootstrap = await readBootstrapRecords(ports.files, config.metadataLogDir);
  const controller = new QuorumController({
    ...loading,
    scheduler: ports.scheduler,
    random: ports.random,
    settings,
    bootstrap,
    describeTopicConfigs: (image, overrides) => describeTopicConfigs(image, overrides, config),
    maxIdleIntervalMs: config.number('metadata.max.idle.interval.ms'),
    balanceIntervalMs: config.boolean('auto.leader.rebalance.enable')
      ? config.number('leader.imbalance.check.interval.seconds') * 1_000
      : 0,
  });
  return quorumNode(raft, controller, controllerApi(controller));
}

function quorumNode(
  raft: RaftNode,
  metadata: QuorumNode['metadata'] & Disposable,
  controller: Controller | undefined,
): QuorumNode {
  let closing: Promise<void> | undefined;
  return {
    raft,
    metadata,
    controller,
    start: () => raft.start(),
    close() {
      metadata.dispose();
      closing ??= raft.close();
      return closing;
    },
  };
}

/**
 * Resolves when this node has all metadata that was committed when it last heard of the quorum's leader
 * (`MetadataLoader.stillNeedToCatchUp`). Until there is a quorum it waits.
 */
export function untilCaughtUp({ raft, metadata }: QuorumNode, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const listening = metadata.onImage((image) => {
      const { highWatermark = 0 } = raft.quorum;
      const isCaughtUp = 0 < highWatermark && highWatermark <= image.provenance.offset + 1;
      if (isCaughtUp && 0 < image.features.size) done();
    });
    function done() {
      signal.removeEventListener('abort', done);
      // `onImage` calls back before it has answered.
      queueMicrotask(() => listening.dispose());
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function controllerSettingsOf(
  config: KafkaConfig,
  clusterId: string,
  { quorum }: RaftNode,
): ControllerSettings {
  return {
    nodeId: config.nodeId,
    clusterId,
    isCombined: config.isBroker,
    get voterIds() {
      return quorum.voterSet.map(({ id }) => id);
    },
    staticConfigs: config.properties,
    defaultNumPartitions: config.number('num.partitions'),
    defaultReplicationFactor: config.number('default.replication.factor'),
    isTopicDeletionEnabled: config.boolean('delete.topic.enable'),
    sessionTimeoutMs: config.number('broker.session.timeout.ms'),
  };
}

/** What CreateTopics shows of a new topic (KIP-525). */
function describeTopicConfigs(
  image: MetadataImage,
  overrides: ReadonlyMap<string, string>,
  config: KafkaConfig,
): readonly CreatableTopicConfigs[] {
  const layers = brokerLayers(image, config);
  return [...topicConfigs.values()].map((definition) => {
    const { value, source } = effectiveTopicConfig(definition, overrides, layers);
    const { name, isSensitive } = definition;
    return { name, value, readOnly: false, configSource: source, isSensitive };
  });
}

/** The records of `bootstrap.checkpoint`, which `kafka-storage.sh format` wrote: the first ones of a new cluster. */
async function readBootstrapRecords(
  files: BrokerPorts['files'],
  logDir: string,
): Promise<readonly MetadataRecordInput[]> {
  try {
    return decodeBootstrapCheckpoint(await readFile(files, `${logDir}/bootstrap.checkpoint`));
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return [];
    throw error;
  }
}
