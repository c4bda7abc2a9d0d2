import { type FileSystem, writeFileAtomically } from '../../base/file-system.ts';
import { votersCheckpoint, votersCheckpointName } from '../../cli/storage/voters-checkpoint.ts';
import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import { uuidFromRandomBytes } from '../../protocol/uuid.ts';
import type { Voter } from '../../raft/voter-set.ts';
import { workerName } from './story.ts';

const listenerName = 'CONTROLLER';
const port = 9093;

/** Each machine's own, the same in every seed. */
export function directoryIdOf(id: number): string {
  return uuidFromRandomBytes(new SeededRandom(1000 + id).bytes(16)) ?? '';
}

export function voterOf(id: number): Voter {
  const endpoints = [{ name: listenerName, host: workerName(id), port }];
  return { id, directoryId: directoryIdOf(id), endpoints, minVersion: 0, maxVersion: 1 };
}

/**
 * The metadata log begins with a snapshot that names all machines as voters, as after
 * `kafka-storage.sh format --initial-controllers` (KIP-853).
 */
export async function formatVoters(
  files: FileSystem,
  metadataFolder: string,
  ids: readonly number[],
): Promise<void> {
  await files.makeDirectory(metadataFolder);
  const voters = ids.map((id) => {
    const directoryId = directoryIdOf(id);
    return { nodeId: id, directoryId, host: workerName(id), port };
  });
  const content = votersCheckpoint(voters, listenerName, 0);
  await writeFileAtomically(files, `${metadataFolder}/${votersCheckpointName}`, content);
}
