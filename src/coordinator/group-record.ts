import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { DecodeError } from '../protocol/errors.ts';
import {
  type GroupMetadataValue,
  groupMetadataKey,
  groupMetadataValue,
} from '../protocol/schemas/records/group-metadata.ts';
import {
  type OffsetCommitValue,
  offsetCommitKey,
  offsetCommitValue,
} from '../protocol/schemas/records/offset-commit.ts';

export type GroupMetadata = GroupMetadataValue;

export interface OffsetKey {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
}

/** A record of `__consumer_offsets`; a null value is a tombstone. */
export type GroupRecord =
  | ({ readonly kind: 'offset-commit'; readonly value: OffsetCommitValue | null } & OffsetKey)
  | {
      readonly kind: 'group-metadata';
      readonly groupId: string;
      readonly value: GroupMetadata | null;
    }
  | { readonly kind: 'unknown'; readonly type: number };

/** As it lies in the log. */
export interface CoordinatorRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

// What Kafka 3.8 writes at any metadata.version of KRaft (KIP-211, KIP-345); older ones are read.
const offsetKeyVersion = 1;
const groupKeyVersion = 2;
const groupValueVersion = 3;

export function groupMetadataRecord(groupId: string, value: GroupMetadata | null): GroupRecord {
  return { kind: 'group-metadata', groupId, value };
}

export function encodeGroupRecord(
  record: Exclude<GroupRecord, { kind: 'unknown' }>,
): CoordinatorRecord {
  if (record.kind === 'group-metadata') {
    const { groupId, value } = record;
    return {
      key: withVersion(
        groupKeyVersion,
        encodeMessage(groupMetadataKey, groupKeyVersion, { group: groupId }),
      ),
      value:
        value === null
          ? null
          : withVersion(
              groupValueVersion,
              encodeMessage(groupMetadataValue, groupValueVersion, value),
            ),
    };
  }
  const { groupId: group, topic, partition, value } = record;
  const key = encodeMessage(offsetCommitKey, offsetKeyVersion, { group, topic, partition });
  return {
    key: withVersion(offsetKeyVersion, key),
    value: value === null ? null : encodeOffset(value),
  };
}

/** Throws DecodeError for bytes that no version of Kafka writes. */
export function decodeGroupRecord({ key, value }: CoordinatorRecord): GroupRecord {
  const type = versionOf(key);
  if (type === 0 || type === offsetKeyVersion) {
    const { group, topic, partition } = decodeMessage(offsetCommitKey, type, key.subarray(2));
    const decoded = value === null ? null : decodeOffset(value);
    return { kind: 'offset-commit', groupId: group, topic, partition, value: decoded };
  }
  if (type === groupKeyVersion) {
    const { group } = decodeMessage(groupMetadataKey, groupKeyVersion, key.subarray(2));
    const decoded =
      value === null
        ? null
        : decodeMessage(groupMetadataValue, versionOf(value), value.subarray(2));
    return groupMetadataRecord(group, decoded);
  }
  return { kind: 'unknown', type };
}

function encodeOffset(value: OffsetCommitValue): Uint8Array {
  // Only v1 can say when one offset expires (OffsetCommit v2-4 with a retention time).
  const version = value.expireTimestamp === -1 ? 3 : 1;
  return withVersion(version, encodeMessage(offsetCommitValue, version, value));
}

function decodeOffset(value: Uint8Array): OffsetCommitValue {
  return decodeMessage(offsetCommitValue, versionOf(value), value.subarray(2));
}

function withVersion(version: number, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + message.length);
  bytes[1] = version;
  bytes.set(message, 2);
  return bytes;
}

function versionOf(bytes: Uint8Array): number {
  const [high, low] = bytes;
  if (high === undefined || low === undefined) {
    throw new DecodeError('a version needs 2 bytes', { start: 0, end: bytes.length });
  }
  return (high << 8) | low;
}
