import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { AutoTopicCreation } from './auto-topic-creation.ts';
import type { FetchSessionCache } from './fetch-session.ts';
import type { NodeServices } from './node-services.ts';
import type { ProducerIdManager } from './producer-id-manager.ts';
import type { ReplicaManager } from './replica-manager.ts';

/** What the handlers of a broker's listeners work with. */
export interface BrokerServices extends NodeServices {
  readonly replicas: ReplicaManager;
  readonly groups: GroupCoordinator;
  readonly autoTopics: AutoTopicCreation;
  readonly producerIds: ProducerIdManager;
  readonly fetchSessions: FetchSessionCache;
}
