import type { Disposable } from '../base/disposable.ts';
import type { Controller } from '../controller/controller.ts';
import { topicByName } from '../controller/metadata-image.ts';
import { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { ApiSpec } from '../protocol/api.ts';
import { LogManager } from '../storage/log-manager.ts';
import { AutoTopicCreation } from './auto-topic-creation.ts';
import type { BrokerPorts } from './broker-ports.ts';
import type { BrokerServices } from './broker-services.ts';
import { coordinatorLog } from './coordinator-log.ts';
import { DirectoryAssignments } from './directory-assignments.ts';
import { FetchSessionCache } from './fetch-session.ts';
import { groupConfigOf } from './group-config-of.ts';
import { consumerOffsetsTopic } from './internal-topics.ts';
import type { KafkaConfig } from './kafka-config.ts';
import { type LeaderEndpoint, RemoteLeaderEndpoint } from './leader-endpoint.ts';
import { logConfigOf } from './log-config-of.ts';
import { ProducerIdManager } from './producer-id-manager.ts';
import type { QuorumRequests } from './quorum-requests.ts';
import { type LeadershipListener, ReplicaManager } from './replica-manager.ts';

export interface BrokerAssembly {
  readonly ports: BrokerPorts;
  readonly config: KafkaConfig;
  readonly clusterId: string;
  readonly controller: Controller;
  readonly quorum: QuorumRequests;
  /** Of the registration; -1 before it. */
  brokerEpoch(): number;
  apisOf(listenerName: string): readonly ApiSpec[];
  /** By log dir. */
  readonly directoryIds: ReadonlyMap<string, string>;
  /** No log dir, or not the one with the metadata, can be written any more: the node cannot go on. */
  onLogDirFailure(logDir: string): void;
}

/** Recovers the logs and puts together what the handlers need. Rejects with FileError. */
export async function assembleServices(assembly: BrokerAssembly): Promise<BrokerServices> {
  const { ports, config, controller } = assembly;
  const { clock, scheduler, random, logger, codecs } = ports;
  const replicas = await openReplicas(assembly, {
    onElection: ({ topic, partitionIndex }) => {
      if (topic !== consumerOffsetsTopic) return;
      const count = topicByName(controller.image, topic)?.partitions.length;
      if (count !== undefined) groups.setPartitionCount(count);
      groups.onElection(partitionIndex).catch((error: unknown) => {
        const source = 'kafka.coordinator.group.GroupMetadataManager';
        logger.log('ERROR', source, `Loading ${topic}-${partitionIndex} failed`, error);
      });
    },
    onResignation: (topic, partitionIndex) => {
      if (topic === consumerOffsetsTopic) groups.onResignation(partitionIndex);
    },
    onTopicDeleted: (topic) => groups.onTopicDeleted(topic),
  });
  const loadBufferBytes = config.number('offsets.load.buffer.size');
  const commitTimeoutMs = config.number('offsets.commit.timeout.ms');
  const log = coordinatorLog({ replicas, clock, codecs, loadBufferBytes, commitTimeoutMs });
  const coordinatorPorts = { clock, scheduler, random, logger, log };
  const groups = new GroupCoordinator(coordinatorPorts, groupConfigOf(config), config.nodeId);
  const slots = config.number('max.incremental.fetch.session.cache.slots');
  return {
    ...ports,
    nodeId: config.nodeId,
    clusterId: assembly.clusterId,
    config,
    controller,
    quorum: assembly.quorum,
    replicas,
    groups,
    autoTopics: new AutoTopicCreation(controller, config, logger),
    producerIds: new ProducerIdManager(controller, {
      nodeId: config.nodeId,
      brokerEpoch: assembly.brokerEpoch,
    }),
    fetchSessions: new FetchSessionCache({ clock, random }, slots),
    apisOf: assembly.apisOf,
    caughtUp: () => replicas.caughtUp(),
  };
}

/** The logs, as the last process left them, and who replicates them. */
async function openReplicas(
  assembly: BrokerAssembly,
  listener: LeadershipListener,
): Promise<ReplicaManager> {
  const { ports, config, controller, brokerEpoch, directoryIds } = assembly;
  const { nodeId } = config;
  const directories = new DirectoryAssignments({
    ...ports,
    controller,
    nodeId,
    brokerEpoch,
    directoryIds,
  });
  let replicas: ReplicaManager | undefined;
  const logs = await openLogs(assembly, (logDir) => {
    directories.onFailure(logDir);
    replicas?.onLogDirFailure(logDir);
  });
  const replicaPorts = {
    ...ports,
    logs,
    controller,
    directories,
    brokerEpoch,
    leaderEndpointOf: (leaderId: number, fetcherId: number) =>
      leaderEndpoint(assembly, leaderId, fetcherId),
    rules: ports.replicationRules,
  };
  replicas = new ReplicaManager(replicaPorts, config, listener);
  return replicas;
}

/** `onFailure` hears of log dirs that fail, as long as the node can go on without them. */
function openLogs(
  { ports, config, controller, onLogDirFailure }: BrokerAssembly,
  onFailure: (logDir: string) => void,
): Promise<LogManager> {
  return LogManager.open({
    ...ports,
    logDirs: config.logDirs,
    configFor: (topic) => logConfigOf(controller.image, config, topic),
    onLogDirFailure: (logDir, isLast) => {
      if (isLast || logDir === config.metadataLogDir) onLogDirFailure(logDir);
      else onFailure(logDir);
    },
  });
}

/** Another broker's listener for brokers, wherever the metadata says that it is now. */
function leaderEndpoint(
  { ports, config, controller, brokerEpoch }: BrokerAssembly,
  leaderId: number,
  fetcherId: number,
): LeaderEndpoint {
  const { nodeId } = config;
  return new RemoteLeaderEndpoint(ports, {
    address: () => {
      const { endPoints } = controller.image.brokers.get(leaderId) ?? { endPoints: [] };
      return endPoints.find(({ name }) => name === config.interBrokerListenerName);
    },
    clientId: `broker-${nodeId}-fetcher-${fetcherId}`,
    nodeId,
    brokerEpoch,
    maxWaitMs: config.number('replica.fetch.wait.max.ms'),
    minBytes: config.number('replica.fetch.min.bytes'),
    maxBytes: config.number('replica.fetch.response.max.bytes'),
    timeoutMs: config.number('replica.socket.timeout.ms'),
  });
}

/** Retention and checkpoints, each at its interval, until disposed. */
export function startLogTicks(services: BrokerServices): Disposable {
  const { config, replicas } = services;
  const { logs } = replicas;
  const ticks = [
    every(services, 'retention', config.number('log.retention.check.interval.ms'), () =>
      logs.tick(),
    ),
    every(
      services,
      'recovery points',
      config.number('log.flush.offset.checkpoint.interval.ms'),
      () => logs.checkpointRecoveryPoints(),
    ),
    every(
      services,
      'high watermarks',
      config.number('replica.high.watermark.checkpoint.interval.ms'),
      () => logs.checkpointHighWatermarks(),
    ),
  ];
  return {
    dispose() {
      for (const tick of ticks) tick.dispose();
    },
  };
}

function every(
  { scheduler, logger }: BrokerServices,
  name: string,
  intervalMs: number,
  task: () => Promise<void>,
): Disposable {
  let isDisposed = false;
  let timer: Disposable | undefined;
  const schedule = () => {
    if (isDisposed) return;
    timer = scheduler.after(intervalMs, () => {
      task()
        .catch((error: unknown) => {
          logger.log('ERROR', 'kafka.log.LogManager', `The task of ${name} failed`, error);
        })
        .then(schedule, schedule);
    });
  };
  schedule();
  return {
    dispose() {
      isDisposed = true;
      timer?.dispose();
    },
  };
}
