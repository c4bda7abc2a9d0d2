import { deferred } from '../../base/deferred.ts';
import { ProcessError } from '../../base/program.ts';
import type { Environment } from '../runtime/environment.ts';
import { continueInForeground } from '../runtime/foreground-wait.ts';
import type { Job } from '../runtime/job-table.ts';
import { parseSignal, signalNames, signalNumber, statusOfSignal } from '../runtime/signals.ts';
import { type Builtin, type BuiltinCall, fail, print } from './builtin.ts';

/** The line of `jobs` and of notifications. */
export function describeJob(env: Environment, job: Job, showsPid = false): string {
  const mark = env.session.jobs.mark(job);
  const pid = showsPid ? `${job.pid} ` : '';
  const text = job.state === 'running' ? `${job.text} &` : job.text;
  return `[${job.id}]${mark}  ${pid}${jobStateText(job).padEnd(24)}${text}\n`;
}

function jobStateText(job: Job): string {
  if (job.state === 'running') return 'Running';
  if (job.state === 'stopped') return 'Stopped';
  if (job.status === 0) return 'Done';
  const names: Readonly<Record<number, string>> = {
    [statusOfSignal('SIGHUP')]: 'Hangup',
    [statusOfSignal('SIGINT')]: 'Interrupt',
    [statusOfSignal('SIGKILL')]: 'Killed',
    [statusOfSignal('SIGTERM')]: 'Terminated',
  };
  return names[job.status] ?? `Exit ${job.status}`;
}

export const jobs: Builtin = async (call) => {
  const { env, args } = call;
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  for (const job of env.session.jobs.list()) {
    if (flags.includes('r') && job.state !== 'running') continue;
    if (flags.includes('s') && job.state !== 'stopped') continue;
    const line = flags.includes('p') ? `${job.pid}\n` : describeJob(env, job, flags.includes('l'));
    await print(call, line);
    if (job.state === 'done') env.session.jobs.remove(job);
  }
  return 0;
};

/** Tells about jobs that ended since the last prompt. */
export async function reportJobs(env: Environment): Promise<void> {
  for (const job of env.session.jobs.list()) {
    if (job.state !== 'done') continue;
    if (!job.isReported) await env.files.stderr.write(describeJob(env, job));
    env.session.jobs.remove(job);
  }
}

export const fg: Builtin = async (call) => {
  const job = await findJob(call, call.args[0]);
  if (job === undefined) return 1;
  await print(call, `${job.text}\n`);
  call.env.session.jobs.touch(job);
  return continueInForeground(call.env, job);
};

export const bg: Builtin = async (call) => {
  const job = await findJob(call, call.args[0]);
  if (job === undefined) return 1;
  job.foreground.leaveForeground();
  job.task.signal('SIGCONT');
  job.state = 'running';
  return print(call, `[${job.id}]${call.env.session.jobs.mark(job)} ${job.text} &\n`);
};

async function findJob(call: BuiltinCall, name = '%+'): Promise<Job | undefined> {
  const job = call.env.session.jobs.find(name);
  if (job === undefined || job.state === 'done') {
    await fail(call, `${call.args[0] === undefined ? 'current' : name}: no such job`);
    return undefined;
  }
  return job;
}

export const wait: Builtin = async (call) => {
  const { env, args } = call;
  const table = env.session.jobs;
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (args.includes('-n')) return waitForAny(env);
  if (names.length === 0) {
    for (const job of table.list()) await waitForJob(env, job);
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const job = name.startsWith('%') ? table.find(name) : table.byPid(Number(name));
    if (job !== undefined) status = await waitForJob(env, job);
    else if (name.startsWith('%')) status = await fail(call, `${name}: no such job`, 127);
    else status = await fail(call, `pid ${name} is not a child of this shell`, 127);
  }
  return status;
};

async function waitForAny(env: Environment): Promise<number> {
  const all = env.session.jobs.list();
  if (all.length === 0) return 127;
  return await interruptible(env, Promise.race(all.map((job) => waitForJob(env, job))));
}

async function waitForJob(env: Environment, job: Job): Promise<number> {
  const status = await interruptible(env, job.done);
  if (job.state === 'done') {
    // A shell that shows job states shows this one, too; elsewhere it is forgotten.
    if (!env.session.isInteractive) env.session.jobs.remove(job);
    else job.isReported = false;
  }
  return status;
}

/** A trapped signal ends `wait` with 128 + n. */
async function interruptible(env: Environment, done: Promise<number>): Promise<number> {
  const trapped = deferred<number>();
  const links = signalNames
    .filter((signal) => env.traps.has(signal))
    .map((signal) => env.task.onSignal(signal, () => trapped.resolve(statusOfSignal(signal))));
  try {
    return await env.task.race(Promise.race([done, trapped.promise]));
  } finally {
    for (const link of links) link.dispose();
  }
}

