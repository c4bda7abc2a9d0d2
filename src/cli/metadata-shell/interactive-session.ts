import type { ExitCode, ProgramContext } from '../../base/program.ts';
import { LineReader } from '../line-reader.ts';
import type { ToolOutput } from '../tool.ts';
import type { MetadataFolder } from './metadata-node.ts';
import { splitWords } from './parse-command.ts';
import { ShellSession } from './shell-session.ts';

const prompt = '>> ';

/** Reads commands from standard input behind a prompt until it ends or `exit` comes. */
export async function runInteractively({
  ctx,
  output,
  root,
}: {
  readonly ctx: ProgramContext;
  readonly output: ToolOutput;
  readonly root: MetadataFolder;
}): Promise<ExitCode> {
  output.out('Starting...');
  output.out('[ Kafka Metadata Shell ]');
  const print = (line: string) => output.out(line);
  const session = new ShellSession({ root, isInteractive: true, columns: 0, print });
  const lines = new LineReader(ctx.stdin);
  const interrupt = ctx.onSignal('SIGINT', () => output.write(`^C\n${prompt}`));
  try {
    while (!session.hasExited && !output.isBroken) {
      output.write(prompt);
      await output.settled();
      const line = await lines.next();
      if (line === undefined) break;
      session.remember(line);
      session.run(splitWords(line));
    }
  } finally {
    interrupt.dispose();
  }
  return 0;
}
