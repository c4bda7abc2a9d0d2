import type { JoinGroupRequest } from '../protocol/schemas/11-join-group.ts';
import { answerJoin, type ClassicGroup } from './classic-group.ts';
import type { Decision } from './coordinator-result.ts';
import {
  emptyBytes,
  type GroupMember,
  hasSameProtocols,
  type JoinOutcome,
  joinFailure,
  type MemberProtocol,
} from './group-member.ts';
import { groupMetadataRecord } from './group-record.ts';
import { newMemberId } from './new-member-id.ts';
import { newMemberJoinTimeoutMs, type Rebalance } from './rebalance.ts';
import type { Caller, ShardContext } from './shard-context.ts';

/** One JoinGroup on its way through the decisions below. */
export interface Join {
  readonly decision: Decision;
  readonly group: ClassicGroup;
  readonly request: JoinGroupRequest;
  readonly caller: Caller;
  readonly answer: (outcome: JoinOutcome) => void;
}

/** Decides a JoinGroup for an existing group; the structure is that of Kafka's `GroupCoordinator.doJoinGroup`. */
export class JoinGroup {
  readonly #context: ShardContext;
  readonly #rebalance: Rebalance;

  constructor(context: ShardContext, rebalance: Rebalance) {
    this.#context = context;
    this.#rebalance = rebalance;
  }

  join(join: Join): void {
    const { group, request, answer } = join;
    if (!this.#accepts(group, request.memberId)) {
      group.remove(request.memberId);
      answer(joinFailure('GROUP_MAX_SIZE_REACHED'));
      return;
    }
    if (group.is('Dead')) {
      answer(joinFailure('COORDINATOR_NOT_AVAILABLE', request.memberId));
      return;
    }
    if (!group.supportsProtocols(request.protocolType, request.protocols)) {
      answer(joinFailure('INCONSISTENT_GROUP_PROTOCOL', request.memberId));
      return;
    }
    if (request.memberId === '') this.#joinAsNew(join);
    else this.#joinAsKnown(join);
    this.#rebalance.tryCompleteJoin(join.decision, group);
  }

