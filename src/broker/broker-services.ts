import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Scheduler } from '../base/scheduler.ts';
import type { Controller } from '../controller/controller.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { ApiSpec } from '../protocol/api.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import type { Quorum } from '../raft/raft-listener.ts';
import type { AutoTopicCreation } from './auto-topic-creation.ts';
import type { FetchSessionCache } from './fetch-session.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { ProducerIdManager } from './producer-id-manager.ts';
import type { ReplicaManager } from './replica-manager.ts';

/** What the handlers of a broker work with. */
export interface BrokerServices {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly config: KafkaConfig;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  readonly codecs: CompressionCodecs;
  readonly controller: Controller;
  readonly quorum: Quorum;
  readonly replicas: ReplicaManager;
  readonly groups: GroupCoordinator;
  readonly autoTopics: AutoTopicCreation;
  readonly producerIds: ProducerIdManager;
  readonly fetchSessions: FetchSessionCache;
  /** The APIs that a listener answers. */
  apisOf(listenerName: string): readonly ApiSpec[];
}
