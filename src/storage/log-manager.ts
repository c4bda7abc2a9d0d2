import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { FileError, type FileSystem } from '../base/file-system.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import type { LogConfig } from './log-config.ts';
import {
  takeCleanShutdown,
  writeCheckpoints,
  writeCleanShutdown,
  writeHighWatermarks,
} from './log-dir.ts';
import { loadLogDir } from './log-dir-loader.ts';
import { deletedFolderName, logFolderName } from './log-folder-names.ts';
import { PartitionLog } from './partition-log.ts';
import type { LogContext } from './partition-log-types.ts';
import { writeTopicId } from './partition-metadata.ts';
import { RecentAppendsBudget } from './recent-appends.ts';

export interface LogManagerOptions {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly codecs: CompressionCodecs;
  /** `log.dirs`: absolute paths; made where they are missing. */
  readonly logDirs: readonly string[];
  /** A topic's configuration, with the broker's defaults filled in. */
  readonly configFor: (topic: string) => LogConfig;
  /** A directory can no longer be written; its logs are gone from the manager. */
  readonly onLogDirFailure?: (logDir: string, isLast: boolean) => void;
}

export interface LogCreation {
  readonly topic: string;
  readonly partition: number;
  /** 22 characters, as in `partition.metadata`. */
  readonly topicId: string;
  /** One of `logDirs`; by default the one with the fewest logs. */
  readonly logDir?: string;
}

interface DeletedLog {
  readonly folder: string;
  readonly log: PartitionLog;
  readonly dueMs: number;
}

const source = 'kafka.log.LogManager';
/** Followers are milliseconds behind: so much lies between. */
const recentAppendsBytesMax = 8_388_608;

/** All logs of a broker, over its log directories (kafka.log.LogManager). */
export class LogManager {
  readonly #options: LogManagerOptions;
  readonly #ctx: LogContext;
  readonly #logs = new Map<string, PartitionLog>();
  readonly #creating = new Map<string, Promise<PartitionLog>>();
  readonly #liveDirs: Set<string>;
  #deleted: DeletedLog[] = [];
  #checkpoints: Promise<void> = Promise.resolve();
  #previousBrokerEpoch = -1;
  #isShutDown = false;

  private constructor(options: LogManagerOptions) {
    const { files, clock, logger, codecs, logDirs } = options;
    assert(0 < logDirs.length, 'a broker has at least one log directory');
    this.#options = options;
    this.#liveDirs = new Set(logDirs);
    const onStorageError = (folder: string, error: unknown) => this.#onStorageError(folder, error);
    const recentAppends = new RecentAppendsBudget(recentAppendsBytesMax);
    this.#ctx = { files, clock, logger, codecs, onStorageError, recentAppends };
  }

