import type { Disposable } from '../../base/disposable.ts';
import type { Environment } from './environment.ts';
import { ForegroundControl } from './foreground-control.ts';
import type { Job } from './job-table.ts';
import { statusOfSignal } from './signals.ts';
import { Task } from './task.ts';

/**
 * Runs a pipeline as a job of an interactive shell, so that Ctrl-Z can stop it and give the prompt
 * back. Elsewhere it simply runs.
 */
export async function waitInForeground(
  env: Environment,
  text: string,
  run: (inner: Environment) => Promise<number>,
): Promise<number> {
  if (!env.session.isInteractive || env.isSubshell) return run(env);
  const task = new Task(env.host);
  const foreground = new ForegroundControl(env.host.terminal, true);
  const inner = env.fork(task, { foreground });
  const link = env.task.addChild(task, false);
  const done = run(inner).finally(() => inner.files.closeAll());
  const outcome = await Promise.race([done.then((status) => status), stopOf(task)]);
  link.dispose();
  if (outcome !== 'stopped') return outcome;
  foreground.leaveForeground();
  const pid = foreground.group ?? (await adopt(env, text, task, done));
  const settled = done.catch(() => 1);
  const job = env.session.jobs.add({ text, task, foreground, done: settled, pid });
  job.state = 'stopped';
  job.isReported = true;
  await env.files.stderr.write(`\n[${job.id}]+  Stopped                 ${text}\n`);
  return statusOfSignal('SIGTSTP');
}

function stopOf(task: Task): Promise<'stopped'> {
  return new Promise((resolve) => {
    task.onStateChange((isStopped) => {
      if (isStopped) resolve('stopped');
    });
  });
}

async function adopt(
  env: Environment,
  text: string,
  task: Task,
  done: Promise<number>,
): Promise<number> {
  const adopted = await env.host.processes.adopt(text.split(' '), (signal) => task.signal(signal));
  const release = () => adopted.dispose();
  done.then(release, release);
  return adopted.pid;
}

/** Brings a job to the foreground and waits for it: `fg`. */
export async function continueInForeground(env: Environment, job: Job): Promise<number> {
  const link: Disposable = env.task.addChild(job.task, false);
  job.foreground.enterForeground();
  job.task.signal('SIGCONT');
  job.state = 'running';
  const outcome = await Promise.race([job.done, stopOf(job.task), env.task.aborted]);
  link.dispose();
  if (outcome !== 'stopped') {
    env.session.jobs.remove(job);
    return outcome;
  }
  job.foreground.leaveForeground();
  job.isReported = true;
  await env.files.stderr.write(`\n[${job.id}]+  Stopped                 ${job.text}\n`);
  return statusOfSignal('SIGTSTP');
}
