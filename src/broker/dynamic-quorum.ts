import { encodeSnapshot } from '../raft/raft-batches.ts';
import type { Voter } from '../raft/voter-set.ts';
import { clusterMetadataTopic } from './internal-topics.ts';

/** Where `kafka-storage.sh format` leaves the first voters, within the metadata log's directory (KIP-853). */
export const bootstrapVotersPath = `${clusterMetadataTopic}-0/00000000000000000000-0000000000.checkpoint`;

/** The first voters of a quorum by their ids and directories, as a snapshot of an empty log. */
export function encodeBootstrapVoters(
  voters: readonly Pick<Voter, 'id' | 'directoryId' | 'endpoints'>[],
  nowMs: number,
): Uint8Array {
  const set = voters
    .map((voter) => ({ ...voter, minVersion: 0, maxVersion: 1 }))
    .sort((a, b) => a.id - b.id);
  const content = { lastContainedLogTimestampMs: nowMs, values: [], voters: set };
  return encodeSnapshot({ offset: 0, epoch: 0 }, { ...content, kraftVersion: 1 }, nowMs);
}
