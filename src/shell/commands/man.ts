import type { Command } from '../command.ts';
import { report } from './support/files.ts';

/** What `--help` of a command does not say. */
const pages: Readonly<Record<string, string>> = {
  bash: 'The shell. Pipelines, redirections, && || ; &, quoting, variables, $( ), globs, here-documents, if/for/while/case, functions, jobs.\nKeys: Tab completes, Ctrl-R searches the history, Ctrl-C interrupts, Ctrl-Z stops, Ctrl-D ends.',
  cd: 'cd [DIRECTORY]: changes the working directory; `cd -` goes back, `cd` alone goes home.',
  fg: 'fg [%N]: brings a job to the foreground. See jobs, bg, kill %N.',
  vi: 'vi FILE: opens the file in the page’s editor.',
  ssh: 'ssh HOST [COMMAND]: a shell, or a command, on another machine of the lab.',
};

/** The command's own `--help` under a title; Kafka's tools explain themselves likewise. */
export const man: Command = async (ctx) => {
  const name = ctx.args.findLast((arg) => !/^(-|\d$)/.test(arg));
  if (name === undefined)
    return report(ctx, "What manual page do you want?\nFor example, try 'man ls'.");
  const page = pages[name];
  const isKnown = page !== undefined || (await ctx.which(name)) !== undefined;
  if (!isKnown) {
    await ctx.stderr.write(`No manual entry for ${name}\n`);
    return 16;
  }
  await ctx.stdout.write(`${name.toUpperCase()}(1)\n\n${page === undefined ? '' : `${page}\n`}`);
  return page === undefined ? ctx.run([name, '--help']) : 0;
};