export const disown: Builtin = async (call) => {
  const { jobs: table } = call.env.session;
  const names = call.args.filter((arg) => !/^-[ahr]+$/.test(arg));
  const all = call.args.some((arg) => /^-.*a/.test(arg));
  const chosen = all
    ? table.list()
    : (names.length === 0 ? ['%+'] : names).map(
        (name) => table.find(name) ?? table.byPid(Number(name)),
      );
  for (const [index, job] of chosen.entries()) {
    if (job === undefined) return await fail(call, `${names[index] ?? 'current'}: no such job`);
    if (call.args.includes('-h')) job.isDisowned = true;
    else table.remove(job);
  }
  return 0;
};

export const kill: Builtin = async (call) => {
  const { args } = call;
  const parsed = parseKill(args);
  if (typeof parsed === 'string') return fail(call, parsed);
  if (parsed.lists) return print(call, listSignals(parsed.targets));
  if (parsed.targets.length === 0) {
    await fail(
      call,
      'usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
    );
    return 2;
  }
  let status = 0;
  for (const target of parsed.targets) {
    if (!(await killOne(call, target, parsed.signal))) status = 1;
  }
  return status;
};

interface KillRequest {
  readonly signal: string;
  readonly targets: readonly string[];
  readonly lists: boolean;
}

function parseKill(args: readonly string[]): KillRequest | string {
  const [first = '', second] = args;
  if (first === '-l' || first === '-L') return { signal: '', targets: args.slice(1), lists: true };
  if (first === '-s' || first === '-n') {
    if (second === undefined) return `${first}: option requires an argument`;
    return validKill(second, args.slice(2));
  }
  if (first === '--') return { signal: 'TERM', targets: args.slice(1), lists: false };
  if (/^-./.test(first)) return validKill(first.slice(1), args.slice(1));
  return { signal: 'TERM', targets: args, lists: false };
}

function validKill(signal: string, rest: readonly string[]): KillRequest | string {
  if (signal !== '0' && parseSignal(signal) === undefined) {
    return `${signal}: invalid signal specification`;
  }
  return { signal, targets: rest[0] === '--' ? rest.slice(1) : rest, lists: false };
}

function listSignals(names: readonly string[]): string {
  if (names.length === 0) {
    return `${signalNames.map((signal) => `${String(signalNumber(signal)).padStart(2)}) ${signal}`).join('\t')}\n`;
  }
  return names
    .map((name) => {
      const number = Number(name);
      const signal = parseSignal(
        Number.isNaN(number) ? name : String(128 < number ? number - 128 : number),
      );
      if (signal === undefined) return `${name}\n`;
      return Number.isNaN(number) ? `${signalNumber(signal)}\n` : `${signal.slice(3)}\n`;
    })
    .join('');
}

async function killOne(call: BuiltinCall, target: string, signalName: string): Promise<boolean> {
  const { env } = call;
  const signal = parseSignal(signalName);
  if (target.startsWith('%')) {
    const job = env.session.jobs.find(target);
    if (job === undefined) {
      await fail(call, `${target}: no such job`);
      return false;
    }
    if (signal !== undefined) signalJob(job, signal);
    return true;
  }
  if (!/^-?\d+$/.test(target)) {
    await fail(call, `${target}: arguments must be process or job IDs`);
    return false;
  }
  return killPid(call, Math.abs(Number(target)), signal);
}

type Signal = ReturnType<typeof parseSignal> & string;

function signalJob(job: Job, signal: Signal): void {
  job.task.signal(signal);
  // As bash does: a stopped job that is told to end must run to do so.
  if (job.state === 'stopped' && signal !== 'SIGTSTP') job.task.signal('SIGCONT');
}

async function killPid(
  call: BuiltinCall,
  pid: number,
  signal: Signal | undefined,
): Promise<boolean> {
  const { env } = call;
  const job = env.session.jobs.byPid(pid);
  if (job !== undefined && job.state !== 'done' && signal !== undefined) {
    signalJob(job, signal);
    return true;
  }
  if (pid === env.pid) {
    if (signal !== undefined) env.task.signal(signal);
    await env.checkpoint();
    return true;
  }
  try {
    if (signal === undefined) {
      const isThere = (await env.host.processes.list()).some((process) => process.pid === pid);
      if (!isThere) throw new ProcessError('no such process');
    } else await env.host.processes.kill(pid, signal);
    return true;
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    await fail({ ...call, name: 'kill' }, `(${pid}) - No such process`);
    return false;
  }
}
