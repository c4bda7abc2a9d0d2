import type { RandomAccessFile } from '../base/file-system.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import type { ProgramContext } from '../base/program.ts';
import { formatLogTime, type ToolOutput } from './tool.ts';

/**
 * The broker's log: on standard output and in `logs/server.log`, one format for both.
 * Simplified: Kafka's log4j also keeps controller.log, state-change.log and others, and rolls them by the hour.
 */
export class ServerLog implements Logger {
  readonly #ctx: ProgramContext;
  readonly #output: ToolOutput;
  readonly #file: RandomAccessFile | undefined;

  private constructor(ctx: ProgramContext, output: ToolOutput, file: RandomAccessFile | undefined) {
    this.#ctx = ctx;
    this.#output = output;
    this.#file = file;
  }

  /** Appends to `<logDir>/server.log`. Without a folder that can be written there is no file. */
  static async open(ctx: ProgramContext, output: ToolOutput, logDir: string): Promise<ServerLog> {
    return new ServerLog(ctx, output, await openForAppend(ctx, logDir));
  }

  log(level: LogLevel, source: string, message: string, error?: unknown): void {
    const trace = error instanceof Error ? `\n${traceOf(error)}` : '';
    const time = formatLogTime(this.#ctx.clock.nowMs());
    const line = `[${time}] ${level} ${message} (${source})${trace}\n`;
    this.#output.write(line);
    const file = this.#file;
    file?.write(file.sizeBytes, [new TextEncoder().encode(line)]);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/**
 * What Java would print: class and message, and the causes. Of what Kafka itself throws no stack is shown: ours
 * would say nothing to a user, and who looks for a bug finds it with all other errors.
 */
function traceOf(error: Error): string {
  const javaName = 'javaName' in error ? error.javaName : undefined;
  if (typeof javaName !== 'string') return error.stack ?? error.message;
  const own = error.message === '' ? javaName : `${javaName}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\nCaused by: ${traceOf(error.cause)}` : own;
}

async function openForAppend(
  { files }: ProgramContext,
  logDir: string,
): Promise<RandomAccessFile | undefined> {
  const path = `${logDir}/server.log`;
  try {
    await files.makeDirectory(logDir);
    return (await files.stat(path)) === undefined ? files.create(path) : await files.open(path);
  } catch {
    // A read-only Kafka home must not keep the broker from starting.
    return undefined;
  }
}

/** `LOG_DIR`, else `logs` in the Kafka home. */
export function logDirOf(ctx: ProgramContext): string {
  return ctx.env['LOG_DIR'] ?? `${kafkaHomeOf(ctx)}/logs`;
}

export function kafkaHomeOf(ctx: ProgramContext): string {
  return ctx.env['KAFKA_HOME'] ?? ctx.cwd;
}
