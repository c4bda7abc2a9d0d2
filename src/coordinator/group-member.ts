import type { Disposable } from '../base/disposable.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';

export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface JoinOutcome {
  readonly errorCode: ErrorCode;
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string;
  readonly skipAssignment: boolean;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Uint8Array;
  }[];
}

export interface SyncOutcome {
  readonly errorCode: ErrorCode;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

export const emptyBytes: Uint8Array = new Uint8Array(0);

/** A member of a classic group. What is not in `GroupMetadataValue` is soft state and dies with the broker. */
export interface GroupMember {
  memberId: string;
  groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  protocolType: string;
  protocols: readonly MemberProtocol[];
  assignment: Uint8Array;
  /** True until its first join is answered: such a member may expire while it waits. */
  isNew: boolean;
  awaitingJoin: ((outcome: JoinOutcome) => void) | null;
  awaitingSync: ((outcome: SyncOutcome) => void) | null;
  sessionTimer: Disposable | null;
}

export function joinFailure(errorCode: ErrorCode, memberId = ''): JoinOutcome {
  return {
    errorCode,
    memberId,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leaderId: '',
    skipAssignment: false,
    members: [],
  };
}

export function syncFailure(errorCode: ErrorCode): SyncOutcome {
  return { errorCode, protocolType: null, protocolName: null, assignment: emptyBytes };
}

export function metadataOf(member: GroupMember, protocolName: string | null): Uint8Array {
  return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? emptyBytes;
}

/** Whether a repeated join brings the same protocols with the same bytes, in the same order. */
export function hasSameProtocols(
  member: GroupMember,
  protocols: readonly MemberProtocol[],
): boolean {
  if (member.protocols.length !== protocols.length) return false;
  return member.protocols.every((known, index) => {
    const given = protocols[index];
    return given?.name === known.name && areEqual(known.metadata, given.metadata);
  });
}

function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  return left.every((byte, index) => byte === right[index]);
}
