import { unreachable } from '../base/assert.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { JoinGroupRequest } from '../protocol/schemas/11-join-group.ts';
import type { HeartbeatRequest } from '../protocol/schemas/12-heartbeat.ts';
import type { LeaveGroupRequest } from '../protocol/schemas/13-leave-group.ts';
import type { SyncGroupRequest } from '../protocol/schemas/14-sync-group.ts';
import { ClassicGroup } from './classic-group.ts';
import type { Decision } from './coordinator-result.ts';
import {
  emptyBytes,
  type JoinOutcome,
  joinFailure,
  type SyncOutcome,
  syncFailure,
} from './group-member.ts';
import { type GroupRecord, groupMetadataRecord } from './group-record.ts';
import { JoinGroup } from './join-group.ts';
import { OffsetStore } from './offset-store.ts';
import { Rebalance } from './rebalance.ts';
import type { Caller, ShardContext } from './shard-context.ts';

/**
 * The groups of one partition of `__consumer_offsets`. Methods decide: they read state, move the soft
 * state of a rebalance, and leave records in the decision. What is durable (offsets, assignments, the
 * existence of a group after a restart) changes in `replay` alone.
 */
export class GroupShard {
  readonly groups = new Map<string, ClassicGroup>();
  readonly offsets: OffsetStore;
  readonly #context: ShardContext;
  readonly #rebalance: Rebalance;
  readonly #joinGroup: JoinGroup;

  constructor(context: ShardContext) {
    this.#context = context;
    this.#rebalance = new Rebalance(context);
    this.#joinGroup = new JoinGroup(context, this.#rebalance);
    this.offsets = new OffsetStore();
  }

  replay(record: GroupRecord): void {
    switch (record.kind) {
      case 'offset-commit': {
        this.offsets.replay(record);
        return;
      }
      case 'group-metadata': {
        this.#replayGroup(record);
        return;
      }
      case 'unknown':
        return;
      default: {
        unreachable(record);
      }
    }
  }

  /** After the last record was replayed: the members of the loaded groups must show up in time. */
  onLoaded(): void {
    for (const groupId of this.offsets.groupIds()) this.getOrCreate(groupId);
    for (const group of this.groups.values()) {
      for (const member of group.members.values()) this.#rebalance.keepAlive(group, member);
    }
  }

  dispose(): void {
    for (const group of this.groups.values()) {
      group.disposeTimers();
      for (const member of group.members.values()) {
        member.awaitingJoin?.(joinFailure('NOT_COORDINATOR', member.memberId));
        member.awaitingSync?.(syncFailure('NOT_COORDINATOR'));
        member.awaitingJoin = null;
        member.awaitingSync = null;
      }
      group.state = 'Dead';
    }
    this.groups.clear();
  }

  join(
    decision: Decision,
    request: JoinGroupRequest,
    caller: Caller,
    answer: (outcome: JoinOutcome) => void,
  ): void {
    const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = this.#context.config;
    const { groupId, memberId, sessionTimeoutMs } = request;
    if (
      sessionTimeoutMs < groupMinSessionTimeoutMs ||
      groupMaxSessionTimeoutMs < sessionTimeoutMs
    ) {
      answer(joinFailure('INVALID_SESSION_TIMEOUT', memberId));
      return;
    }
    const group = memberId === '' ? this.getOrCreate(groupId) : this.groups.get(groupId);
    if (group === undefined) {
      answer(joinFailure('UNKNOWN_MEMBER_ID', memberId));
      return;
    }
    this.#joinGroup.join({ decision, group, request, caller, answer });
  }

