import {
  type ExitCode,
  ProcessError,
  type Program,
  type ProgramContext,
  type Signal,
} from '../base/program.ts';
import { type JavaProcess, javaProcesses } from './java-processes.ts';
import { JavaError, readPropertiesFile, runTool, type ToolOutput } from './tool.ts';

/** `kafka-server-stop.sh`: asks the brokers of this machine to shut down. */
export const kafkaServerStop: Program = {
  name: 'kafka-server-stop.sh',
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const nodeId = optionOf(ctx, 'node-id');
  const role = optionOf(ctx, 'process-role');
  if (nodeId !== undefined && role !== undefined) {
    output.out(
      'When both node-id and process-role are provided, the value for node-id will take precedence',
    );
  }
  const servers = javaProcesses(await ctx.processes.list()).filter(
    ({ fullName }) => fullName === 'kafka.Kafka',
  );
  if (servers.length === 0) {
    output.out('No kafka server to stop');
    return 1;
  }
  // That no server is meant is no failure, and nothing is said of it, as in Kafka's script.
  for (const { pid } of await choose(ctx, servers, { nodeId, role })) await kill(ctx, output, pid);
  return 0;
}

function optionOf(ctx: ProgramContext, name: string): string | undefined {
  const prefix = `--${name}=`;
  return ctx.args.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
}

async function choose(
  ctx: ProgramContext,
  servers: readonly JavaProcess[],
  by: { readonly nodeId: string | undefined; readonly role: string | undefined },
): Promise<readonly JavaProcess[]> {
  if (by.nodeId === undefined && by.role === undefined) return servers;
  const chosen: JavaProcess[] = [];
  for (const server of servers) {
    const properties = await configOf(ctx, server);
    const isChosen =
      by.nodeId === undefined
        ? properties['process.roles'] === by.role
        : properties['node.id'] === by.nodeId;
    if (isChosen) chosen.push(server);
  }
  return chosen;
}

/** Of a server that was started elsewhere with a relative path nothing is known. */
async function configOf(ctx: ProgramContext, server: JavaProcess): Promise<Record<string, string>> {
  try {
    return { ...(await readPropertiesFile(ctx, server.args[0] ?? '')) };
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    return {};
  }
}

async function kill(ctx: ProgramContext, output: ToolOutput, pid: number): Promise<void> {
  const signal = `SIG${ctx.env['SIGNAL'] ?? 'TERM'}` as Signal;
  try {
    await ctx.processes.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    output.err(`kill: ${error.message}`);
  }
}
