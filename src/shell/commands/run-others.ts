import { readFile } from '../../base/file-system.ts';
import { sleep } from '../../base/scheduler.ts';
import type { Command } from '../command.ts';
import { errorMessage } from '../file-messages.ts';
import { parseSignal, statusOfSignal } from '../runtime/signals.ts';
import { Task } from '../runtime/task.ts';
import { parseShellArguments } from '../shell-arguments.ts';
import { readText } from '../streams.ts';
import { parseDuration } from './small.ts';
import { missingOperand, openOutput, pathOf, report } from './support/files.ts';
import { readOptions } from './support/options.ts';

/** `bash -c text`, `bash script`, `… | bash`: a fresh shell inside this one. */
export const bash: Command = async (ctx) => {
  const parsed = parseShellArguments(ctx.args);
  if (typeof parsed === 'string') return report(ctx, parsed, 2);
  const { positional, letters } = parsed;
  const name = parsed.name ?? ctx.name;
  const start = (source: string) =>
    ctx.runShell({
      isCommandString: parsed.command !== undefined,
      source,
      name,
      positional,
      options: letters + (parsed.named.includes('pipefail') ? 'p' : ''),
      isScript: true,
    });
  if (parsed.command !== undefined) return start(parsed.command);
  if (parsed.script !== undefined) {
    try {
      return await start(
        new TextDecoder().decode(await readFile(ctx.host.files, pathOf(ctx, parsed.script))),
      );
    } catch (error) {
      const message = errorMessage(error);
      if (message === undefined) throw error;
      return report(ctx, `${parsed.script}: ${message}`, message.startsWith('No such') ? 127 : 126);
    }
  }
  if (!ctx.stdin.isTerminal) return start(await readText(ctx.stdin));
  return report(ctx, 'an interactive shell runs here already; `exit` ends it');
};

export const timeout: Command = async (ctx) => {
  const options = await readOptions(ctx, {
    short: 's:k:v',
    long: { 'signal=': 's', 'kill-after=': 'k', 'preserve-status': 'p', foreground: 'f' },
    usage:
      '[OPTION] DURATION COMMAND [ARG]...\nStart COMMAND, and kill it if still running after DURATION.',
    stopsAtOperand: true,
  });
  if (typeof options === 'number') return options === 0 ? 0 : 125;
  const [duration, ...argv] = options.operands;
  if (duration === undefined || argv.length === 0) return (await missingOperand(ctx)) * 125;
  const limitMs = parseDuration(duration);
  if (limitMs === undefined)
    return (await missingOperand(ctx, `invalid time interval ‘${duration}’`)) * 125;
  const signal = parseSignal(options.value('s') ?? 'TERM');
  if (signal === undefined) return report(ctx, `'${options.value('s')}': invalid signal`, 125);
  const task = new Task(ctx.host);
  const stop = new AbortController();
  let isExpired = false;
  const watch = async () => {
    await sleep(ctx.host.scheduler, limitMs === 0 ? 2_000_000_000 : limitMs, stop.signal);
    if (stop.signal.aborted) return;
    isExpired = true;
    task.signal(signal);
    const graceMs = parseDuration(options.value('k') ?? '');
    if (graceMs === undefined) return;
    await sleep(ctx.host.scheduler, graceMs, stop.signal);
    if (!stop.signal.aborted) task.signal('SIGKILL');
  };
  void watch();
  const status = await ctx.run(argv, { task });
  stop.abort();
  if (!isExpired || options.has('p')) return status;
  return status === statusOfSignal('SIGKILL') ? status : 124;
};

/** SIGHUP does not reach the command; on a terminal its output goes to nohup.out. */
export const nohup: Command = async (ctx) => {
  if (ctx.args.length === 0) return (await missingOperand(ctx)) * 125;
  const ignore = ctx.task.onSignal('SIGHUP', () => undefined);
  const output = ctx.stdout.isTerminal ? await openOutput(ctx, 'nohup.out', 'append') : undefined;
  if (output !== undefined) await report(ctx, "ignoring input and appending output to 'nohup.out'");
  try {
    if (output === undefined) return await ctx.run(ctx.args);
    const stderr = ctx.stderr.isTerminal ? output.sink : ctx.stderr;
    return await ctx.run(ctx.args, { stdout: output.sink, stderr });
  } finally {
    ignore.dispose();
    await output?.close();
  }
};
