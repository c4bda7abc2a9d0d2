import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { kraftVersionRecord } from '../protocol/schemas/records/kraft-version-record.ts';
import { votersRecord } from '../protocol/schemas/records/voters-record.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';

/** Where a voter's controller listener is. */
export interface VoterEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A replica by its id and the folder that it lives in: with a new disk it is another one (KIP-853). */
export interface ReplicaKey {
  readonly id: number;
  /** The zero uuid where it is not known, as with `controller.quorum.voters`. */
  readonly directoryId: string;
}

export interface Voter extends ReplicaKey {
  readonly endpoints: readonly VoterEndpoint[];
  /** The versions of `kraft.version` that it speaks. */
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** The versions of `kraft.version` that this code speaks. */
export const kraftVersions = { minVersion: 0, maxVersion: 1 } as const;

/** In order of ids, each once. */
export type VoterSet = readonly Voter[];

/** 0: the voters are configured. 1: they are in the log (KIP-853). */
export type KraftVersion = 0 | 1;

export function staticVoter(id: number): Voter {
  return { id, directoryId: ZERO_UUID, endpoints: [], minVersion: 0, maxVersion: 0 };
}

/** Whether the set has this very replica; where a directory is not known, its id will do. */
export function hasVoter(voters: VoterSet, { id, directoryId }: ReplicaKey): boolean {
  const voter = voters.find((each) => each.id === id);
  if (voter === undefined) return false;
  const isKnown = voter.directoryId !== ZERO_UUID && directoryId !== ZERO_UUID;
  return !isKnown || voter.directoryId === directoryId;
}

export function withVoter(voters: VoterSet, voter: Voter): VoterSet {
  const others = voters.filter(({ id }) => id !== voter.id);
  return [...others, voter].sort((a, b) => a.id - b.id);
}

export function withoutVoter(voters: VoterSet, id: number): VoterSet {
  return voters.filter((each) => each.id !== id);
}

/**
 * Where a replica listens, with what it does not know of itself as the log has it: its host (empty) where it
 * listens everywhere, its port (0) where the system chose one.
 * Simplified: Kafka asks the system for its canonical host name.
 */
export function completedEndpoints(
  own: readonly VoterEndpoint[],
  logged: readonly VoterEndpoint[] = [],
): readonly VoterEndpoint[] {
  return own.map(({ name, host, port }) => {
    const before = logged.find((each) => each.name === name);
    const knownHost = host === '' ? (before?.host ?? 'localhost') : host;
    return { name, host: knownHost, port: port === 0 ? (before?.port ?? 0) : port };
  });
}

/** Whether both say the same of a voter; the order of its listeners means nothing. */
export function isSameVoter(a: Voter, b: Voter): boolean {
  return voterText(a) === voterText(b);
}

function voterText({ id, directoryId, endpoints, minVersion, maxVersion }: Voter): string {
  const listeners = endpoints.map(({ name, host, port }) => `${name}://${host}:${port}`).sort();
  return [id, directoryId, minVersion, maxVersion, ...listeners].join();
}

/** As Kafka prints it in messages. */
export function describeReplicaKey({ id, directoryId }: ReplicaKey): string {
  const directory = directoryId === ZERO_UUID ? 'Optional.empty' : `Optional[${directoryId}]`;
  return `ReplicaKey(id=${id}, directoryId=${directory})`;
}

/** The value of a KRAFT_VOTERS control record. */
export function encodeVoters(voters: VoterSet): Uint8Array {
  return encodeMessage(votersRecord, 0, {
    version: 0,
    voters: voters.map(({ id, directoryId, endpoints, minVersion, maxVersion }) => ({
      voterId: id,
      voterDirectoryId: directoryId,
      endpoints,
      kRaftVersionFeature: { minSupportedVersion: minVersion, maxSupportedVersion: maxVersion },
    })),
  });
}

/** Throws DecodeError. */
export function decodeVoters(value: Uint8Array): VoterSet {
  const { voters } = decodeMessage(votersRecord, 0, value);
  return voters
    .map(({ voterId, voterDirectoryId, endpoints, kRaftVersionFeature }) => ({
      id: voterId,
      directoryId: voterDirectoryId,
      endpoints,
      minVersion: kRaftVersionFeature.minSupportedVersion,
      maxVersion: kRaftVersionFeature.maxSupportedVersion,
    }))
    .sort((a, b) => a.id - b.id);
}

/** The value of a KRAFT_VERSION control record. */
export function encodeKraftVersion(version: KraftVersion): Uint8Array {
  return encodeMessage(kraftVersionRecord, 0, { version: 0, kRaftVersion: version });
}

/** Throws DecodeError. */
export function decodeKraftVersion(value: Uint8Array): KraftVersion {
  return decodeMessage(kraftVersionRecord, 0, value).kRaftVersion === 0 ? 0 : 1;
}
