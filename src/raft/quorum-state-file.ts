import { FileError, type FileSystem, readFile, writeFileAtomically } from '../base/file-system.ts';
import { uuidFromString, ZERO_UUID } from '../protocol/uuid.ts';
import type { ElectionState } from './quorum-types.ts';

/** Port: keeps the last election state. */
export interface ElectionStore {
  read(): Promise<ElectionState | undefined>;
  /** Resolves when the state survives the death of the machine. */
  write(election: ElectionState): Promise<void>;
}

/** The quorum-state file cannot be understood. Kafka does not start then, and neither do we: without it this voter could vote twice. */
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

  /** undefined where there is no file yet. Rejects with QuorumStateError, which names the file, and with FileError. */
  async read(): Promise<ElectionState | undefined> {
    const bytes = await this.#bytes();
    if (bytes === undefined) return undefined;
    try {
      return parseQuorumState(bytes);
    } catch (error) {
      if (!(error instanceof QuorumStateError)) throw error;
      const what = `Error while reading the Quorum status from the file ${this.#path}`;
      throw new QuorumStateError(`${what}: ${error.message}`, { cause: error });
    }
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

/** Version 0, or 1 where the voters are in the log (KIP-853) and this file needs not name them. */
export function formatQuorumState(election: ElectionState, voters: readonly number[]): string {
  const { epoch, leaderId = -1, votedId = -1, votedDirectoryId = ZERO_UUID } = election;
  const common = { leaderId, leaderEpoch: epoch, votedId };
  if (election.kraftVersion === 1) {
    return JSON.stringify({ ...common, votedDirectoryId, data_version: 1 });
  }
  return JSON.stringify({
    clusterId: '',
    ...common,
    appliedOffset: 0,
    currentVoters: voters.map((voterId) => ({ voterId })),
    data_version: 0,
  });
}

/**
 * Throws QuorumStateError that says what was expected and what was found, with Kafka's words where it has
 * some. As in Kafka 3.8.0 the voters that version 0 names are not compared with those of the configuration.
 */
export function parseQuorumState(bytes: Uint8Array): ElectionState {
  if (bytes.byteLength === 0) throw new QuorumStateError('File ended prematurely.');
  const data = parseObject(new TextDecoder().decode(bytes));
  const version = data['data_version'];
  if (version === undefined) {
    throw new QuorumStateError(
      `Deserialized node ${excerpt(JSON.stringify(data))} does not have data_version field`,
    );
  }
  if (version !== 0 && version !== 1) {
    throw new QuorumStateError(
      `data_version (${excerpt(String(version))}) is not within the min (0) and max (1) supported version`,
    );
  }
  const epoch = integer(data, 'leaderEpoch', 0);
  const leaderId = integer(data, 'leaderId', -1);
  const votedId = integer(data, 'votedId', -1);
  const election = {
    epoch,
    leaderId: leaderId < 0 ? undefined : leaderId,
    votedId: votedId < 0 ? undefined : votedId,
  };
  if (version === 0) return election;
  return { ...election, ...votedDirectoryOf(data), kraftVersion: 1 };
}

function votedDirectoryOf(data: Record<string, unknown>): { readonly votedDirectoryId?: string } {
  const id = data['votedDirectoryId'];
  if (typeof id !== 'string' || uuidFromString(id) === undefined) {
    throw new QuorumStateError(`expected a uuid as votedDirectoryId, found ${shown(id)}`);
  }
  return id === ZERO_UUID ? {} : { votedDirectoryId: id };
}

function parseObject(text: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const found = `expected one line of JSON, found '${excerpt(text)}'`;
    throw new QuorumStateError(found, { cause: error });
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new QuorumStateError(`Deserialized node ${excerpt(text)} is not an object node`);
  }
  return data as Record<string, unknown>;
}

/** An int32 that is not below `min`. */
function integer(data: Record<string, unknown>, field: string, min: number): number {
  const value = data[field];
  const isSound =
    typeof value === 'number' && Number.isInteger(value) && min <= value && value <= 0x7fff_ffff;
  if (isSound) return value;
  throw new QuorumStateError(
    `expected an integer from ${min} to 2147483647 as ${field}, found ${shown(value)}`,
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : excerpt(JSON.stringify(value));
}

function excerpt(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
