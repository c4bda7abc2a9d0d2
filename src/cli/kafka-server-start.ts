import type { ExitCode, Program, ProgramContext, Signal } from '../base/program.ts';
import { type RunningBroker, startBroker } from '../broker/start-broker.ts';
import { ControllerStartupError, StartupError } from '../broker/startup-error.ts';
import { JoptError, type JoptOption, parseJopt } from './parsers/jopt-parser.ts';
import { kafkaHomeOf, logDirOf, ServerLog } from './server-log.ts';
import {
  codecsFor,
  kafkaVersion,
  parseKeyValues,
  readPropertiesFile,
  resolvePath,
  runTool,
  type ToolOutput,
} from './tool.ts';

const name = 'kafka-server-start.sh';
const usage = `USAGE: ${name} [-daemon] server.properties [--override property=value]*`;
const logSource = 'kafka.Kafka$';
const overrideOptions: readonly JoptOption[] = [
  {
    names: ['override'],
    description: 'Optional property that should override values set in server.properties file',
    argument: 'required',
  },
];
const signalStatus: readonly (readonly [Signal, ExitCode])[] = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
];

/** `kafka-server-start.sh`: starts a node and stays until it is told to stop. */
export const kafkaServerStart: Program = {
  name,
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const [first, ...rest] = ctx.args;
  if (first === undefined) {
    output.out(usage);
    return 1;
  }
  if (first === '-daemon') return await startDaemon(ctx, output, rest);
  if (first === '--version') {
    output.out(kafkaVersion);
    return 0;
  }
  const overrides = parseOverrides(rest);
  if (typeof overrides === 'string') {
    output.err(overrides);
    output.err(usage);
    return 1;
  }
  const log = await ServerLog.open(ctx, output, logDirOf(ctx));
  try {
    return await serve(ctx, log, { configPath: first, overrides });
  } finally {
    await log.close();
  }
}

async function startDaemon(
  ctx: ProgramContext,
  output: ToolOutput,
  args: readonly string[],
): Promise<ExitCode> {
  if (args.length === 0) {
    output.out(usage);
    return 1;
  }
  const logDir = logDirOf(ctx);
  await ctx.files.makeDirectory(logDir);
  await ctx.processes.spawnDetached({
    command: [`${kafkaHomeOf(ctx)}/bin/${name}`, ...args],
    env: ctx.env,
    cwd: ctx.cwd,
    outputPath: `${logDir}/kafkaServer.out`,
  });
  return 0;
}

/** `--override key=value` …, or what is wrong with it. */
function parseOverrides(args: readonly string[]): Record<string, string> | string {
  try {
    const options = parseJopt(overrideOptions, args);
    if (0 < options.nonOptions.length) {
      return `Found non argument parameters: ${options.nonOptions.join(',')}`;
    }
    return parseKeyValues(
      options.valuesOf('override'),
      (word) => new JoptError('', `Invalid command line properties: ${word}`),
    );
  } catch (error) {
    if (!(error instanceof JoptError)) throw error;
    return error.message;
  }
}

async function serve(
  ctx: ProgramContext,
  log: ServerLog,
  start: { readonly configPath: string; readonly overrides: Record<string, string> },
): Promise<ExitCode> {
  let stopStatus: ExitCode | undefined;
  let broker: RunningBroker | undefined;
  const starting = new AbortController();
  const stop = (status: ExitCode, signal: Signal) => {
    stopStatus ??= status;
    const sigName = signal.replace('SIG', '');
    log.log(
      'INFO',
      'org.apache.kafka.common.utils.LoggingSignalHandler',
      `Terminating process due to signal ${sigName}`,
    );
    // A node that waits for its quorum has to be stopped too.
    starting.abort();
    broker?.stop().catch((error: unknown) => log.log('ERROR', logSource, 'Shutdown failed', error));
  };
  const handlers = signalStatus.map(([signal, status]) =>
    ctx.onSignal(signal, () => stop(status, signal)),
  );
  try {
    broker = await startNode(ctx, log, { ...start, signal: starting.signal });
    if (broker === undefined) return 1;
    if (stopStatus !== undefined) await broker.stop();
    const how = await broker.ended;
    return how === 'failed' ? 1 : (stopStatus ?? 0);
  } finally {
    for (const handler of handlers) handler.dispose();
  }
}

/** Undefined when the node cannot start; the log says why, as Kafka's does. */
async function startNode(
  ctx: ProgramContext,
  log: ServerLog,
  start: {
    readonly configPath: string;
    readonly overrides: Record<string, string>;
    readonly signal: AbortSignal;
  },
): Promise<RunningBroker | undefined> {
  try {
    const fromFile = await readPropertiesFile(ctx, start.configPath);
    const properties = withAbsoluteDirs(ctx, { ...fromFile, ...start.overrides });
    const { files, network, clock, scheduler, random } = ctx;
    const ports = { files, network, clock, scheduler, random, logger: log, codecs: codecsFor(ctx) };
    return await startBroker(ports, properties, start.signal);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    logFatal(log, error);
    return undefined;
  }
}

/** As Kafka's main: what was found before the node began to start, what came after, and a controller's fault. */
function logFatal(log: ServerLog, error: Error): void {
  if (error instanceof ControllerStartupError) {
    const source = 'org.apache.kafka.server.fault.ProcessTerminatingFaultHandler';
    log.log('ERROR', source, 'Encountered fatal fault: caught exception', error);
    return;
  }
  const when = error instanceof StartupError ? ' during startup.' : '';
  log.log('ERROR', logSource, `Exiting Kafka due to fatal exception${when}`, error);
}

/** The core knows absolute paths only; Kafka takes relative ones from its working directory. */
function withAbsoluteDirs(
  ctx: ProgramContext,
  properties: Readonly<Record<string, string>>,
): Record<string, string> {
  const absolute: Record<string, string> = { ...properties };
  for (const key of ['log.dirs', 'log.dir', 'metadata.log.dir']) {
    const dirs = properties[key];
    if (dirs === undefined) continue;
    absolute[key] = dirs
      .split(',')
      .map((dir) => dir.trim())
      .filter((dir) => dir !== '')
      .map((dir) => resolvePath(ctx, dir))
      .join(',');
  }
  return absolute;
}
