import { errorNameOf } from '../protocol/error-codes.ts';
import { DecodeError } from '../protocol/errors.ts';
import type { Admin } from './admin.ts';
import { throwIfError } from './admin.ts';
import {
  deleteGroupsCall,
  describeGroupsCall,
  listGroupsCall,
  offsetDeleteCall,
} from './api-calls.ts';
import { BrokerError } from './client-errors.ts';
import { decodeAssignment } from './consumer-protocol-codec.ts';
import {
  type CommittedOffset,
  type CoordinatorNode,
  GroupCoordinatorClient,
} from './group-coordinator-client.ts';
import { groupByTopic, type TopicPartition } from './topic-partition.ts';

export interface GroupListing {
  readonly groupId: string;
  /** Empty where the broker is too old to say. */
  readonly state: string;
  readonly type: string;
}

export interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
}

export interface GroupDescription {
  readonly groupId: string;
  readonly state: string;
  readonly protocol: string;
  readonly coordinator: CoordinatorNode;
  readonly members: readonly GroupMember[];
}

/** What the tools ask about groups. Its calls reject with a ClientError. */
export class GroupAdmin {
  readonly #admin: Admin;
  readonly #coordinators = new Map<string, GroupCoordinatorClient>();

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** All groups that consume, of all coordinators. */
  async list(): Promise<readonly GroupListing[]> {
    const brokers = await this.#admin.brokers();
    const answers = await Promise.all(
      brokers.map(({ id: nodeId }) =>
        this.#admin.callBroker('listConsumerGroups', { nodeId, call: listGroupsCall }, {}),
      ),
    );
    return answers.flatMap(({ errorCode, groups }) => {
      throwIfError(errorCode);
      return groups
        .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
        .map(({ groupId, groupState, groupType }) => ({
          groupId,
          state: groupState,
          type: groupType,
        }));
    });
  }

  async describe(groupId: string): Promise<GroupDescription> {
    const coordinator = this.#coordinatorOf(groupId);
    return await this.#retry('describeConsumerGroups(api=FIND_COORDINATOR)', async () => {
      const response = await coordinator.send(describeGroupsCall, { groups: [groupId] });
      const [group] = response.groups;
      if (group === undefined) throw new BrokerError('UNKNOWN_SERVER_ERROR');
      coordinator.check(group.errorCode);
      return {
        groupId,
        state: group.groupState,
        protocol: group.protocolData,
        coordinator: await coordinator.node(),
        members: group.members.map((member) => ({
          memberId: member.memberId,
          groupInstanceId: member.groupInstanceId,
          clientId: member.clientId,
          host: member.clientHost,
          assignment: assignmentOf(member.memberAssignment),
        })),
      };
    });
  }

  async offsets(groupId: string): Promise<readonly CommittedOffset[]> {
    const coordinator = this.#coordinatorOf(groupId);
    const name = 'listConsumerGroupOffsets(api=FIND_COORDINATOR)';
    return await this.#retry(name, () => coordinator.fetchOffsets(undefined));
  }

  async alterOffsets(
    groupId: string,
    offsets: readonly (TopicPartition & { readonly offset: number })[],
  ): Promise<void> {
    const coordinator = this.#coordinatorOf(groupId);
    const outsider = { generationId: -1, memberId: '', groupInstanceId: null };
    const name = 'alterConsumerGroupOffsets(api=FIND_COORDINATOR)';
    await this.#retry(name, () => coordinator.commitOffsets(offsets, outsider));
  }

  async delete(groupId: string): Promise<void> {
    const coordinator = this.#coordinatorOf(groupId);
    await this.#retry('deleteConsumerGroups(api=FIND_COORDINATOR)', async () => {
      const response = await coordinator.send(deleteGroupsCall, { groupsNames: [groupId] });
      for (const { errorCode } of response.results) coordinator.check(errorCode);
    });
  }

  /** For each partition what went wrong, if anything. */
  async deleteOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartition & { readonly error: BrokerError | undefined })[]> {
    const coordinator = this.#coordinatorOf(groupId);
    const name = 'deleteConsumerGroupOffsets(api=FIND_COORDINATOR)';
    return await this.#retry(name, async () => {
      const response = await coordinator.send(offsetDeleteCall, {
        groupId,
        topics: groupByTopic(partitions).map(({ topic, partitions: own }) => ({
          name: topic,
          partitions: own.map(({ partition }) => ({ partitionIndex: partition })),
        })),
      });
      coordinator.check(response.errorCode);
      return response.topics.flatMap(({ name: topic, partitions: own }) =>
        own.map(({ partitionIndex, errorCode }) => ({
          topic,
          partition: partitionIndex,
          error: errorCode === 0 ? undefined : new BrokerError(errorNameOf(errorCode)),
        })),
      );
    });
  }

  #retry<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    return this.#admin.retry(name, attempt);
  }

  #coordinatorOf(groupId: string): GroupCoordinatorClient {
    const known = this.#coordinators.get(groupId);
    if (known !== undefined) return known;
    const coordinator = new GroupCoordinatorClient(this.#admin.client, groupId);
    this.#coordinators.set(groupId, coordinator);
    return coordinator;
  }
}

/** Members of other protocols put other things there. */
function assignmentOf(bytes: Uint8Array): readonly TopicPartition[] {
  try {
    return decodeAssignment(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [];
  }
}
