import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { ClientError } from '../client/client-errors.ts';
import { useAdmin } from './admin-tool.ts';
import { type ArgparseValues, parseArgparse } from './parsers/argparse-parser.ts';
import type { ArgparseSpec } from './parsers/argparse-spec.ts';
import { describeError, ExitError, runTool, type ToolOutput } from './tool.ts';

export interface ArgparseCall {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly parsed: ArgparseValues;
}

/** A tool whose options argparse4j parses in Kafka, and whose `--help` ends with 1 as there. */
export function argparseProgram(
  name: string,
  spec: ArgparseSpec,
  run: (call: ArgparseCall) => Promise<ExitCode>,
): Program {
  return {
    name,
    run: (ctx) =>
      runTool(ctx, async (output) => {
        const outcome = parseArgparse(spec, ctx.args);
        if (outcome.kind === 'parsed') return await run({ ctx, output, parsed: outcome.parsed });
        if (outcome.kind === 'help') output.write(outcome.text);
        else output.writeError(outcome.text);
        return 1;
      }),
  };
}

/** `run`, whose errors are printed as a tool prints them: what a future of Kafka's Admin failed with, and its own. */
export async function withPrintedErrors(
  call: ArgparseCall,
  run: (call: ArgparseCall) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await run(call);
  } catch (error) {
    if (error instanceof ExitError) throw error;
    const text = describeError(error);
    const isOfFuture = error instanceof ClientError;
    call.output.err(isOfFuture || !(error instanceof Error) ? text : error.message);
    call.output.err(isOfFuture ? `java.util.concurrent.ExecutionException: ${text}` : text);
    return 1;
  }
}

/** Does `work` with an admin client; `configOption` names the properties file. */
export async function withArgparseAdmin<T>(
  call: ArgparseCall,
  configOption: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const one = (name: string) => call.parsed.values.get(name)?.[0];
  const target = {
    configFile: one(configOption),
    bootstrapServers: one('bootstrap-server'),
    bootstrapControllers: one('bootstrap-controller'),
  };
  return await useAdmin(call, target, work);
}
