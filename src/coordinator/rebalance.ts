import type { Disposable } from '../base/disposable.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { answerJoin, answerSync, type ClassicGroup } from './classic-group.ts';
import type { Decision } from './coordinator-result.ts';
import { emptyBytes, type GroupMember, joinFailure, syncFailure } from './group-member.ts';
import { groupMetadataRecord } from './group-record.ts';
import type { ShardContext } from './shard-context.ts';

/** How long a member that has just joined may be silent: it does not know its id until it is answered. */
export const newMemberJoinTimeoutMs = 300_000;

/**
 * The rebalance of a classic group: who is waited for, how long, and what ends the wait.
 * Kafka's `GroupCoordinator` with its `DelayedJoin`, `InitialDelayedJoin`, `DelayedSync` and
 * `DelayedHeartbeat`, as timers.
 */
export class Rebalance {
  readonly #context: ShardContext;

  constructor(context: ShardContext) {
    this.#context = context;
  }

  maybePrepare(decision: Decision, group: ClassicGroup, reason: string): void {
    if (group.canRebalance()) this.prepare(decision, group, reason);
  }

  prepare(decision: Decision, group: ClassicGroup, reason: string): void {
    const { config, clock } = this.#context;
    if (group.is('CompletingRebalance')) this.#failWaitingSyncs(group, 'REBALANCE_IN_PROGRESS');
    group.syncTimer?.dispose();
    this.#log(
      `Preparing to rebalance group ${group.groupId} in state PreparingRebalance with old generation ${group.generationId} (${this.#place()}) (reason: ${reason})`,
    );
    const isInitial = group.is('Empty');
    group.transitionTo('PreparingRebalance', clock.nowMs());
    if (!isInitial) {
      this.#awaitJoins(group, group.rebalanceTimeoutMs());
      this.tryCompleteJoin(decision, group);
      return;
    }
    const delayMs = config.groupInitialRebalanceDelayMs;
    this.#awaitFirstJoins(group, delayMs, Math.max(group.rebalanceTimeoutMs() - delayMs, 0));
  }

  /** Ends the join phase if everybody is there; the first join phase of a group always waits its time. */
  tryCompleteJoin(decision: Decision, group: ClassicGroup): void {
    if (!group.is('PreparingRebalance') || group.joinTimer instanceof InitialDelay) return;
    if (group.hasAllMembersJoined()) this.#completeJoin(decision, group);
  }

  /** (Re)starts the countdown after which a silent member is removed. */
  keepAlive(group: ClassicGroup, member: GroupMember, timeoutMs = member.sessionTimeoutMs): void {
    member.sessionTimer?.dispose();
    member.sessionTimer = this.#after(timeoutMs, (decision) =>
      this.#expireMember(decision, group, member),
    );
  }

  addPendingMember(group: ClassicGroup, memberId: string, sessionTimeoutMs: number): void {
    const timer = this.#after(sessionTimeoutMs, (decision) => {
      this.removePendingMember(decision, group, memberId);
    });
    group.pendingMembers.set(memberId, timer);
  }

  removePendingMember(decision: Decision, group: ClassicGroup, memberId: string): void {
    group.remove(memberId);
    this.tryCompleteJoin(decision, group);
  }

  removeMember(
    decision: Decision,
    group: ClassicGroup,
    options: { memberId: string; reason: string },
  ): void {
    const member = group.members.get(options.memberId);
    if (member === undefined) return;
    answerJoin(member, joinFailure('UNKNOWN_MEMBER_ID'));
    answerSync(member, syncFailure('UNKNOWN_MEMBER_ID'));
    group.remove(options.memberId);
    if (group.is('Stable', 'CompletingRebalance')) {
      this.maybePrepare(decision, group, options.reason);
      return;
    }
    this.tryCompleteJoin(decision, group);
  }

  /** The leader's assignment is in the log: everybody who waits gets its part. */
  propagateAssignment(group: ClassicGroup): void {
    group.transitionTo('Stable', this.#context.clock.nowMs());
    for (const member of group.members.values()) {
      if (answerSync(member, group.syncOutcomeFor(member))) this.keepAlive(group, member);
    }
  }

  failAssignment(decision: Decision, group: ClassicGroup, errorCode: ErrorCode): void {
    this.#failWaitingSyncs(group, errorCode);
    this.maybePrepare(decision, group, `Error ${errorCode} when storing group assignment`);
  }

  #awaitJoins(group: ClassicGroup, timeoutMs: number): void {
    group.joinTimer?.dispose();
    group.joinTimer = this.#after(timeoutMs, (decision) => {
      if (group.is('PreparingRebalance')) this.#completeJoin(decision, group);
    });
  }

  #awaitFirstJoins(group: ClassicGroup, delayMs: number, remainingMs: number): void {
    group.joinTimer?.dispose();
    const timer = this.#after(delayMs, (decision) => {
      if (!group.is('PreparingRebalance')) return;
      if (!group.newMemberAdded || remainingMs === 0) return this.#completeJoin(decision, group);
      group.newMemberAdded = false;
      const nextDelayMs = Math.min(this.#context.config.groupInitialRebalanceDelayMs, remainingMs);
      this.#awaitFirstJoins(group, nextDelayMs, Math.max(remainingMs - nextDelayMs, 0));
    });
    group.joinTimer = new InitialDelay(timer);
  }

  #completeJoin(decision: Decision, group: ClassicGroup): void {
    group.joinTimer?.dispose();
    group.joinTimer = null;
    removeAbsentDynamicMembers(group, (message) => this.#log(message));
    if (!group.maybeElectNewJoinedLeader() && 0 < group.members.size) {
      this.#awaitJoins(group, group.rebalanceTimeoutMs());
      return;
    }
    group.startNextGeneration(this.#context.clock.nowMs());
    if (group.is('Empty')) {
      this.#storeEmpty(decision, group);
      return;
    }
    this.#log(
      `Stabilized group ${group.groupId} generation ${group.generationId} (${this.#place()}) with ${group.members.size} members`,
    );
    for (const member of group.members.values()) {
      answerJoin(member, group.joinOutcomeFor(member));
      this.keepAlive(group, member);
      member.isNew = false;
      group.pendingSyncMembers.add(member.memberId);
    }
    this.#awaitSyncs(group);
  }

  #storeEmpty(decision: Decision, group: ClassicGroup): void {
    this.#log(
      `Group ${group.groupId} with generation ${group.generationId} is now empty (${this.#place()})`,
    );
    decision.write(groupMetadataRecord(group.groupId, group.toMetadata(new Map())));
    decision.onAppended((errorCode) => {
      if (errorCode !== 'NONE') {
        // The group is empty in memory anyway; a reload will meet the older record and expire its members.
        this.#log(`Failed to write empty metadata for group ${group.groupId}: ${errorCode}`);
      }
    });
  }

  #awaitSyncs(group: ClassicGroup): void {
    const { generationId } = group;
    group.syncTimer?.dispose();
    group.syncTimer = this.#after(group.rebalanceTimeoutMs(), (decision) => {
      if (group.generationId !== generationId || !group.is('CompletingRebalance', 'Stable')) return;
      if (group.pendingSyncMembers.size === 0) return;
      const absent = [...group.pendingSyncMembers];
      for (const memberId of absent) group.remove(memberId);
      this.prepare(
        decision,
        group,
        `Removing ${absent.join(', ')} on pending sync request expiration`,
      );
    });
  }

  #expireMember(decision: Decision, group: ClassicGroup, member: GroupMember): void {
    if (group.is('Dead') || group.members.get(member.memberId) !== member) return;
    const isWaiting = member.awaitingJoin !== null || member.awaitingSync !== null;
    if (isWaiting && !member.isNew) return;
    this.#log(
      `Member ${member.memberId} in group ${group.groupId} has failed, removing it from the group`,
    );
    const reason = `removing member ${member.memberId} on heartbeat expiration`;
    this.removeMember(decision, group, { memberId: member.memberId, reason });
  }

  #failWaitingSyncs(group: ClassicGroup, errorCode: ErrorCode): void {
    for (const member of group.members.values()) {
      member.assignment = emptyBytes;
      if (answerSync(member, syncFailure(errorCode))) this.keepAlive(group, member);
    }
  }

  #after(delayMs: number, decide: (decision: Decision) => void): Disposable {
    return this.#context.scheduler.after(delayMs, () => this.#context.run(decide));
  }

  #place(): string {
    return `__consumer_offsets-${this.#context.partition}`;
  }

  #log(message: string): void {
    this.#context.log('INFO', `[GroupCoordinator ${this.#context.nodeId}]: ${message}`);
  }
}

/** Marks the first join phase of a group, which is not cut short (`group.initial.rebalance.delay.ms`). */
class InitialDelay implements Disposable {
  readonly #timer: Disposable;

  constructor(timer: Disposable) {
    this.#timer = timer;
  }

  dispose(): void {
    this.#timer.dispose();
  }
}

function removeAbsentDynamicMembers(group: ClassicGroup, log: (message: string) => void): void {
  const absent = [...group.members.values()].filter(
    ({ awaitingJoin, groupInstanceId }) => awaitingJoin === null && groupInstanceId === null,
  );
  if (absent.length === 0) return;
  for (const { memberId } of absent) group.remove(memberId);
  log(
    `Group ${group.groupId} removed dynamic members who haven't joined: ${absent.map(({ memberId }) => memberId).join(', ')}`,
  );
}
