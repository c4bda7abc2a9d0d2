import type { ExitCode, ProgramContext } from '../../base/program.ts';
import type { ToolOutput } from '../tool.ts';
import { completeLine } from './complete-line.ts';
import { lineInput } from './line-input.ts';
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
  const columns = ctx.stdin.isTerminal ? (ctx.terminal?.columns() ?? 0) : 0;
  const session = new ShellSession({ root, isInteractive: true, columns, print });
  const complete = (before: string) => completeLine(session, before);
  const input = lineInput(ctx, { history: session.history, complete });
  const interrupt = ctx.onSignal('SIGINT', () => output.write(`^C\n${prompt}`));
  try {
    while (!session.hasExited && !output.isBroken) {
      await output.settled();
      const outcome = await input.next(prompt);
      if (outcome.kind === 'end') break;
      if (outcome.kind === 'interrupt') continue;
      session.remember(outcome.text);
      session.run(splitWords(outcome.text));
    }
  } finally {
    interrupt.dispose();
  }
  return 0;
}
