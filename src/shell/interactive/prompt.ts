import { formatDate } from '../format/date-format.ts';
import type { Environment } from '../runtime/environment.ts';

/** `[learner@worker1 ~]$ `, the machine in its own colour. */
export const defaultPrompt =
  '[\\[\\e[32m\\]\\u\\[\\e[0m\\]@\\[\\e[1;3@m\\]\\h\\[\\e[0m\\] \\[\\e[34m\\]\\W\\[\\e[0m\\]]\\$ ';

/** A colour for a machine's name: worker1, worker2 and worker3 are told apart at a glance. */
export function machineColor(hostname: string): number {
  const digit = /(\d+)$/.exec(hostname)?.[1];
  return [6, 5, 3][(((Number(digit ?? 1) - 1) % 3) + 3) % 3] ?? 6;
}

/** PS1 with its backslash escapes replaced. */
export function renderPrompt(env: Environment, template: string): string {
  const { host } = env;
  return template.replace(/\\(\d{3}|[\s\S])/g, (all, code: string) => {
    if (/^\d{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    const part = Object.hasOwn(parts, code) ? parts[code] : undefined;
    return part === undefined ? all : part(env, host.clock.nowMs());
  });
}

type PromptPart = (env: Environment, nowMs: number) => string;

const parts: Readonly<Record<string, PromptPart>> = {
  u: (env) => env.host.user,
  h: (env) => env.host.hostname.split('.')[0] ?? '',
  H: (env) => env.host.hostname,
  w: (env) => homeAsTilde(env),
  W: (env) => (homeAsTilde(env) === '~' ? '~' : env.cwd.slice(env.cwd.lastIndexOf('/') + 1) || '/'),
  $: (env) => (env.host.user === 'root' ? '#' : '$'),
  e: () => '\u001b',
  a: () => '',
  n: () => '\n',
  r: () => '\r',
  '[': () => '',
  ']': () => '',
  '\\': () => '\\',
  j: (env) => String(env.session.jobs.list().length),
  s: () => 'bash',
  '?': (env) => String(env.lastStatus),
  t: (_, nowMs) => formatDate('%H:%M:%S', nowMs),
  A: (_, nowMs) => formatDate('%H:%M', nowMs),
  d: (_, nowMs) => formatDate('%a %b %d', nowMs),
};

function homeAsTilde(env: Environment): string {
  const home = env.variables.get('HOME');
  if (home === undefined || home === '/') return env.cwd;
  if (env.cwd === home) return '~';
  return env.cwd.startsWith(`${home}/`) ? `~${env.cwd.slice(home.length)}` : env.cwd;
}
