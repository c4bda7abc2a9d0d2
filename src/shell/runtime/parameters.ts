import type { ArithmeticVariables } from '../language/arithmetic.ts';
import type { Environment } from './environment.ts';

const specials: Readonly<Record<string, (env: Environment) => string | undefined>> = {
  '?': (env) => String(env.lastStatus),
  $: (env) => String(env.host.pid),
  '!': (env) => (env.lastBackgroundPid === undefined ? undefined : String(env.lastBackgroundPid)),
  '#': (env) => String(env.positional.length),
  '-': optionLetters,
  '0': (env) => env.name,
  BASHPID: (env) => String(env.pid),
  BASH_VERSION: () => '5.2.15(1)-release',
  EPOCHSECONDS: (env) => String(Math.floor(env.host.clock.nowMs() / 1000)),
  EUID: () => '1000',
  HOSTNAME: (env) => env.host.hostname,
  LINENO: (env) => String(env.line),
  RANDOM: (env) => String(env.host.random.uint32() & 0x7fff),
  SECONDS: (env) =>
    String(Math.floor((env.host.clock.monotonicMs() - env.session.startedAtMs) / 1000)),
  UID: () => '1000',
};

/** A variable, positional or special parameter; undefined where it is not set. */
export function parameterValue(env: Environment, name: string): string | undefined {
  if (/^[1-9]\d*$/.test(name)) return env.positional[Number(name) - 1];
  const own = env.variables.get(name);
  if (own !== undefined) return own;
  return Object.hasOwn(specials, name) ? specials[name]?.(env) : undefined;
}

/** `$@`, or the elements of an array. */
export function parameterList(env: Environment, name: string): readonly string[] {
  if (name === '@' || name === '*') return env.positional;
  if (name === 'PIPESTATUS') return env.pipeStatus.map(String);
  if (name === 'FUNCNAME') return env.variables.isInFunction ? [env.name] : [];
  return [...env.variables.elements(name).values()];
}

export function arithmeticVariables(env: Environment): ArithmeticVariables {
  return {
    get(name, index) {
      if (index === undefined) return parameterValue(env, name) ?? '';
      return env.variables.elements(name).get(Number(index)) ?? '';
    },
    set(name, index, value) {
      if (index === undefined) env.variables.set(name, value);
      else env.variables.setElement(name, Number(index), value);
    },
  };
}

function optionLetters(env: Environment): string {
  const { errexit, nounset, xtrace, noglob, noclobber, monitor } = env.options;
  const letters: [boolean, string][] = [
    [errexit, 'e'],
    [noglob, 'f'],
    [true, 'h'],
    [env.session.isInteractive, 'i'],
    [monitor, 'm'],
    [nounset, 'u'],
    [xtrace, 'x'],
    [true, 'B'],
    [noclobber, 'C'],
  ];
  return letters.map(([isOn, letter]) => (isOn ? letter : '')).join('');
}