  sync(
    decision: Decision,
    request: SyncGroupRequest,
    answer: (outcome: SyncOutcome) => void,
  ): void {
    const group = this.groups.get(request.groupId);
    if (group === undefined) {
      answer(syncFailure('UNKNOWN_MEMBER_ID'));
      return;
    }
    const errorCode = validateSync(group, request);
    const member = group.members.get(request.memberId);
    if (errorCode !== 'NONE' || member === undefined) {
      answer(syncFailure(errorCode));
      return;
    }
    switch (group.state) {
      case 'Empty':
      case 'Dead': {
        answer(syncFailure('UNKNOWN_MEMBER_ID'));
        return;
      }
      case 'PreparingRebalance': {
        answer(syncFailure('REBALANCE_IN_PROGRESS'));
        return;
      }
      case 'Stable':
        group.pendingSyncMembers.delete(member.memberId);
        answer(group.syncOutcomeFor(member));
        {
          this.#rebalance.keepAlive(group, member);
          return;
        }
      case 'CompletingRebalance':
        member.awaitingSync?.(syncFailure('REBALANCE_IN_PROGRESS'));
        member.awaitingSync = answer;
        group.pendingSyncMembers.delete(member.memberId);
        if (group.leaderId === member.memberId) this.#storeAssignment(decision, group, request);
        return;
      default: {
        unreachable(group.state);
      }
    }
  }

  heartbeat({ groupId, memberId, groupInstanceId, generationId }: HeartbeatRequest): ErrorCode {
    const group = this.groups.get(groupId);
    if (group === undefined) return 'UNKNOWN_MEMBER_ID';
    if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
    const errorCode = group.validateMember(memberId, groupInstanceId);
    if (errorCode !== 'NONE') return errorCode;
    if (generationId !== group.generationId) return 'ILLEGAL_GENERATION';
    const member = group.members.get(memberId);
    if (member === undefined || group.is('Empty')) return 'UNKNOWN_MEMBER_ID';
    this.#rebalance.keepAlive(group, member);
    return group.is('PreparingRebalance') ? 'REBALANCE_IN_PROGRESS' : 'NONE';
  }

