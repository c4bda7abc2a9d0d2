import type { ExitCode, Program, ProgramContext } from '../base/program.ts';
import { javaProcesses } from './java-processes.ts';
import { runTool, type ToolOutput } from './tool.ts';

const usage = `usage: jps [--help]
       jps [-q] [-mlvV] [<hostid>]

Definitions:
    <hostid>:      <hostname>[:<port>]
    -? -h --help -help: Print this help message and exit.`;

/** `jps`: the processes of Kafka on this machine, as Java's jps lists JVMs. */
export const jps: Program = {
  name: 'jps',
  run: (ctx) => runTool(ctx, (output) => run(ctx, output)),
};

async function run(ctx: ProgramContext, output: ToolOutput): Promise<ExitCode> {
  const words = ctx.args.filter((arg) => arg.startsWith('-'));
  if (words.some((word) => ['-?', '-h', '--help', '-help'].includes(word))) {
    output.out(usage);
    return 0;
  }
  const wrong = words.find((word) => !/^-[qmlvV]+$/.test(word));
  if (wrong !== undefined) {
    output.err(`illegal argument: ${wrong}`);
    output.err(usage);
    return 1;
  }
  const flags = new Set(words.flatMap((word) => [...word.slice(1)]));
  for (const process of javaProcesses(await ctx.processes.list())) {
    const columns = [String(process.pid)];
    if (!flags.has('q')) {
      columns.push(flags.has('l') ? process.fullName : process.shortName);
      if (flags.has('m')) columns.push(...process.args);
    }
    output.out(columns.join(' '));
  }
  return 0;
}
