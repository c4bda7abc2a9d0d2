import { FileError, readFile } from '../base/file-system.ts';
import { decodeBootstrapCheckpoint } from '../controller/bootstrap.ts';
import type { Controller } from '../controller/controller.ts';
import { controllerApi } from '../controller/controller-api.ts';
import type { ControllerSettings } from '../controller/controller-context.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import type { MetadataRecordInput } from '../controller/metadata-record.ts';
import { QuorumController } from '../controller/quorum-controller.ts';
import { topicConfigs } from '../controller/schemas/topic-configs.ts';
import type { CreatableTopicConfigs } from '../protocol/schemas/19-create-topics.ts';
import type { Quorum } from '../raft/raft-listener.ts';
import type { BrokerPorts } from './broker-ports.ts';
import { brokerLayers, effectiveTopicConfig } from './config-layers.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { openRaftNode } from './raft-node.ts';

/** This node's part of the metadata quorum, with the controller on top of it. */
export interface QuorumNode {
  readonly controller: Controller;
  readonly quorum: Quorum;
  close(): Promise<void>;
}

export interface QuorumNodeOptions {
  readonly clusterId: string;
  /** The metadata log failed: the node can go on no more. */
  onFault(error: unknown): void;
}

/** Opens the metadata log and starts raft and the controller. Resolves when the controller is active. */
export async function startQuorumNode(
  ports: BrokerPorts,
  config: KafkaConfig,
  { clusterId, onFault }: QuorumNodeOptions,
): Promise<QuorumNode> {
  const { files, clock, scheduler, random, logger } = ports;
  const raft = await openRaftNode(ports, config, { clusterId, onFault });
  const controller = new QuorumController({
    quorum: raft.quorum,
    clock,
    scheduler,
    random,
    logger,
    settings: controllerSettingsOf(config, clusterId),
    bootstrap: await readBootstrapRecords(files, config.metadataLogDir),
    describeTopicConfigs: (image, overrides) => describeTopicConfigs(image, overrides, config),
    maxIdleIntervalMs: config.number('metadata.max.idle.interval.ms'),
    snapshotBytesMax: config.number('metadata.log.max.record.bytes.between.snapshots'),
    snapshotIntervalMs: config.number('metadata.log.max.snapshot.interval.ms'),
    balanceIntervalMs: config.boolean('auto.leader.rebalance.enable')
      ? config.number('leader.imbalance.check.interval.seconds') * 1_000
      : 0,
    onFault,
  });
  await raft.start();
  await untilActive(controller);
  return {
    controller: controllerApi(controller),
    quorum: raft.quorum,
    async close() {
      controller.dispose();
      await raft.close();
    },
  };
}

function controllerSettingsOf(config: KafkaConfig, clusterId: string): ControllerSettings {
  return {
    nodeId: config.nodeId,
    clusterId,
    isCombined: config.isBroker,
    staticConfigs: config.properties,
    defaultNumPartitions: config.number('num.partitions'),
    defaultReplicationFactor: config.number('default.replication.factor'),
    isTopicDeletionEnabled: config.boolean('delete.topic.enable'),
    sessionTimeoutMs: config.number('broker.session.timeout.ms'),
  };
}

/** Resolves when this node leads and the cluster's features are known. */
function untilActive(controller: QuorumController): Promise<void> {
  return new Promise((resolve) => {
    const listening = controller.onImage((image) => {
      if (!controller.isActive || image.features.size === 0) return;
      // `onImage` calls back before it has answered.
      queueMicrotask(() => listening.dispose());
      resolve();
    });
  });
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