  /** Loads every log there is, and recovers where the last process did not end well. Rejects with FileError. */
  static async open(options: LogManagerOptions): Promise<LogManager> {
    const manager = new LogManager(options);
    const startedMs = options.clock.monotonicMs();
    manager.#log('INFO', `Loading logs from log dirs ArrayBuffer(${options.logDirs.join(', ')})`);
    await Promise.all(options.logDirs.map((logDir) => manager.#load(logDir)));
    const tookMs = Math.round(options.clock.monotonicMs() - startedMs);
    manager.#log('INFO', `Loaded ${manager.#logs.size} logs in ${tookMs}ms`);
    return manager;
  }

  /** In no order. */
  get logs(): readonly PartitionLog[] {
    return [...this.#logs.values()];
  }

  get liveLogDirs(): readonly string[] {
    return [...this.#liveDirs];
  }

  /** From the last clean shutdown; -1 when there was none or it did not say (KIP-966). */
  get previousBrokerEpoch(): number {
    return this.#previousBrokerEpoch;
  }

  logOf(topic: string, partition: number): PartitionLog | undefined {
    return this.#logs.get(logFolderName(topic, partition));
  }

  /** The directory in `log.dirs` that holds a log. */
  logDirOf(log: PartitionLog): string {
    return log.folder.slice(0, log.folder.lastIndexOf('/'));
  }

  /** The log, made if it is not there. Rejects with FileError. */
  async getOrCreate(creation: LogCreation): Promise<PartitionLog> {
    assert(!this.#isShutDown, 'no log is made after shutdown');
    const name = logFolderName(creation.topic, creation.partition);
    const known = this.#logs.get(name) ?? this.#creating.get(name);
    if (known !== undefined) return known;
    const creating = this.#create(name, creation).finally(() => this.#creating.delete(name));
    this.#creating.set(name, creating);
    return await creating;
  }

  /** The log's folder is renamed at once and removed after `file.delete.delay.ms`. Rejects with FileError. */
  async delete(log: PartitionLog): Promise<void> {
    const { name } = log;
    if (this.#logs.get(name) !== log) return;
    this.#logs.delete(name);
    const folder = `${this.logDirOf(log)}/${deletedFolderName(name, this.#options.random)}`;
    await log.renameFolder(folder);
    const dueMs = this.#options.clock.monotonicMs() + log.config.fileDeleteDelayMs;
    this.#deleted.push({ folder, log, dueMs });
    this.#log(
      'INFO',
      `Log for partition ${name} is renamed to ${folder} and is scheduled for deletion`,
    );
  }

  /** Takes the topics' configurations over as they are now. */
  updateConfigs(): void {
    const configs = new Map<string, LogConfig>();
    for (const log of this.#logs.values()) {
      const config = configs.get(log.topic) ?? this.#options.configFor(log.topic);
      configs.set(log.topic, config);
      log.config = config;
    }
  }

  /** Retention, and removal of what was deleted: every `log.retention.check.interval.ms`. Rejects with FileError. */
  async tick(): Promise<void> {
    for (const log of this.logs) {
      log.deleteOldSegments();
      await log.tick();
    }
    const nowMs = this.#options.clock.monotonicMs();
    const due = this.#deleted.filter(({ dueMs }) => dueMs <= nowMs);
    this.#deleted = this.#deleted.filter((deleted) => !due.includes(deleted));
    for (const { log, folder } of due) {
      await log.abandon();
      await this.#options.files.remove(folder);
      this.#log('INFO', `Deleted log for partition ${log.name} in ${folder}.`);
    }
  }

  /** Flushes nothing: writes down what is flushed, so that recovery need not look at it. Rejects with FileError. */
  checkpointRecoveryPoints(): Promise<void> {
    return this.#checkpoint(writeCheckpoints);
  }

  /** Every `replica.high.watermark.checkpoint.interval.ms`. Rejects with FileError. */
  checkpointHighWatermarks(): Promise<void> {
    return this.#checkpoint(writeHighWatermarks);
  }

  /** A directory is not used any more: its disk has failed. */
  handleLogDirFailure(logDir: string, error: unknown): void {
    if (!this.#liveDirs.delete(logDir)) return;
    this.#log('ERROR', `Stopping serving logs in dir ${logDir}`, error);
    for (const log of this.#logsIn(logDir)) this.#logs.delete(log.name);
    this.#options.onLogDirFailure?.(logDir, this.#liveDirs.size === 0);
  }

  /** Bytes of a directory's logs. */
  sizeBytesOf(logDir: string): number {
    return this.#logsIn(logDir).reduce((sum, log) => sum + log.sizeBytes, 0);
  }

  /** Flushes and closes all logs; the next start need not recover. Rejects with FileError. */
  async shutdown(brokerEpoch = -1): Promise<void> {
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    this.#log('INFO', 'Shutting down.');
    for (const log of this.logs) await log.close();
    await this.checkpointRecoveryPoints();
    await this.checkpointHighWatermarks();
    for (const { log } of this.#deleted) await log.abandon();
    for (const logDir of this.#liveDirs) {
      await writeCleanShutdown(this.#options.files, logDir, brokerEpoch);
    }
    this.#log('INFO', 'Shutdown complete.');
  }

  async #load(logDir: string): Promise<void> {
    const { files, configFor } = this.#options;
    try {
      await files.makeDirectory(logDir);
      const cleanShutdown = await takeCleanShutdown(files, logDir);
      if (cleanShutdown === undefined) {
        this.#log(
          'INFO',
          `Attempting recovery for all logs in ${logDir} since no clean shutdown file was found`,
        );
      } else {
        this.#previousBrokerEpoch = cleanShutdown.brokerEpoch;
      }
      const isCleanShutdown = cleanShutdown !== undefined;
      const logs = await loadLogDir(this.#ctx, { logDir, isCleanShutdown, configFor });
      for (const log of logs) this.#logs.set(log.name, log);
    } catch (error) {
      if (!(error instanceof FileError) || this.#liveDirs.size === 1) throw error;
      this.handleLogDirFailure(logDir, error);
    }
  }

  async #create(name: string, creation: LogCreation): Promise<PartitionLog> {
    const logDir = creation.logDir ?? this.#emptiestDir();
    const folder = `${logDir}/${name}`;
    try {
      const log = await this.#createIn(folder, creation);
      this.#logs.set(name, log);
      this.#log('INFO', `Created log for partition ${name} in ${folder} with properties {}`);
      return log;
    } catch (error) {
      if (error instanceof FileError) this.#onStorageError(folder, error);
      throw error;
    }
  }

  async #createIn(
    folder: string,
    { topic, partition, topicId }: LogCreation,
  ): Promise<PartitionLog> {
    const { files, configFor } = this.#options;
    await files.makeDirectory(folder);
    await files.flushDirectory(folder.slice(0, folder.lastIndexOf('/')));
    await writeTopicId(files, folder, topicId);
    const config = configFor(topic);
    const options = { topic, partition, topicId, folder, config, isCleanShutdown: true };
    return await PartitionLog.open(this.#ctx, options);
  }

  #emptiestDir(): string {
    const [only] = this.#liveDirs;
    if (only !== undefined && this.#liveDirs.size === 1) return only;
    let best: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const logDir of this.#liveDirs) {
      const count = this.#logsIn(logDir).length;
      if (count < least) best = logDir;
      least = Math.min(least, count);
    }
    assert(best !== undefined, 'a running broker has a directory that works');
    return best;
  }

  #logsIn(logDir: string): readonly PartitionLog[] {
    return this.logs.filter((log) => this.logDirOf(log) === logDir);
  }

  /** One write of checkpoints at a time: they share temporary files. */
  #checkpoint(
    write: (files: FileSystem, logDir: string, logs: readonly PartitionLog[]) => Promise<void>,
  ): Promise<void> {
    const run = async () => {
      for (const logDir of this.#liveDirs) {
        await write(this.#options.files, logDir, this.#logsIn(logDir));
      }
    };
    const done = this.#checkpoints.then(run);
    this.#checkpoints = done.catch(() => {});
    return done;
  }

  /**
   * A full disk is told and survived: the append was refused as a whole. Simplified: Kafka takes the
   * directory offline on any error, and ends when it was the last.
   */
  #onStorageError(folder: string, error: unknown): void {
    if (error instanceof FileError && error.code === 'ENOSPC') {
      this.#log('ERROR', `No space left in ${folder}`, error);
      return;
    }
    this.handleLogDirFailure(folder.slice(0, folder.lastIndexOf('/')), error);
  }

  #log(level: LogLevel, message: string, error?: unknown): void {
    this.#options.logger.log(level, source, message, error);
  }
}
