import { assert } from '../base/assert.ts';
import type { Disposable } from '../base/disposable.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { subscribedTopicsOf } from './consumer-subscription.ts';
import {
  emptyBytes,
  type GroupMember,
  type JoinOutcome,
  joinFailure,
  type MemberProtocol,
  metadataOf,
  type SyncOutcome,
  syncFailure,
} from './group-member.ts';
import type { GroupMetadata } from './group-record.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

const validPreviousStates: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Stable', 'PreparingRebalance', 'CompletingRebalance', 'Empty', 'Dead'],
};

/** One classic consumer group: members, generation and state (Kafka's `GroupMetadata`/`ClassicGroup`). */
export class ClassicGroup {
  readonly groupId: string;
  state: GroupState;
  stateChangedAtMs: number;
  generationId = 0;
  protocolType: string | null = null;
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** Topics that the members subscribe to; null where a member's metadata is not a consumer's. */
  subscribedTopics: ReadonlySet<string> | null = null;
  newMemberAdded = false;
  joinTimer: Disposable | null = null;
  syncTimer: Disposable | null = null;
  readonly members = new Map<string, GroupMember>();
  readonly pendingSyncMembers = new Set<string>();
  /** Ids handed out with MEMBER_ID_REQUIRED (KIP-394) that have not come back yet. */
  readonly pendingMembers = new Map<string, Disposable>();
  readonly #staticMembers = new Map<string, string>();

  constructor(groupId: string, nowMs: number, state: GroupState = 'Empty') {
    this.groupId = groupId;
    this.state = state;
    this.stateChangedAtMs = nowMs;
  }

  is(...states: readonly GroupState[]): boolean {
    return states.includes(this.state);
  }

  canRebalance(): boolean {
    return this.is('Stable', 'CompletingRebalance', 'Empty');
  }

  transitionTo(state: GroupState, nowMs: number): void {
    assert(
      validPreviousStates[state].includes(this.state),
      `a group goes to ${state} only from ${validPreviousStates[state].join(', ')}, not ${this.state}`,
    );
    this.state = state;
    this.stateChangedAtMs = nowMs;
  }

  staticMemberId(groupInstanceId: string): string | undefined {
    return this.#staticMembers.get(groupInstanceId);
  }

  staticMemberCount(): number {
    return this.#staticMembers.size;
  }

  add(member: GroupMember): void {
    if (this.members.size === 0) this.protocolType = member.protocolType;
    this.leaderId ??= member.memberId;
    this.members.set(member.memberId, member);
    if (member.groupInstanceId !== null) {
      this.#staticMembers.set(member.groupInstanceId, member.memberId);
    }
  }

  remove(memberId: string): void {
    this.pendingMembers.get(memberId)?.dispose();
    this.pendingMembers.delete(memberId);
    this.pendingSyncMembers.delete(memberId);
    const member = this.members.get(memberId);
    if (member === undefined) return;
    member.sessionTimer?.dispose();
    this.members.delete(memberId);
    if (member.groupInstanceId !== null) this.#staticMembers.delete(member.groupInstanceId);
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
  }

  /** A static member came back with a new member id (KIP-345); whoever waited under the old one is fenced. */
  replaceStaticMember(
    groupInstanceId: string,
    oldMemberId: string,
    newMemberId: string,
  ): GroupMember {
    const member = this.members.get(oldMemberId);
    assert(member !== undefined, 'a static member id names a member');
    answerJoin(member, joinFailure('FENCED_INSTANCE_ID', oldMemberId));
    answerSync(member, syncFailure('FENCED_INSTANCE_ID'));
    this.members.delete(oldMemberId);
    member.memberId = newMemberId;
    this.members.set(newMemberId, member);
    this.#staticMembers.set(groupInstanceId, newMemberId);
    if (this.leaderId === oldMemberId) this.leaderId = newMemberId;
    return member;
  }

  /** Whether a member with these protocols may enter: same type, and a protocol that all members know. */
  supportsProtocols(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.is('Empty')) return protocolType !== '' && 0 < protocols.length;
    if (this.protocolType !== protocolType) return false;
    return protocols.some(({ name }) => this.#isKnownToAll(name));
  }

