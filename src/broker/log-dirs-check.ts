import type { FileSystem } from '../base/file-system.ts';
import {
  type MetaProperties,
  metaPropertiesName,
  readMetaProperties,
} from '../storage/meta-properties.ts';

/** The disk belongs to another node or cluster, or was never formatted; the message is Kafka's. */
export class LogDirsError extends Error {
  override readonly name = 'LogDirsError';
  readonly javaName = 'java.lang.RuntimeException';
}

export interface CheckedLogDirs {
  readonly clusterId: string;
  /** By log dir. */
  readonly directoryIds: ReadonlyMap<string, string>;
}

/**
 * Checks that all log dirs were formatted for this node of one cluster (`MetaPropertiesEnsemble.verify`).
 * Rejects with LogDirsError, FileError, or CorruptFileError.
 */
export async function checkLogDirs(
  files: FileSystem,
  logDirs: readonly string[],
  nodeId: number,
): Promise<CheckedLogDirs> {
  const found = new Map<string, MetaProperties>();
  for (const logDir of logDirs) {
    const properties = await readMetaProperties(files, logDir);
    if (properties !== undefined) found.set(logDir, properties);
  }
  const [first] = found.values();
  if (first === undefined) throw new LogDirsError('No readable meta.properties files found.');
  const missing = logDirs.find((logDir) => !found.has(logDir));
  if (missing !== undefined) {
    throw new LogDirsError(
      `No \`meta.properties\` found in ${missing} (have you run \`kafka-storage.sh\` to format the directory?)`,
    );
  }
  const clusterId = first.clusterId ?? '';
  for (const [logDir, properties] of found) {
    const path = `${logDir}/${metaPropertiesName}`;
    if (properties.nodeId !== nodeId) {
      throw new LogDirsError(
        `Stored node id ${properties.nodeId ?? ''} doesn't match previous node id ${nodeId} in ${path}. If you moved your data, make sure your configured node id matches. If you intend to create a new node, you should remove all data in your data directories.`,
      );
    }
    if (properties.clusterId !== clusterId) {
      throw new LogDirsError(
        `Invalid cluster.id in: ${path}. Expected ${clusterId}, but read ${properties.clusterId ?? ''}`,
      );
    }
  }
  const ids = [...found].map(([logDir, { directoryId }]) => [logDir, directoryId ?? ''] as const);
  return { clusterId, directoryIds: new Map(ids) };
}
