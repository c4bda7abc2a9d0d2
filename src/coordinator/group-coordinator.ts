import type { Disposable } from '../base/disposable.ts';
import { toDisposable } from '../base/disposable.ts';
import { type ErrorCode, errorCodeOf } from '../protocol/error-codes.ts';
import type { MessageInput } from '../protocol/schema.ts';
import type { JoinGroupRequest, joinGroupResponse } from '../protocol/schemas/11-join-group.ts';
import type { HeartbeatRequest, heartbeatResponse } from '../protocol/schemas/12-heartbeat.ts';
import type { LeaveGroupRequest, leaveGroupResponse } from '../protocol/schemas/13-leave-group.ts';
import type { SyncGroupRequest, syncGroupResponse } from '../protocol/schemas/14-sync-group.ts';
import { type CoordinatorPorts, CoordinatorRuntime } from './coordinator-runtime.ts';
import type { GroupConfig } from './group-config.ts';
import { type JoinOutcome, joinFailure, type SyncOutcome, syncFailure } from './group-member.ts';
import { GroupOffsets } from './group-offsets.ts';
import { GroupQueries } from './group-queries.ts';
import type { Caller } from './shard-context.ts';

/**
 * The broker's coordinator of classic consumer groups: one method an API, each answered with a whole
 * response. Only this class is used from outside, with `offsets` and `queries` for the other APIs.
 */
export class GroupCoordinator implements Disposable {
  readonly offsets: GroupOffsets;
  readonly queries: GroupQueries;
  readonly #runtime: CoordinatorRuntime;
  #expiration: Disposable = toDisposable(() => undefined);
  #isDisposed = false;

  constructor(ports: CoordinatorPorts, config: GroupConfig, nodeId: number) {
    this.#runtime = new CoordinatorRuntime(ports, config, nodeId);
    this.offsets = new GroupOffsets(this.#runtime);
    this.queries = new GroupQueries(this.#runtime);
    this.#scheduleExpiration();
  }

  partitionFor(groupId: string): number {
    return this.#runtime.partitionFor(groupId);
  }

  /** The partition count of `__consumer_offsets`, once that topic exists. */
  setPartitionCount(count: number): void {
    this.#runtime.setPartitionCount(count);
  }

  /** Leadership of a partition of `__consumer_offsets` has come here. */
  onElection(partition: number): Promise<void> {
    return this.#runtime.load(partition);
  }

  onResignation(partition: number): void {
    this.#runtime.unload(partition);
  }

  onTopicDeleted(topic: string): void {
    this.#runtime.decideAll((decision, shard) => shard.deleteTopicOffsets(decision, topic));
  }

  async joinGroup(
    request: JoinGroupRequest,
    caller: Caller,
  ): Promise<MessageInput<typeof joinGroupResponse>> {
    const outcome = await new Promise<JoinOutcome>((answer) => {
      const failure = this.#failureFor(request.groupId);
      if (failure !== 'NONE') return answer(joinFailure(failure, request.memberId));
      this.#runtime.decide(request.groupId, (decision, shard) =>
        shard.join(decision, request, caller, answer),
      );
    });
    return {
      ...outcome,
      errorCode: errorCodeOf(outcome.errorCode),
      leader: outcome.leaderId,
      // Nullable from v7 on.
      protocolName: outcome.protocolName ?? (caller.apiVersion < 7 ? '' : null),
    };
  }

  async syncGroup(request: SyncGroupRequest): Promise<MessageInput<typeof syncGroupResponse>> {
    const outcome = await new Promise<SyncOutcome>((answer) => {
      const failure = this.#failureFor(request.groupId);
      // While loading, the state of the rebalance is lost: the member starts over at JoinGroup.
      if (failure === 'COORDINATOR_LOAD_IN_PROGRESS')
        return answer(syncFailure('REBALANCE_IN_PROGRESS'));
      if (failure !== 'NONE') return answer(syncFailure(failure));
      this.#runtime.decide(request.groupId, (decision, shard) =>
        shard.sync(decision, request, answer),
      );
    });
    return { ...outcome, errorCode: errorCodeOf(outcome.errorCode) };
  }

  heartbeat(request: HeartbeatRequest): MessageInput<typeof heartbeatResponse> {
    const shard = this.#shardFor(request.groupId);
    // While loading, nothing can be said against the member.
    if (shard === 'COORDINATOR_LOAD_IN_PROGRESS') return { errorCode: 0 };
    const errorCode = typeof shard === 'string' ? shard : shard.heartbeat(request);
    return { errorCode: errorCodeOf(errorCode) };
  }

  leaveGroup(request: LeaveGroupRequest, caller: Caller): MessageInput<typeof leaveGroupResponse> {
    const { groupId } = request;
    const failure = this.#failureFor(groupId);
    if (failure !== 'NONE') return { errorCode: errorCodeOf(failure) };
    const isBatch = 3 <= caller.apiVersion;
    const leaving = isBatch
      ? request.members
      : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
    let members: { memberId: string; groupInstanceId: string | null; errorCode: number }[] = [];
    this.#runtime.decide(groupId, (decision, shard) => {
      members = leaving.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        errorCode: errorCodeOf(shard.leave(decision, groupId, member)),
      }));
    });
    return isBatch ? { members } : { errorCode: members[0]?.errorCode ?? 0 };
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#expiration.dispose();
    this.#runtime.unloadAll();
  }

  #shardFor(groupId: string) {
    return groupId === '' ? 'INVALID_GROUP_ID' : this.#runtime.shardFor(groupId);
  }

  #failureFor(groupId: string): ErrorCode {
    const shard = this.#shardFor(groupId);
    return typeof shard === 'string' ? shard : 'NONE';
  }

  #scheduleExpiration(): void {
    const { ports, config } = this.#runtime;
    this.#expiration = ports.scheduler.after(config.offsetsRetentionCheckIntervalMs, () => {
      this.#runtime.decideAll((decision, shard) => shard.expireOffsets(decision));
      this.#scheduleExpiration();
    });
  }
}
