import { formatPrintf } from '../format/printf.ts';
import { replaceEscapes } from '../language/ansi-escapes.ts';
import { type Builtin, fail, isIdentifier, print } from './builtin.ts';

export const echo: Builtin = (call) => print(call, echoText(call.args));

/** What `echo` prints for its arguments. */
export function echoText(args: readonly string[]): string {
  let isEscaped = false;
  let end = '\n';
  let at = 0;
  for (; /^-[neE]+$/.test(args[at] ?? ''); at++) {
    for (const letter of (args[at] ?? '').slice(1)) {
      if (letter === 'n') end = '';
      else isEscaped = letter === 'e';
    }
  }
  const text = args.slice(at).join(' ');
  if (!isEscaped) return text + end;
  const replaced = replaceEscapes(text, { needsOctalZero: true });
  return replaced.text + (replaced.isCut ? '' : end);
}

export const printf: Builtin = async (call) => {
  const { env } = call;
  let { args } = call;
  let variable: string | undefined;
  if (args[0] === '-v') {
    variable = args[1];
    args = args.slice(2);
    if (variable === undefined || !isIdentifier(variable)) {
      return fail(call, `\`${variable ?? ''}': not a valid identifier`, 2);
    }
  }
  if (args[0] === '--') args = args.slice(1);
  const [format, ...values] = args;
  if (format === undefined) return fail(call, 'usage: printf [-v var] format [arguments]', 2);
  const { text, errors } = formatPrintf(format, values, env.host.clock.nowMs());
  if (variable !== undefined) env.variables.set(variable, text);
  else await print(call, text);
  for (const error of errors) await fail(call, error);
  return errors.length === 0 ? 0 : 1;
};