  #accepts(group: ClassicGroup, memberId: string): boolean {
    const { groupMaxSize } = this.#context.config;
    if (group.members.has(memberId) && group.members.get(memberId)?.awaitingJoin) return true;
    if (group.is('PreparingRebalance')) {
      let awaiting = 0;
      for (const { awaitingJoin } of group.members.values()) if (awaitingJoin) awaiting += 1;
      return awaiting < groupMaxSize;
    }
    return group.members.has(memberId) || group.members.size < groupMaxSize;
  }

  #joinAsNew(join: Join): void {
    const { group, request, caller, answer } = join;
    const { groupInstanceId } = request;
    const memberId = newMemberId(this.#context.random, groupInstanceId ?? caller.clientId);
    if (groupInstanceId !== null) {
      const oldMemberId = group.staticMemberId(groupInstanceId);
      if (oldMemberId !== undefined) {
        this.#replaceStatic(join, oldMemberId, memberId);
        return;
      }
      this.#add(join, memberId);
      return;
    }
    // KIP-394: from v4 on a member must come back with the id that it is given here.
    if (caller.apiVersion < 4) {
      this.#add(join, memberId);
      return;
    }
    this.#log(
      `Dynamic member with unknown member id joins group ${group.groupId} in ${group.state} state. Created a new member id ${memberId} and request the member to rejoin with this id.`,
    );
    this.#rebalance.addPendingMember(group, memberId, request.sessionTimeoutMs);
    answer(joinFailure('MEMBER_ID_REQUIRED', memberId));
  }

  #joinAsKnown(join: Join): void {
    const { group, request, answer } = join;
    const { memberId } = request;
    if (group.pendingMembers.has(memberId) && request.groupInstanceId === null) {
      this.#add(join, memberId);
      return;
    }
    const errorCode = group.validateMember(memberId, request.groupInstanceId);
    const member = group.members.get(memberId);
    if (errorCode !== 'NONE' || member === undefined) {
      answer(joinFailure(errorCode === 'NONE' ? 'UNKNOWN_MEMBER_ID' : errorCode, memberId));
      return;
    }
    const reason = this.#reasonToRebalance(group, member, request);
    if (reason !== null) {
      this.#update(join, member, reason);
      return;
    }
    const outcome = group.joinOutcomeFor(member);
    answer(group.is('Stable') ? { ...outcome, members: [] } : outcome);
  }

  /** Null where the current generation is answered instead: a repeated request, or a follower's without change. */
  #reasonToRebalance(
    group: ClassicGroup,
    member: GroupMember,
    request: JoinGroupRequest,
  ): string | null {
    const suffix = `; client reason: ${request.reason ?? 'not provided'}`;
    const hasChanged = !hasSameProtocols(member, request.protocols);
    if (group.is('PreparingRebalance')) {
      return `Member ${member.memberId} joining group during ${group.state}${suffix}`;
    }
    if (group.is('CompletingRebalance')) {
      if (!hasChanged) return null;
      return `Updating metadata for member ${member.memberId} during ${group.state}${suffix}`;
    }
    if (group.leaderId === member.memberId) {
      return `Leader ${member.memberId} re-joining group during ${group.state}${suffix}`;
    }
    if (hasChanged) {
      return `Updating metadata for member ${member.memberId} during ${group.state}${suffix}`;
    }
    return null;
  }

  #add(join: Join, memberId: string): void {
    const { decision, group, request, caller, answer } = join;
    const member: GroupMember = {
      memberId,
      groupInstanceId: request.groupInstanceId,
      clientId: caller.clientId,
      clientHost: caller.clientHost,
      rebalanceTimeoutMs: rebalanceTimeoutOf(request),
      sessionTimeoutMs: request.sessionTimeoutMs,
      protocolType: request.protocolType,
      protocols: copyProtocols(request),
      assignment: emptyBytes,
      isNew: true,
      awaitingJoin: answer,
      awaitingSync: null,
      sessionTimer: null,
    };
    if (group.is('PreparingRebalance') && group.generationId === 0) group.newMemberAdded = true;
    group.pendingMembers.get(memberId)?.dispose();
    group.pendingMembers.delete(memberId);
    group.add(member);
    this.#rebalance.keepAlive(group, member, newMemberJoinTimeoutMs);
    const reason = `Adding new member ${memberId} with group instance id ${request.groupInstanceId ?? 'None'}; client reason: ${request.reason ?? 'not provided'}`;
    this.#rebalance.maybePrepare(decision, group, reason);
  }

  #update(join: Join, member: GroupMember, reason: string): void {
    updateMember(join, member);
    this.#rebalance.maybePrepare(join.decision, join.group, reason);
  }

  /** KIP-345: a restarted static member takes its place again; while nothing changes, nobody rebalances. */
  #replaceStatic(join: Join, oldMemberId: string, memberId: string): void {
    const { decision, group, request } = join;
    const oldLeaderId = group.leaderId ?? '';
    const groupInstanceId = request.groupInstanceId ?? '';
    this.#log(
      `Static member with groupInstanceId=${groupInstanceId} and unknown member id joins group ${group.groupId} in ${group.state} state. Replacing previously mapped member ${oldMemberId} with this groupInstanceId.`,
    );
    const member = group.replaceStaticMember(groupInstanceId, oldMemberId, memberId);
    updateMember(join, member);
    this.#rebalance.keepAlive(group, member);
    if (group.is('Stable') && group.selectProtocol() === group.protocolName) {
      this.#keepGeneration(join, member, oldLeaderId);
      return;
    }
    if (group.is('Stable')) {
      this.#rebalance.maybePrepare(
        decision,
        group,
        `Group's selectedProtocol will change because static member ${memberId} with instance id ${groupInstanceId} joined with change of protocol`,
      );
      return;
    }
    if (group.is('CompletingRebalance')) {
      this.#rebalance.prepare(
        decision,
        group,
        `Updating metadata for static member ${memberId} with instance id ${groupInstanceId}`,
      );
    }
  }

  #keepGeneration(
    { decision, group, caller }: Join,
    member: GroupMember,
    oldLeaderId: string,
  ): void {
    decision.write(groupMetadataRecord(group.groupId, group.toMetadata()));
    decision.onAppended((errorCode) => {
      if (errorCode !== 'NONE') {
        answerJoin(member, joinFailure(errorCode, member.memberId));
        return;
      }
      const outcome = group.joinOutcomeFor(member);
      const isLeader = group.leaderId === member.memberId;
      // KIP-814 (v9): the leader is told that it is one, and that nothing is to be assigned. An older
      // client gets its own former id as leader's, so that it acts as a follower.
      if (9 <= caller.apiVersion) answerJoin(member, { ...outcome, skipAssignment: isLeader });
      else answerJoin(member, { ...outcome, leaderId: oldLeaderId, members: [] });
    });
  }

  #log(message: string): void {
    this.#context.log('INFO', `[GroupCoordinator ${this.#context.nodeId}]: ${message}`);
  }
}

function updateMember({ request, caller, answer }: Join, member: GroupMember): void {
  if (member.awaitingJoin !== null) answerJoin(member, joinFailure('REBALANCE_IN_PROGRESS'));
  member.protocols = copyProtocols(request);
  member.rebalanceTimeoutMs = rebalanceTimeoutOf(request);
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.clientId = caller.clientId;
  member.clientHost = caller.clientHost;
  member.awaitingJoin = answer;
}

/** The request's bytes are a view of a whole frame; what lives on is copied out of it. */
function copyProtocols({ protocols }: JoinGroupRequest): readonly MemberProtocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() }));
}

/** v0 has no rebalance timeout: the session timeout stood for both. */
function rebalanceTimeoutOf({ rebalanceTimeoutMs, sessionTimeoutMs }: JoinGroupRequest): number {
  return rebalanceTimeoutMs === -1 ? sessionTimeoutMs : rebalanceTimeoutMs;
}