  leave(
    decision: Decision,
    groupId: string,
    leaving: LeaveGroupRequest['members'][number],
  ): ErrorCode {
    const group = this.groups.get(groupId);
    if (group === undefined) return 'UNKNOWN_MEMBER_ID';
    const { groupInstanceId } = leaving;
    if (group.pendingMembers.has(leaving.memberId)) {
      this.#log(
        `Pending member ${leaving.memberId} has left group ${groupId} through explicit LeaveGroup request; client reason: ${leaving.reason ?? 'not provided'}`,
      );
      this.#rebalance.removePendingMember(decision, group, leaving.memberId);
      return 'NONE';
    }
    const isByInstance = leaving.memberId === '' && groupInstanceId !== null;
    const memberId = isByInstance ? group.staticMemberId(groupInstanceId) : leaving.memberId;
    if (memberId === undefined) return 'UNKNOWN_MEMBER_ID';
    const errorCode = group.validateMember(memberId, groupInstanceId);
    if (errorCode !== 'NONE') return errorCode;
    this.#log(
      `Member ${memberId} has left group ${groupId} through explicit \`LeaveGroup\`; client reason: ${leaving.reason ?? 'not provided'}`,
    );
    const reason = `explicit \`LeaveGroup\` request for (${memberId}) members.`;
    this.#rebalance.removeMember(decision, group, { memberId, reason });
    return 'NONE';
  }

  /** Whether this member may commit; a heartbeat of its own if it may. */
  validateCommit(
    group: ClassicGroup,
    request: { memberId: string; groupInstanceId: string | null; generationId: number },
  ): ErrorCode {
    const { memberId, groupInstanceId, generationId } = request;
    if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
    if (generationId < 0 && memberId === '' && groupInstanceId === null) {
      return group.is('Empty') ? 'NONE' : 'UNKNOWN_MEMBER_ID';
    }
    const errorCode = group.validateMember(memberId, groupInstanceId);
    if (errorCode !== 'NONE') return errorCode;
    if (generationId !== group.generationId) return 'ILLEGAL_GENERATION';
    if (group.is('CompletingRebalance')) return 'REBALANCE_IN_PROGRESS';
    const member = group.members.get(memberId);
    if (member !== undefined) this.#rebalance.keepAlive(group, member);
    return 'NONE';
  }

  /** The group dies with its offsets; tombstones make it so on every replay. */
  deleteGroup(decision: Decision, groupId: string): ErrorCode {
    const group = this.groups.get(groupId);
    if (group === undefined || group.is('Dead')) return 'GROUP_ID_NOT_FOUND';
    if (!group.is('Empty')) return 'NON_EMPTY_GROUP';
    if (0 < group.pendingMembers.size) return 'NON_EMPTY_GROUP';
    this.offsets.deleteAll(decision, groupId);
    decision.write(groupMetadataRecord(groupId, null));
    return 'NONE';
  }

  /** Drops offsets past their retention, and groups that have nothing left. */
  expireOffsets(decision: Decision): void {
    const nowMs = this.#context.clock.nowMs();
    for (const group of this.groups.values()) {
      const expired = this.offsets.expired(group, nowMs, this.#context.config.offsetsRetentionMs);
      for (const key of expired) this.offsets.delete(decision, key);
      this.deleteIfBare(decision, group, expired.length);
    }
  }

  /** An empty group whose last offsets go in this decision goes with them. */
  deleteIfBare(decision: Decision, group: ClassicGroup, goingCount: number): void {
    const isBare = this.offsets.countOf(group.groupId) === goingCount;
    if (!isBare || !group.is('Empty') || 0 < group.pendingMembers.size) return;
    decision.write(groupMetadataRecord(group.groupId, null));
  }

  /** A topic is gone: its offsets go, and groups that had no others. */
  deleteTopicOffsets(decision: Decision, topic: string): void {
    for (const group of this.groups.values()) {
      const partitions = this.offsets.topicsOf(group.groupId).get(topic);
      if (partitions === undefined) continue;
      for (const partition of partitions.keys()) {
        this.offsets.delete(decision, { groupId: group.groupId, topic, partition });
      }
      this.deleteIfBare(decision, group, partitions.size);
    }
  }

  #storeAssignment(decision: Decision, group: ClassicGroup, request: SyncGroupRequest): void {
    const { generationId } = group;
    this.#log(
      `Assignment received from leader ${request.memberId} for group ${group.groupId} for generation ${generationId}. The group has ${group.members.size} members, ${group.staticMemberCount()} of which are static.`,
    );
    const assignments = new Map<string, Uint8Array>();
    for (const memberId of group.members.keys()) assignments.set(memberId, emptyBytes);
    for (const { memberId, assignment } of request.assignments) {
      if (assignments.has(memberId)) assignments.set(memberId, assignment.slice());
    }
    decision.write(groupMetadataRecord(group.groupId, group.toMetadata(assignments)));
    decision.onAppended((errorCode) => {
      // Another member may have joined while the record was on its way.
      if (!group.is('CompletingRebalance') || group.generationId !== generationId) return;
      if (errorCode === 'NONE') return this.#rebalance.propagateAssignment(group);
      this.#context.run((next) => this.#rebalance.failAssignment(next, group, errorCode));
    });
  }

  #replayGroup({ groupId, value }: Extract<GroupRecord, { kind: 'group-metadata' }>): void {
    const known = this.groups.get(groupId);
    if (value === null) {
      known?.disposeTimers();
      if (known !== undefined) known.state = 'Dead';
      this.groups.delete(groupId);
      return;
    }
    if (known !== undefined && known.generationId === value.generation) {
      known.applyAssignments(value);
      return;
    }
    known?.disposeTimers();
    const group = new ClassicGroup(groupId, this.#context.clock.nowMs());
    group.load(value);
    this.groups.set(groupId, group);
  }

  getOrCreate(groupId: string): ClassicGroup {
    const known = this.groups.get(groupId);
    if (known !== undefined) return known;
    const group = new ClassicGroup(groupId, this.#context.clock.nowMs());
    this.groups.set(groupId, group);
    return group;
  }

  #log(message: string): void {
    this.#context.log('INFO', `[GroupCoordinator ${this.#context.nodeId}]: ${message}`);
  }
}

function validateSync(group: ClassicGroup, request: SyncGroupRequest): ErrorCode {
  if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
  const errorCode = group.validateMember(request.memberId, request.groupInstanceId);
  if (errorCode !== 'NONE') return errorCode;
  if (request.generationId !== group.generationId) return 'ILLEGAL_GENERATION';
  const { protocolType, protocolName } = request;
  const isOtherType = protocolType !== null && protocolType !== group.protocolType;
  const isOtherName = protocolName !== null && protocolName !== group.protocolName;
  return isOtherType || isOtherName ? 'INCONSISTENT_GROUP_PROTOCOL' : 'NONE';
}
