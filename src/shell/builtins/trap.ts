import { quoteForShell } from '../runtime/parameter-expansion.ts';
import { parseSignal, signalNames } from '../runtime/signals.ts';
import { type Builtin, fail, print } from './builtin.ts';

const pseudoSignals = ['EXIT', 'ERR', 'DEBUG', 'RETURN'];

export const trap: Builtin = async (call) => {
  const { env, args } = call;
  const [first, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (first === '-l') return print(call, `${signalNames.join(' ')}\n`);
  if (first === undefined || first === '-p') {
    const lines = [...env.traps].map(
      ([name, action]) => `trap -- ${quoteForShell(action)} ${name}\n`,
    );
    return print(call, lines.join(''));
  }
  const isReset = first === '-' || rest.length === 0;
  const names = isReset && first !== '-' ? [first, ...rest] : rest;
  let status = 0;
  for (const name of names) {
    const trapped = trapName(name);
    if (trapped === undefined) status = await fail(call, `${name}: invalid signal specification`);
    else env.setTrap(trapped, isReset ? undefined : first);
  }
  return status;
};

function trapName(name: string): string | undefined {
  if (name === '0') return 'EXIT';
  const upper = name.toUpperCase();
  return pseudoSignals.includes(upper) ? upper : parseSignal(name);
}