  /** The protocol with most votes among those that every member knows; a tie goes to the first counted. */
  selectProtocol(): string {
    const votes = new Map<string, number>();
    for (const { protocols } of this.members.values()) {
      const choice = protocols.find(({ name }) => this.#isKnownToAll(name))?.name;
      assert(choice !== undefined, 'the members of a group share a protocol');
      votes.set(choice, (votes.get(choice) ?? 0) + 1);
    }
    let best = '';
    for (const [name, count] of votes) if ((votes.get(best) ?? 0) < count) best = name;
    return best;
  }

  rebalanceTimeoutMs(): number {
    let timeoutMs = 0;
    for (const member of this.members.values()) {
      timeoutMs = Math.max(timeoutMs, member.rebalanceTimeoutMs);
    }
    return timeoutMs;
  }

  hasAllMembersJoined(): boolean {
    if (0 < this.pendingMembers.size) return false;
    return [...this.members.values()].every(({ awaitingJoin }) => awaitingJoin !== null);
  }

  /** Keeps the leader if it has rejoined, else takes another member that has; false where there is none. */
  maybeElectNewJoinedLeader(): boolean {
    if (this.leaderId === null) return false;
    if (this.members.get(this.leaderId)?.awaitingJoin) return true;
    for (const member of this.members.values()) {
      if (member.awaitingJoin === null) continue;
      this.leaderId = member.memberId;
      return true;
    }
    return false;
  }

  startNextGeneration(nowMs: number): void {
    this.generationId = this.generationId === 2_147_483_647 ? 1 : this.generationId + 1;
    this.pendingSyncMembers.clear();
    if (this.members.size === 0) {
      this.protocolName = null;
      this.subscribedTopics = this.#computeSubscribedTopics();
      this.transitionTo('Empty', nowMs);
      return;
    }
    this.protocolName = this.selectProtocol();
    this.subscribedTopics = this.#computeSubscribedTopics();
    this.transitionTo('CompletingRebalance', nowMs);
  }

  joinOutcomeFor(member: GroupMember): JoinOutcome {
    return {
      errorCode: 'NONE',
      memberId: member.memberId,
      generationId: this.generationId,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leaderId: this.leaderId ?? '',
      skipAssignment: false,
      members: this.leaderId === member.memberId ? this.memberMetadata() : [],
    };
  }

  memberMetadata(): JoinOutcome['members'] {
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: metadataOf(member, this.protocolName),
    }));
  }

  syncOutcomeFor(member: GroupMember): SyncOutcome {
    const { protocolType, protocolName } = this;
    return { errorCode: 'NONE', protocolType, protocolName, assignment: member.assignment };
  }

  validateMember(memberId: string, groupInstanceId: string | null): ErrorCode {
    if (groupInstanceId !== null) {
      const current = this.#staticMembers.get(groupInstanceId);
      if (current === undefined) return 'UNKNOWN_MEMBER_ID';
      if (current !== memberId) return 'FENCED_INSTANCE_ID';
    }
    return this.members.has(memberId) ? 'NONE' : 'UNKNOWN_MEMBER_ID';
  }

  /** What is written to `__consumer_offsets`; assignments by member id, the members' own where absent. */
  toMetadata(assignments?: ReadonlyMap<string, Uint8Array>): GroupMetadata {
    return {
      protocolType: this.protocolType ?? '',
      generation: this.generationId,
      protocol: this.protocolName,
      leader: this.members.size === 0 ? null : this.leaderId,
      currentStateTimestamp: this.stateChangedAtMs,
      members: [...this.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: metadataOf(member, this.protocolName),
        assignment:
          assignments?.get(member.memberId) ?? (assignments ? emptyBytes : member.assignment),
      })),
    };
  }

  /** Replays a record of this group's own generation: only the assignments are news. */
  applyAssignments(metadata: GroupMetadata): void {
    for (const { memberId, assignment } of metadata.members) {
      const member = this.members.get(memberId);
      if (member !== undefined) member.assignment = assignment;
    }
  }

  /** Replays a record of a group that this broker did not run: the record is the group. */
  load(metadata: GroupMetadata): void {
    this.generationId = metadata.generation;
    this.protocolType = metadata.protocolType === '' ? null : metadata.protocolType;
    this.protocolName = metadata.protocol;
    if (0 <= metadata.currentStateTimestamp) this.stateChangedAtMs = metadata.currentStateTimestamp;
    this.state = metadata.members.length === 0 ? 'Empty' : 'Stable';
    for (const stored of metadata.members) this.add(memberFrom(stored, metadata));
    this.leaderId = metadata.leader;
    this.subscribedTopics = this.#computeSubscribedTopics();
  }

  disposeTimers(): void {
    this.joinTimer?.dispose();
    this.syncTimer?.dispose();
    for (const { sessionTimer } of this.members.values()) sessionTimer?.dispose();
    for (const timer of this.pendingMembers.values()) timer.dispose();
    this.pendingMembers.clear();
  }

  #isKnownToAll(protocolName: string): boolean {
    for (const { protocols } of this.members.values()) {
      if (!protocols.some(({ name }) => name === protocolName)) return false;
    }
    return true;
  }

  #computeSubscribedTopics(): ReadonlySet<string> | null {
    if (this.protocolType !== 'consumer') return null;
    return subscribedTopicsOf(
      [...this.members.values()].map((member) => metadataOf(member, this.protocolName)),
    );
  }
}

export function answerJoin(member: GroupMember, outcome: JoinOutcome): boolean {
  const answer = member.awaitingJoin;
  if (answer === null) return false;
  member.awaitingJoin = null;
  answer(outcome);
  return true;
}

export function answerSync(member: GroupMember, outcome: SyncOutcome): boolean {
  const answer = member.awaitingSync;
  if (answer === null) return false;
  member.awaitingSync = null;
  answer(outcome);
  return true;
}

function memberFrom(
  stored: GroupMetadata['members'][number],
  { protocolType, protocol }: GroupMetadata,
): GroupMember {
  return {
    memberId: stored.memberId,
    groupInstanceId: stored.groupInstanceId,
    clientId: stored.clientId,
    clientHost: stored.clientHost,
    rebalanceTimeoutMs:
      stored.rebalanceTimeout === -1 ? stored.sessionTimeout : stored.rebalanceTimeout,
    sessionTimeoutMs: stored.sessionTimeout,
    protocolType,
    protocols: [{ name: protocol ?? '', metadata: stored.subscription }],
    assignment: stored.assignment,
    isNew: false,
    awaitingJoin: null,
    awaitingSync: null,
    sessionTimer: null,
  };
}
