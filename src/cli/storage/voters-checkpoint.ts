import { joinChunks } from '../../protocol/byte-writer.ts';
import { encodeMessage } from '../../protocol/codec.ts';
import {
  type ControlRecord,
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from '../../protocol/records/control-records.ts';
import { kraftVersionRecord } from '../../protocol/schemas/records/kraft-version-record.ts';
import { votersRecord } from '../../protocol/schemas/records/voters-record.ts';
import type { DynamicVoter } from './dynamic-voters.ts';

/** In the folder of the metadata log: the snapshot before its first record. */
export const votersCheckpointName = '00000000000000000000-0000000000.checkpoint';

/**
 * The snapshot that a metadata log with dynamic voters begins with (KIP-853): kraft.version 1 and
 * the voters, who all listen on `listenerName`.
 */
export function votersCheckpoint(
  voters: readonly DynamicVoter[],
  listenerName: string,
  nowMs: number,
): Uint8Array {
  const place = { partitionLeaderEpoch: 0, timestamp: nowMs };
  const version = { version: 0, kRaftVersion: 1 };
  const records: readonly ControlRecord[] = [
    { type: 'KRAFT_VERSION', value: encodeMessage(kraftVersionRecord, 0, version) },
    {
      type: 'KRAFT_VOTERS',
      value: encodeMessage(votersRecord, 0, {
        version: 0,
        voters: voters.map((voter) => voterMessage(voter, listenerName)),
      }),
    },
  ];
  return joinChunks([
    snapshotHeaderBatch({ ...place, baseOffset: 0 }, nowMs, records),
    snapshotFooterBatch({ ...place, baseOffset: 1 + records.length }),
  ]);
}

function voterMessage({ nodeId, directoryId, host, port }: DynamicVoter, listenerName: string) {
  return {
    voterId: nodeId,
    voterDirectoryId: directoryId,
    endpoints: [{ name: listenerName, host, port }],
    kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
  };
}
