import { FileError, readFile } from '../base/file-system.ts';
import type { Logger, LogLevel } from '../base/logger.ts';
import {
  BrokenPipeError,
  type ByteSink,
  type ExitCode,
  type ProgramContext,
} from '../base/program.ts';
import type { ClientProperties } from '../client/client-config.ts';
import { ClientError, ConfigError } from '../client/client-errors.ts';
import type { ClientPorts } from '../client/client-ports.ts';
import type { CompressionCodecs } from '../protocol/records/compression.ts';
import { portableCodecs } from '../protocol/records/portable-codecs.ts';
import { parseProperties } from './text/properties.ts';

/** The version that the tools say they are. */
export const kafkaVersion = '3.8.0';

/** Ends a tool with an exit code from wherever it is; what is to be said has been said. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Ends a tool as Kafka's TerseFailure does: with the message alone, on standard error, and 1. */
export function terse(output: ToolOutput, message: string): never {
  output.err(message);
  throw new ExitError(1);
}

/** What Java would throw; `javaName` is the exception's class. */
export class JavaError extends Error {
  override readonly name = 'JavaError';
  readonly javaName: string;
  constructor(javaName: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.javaName = javaName;
  }
}

/** Standard output and error of a tool: what is printed is in order, and waited for at the end only. */
export class ToolOutput {
  readonly #ctx: ProgramContext;
  #pending: Promise<void> = Promise.resolve();
  #error: unknown;

  constructor(ctx: ProgramContext) {
    this.#ctx = ctx;
  }

  /** A line; on a terminal without control characters: names and messages come from elsewhere. */
  out(line = ''): void {
    const { stdout } = this.#ctx;
    this.#send(stdout, `${stdout.isTerminal ? printable(line) : line}\n`);
  }

  err(line = ''): void {
    const { stderr } = this.#ctx;
    this.#send(stderr, `${stderr.isTerminal ? printable(line) : line}\n`);
  }

  /** To standard output, as it is. */
  write(data: string | Uint8Array): void {
    this.#send(this.#ctx.stdout, data);
  }

  writeError(text: string): void {
    this.#send(this.#ctx.stderr, text);
  }

  /** True once nobody reads standard output any more. */
  get isBroken(): boolean {
    return this.#error !== undefined;
  }

  /** Resolves when all so far is written, be it that nobody reads it. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  /** Resolves when all is written; rejects with BrokenPipeError. */
  async flush(): Promise<void> {
    await this.#pending;
    if (this.#error !== undefined) throw this.#error;
  }

  #send(sink: ByteSink, data: string | Uint8Array): void {
    const written = sink.write(data).catch((error: unknown) => {
      this.#error ??= error;
    });
    this.#pending = Promise.all([this.#pending, written]).then(() => {});
  }
}

/** Control characters but tab and line feed as `\\u001b`: a terminal would take them for commands. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}

/** Runs a tool's body: an ExitError is its end, any other error is what Java prints of an uncaught one. */
export async function runTool(
  ctx: ProgramContext,
  body: (output: ToolOutput) => Promise<ExitCode>,
): Promise<ExitCode> {
  const output = new ToolOutput(ctx);
  let exitCode: ExitCode;
  try {
    exitCode = await body(output);
  } catch (error) {
    if (error instanceof BrokenPipeError) throw error;
    if (error instanceof ExitError) {
      exitCode = error.exitCode;
    } else {
      output.err(`Exception in thread "main" ${describeError(error)}`);
      exitCode = 1;
    }
  }
  await output.flush();
  return exitCode;
}

/** `org.apache.kafka.common.errors.TimeoutException: …`, as Throwable.toString says it; our own bugs are rethrown. */
export function describeError(error: unknown): string {
  const javaName = javaNameOf(error);
  if (javaName === undefined || !(error instanceof Error)) throw error;
  const own = error.message === '' ? javaName : `${javaName}: ${error.message}`;
  // Elsewhere the message says enough.
  return error.cause instanceof ConfigError
    ? `${own}\nCaused by: ${describeError(error.cause)}`
    : own;
}

export function javaNameOf(error: unknown): string | undefined {
  if (error instanceof ClientError || error instanceof JavaError) return error.javaName;
  if (error instanceof FileError) return 'java.nio.file.NoSuchFileException';
  return undefined;
}

/** What a client needs, from what a program has. Warnings go to standard error as Kafka's tools-log4j has them. */
export function clientPorts(ctx: ProgramContext, output: ToolOutput): ClientPorts {
  const { network, clock, scheduler, random } = ctx;
  const logger = toolLogger(ctx, output);
  return { network, clock, scheduler, random, logger, codecs: codecsFor(ctx) };
}

/** What this host can compress and decompress with. */
export function codecsFor(ctx: ProgramContext): CompressionCodecs {
  return portableCodecs(ctx.compression);
}

function toolLogger(ctx: ProgramContext, output: ToolOutput): Logger {
  const shown: ReadonlySet<LogLevel> = new Set(['WARN', 'ERROR', 'FATAL']);
  return {
    log(level, source, message) {
      if (!shown.has(level)) return;
      output.err(`[${formatLogTime(ctx.clock.nowMs())}] ${level} ${message} (${source})`);
    },
  };
}

/** log4j's `%d`: `2024-07-23 10:40:00,123`, local time. */
export function formatLogTime(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time},${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** An absolute, normalized path. */
export function resolvePath(ctx: ProgramContext, path: string): string {
  const absolute = path.startsWith('/') ? path : `${ctx.cwd}/${path}`;
  const parts: string[] = [];
  for (const part of absolute.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Reads a properties file; nothing where no file was named. Rejects with JavaError where it cannot be read. */
export async function readPropertiesFile(
  ctx: ProgramContext,
  path: string | undefined,
): Promise<ClientProperties> {
  return path === undefined ? {} : parseProperties(await readTextFile(ctx, path));
}

export async function readTextFile(ctx: ProgramContext, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readFile(ctx.files, resolvePath(ctx, path)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: FileError): JavaError {
  const isMissing = cause.code === 'ENOENT';
  const javaName = isMissing ? 'java.nio.file.NoSuchFileException' : 'java.io.IOException';
  return new JavaError(javaName, path, { cause });
}

/** `key=value` words; the message of a word that is none is the caller's. */
export function parseKeyValues(
  words: readonly string[],
  refuse: (word: string) => Error,
): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals <= 0) throw refuse(word);
    properties[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return properties;
}
