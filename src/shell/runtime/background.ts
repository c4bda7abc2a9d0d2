import { deferred } from '../../base/deferred.ts';
import type { ListItem } from '../language/syntax.ts';
import { emptySource } from '../pipe.ts';
import type { Environment } from './environment.ts';
import { ForegroundControl } from './foreground-control.ts';
import { jobsMax } from './job-table.ts';
import { OpenFile } from './open-file.ts';
import { runSubshell } from './subshell.ts';
import { Task } from './task.ts';

/** Starts `command &`; its pid becomes `$!`. */
export async function startInBackground(env: Environment, item: ListItem): Promise<number> {
  const { jobs, isInteractive } = env.session;
  if (jobs.isFull) {
    await env.complain(`fork: more than ${jobsMax} jobs: Resource temporarily unavailable`);
    return 254;
  }
  const task = new Task(env.host);
  const foreground = new ForegroundControl(env.host.terminal, false);
  const files = env.files.fork();
  // Simplified: a background job that reads from the terminal gets an end instead of SIGTTIN.
  if (files.stdin.isTerminal || !isInteractive) {
    await files.set(0, new OpenFile({ source: emptySource }));
  }
  const sub = env.fork(task, { foreground, files });
  const program = firstProgram(sub, item);
  const done = runSubshell(sub, item.command).finally(program.cancel);
  const pid = (await program.pid) ?? (await adoptJob(sub, item.text, done));
  sub.pid = pid;
  env.lastBackgroundPid = pid;
  const job = jobs.add({ text: item.text, task, foreground, done: done.catch(() => 1), pid });
  if (isInteractive && !env.isSubshell) await env.files.stderr.write(`[${job.id}] ${pid}\n`);
  return 0;
}

/** The pid of the program that a simple command becomes; undefined when it runs inside the shell. */
function firstProgram(
  env: Environment,
  item: ListItem,
): { readonly pid: Promise<number | undefined>; readonly cancel: () => void } {
  if (item.command.kind !== 'simple') {
    return { pid: Promise.resolve(undefined), cancel: () => undefined };
  }
  const { promise, resolve } = deferred<number | undefined>();
  env.reportProcess = (pid) => {
    env.reportProcess = undefined;
    resolve(pid);
  };
  return { pid: promise, cancel: () => resolve(undefined) };
}

async function adoptJob(env: Environment, text: string, done: Promise<number>): Promise<number> {
  const { task } = env;
  const adopted = await env.host.processes.adopt(text.split(' '), (signal) => task.signal(signal));
  const release = () => adopted.dispose();
  done.then(release, release);
  return adopted.pid;
}
