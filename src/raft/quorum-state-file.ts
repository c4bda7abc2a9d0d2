import { FileError, type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import type { ElectionState } from './quorum-types.ts';

/** Port: keeps the last election state. */
export interface ElectionStore {
  read(): Promise<ElectionState | undefined>;
  /** Resolves when the state survives the death of the machine. */
  write(election: ElectionState): Promise<void>;
}

/** The quorum-state file cannot be understood, or belongs to another quorum. */
export class QuorumStateError extends Error {
  override readonly name = 'QuorumStateError';
}

/** `quorum-state` in the folder of `__cluster_metadata-0`: one line of JSON, as Kafka 3.8 writes it. */
export class QuorumStateFile implements ElectionStore {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #voters: readonly number[];

  constructor(files: FileSystem, directory: string, voters: readonly number[]) {
    this.#files = files;
    this.#directory = directory;
    this.#voters = voters;
  }

  /** undefined where there is no file yet. Rejects with QuorumStateError on a damaged one, with FileError. */
  async read(): Promise<ElectionState | undefined> {
    const bytes = await this.#bytes();
    return bytes === undefined ? undefined : parseQuorumState(bytes, this.#voters);
  }

  async write(election: ElectionState): Promise<void> {
    const text = formatQuorumState(election, this.#voters);
    await writeFileAtomically(this.#files, this.#path, new TextEncoder().encode(text));
  }

  get #path(): string {
    return `${this.#directory}/quorum-state`;
  }

  async #bytes(): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#files, this.#path);
    } catch (error) {
      if (error instanceof FileError && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

export function formatQuorumState(election: ElectionState, voters: readonly number[]): string {
  return JSON.stringify({
    clusterId: '',
    leaderId: election.leaderId ?? -1,
    leaderEpoch: election.epoch,
    votedId: election.votedId ?? -1,
    appliedOffset: 0,
    currentVoters: voters.map((voterId) => ({ voterId })),
    data_version: 0,
  });
}

/** Throws QuorumStateError. An empty file is one that a crash left behind before its first content. */
export function parseQuorumState(
  bytes: Uint8Array,
  voters: readonly number[],
): ElectionState | undefined {
  if (bytes.byteLength === 0) return undefined;
  const data = parseObject(new TextDecoder().decode(bytes));
  if (data['data_version'] !== 0) {
    throw new QuorumStateError(
      `data_version ${String(data['data_version'])} is not supported; 0 is`,
    );
  }
  requireVoters(data['currentVoters'], voters);
  const epoch = integer(data, 'leaderEpoch');
  const leaderId = integer(data, 'leaderId');
  const votedId = integer(data, 'votedId');
  if (epoch < 0) throw new QuorumStateError(`leaderEpoch ${epoch} is negative`);
  return {
    epoch,
    leaderId: leaderId < 0 ? undefined : leaderId,
    votedId: votedId < 0 ? undefined : votedId,
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null) return data as Record<string, unknown>;
  } catch (error) {
    throw new QuorumStateError('the quorum-state file is no JSON', { cause: error });
  }
  throw new QuorumStateError('the quorum-state file is no JSON object');
}

function integer(data: Record<string, unknown>, field: string): number {
  const value = data[field];
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new QuorumStateError(`${field} in the quorum-state file is no integer`);
}

/** Simplified: the voters are those of `controller.quorum.voters`; they change only with KIP-853 (3.9). */
function requireVoters(stored: unknown, voters: readonly number[]): void {
  const ids = Array.isArray(stored)
    ? stored.map((voter) => (voter as { voterId?: unknown })?.voterId)
    : [];
  const isSame = ids.length === voters.length && voters.every((id) => ids.includes(id));
  if (isSame) return;
  throw new QuorumStateError(
    `Configured voter set: ${voters.join(',')} is different from the voter set read from the state file: ${ids.join(',')}. Check if the quorum configuration is up to date, or wipe out the local state file if necessary`,
  );
}
