import type { LogConfig } from './log-config.ts';
import { readCheckpoints } from './log-dir.ts';
import { isDeletedFolderName, parseLogFolderName } from './log-folder-names.ts';
import { PartitionLog } from './partition-log.ts';
import type { LogContext } from './partition-log-types.ts';
import { readTopicId } from './partition-metadata.ts';
import { CorruptFileError } from './storage-errors.ts';

export interface LogDirLoad {
  readonly logDir: string;
  readonly isCleanShutdown: boolean;
  readonly configFor: (topic: string) => LogConfig;
}

/** The metadata log has its own owner (kafka.raft.KafkaMetadataLog). */
const metadataLogName = '__cluster_metadata-0';
const source = 'kafka.log.LogManager';
/** Opening a log is mostly waiting for the disk. */
const logsAtOnce = 8;

/** Opens every log in a directory, and removes what was to be deleted. Rejects with FileError. */
export async function loadLogDir(
  ctx: LogContext,
  load: LogDirLoad,
): Promise<readonly PartitionLog[]> {
  const { files, logger } = ctx;
  const { logDir, isCleanShutdown } = load;
  const onCorrupt = (error: CorruptFileError) => logger.log('WARN', source, error.message);
  const checkpoints = await readCheckpoints(files, logDir, onCorrupt);
  const names: string[] = [];
  for (const { name, kind } of await files.list(logDir)) {
    if (kind !== 'directory' || name === metadataLogName) continue;
    if (isDeletedFolderName(name)) await files.remove(`${logDir}/${name}`);
    else names.push(name);
  }
  const logs: PartitionLog[] = [];
  const loadNext = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const place = parseLogFolderName(name);
      if (place === undefined) continue;
      const folder = `${logDir}/${name}`;
      const log = await PartitionLog.open(ctx, {
        ...place,
        folder,
        topicId: await topicIdOf(ctx, folder),
        config: load.configFor(place.topic),
        isCleanShutdown,
        recoveryPoint: checkpoints.recoveryPoints.get(name) ?? 0,
        logStartOffset: checkpoints.logStartOffsets.get(name) ?? 0,
      });
      log.updateHighWatermark(checkpoints.highWatermarks.get(name) ?? 0);
      logs.push(log);
    }
  };
  await Promise.all(Array.from({ length: logsAtOnce }, loadNext));
  return logs;
}

async function topicIdOf({ files, logger }: LogContext, folder: string) {
  try {
    return await readTopicId(files, folder);
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error;
    logger.log('WARN', source, error.message);
    return undefined;
  }
}
