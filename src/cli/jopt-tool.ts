import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { joptHelp } from './parsers/jopt-help.ts';
import {
  JoptError,
  type JoptOption,
  type JoptOptionSet,
  parseJopt,
} from './parsers/jopt-parser.ts';
import { ExitError, kafkaVersion, runTool, type ToolOutput } from './tool.ts';

/** A tool whose options jopt-simple parses in Kafka. */
export interface JoptTool {
  readonly name: string;
  readonly options: readonly JoptOption[];
  /** What it says above its options with `--help` and without arguments. */
  readonly purpose: string;
  /** Where `--help` says it in other words. */
  readonly helpPurpose?: string;
  /** Without arguments some tools only miss their options. */
  readonly isHelpfulWithoutArguments?: boolean;
  run(call: JoptCall): Promise<ExitCode>;
  /** What becomes of an error, be it of parsing or of running; rethrow what is not known. */
  onError?(error: unknown, call: ErrorCall): ExitCode;
}

export interface ErrorCall {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly usage: Usage;
}

export interface JoptCall extends ErrorCall {
  readonly options: JoptOptionSet;
}

export function joptProgram(tool: JoptTool): Program {
  return { name: tool.name, run: (ctx) => runTool(ctx, (output) => run(tool, ctx, output)) };
}

async function run(tool: JoptTool, ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const usage = new Usage(tool.options, output);
  try {
    const options = parseJopt(tool.options, ctx.args);
    if (ctx.args.length === 0 && tool.isHelpfulWithoutArguments !== false) usage.exit(tool.purpose);
    if (options.has('help')) usage.exit(tool.helpPurpose ?? tool.purpose);
    if (options.has('version')) {
      output.out(kafkaVersion);
      return 0;
    }
    return await tool.run({ ctx, output, usage, options });
  } catch (error) {
    if (error instanceof ExitError) throw error;
    if (tool.onError !== undefined) return tool.onError(error, { ctx, output, usage });
    if (error instanceof JoptError) return usage.exit(error.message);
    throw error;
  }
}

/** For `onError`: some tools let jopt-simple's exceptions go. */
export function uncaughtJopt(error: unknown, { output }: ErrorCall): ExitCode {
  if (!(error instanceof JoptError)) throw error;
  output.err(`Exception in thread "main" ${error.javaName}: ${error.message}`);
  return 1;
}

/** Kafka's CommandLineUtils: what is wrong with a command line, with the option table below it. */
export class Usage {
  readonly #options: readonly JoptOption[];
  readonly #output: ToolOutput;

  constructor(options: readonly JoptOption[], output: ToolOutput) {
    this.#options = options;
    this.#output = output;
  }

  /** Says `message` and the options on standard error; ends with 1. */
  exit(message: string): never {
    this.#output.err(message);
    this.#output.writeError(joptHelp(this.#options));
    throw new ExitError(1);
  }

  require(options: JoptOptionSet, ...names: readonly string[]): void {
    for (const name of names) {
      if (!options.has(name)) this.exit(`Missing required argument "[${name}]"`);
    }
  }

  /** `used` does not go with any of `invalid`. */
  exclude(options: JoptOptionSet, used: string, ...invalid: readonly string[]): void {
    if (!options.has(used)) return;
    for (const name of invalid) {
      if (options.has(name)) this.exit(`Option "[${used}]" can't be used with option "[${name}]"`);
    }
  }

  /** All of `used` together do not go with any of `invalid`. */
  excludeSet(
    options: JoptOptionSet,
    used: readonly string[],
    invalid: readonly string[],
    trailer = '',
  ): void {
    if (!used.every((name) => options.has(name))) return;
    const names = used.map((name) => `[${name}]`).join(', ');
    for (const name of invalid) {
      if (!options.has(name)) continue;
      this.exit(`Option combination "[${names}]" can't be used with option "[${name}]"${trailer}`);
    }
  }
}
