import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type { MessageInput } from '../protocol/schema.ts';
import type { describeGroupsResponse } from '../protocol/schemas/15-describe-groups.ts';
import type { ListGroupsRequest, listGroupsResponse } from '../protocol/schemas/16-list-groups.ts';
import type { deleteGroupsResponse } from '../protocol/schemas/42-delete-groups.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { CoordinatorRuntime } from './coordinator-runtime.ts';
import { emptyBytes, metadataOf } from './group-member.ts';

type DescribedGroup = NonNullable<MessageInput<typeof describeGroupsResponse>['groups']>[number];

/** ListGroups, DescribeGroups and DeleteGroups. */
export class GroupQueries {
  readonly #runtime: CoordinatorRuntime;

  constructor(runtime: CoordinatorRuntime) {
    this.#runtime = runtime;
  }

  /** Filters are matched without regard to case, as since KIP-848; an empty one lets everything through. */
  list({ statesFilter, typesFilter }: ListGroupsRequest): MessageInput<typeof listGroupsResponse> {
    const states = new Set(statesFilter.map((state) => state.toLowerCase()));
    const types = new Set(typesFilter.map((type) => type.toLowerCase()));
    const groups = [];
    for (const [, shard] of this.#runtime.activeShards()) {
      for (const group of shard.groups.values()) {
        if (0 < states.size && !states.has(group.state.toLowerCase())) continue;
        if (0 < types.size && !types.has('classic')) continue;
        groups.push({
          groupId: group.groupId,
          protocolType: group.protocolType ?? '',
          groupState: group.state,
          groupType: 'classic',
        });
      }
    }
    const errorCode = this.#runtime.isLoading ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE';
    return { errorCode: errorCodeOf(errorCode), groups };
  }

  describe(groupIds: readonly string[]): readonly DescribedGroup[] {
    return groupIds.map((groupId) => {
      const shard = this.#runtime.shardFor(groupId);
      if (typeof shard === 'string') return { groupId, errorCode: errorCodeOf(shard) };
      const group = shard.groups.get(groupId);
      if (group === undefined) return { groupId, groupState: 'Dead' };
      return describeGroup(group);
    });
  }

  async delete(
    groupIds: readonly string[],
  ): Promise<NonNullable<MessageInput<typeof deleteGroupsResponse>['results']>> {
    const unique = [...new Set(groupIds)];
    return await Promise.all(
      unique.map(async (groupId) => ({
        groupId,
        errorCode: errorCodeOf(await this.#deleteOne(groupId)),
      })),
    );
  }

  #deleteOne(groupId: string): Promise<ErrorCode> {
    return new Promise((answer) => {
      const shard = this.#runtime.shardFor(groupId);
      if (typeof shard === 'string') return answer(shard);
      this.#runtime.decide(groupId, (decision) => {
        const errorCode = shard.deleteGroup(decision, groupId);
        if (errorCode !== 'NONE') return answer(errorCode);
        decision.onAppended(answer);
      });
    });
  }
}

function describeGroup(group: ClassicGroup): DescribedGroup {
  // Only a stable group has a protocol to show metadata and assignments of.
  const isStable = group.is('Stable');
  return {
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocolName ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? metadataOf(member, group.protocolName) : emptyBytes,
      memberAssignment: isStable ? member.assignment : emptyBytes,
    })),
  };
}
